/** The Temporal dev server as a part: state in a file, Web UI on; and what a namespace must have before workflows run. */
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ensureSearchAttributes } from '../platform/temporal.js';
import { withoutTemporal } from './environment.js';
import type { Settings } from './settings.js';
import type { Part } from './supervisor.js';

const CONNECT_WITHIN_MS = 2_000;

export function temporalPart(settings: Settings, cli: string): Part {
  const { ports, temporalNamespace } = settings;
  return {
    name: 'temporal',
    command: cli,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(ports.TEMPORAL_PORT)],
      ...['--ui-port', String(ports.TEMPORAL_UI_PORT), '--namespace', temporalNamespace],
      ...['--db-filename', join(settings.folder, 'temporal.db')],
      ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
      ...['--log-level', 'error'],
    ],
    env: { ...withoutTemporal(process.env), TZ: 'UTC' },
    isReady: () => canServe(settings),
    stopSignal: 'SIGTERM',
    stopWithinMs: 1_500,
  };
}

/** The port opens before the server is ready; the namespace answers when it is. */
async function canServe(settings: Settings): Promise<boolean> {
  return withConnection(settings, async (connection) => {
    await connection.workflowService.describeNamespace({ namespace: settings.temporalNamespace });
    return true;
  });
}

/** At every start: an older file, or a server of somebody else's, may not know them. */
export async function prepareNamespace(settings: Settings): Promise<void> {
  await withConnection(settings, (connection) =>
    ensureSearchAttributes(connection, settings.temporalNamespace),
  );
}

async function withConnection<T>(
  { given, temporalAddress: address }: Settings,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  // TLS and keys in the environment belong to a server that was given.
  const options = given.temporal ? loadClientConnectConfig().connectionOptions : {};
  const connection = await Connection.connect({ ...options, address, connectTimeout: CONNECT_WITHIN_MS });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
