/** What processes have used, from /proc (Linux). */
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Clock ticks a second: fixed at 100 in what Linux shows to programs. */
const TICKS = 100;

/** Seconds of CPU of the process and, where it has some, of its children. */
export function cpuSeconds(pid: number): number {
  const own = usageOf(pid);
  if (own === null) return 0;
  const children = childrenOf(pid).map((child) => usageOf(child)?.used ?? 0);
  return own.used + own.ofEnded + children.reduce((sum, each) => sum + each, 0);
}

/** Resident memory in bytes. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1_024;
}

const QUIET_BELOW = 0.2;
const QUIET_SAMPLES = 3;

/** Resolves when the processes together have used next to nothing for three seconds; throws when they never do. */
export async function becomesQuiet(pids: readonly number[], withinMs = 180_000): Promise<void> {
  const used = () => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const deadline = performance.now() + withinMs;
  for (let quiet = 0, before = used(); quiet < QUIET_SAMPLES;) {
    if (performance.now() > deadline) throw new Error('the stack does not come to rest');
    await sleep(1_000);
    const now = used();
    quiet = now - before < QUIET_BELOW ? quiet + 1 : 0;
    before = now;
  }
}

function usageOf(pid: number): { parent: number; used: number; ofEnded: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The program's name in brackets may hold anything: fields are counted behind it, from the third.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3]);
    return {
      parent: field(4),
      used: (field(14) + field(15)) / TICKS,
      ofEnded: (field(16) + field(17)) / TICKS,
    };
  } catch {
    return null;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => usageOf(each)?.parent === pid);
}
