/**
 * `npm run temporal -- <arguments>`: the Temporal CLI that the stack uses, pointed at the stack's server, for instance
 * `npm run temporal -- workflow list`.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { localFolder } from './folders.js';
import { stackFile } from './stack-file.js';
import { findTemporalCli } from './temporal-binary.js';

interface Stack {
  temporalAddress: string;
  temporalNamespace: string;
}

function readStack(): Stack {
  try {
    return JSON.parse(readFileSync(stackFile(localFolder()), 'utf8')) as Stack;
  } catch {
    console.error('The stack has not been started here: npm start');
    process.exit(1);
  }
}

const { temporalAddress, temporalNamespace } = readStack();
const cli = await findTemporalCli(() => {});
const child = spawn(cli, process.argv.slice(2), {
  stdio: 'inherit',
  env: { ...process.env, TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: temporalNamespace },
});
child.once('close', (code) => {
  process.exitCode = code ?? 1;
});
