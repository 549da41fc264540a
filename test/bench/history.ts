/** How long histories grow over ten years of one account, and what they cost to replay. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DAY } from '../../domain/calendar.js';
import { requestResend } from '../../usecases/request-resend.js';
import { buildWorkflowBundle } from '../../worker/bundle.js';
import type { LifeWorld } from '../support/life-world.js';
import { createLifeWorld } from '../support/life-world.js';
import { startPostgres } from '../support/postgres.js';
import { answer } from '../workflows/stories.js';
import type { Figure } from './figure.js';
import { atMost, beside, count, milliseconds, ratio } from './figure.js';
import { median } from './numbers.js';
import { untilItsEnd } from './stack.js';

type History = proto.temporal.api.history.v1.IHistory;

/** How a year goes: answered with the n-th mail; or let lapse, stop, and answered on a resend by hand. */
const YEARS = [1, 1, 3, 1, 'resend', 1, 6, 1, 8, 1] as const;
/** A request and a receipt. */
const QUIET_SENDS = 2;
const REPLAYS = 15;

export function measureHistory(): Promise<Figure[]> {
  quietSdk();
  return untilItsEnd(measure());
}

async function measure(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'net119-bench-'));
  const postgres = await startPostgres();
  try {
    const { code } = await buildWorkflowBundle();
    process.env['WORKFLOW_BUNDLE'] = join(folder, 'workflow-bundle.js');
    await writeFile(process.env['WORKFLOW_BUNDLE'], code);
    const world = await createLifeWorld();
    try {
      return await figuresOf(code, await liveTenYears(world));
    } finally {
      await world.close();
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The histories of all runs, oldest first. */
async function liveTenYears(world: LifeWorld): Promise<History[]> {
  const { hq } = world;
  const { id, mailAddress } = await world.register(hq);
  for (const year of YEARS) {
    const { windowOpensAt, expiresAt, autoStopsAt, cycle } = await world.account(hq, id);
    if (year === 'resend') {
      await world.sleepUntil(autoStopsAt + 30 * DAY);
      await requestResend(world.deps, world.command(hq), id, { when: 'now' });
      await world.settle();
    } else {
      // The slots' days from D, and a day for the mail to go.
      const slot = [-90, -60, -30, -14, -7, -3, 1, 14][year - 1] ?? 0;
      await world.sleepUntil(Math.max(windowOpensAt, expiresAt + (slot - 1) * DAY) + DAY);
    }
    await answer(world, hq, world.mailsTo(mailAddress).at(-1));
    if ((await world.account(hq, id)).cycle !== cycle + 1) throw new Error(`year ${cycle} was not renewed`);
  }
  return runsOf(world, id);
}

async function runsOf(world: LifeWorld, accountId: string): Promise<History[]> {
  const runs: History[] = [];
  for (let runId: string | undefined; ;) {
    const handle = world.client.workflow.getHandle(world.workflow(accountId).workflowId, runId);
    const history = await handle.fetchHistory();
    runs.unshift(history);
    const earlier = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    if (!earlier) return runs;
    runId = earlier;
  }
}

async function figuresOf(code: string, runs: readonly History[]): Promise<Figure[]> {
  const sizes = runs.map(({ events }) => events?.length ?? 0);
  const longest = Math.max(...sizes);
  const full = runs[sizes.indexOf(longest)];
  const empty = runs.at(-1);
  if (!full || !empty) throw new Error('there are no runs');
  const quiet = runs
    .filter((run) => sendsOf(run).length <= QUIET_SENDS)
    .map(({ events }) => events?.length ?? 0);
  const times = { empty: [] as number[], full: [] as number[] };
  for (let n = 0; n < REPLAYS; n += 1) {
    times.empty.push(await replay(code, empty));
    times.full.push(await replay(code, full));
  }
  return [
    atMost('events a reminder', median(runs.flatMap(eventsBetweenSends)), 12, count),
    atMost('events in a quiet year', Math.max(...quiet), 60, count),
    atMost('events of the longest run in ten years', longest, 500, count),
    atMost('replay of the longest ÷ of an empty one', median(times.full) / median(times.empty), 1.5, ratio),
    beside('replay of the longest', median(times.full), milliseconds),
  ];
}

/** Where in a run's events a mail was asked for. */
function sendsOf(run: History): number[] {
  return (run.events ?? []).flatMap((event, i) =>
    event.activityTaskScheduledEventAttributes?.activityType?.name === 'sendDue' ? [i] : [],
  );
}

/** What one mail adds; between some lies a lapse, a signal or a renewal as well. */
function eventsBetweenSends(run: History): number[] {
  const sends = sendsOf(run);
  return sends.slice(1).map((send, i) => send - (sends[i] ?? 0));
}

async function replay(code: string, history: History): Promise<number> {
  const began = performance.now();
  await Worker.runReplayHistory({ workflowBundle: { code } }, history);
  return performance.now() - began;
}

/** The SDK tells of every Worker that starts and stops. Its runtime is installed once a process. */
let isQuiet = false;
function quietSdk(): void {
  if (!isQuiet) Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  isQuiet = true;
}
