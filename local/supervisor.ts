/** Runs the parts of the stack as processes: starts them, waits until they are ready, starts again what dies, ends them in order. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROJECT } from './folders.js';
import type { ProcessRecord } from './process-identity.js';
import { recordOf } from './process-identity.js';

export interface Part {
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  /** Asked again and again until true; it may throw while the part is not there yet. */
  isReady(): Promise<boolean>;
  /** What ends it in good order. */
  stopSignal: NodeJS.Signals;
  /** Killed when it has not ended this long after its signal. */
  stopWithinMs: number;
}

export interface Supervisor {
  /** Resolves when the part is ready; throws, with the end of its log, when it does not become so. */
  start(part: Part): Promise<void>;
  /** Of the parts that run; a part that is being started again is left out. */
  processes(): Record<string, ProcessRecord>;
  /** Ends the named parts together and resolves when they are gone. */
  stop(names: readonly string[]): Promise<void>;
  /** From now on nothing is started again. */
  close(): void;
}

const READY_WITHIN_MS = 90_000;
const ASK_EVERY_MS = 100;
/** Of one question; the server may hang. */
const ANSWER_WITHIN_MS = 3_000;
/** A part that dies is started again after these waits; one that lived longer than the last starts over. */
const BACK_OFF_MS = [200, 500, 1_000, 2_000, 5_000, 10_000];
const LIVED_LONG_MS = 30_000;
/** A part that ends this often before it was ever ready will not. */
const FIRST_TRIES = 3;
const LARGEST_LOG = 20_000_000;
const LOG_LINES_TOLD = 15;

interface Running {
  part: Part;
  child: ChildProcess;
  record: ProcessRecord | null;
  startedAt: number;
  /** Deaths in quick succession. */
  deaths: number;
  wasReady: boolean;
}

export function createSupervisor(options: {
  logFolder: string;
  say: (line: string) => void;
  /** Called whenever a process was started or ended. */
  onChange: () => void;
}): Supervisor {
  const { logFolder, say, onChange } = options;
  const parts = new Map<string, Running>();
  const waiting = new Set<NodeJS.Timeout>();
  let closing = false;

  function launch(part: Part, deaths: number, wasReady: boolean): void {
    const log = openLog(logFolder, part.name);
    // A process group of its own: the terminal's Ctrl-C reaches the starter only, which then ends its parts in order.
    const child = spawn(part.command, part.args, {
      cwd: PROJECT,
      env: part.env,
      ...(part.uid === undefined ? {} : { uid: part.uid, gid: part.gid }),
      detached: true,
      // Files, not pipes: a part must not break when its starter is killed.
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const record = child.pid === undefined ? null : recordOf(child.pid);
    const running: Running = { part, child, record, startedAt: Date.now(), deaths, wasReady };
    parts.set(part.name, running);
    let over = false;
    const ended = (why: string) => {
      if (over) return;
      over = true;
      onEnd(running, why);
    };
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code, signal) => ended(signal === null ? `code ${code ?? '?'}` : `signal ${signal}`));
    onChange();
  }

  function onEnd(running: Running, why: string): void {
    running.record = null;
    onChange();
    if (closing) return;
    const { part } = running;
    const deaths = Date.now() - running.startedAt > LIVED_LONG_MS ? 1 : running.deaths + 1;
    running.deaths = deaths;
    // The first start is given up by start(), which tells why.
    if (!running.wasReady && deaths >= FIRST_TRIES) return;
    const wait = BACK_OFF_MS[Math.min(deaths, BACK_OFF_MS.length) - 1] ?? 0;
    say(`${part.name} ended (${why}); starting it again in ${wait / 1000} s`);
    const timer = setTimeout(() => {
      waiting.delete(timer);
      if (closing) return;
      launch(part, deaths, running.wasReady);
      if (running.wasReady) void tellWhenBack(part);
    }, wait);
    waiting.add(timer);
  }

  async function tellWhenBack(part: Part): Promise<void> {
    const running = parts.get(part.name);
    const isGone = () => closing || running?.record === null;
    if (await becomesReady(part, isGone)) say(`${part.name} is back (pid ${running?.child.pid ?? '?'})`);
  }

  return {
    async start(part) {
      if (closing) throw new Error('the stack is being stopped');
      launch(part, 0, false);
      const givenUp = () => {
        const running = parts.get(part.name);
        return closing || (running?.record === null && running.deaths >= FIRST_TRIES);
      };
      if (!(await becomesReady(part, givenUp))) {
        throw new Error(`${part.name} did not become ready.\n${endOfLog(logFolder, part.name)}`);
      }
      const running = parts.get(part.name);
      if (running) running.wasReady = true;
    },
    processes: () =>
      Object.fromEntries(
        [...parts].flatMap(([name, { record }]): [string, ProcessRecord][] =>
          record === null ? [] : [[name, record]],
        ),
      ),
    async stop(names) {
      await Promise.all(
        names.map(async (name) => {
          const running = parts.get(name);
          if (running?.record)
            await endProcess(running.record.pid, running.part, () => running.record === null);
        }),
      );
    },
    close() {
      closing = true;
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}

/** Signals the process, and kills its whole group when it has not ended in time. */
export async function endProcess(
  pid: number,
  { stopSignal, stopWithinMs }: Pick<Part, 'stopSignal' | 'stopWithinMs'>,
  hasEnded: () => boolean,
): Promise<void> {
  signal(pid, stopSignal);
  const deadline = Date.now() + stopWithinMs;
  while (!hasEnded()) {
    if (Date.now() > deadline) {
      signal(-pid, 'SIGKILL');
      signal(pid, 'SIGKILL');
    }
    await sleep(25);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

async function becomesReady(part: Part, isHopeless: () => boolean): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!isHopeless() && Date.now() < deadline) {
    const late = sleep(ANSWER_WITHIN_MS, false, { ref: false });
    if (await Promise.race([part.isReady().catch(() => false), late])) return true;
    await sleep(ASK_EVERY_MS);
  }
  return false;
}

function openLog(folder: string, name: string): number {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.log`);
  try {
    if (statSync(path).size > LARGEST_LOG) renameSync(path, `${path}.1`);
  } catch {
    // There is none yet.
  }
  return openSync(path, 'a', 0o600);
}

function endOfLog(folder: string, name: string): string {
  const path = join(folder, `${name}.log`);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LOG_LINES_TOLD);
  return `The end of ${path}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
