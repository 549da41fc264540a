/** One starter per folder: two would start a second Temporal server on the same file, which it does not refuse. */
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessRecord } from './process-identity.js';
import { isRunning, recordOf } from './process-identity.js';

export interface Lock {
  release(): void;
}

/** Two that take over the same stale lock within this long find out about each other. */
const SETTLE_MS = 150;

/** Takes the lock, also that of a starter that was killed; tells the holder's pid when somebody has it. */
export async function takeLock(path: string): Promise<Lock | { heldBy: number }> {
  const mine = recordOf(process.pid);
  if (mine === null) throw new Error('this process cannot see itself');
  mkdirSync(dirname(path), { recursive: true });
  let takenOver = false;
  while (!create(path, mine)) {
    const holder = holderOf(path);
    if (holder && isRunning(holder)) return { heldBy: holder.pid };
    rmSync(path, { force: true });
    takenOver = true;
  }
  if (takenOver) {
    await sleep(SETTLE_MS);
    const holder = holderOf(path);
    if (holder?.pid !== mine.pid) return { heldBy: holder?.pid ?? 0 };
  }
  return {
    release() {
      if (holderOf(path)?.pid === mine.pid) rmSync(path, { force: true });
    },
  };
}

/** Linked into place, so that nobody ever reads a lock without its holder. */
function create(path: string, record: ProcessRecord): boolean {
  const draft = `${path}.${record.pid}`;
  writeFileSync(draft, JSON.stringify(record));
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function holderOf(path: string): ProcessRecord | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessRecord;
  } catch {
    return null;
  }
}
