/** Migrations, and the look over all accounts. */
import { readOperatorEnv } from '../platform/env.js';
import { openTemporalClient, runningWorkflows } from '../platform/temporal.js';
import type { RunningWorkflows } from '../usecases/reconcile.js';
import { reconcileAll } from '../usecases/reconcile.js';
import { ACCOUNT_LIFECYCLE, accountIdOf } from '../workflows/messages.js';
import type { OperatorCommand } from './command.js';
import { UsageError, withDeps } from './command.js';
import { migrate } from './migrate.js';

export const maintenanceCommands: readonly OperatorCommand[] = [
  {
    name: 'migrate',
    usage: '',
    help: 'Brings the tables to this release (DATABASE_OWNER_URL), and lets the login of DATABASE_URL in.',
    options: {},
    required: [],
    async run() {
      const { DATABASE_OWNER_URL: ownerUrl, DATABASE_URL: appUrl } = readOperatorEnv();
      if (ownerUrl === undefined) throw new UsageError('DATABASE_OWNER_URL must be set.');
      const run = await migrate(ownerUrl, appUrl);
      console.log(run.length === 0 ? 'nothing to do' : run.join('\n'));
    },
  },
  {
    name: 'reconcile',
    usage: '[--all]',
    help: 'Wakes accounts whose workflow is missing or behind; --all wakes every account, after Temporal lost its state. Tells holes in the ledger.',
    options: { all: { type: 'boolean', default: false } },
    required: [],
    run: (values) =>
      withDeps(async (deps, env) => {
        const { runningOf, close } = lookingAtTemporal(env.TEMPORAL_ADDRESS, env.TEMPORAL_NAMESPACE);
        try {
          const report = await reconcileAll(deps, {
            all: values['all'] === true,
            runningOf,
            onHole: ({ accountId, key }) => console.error(`hole in the ledger: ${accountId} ${key}`),
          });
          console.log(JSON.stringify(report));
        } finally {
          await close();
        }
      }),
  },
];

/** Without Temporal only what is overdue is found; the relay delivers as soon as Temporal is there. */
function lookingAtTemporal(
  address: string | undefined,
  namespace: string,
): { runningOf: RunningWorkflows; close: () => Promise<void> } {
  if (address === undefined)
    return { runningOf: () => Promise.resolve(null), close: () => Promise.resolve() };
  const client = openTemporalClient({ address, namespace });
  return {
    runningOf: runningWorkflows(client, ACCOUNT_LIFECYCLE, accountIdOf),
    close: () => client.connection.close(),
  };
}
