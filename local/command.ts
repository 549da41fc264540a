/** Short-lived helper programs: run to their end, within a time, in a process group of their own. */
import { spawn } from 'node:child_process';

export interface Ended {
  ok: boolean;
  /** Standard output and error as they came, shortened to the last part. */
  output: string;
}

/** How much of a program's output is kept for a message. */
const KEPT = 4_000;

/**
 * Runs a program and waits for its end. Never rejects: a program that is not there, fails or takes longer than
 * `withinMs` (then its whole group is ended) comes back as not ok, with what it printed.
 */
export function run(
  command: string,
  args: readonly string[],
  { withinMs, cwd, env }: { withinMs: number; cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let late = false;
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-KEPT);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(() => {
      late = true;
      endGroup(child.pid);
    }, withinMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ ok: false, output: error.message });
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({
        ok: code === 0 && !late,
        output: late ? `${output}\nno end within ${withinMs / 1000} s` : output,
      });
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}
