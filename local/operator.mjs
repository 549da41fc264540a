// npm run operator, migrate, reconcile: without settings in the environment they work on the stack of npm start.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';

const project = fileURLToPath(new URL('..', import.meta.url));

process.chdir(project);
await ensureInstalled();
if (!process.env.DATABASE_URL && !process.env.DATABASE_URL_FILE) useLocalStack();
const { register } = await import('tsx/esm/api');
register();
await import('../operator/main.ts');

function useLocalStack() {
  const folder = resolve(project, process.env.NET119_LOCAL_FOLDER || '.local');
  let stack;
  try {
    stack = JSON.parse(readFileSync(join(folder, 'stack.json'), 'utf8'));
  } catch {
    console.error(`DATABASE_URL is not set, and no stack of npm start runs on ${folder}.`);
    return;
  }
  // There when Temporal is the stack's own: instead of settings meant for another server.
  const temporalConfig = join(folder, 'temporal.toml');
  if (existsSync(temporalConfig)) {
    for (const name of Object.keys(process.env)) if (name.startsWith('TEMPORAL_')) delete process.env[name];
    process.env.TEMPORAL_CONFIG_FILE = temporalConfig;
  }
  Object.assign(process.env, {
    DATABASE_URL: stack.databaseUrl,
    DATABASE_OWNER_URL: stack.databaseOwnerUrl,
    TEMPORAL_ADDRESS: stack.temporalAddress,
    TEMPORAL_NAMESPACE: stack.temporalNamespace,
    NET119_LOCAL_STACK: '1',
  });
}
