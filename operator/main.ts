/** The operator's command line: `npm run operator -- <command> …`; in the image `node dist/operator/main.js <command> …`. */
import { parseArgs } from 'node:util';
import { ConfigError } from '../platform/env.js';
import { RefusedError } from '../usecases/errors.js';
import type { OperatorCommand, Values } from './command.js';
import { UsageError } from './command.js';
import { headquartersCommands } from './headquarters.js';
import { mailStopCommands } from './mail-stops.js';
import { maintenanceCommands } from './maintenance.js';
import { oidcCommands } from './oidc.js';
import { returnedMailCommands } from './returned-mails.js';
import { staffCommands } from './staff.js';
import { tokenCommands } from './tokens.js';
import { vendorOperatorCommands } from './vendor-operators.js';
import { vendorTokenCommands } from './vendor-tokens.js';

const COMMANDS: readonly OperatorCommand[] = [
  ...headquartersCommands,
  ...oidcCommands,
  ...tokenCommands,
  ...vendorTokenCommands,
  ...staffCommands,
  ...vendorOperatorCommands,
  ...mailStopCommands,
  ...returnedMailCommands,
  ...maintenanceCommands,
];

async function main(argv: readonly string[]): Promise<void> {
  const { command, rest } = find(argv);
  if (command === undefined) {
    console.log(usage());
    if (argv.length > 0 && !argv.includes('--help'))
      throw new UsageError(`There is no command "${argv[0]}".`);
    return;
  }
  if (rest.includes('--help')) {
    console.log(`${command.name} ${command.usage}\n    ${command.help}`);
    return;
  }
  await command.run(valuesOf(command, rest));
}

function find(argv: readonly string[]): { command: OperatorCommand | undefined; rest: string[] } {
  const command = COMMANDS.find(({ name }) => argv.slice(0, name.split(' ').length).join(' ') === name);
  return { command, rest: argv.slice(command?.name.split(' ').length) };
}

function valuesOf(command: OperatorCommand, args: string[]): Values {
  let values: Values;
  try {
    ({ values } = parseArgs({ args, options: command.options, strict: true, allowPositionals: false }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${command.name} ${command.usage}`);
  }
  const missing = command.required.filter((name) => typeof values[name] !== 'string' || values[name] === '');
  if (missing.length > 0) {
    throw new UsageError(
      `Missing: ${missing.map((name) => `--${name}`).join(', ')}\n${command.name} ${command.usage}`,
    );
  }
  return values;
}

function usage(): string {
  const lines = COMMANDS.map(({ name, usage: args, help }) => `  ${name} ${args}\n      ${help}`);
  return `Commands (settings come from the environment, see docs/operations.md):\n${lines.join('\n')}`;
}

/** One line a person can act on; never a stack, never a value that was given. */
function explain(error: unknown): string {
  if (error instanceof ConfigError || error instanceof UsageError) return error.message;
  if (error instanceof RefusedError) {
    const { refusal } = error;
    if (refusal.code === 'not-found')
      return 'There is no such headquarters, person, token, mail stop or report.';
    if (refusal.code === 'staff-refused') return `Refused: ${refusal.why}`;
    if (refusal.code !== 'validation') return `Refused: ${refusal.code}`;
    return refusal.fields.map(({ field, message }) => `${field}: ${message}`).join('\n');
  }
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return `Failed (${String(code ?? name)}): ${error instanceof Error ? error.message : ''}`;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}
