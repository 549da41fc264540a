/** One real process of the stack, to be killed, frozen, stopped and started again; its log outlives it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Part } from '../../local/supervisor.js';
import { until } from '../local/folder.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Far above what a start takes on a busy machine. */
const READY_WITHIN = 90_000;

export interface Process {
  /** Resolves when it is ready. */
  start(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** kill −9, and it is gone. */
  kill(): Promise<void>;
  /** Its stop signal; the exit code. */
  stop(): Promise<number | null>;
  isRunning(): boolean;
}

/** `part` says how it is started; nothing is started yet. */
export function processOf(part: Part, logFolder: string): Process {
  const logFile = join(logFolder, `${part.name}.log`);
  let child: ChildProcess | null = null;
  const isRunning = () => child !== null && child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals) => {
    if (child === null || !isRunning()) return null;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    // A frozen one hears nothing else.
    if (signal !== 'SIGKILL') child.kill('SIGCONT');
    return (await ended)[0];
  };
  return {
    isRunning,
    async start() {
      const log = openSync(logFile, 'a', 0o600);
      child = spawn(part.command, part.args, { cwd: ROOT, env: part.env, stdio: ['ignore', log, log] });
      closeSync(log);
      await until(`${part.name} is ready`, () => !isRunning() || isReady(part), READY_WITHIN);
      if (!isRunning()) throw new Error(`${part.name} ended: ${readFileSync(logFile, 'utf8').slice(-1_000)}`);
    },
    signal(name) {
      child?.kill(name);
    },
    async kill() {
      await end('SIGKILL');
    },
    stop: () => end(part.stopSignal),
  };
}

function isReady(part: Part): Promise<boolean> {
  return part.isReady().catch(() => false);
}
