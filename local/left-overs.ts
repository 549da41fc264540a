/** Parts that outlived their starter (kill −9): recognised by number and start time, and ended before anything new begins. */
import { join } from 'node:path';
import { readJson, writeJson } from './files.js';
import type { ProcessRecord } from './process-identity.js';
import { isRunning } from './process-identity.js';
import { postgresFolder } from './database.js';
import { stopLeftOver } from './postgres.js';
import { endProcess } from './supervisor.js';

const fileIn = (folder: string) => join(folder, 'processes.json');

/** What runs now, for the next starter. */
export function keepProcesses(folder: string, processes: Record<string, ProcessRecord>): void {
  writeJson(fileIn(folder), processes);
}

/** Users of the database and of Temporal first. Returns the names of what was ended. */
export async function endLeftOvers(folder: string): Promise<string[]> {
  const kept = (readJson(fileIn(folder)) ?? {}) as Record<string, ProcessRecord>;
  const left = Object.entries(kept).filter(([, record]) => isRunning(record));
  const end = (names: readonly string[], stopWithinMs: number) =>
    Promise.all(
      left
        .filter(([name]) => names.includes(name))
        .map(([, record]) =>
          endProcess(record.pid, { stopSignal: 'SIGTERM', stopWithinMs }, () => !isRunning(record)),
        ),
    );
  await end(['worker', 'api', 'intake'], 3_000);
  await end(['mail', 'temporal'], 1_500);
  await stopLeftOver({ folder: await postgresFolder(folder) });
  return left.map(([name]) => name);
}
