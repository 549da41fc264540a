/** Many reminders due at one instant, and many lapses at another, after a quiet time. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { becomesQuiet, cpuSeconds } from './cpu.js';
import type { Figure } from './figure.js';
import { atLeast, atMost, beside, count, milliseconds, perSecond, ratio, seconds } from './figure.js';
import { startLives } from './lives.js';
import { middleRate } from './numbers.js';
import { addPeople, makeHq } from './people.js';
import type { Stack } from './stack.js';
import { withStack } from './stack.js';

const REMINDED = 2_000;
/** For starting the workflows and coming to rest; more on a machine that is busy otherwise. */
const LEADS_MS = [75_000, 150_000, 300_000];
/** From the reminder to the expiry: all mails are out by then. */
const REMIND_BEFORE_S = 90;
const LAPSES_WITHIN_MS = 60_000;
const NOT_DONE_AFTER_MS = 180_000;

const POLICY = {
  validity: 'PT7200S',
  remindBefore: `PT${REMIND_BEFORE_S}S`,
  reminders: { offsets: [`-PT${REMIND_BEFORE_S}S`] },
  autoStopAfter: 'PT3600S',
  retryAfterFailure: 'PT60S',
  longUnusedAfter: 'PT7200S',
};

interface Instants {
  dueAt: number;
  expiresAt: number;
}

export async function measureMass(): Promise<Figure[]> {
  const hollow = await withLead(measureHollow);
  const real = await withLead(measureReal);
  return [
    atLeast('mails ÷ activities that do nothing', real.rate / hollow, 0.6, ratio),
    atMost('mails lost', real.lost, 0, count),
    atMost('mails sent twice', real.doubled, 0, count),
    atMost('last lapse record after E', real.lastLapse / 1_000, LAPSES_WITHIN_MS / 1_000, seconds),
    beside('mails', real.rate, perSecond),
    beside('activities that do nothing', hollow, perSecond),
    ...real.cpu,
  ];
}

function measureHollow(instants: Instants): Promise<number | null> {
  const env = { BENCH_DUE_AT: String(instants.dueAt), BENCH_EXPIRES_AT: String(instants.expiresAt) };
  return withStack(
    ['temporal', 'hollow-worker'],
    async (stack) => {
      const ids = Array.from({ length: REMINDED }, () => crypto.randomUUID());
      await startLives(stack.client, crypto.randomUUID(), ids);
      if (!(await isQuietBefore(stack, ['temporal', 'hollow-worker'], instants.dueAt))) return null;
      const lines = await journalOf(stack, instants.dueAt);
      return middleRate(lines.map(({ at }) => at));
    },
    env,
  );
}

function measureReal({ dueAt, expiresAt }: Instants) {
  const parts = ['postgres', 'temporal', 'sink', 'api', 'worker'] as const;
  return withStack(['temporal', 'sink', 'api', 'worker'], async (stack) => {
    const hq = await makeHq(stack, 'bench', POLICY);
    const ids = await addPeople(stack, hq, {
      count: REMINDED,
      dates: { expiresOn: null, expiresAt, windowOpensAt: dueAt, autoStopsAt: dueAt + 3_600_000 },
    });
    await stack.owner.query('ANALYZE');
    await startLives(stack.client, hq, ids);
    if (!(await isQuietBefore(stack, parts, dueAt))) return null;
    const before = parts.map((part) => cpuSeconds(stack.pid(part)));
    const lines = await journalOf(stack, dueAt);
    const cpu = parts.map((part, i) =>
      beside(
        `CPU of ${part} a mail`,
        (1_000 * (cpuSeconds(stack.pid(part)) - (before[i] ?? 0))) / REMINDED,
        milliseconds,
      ),
    );
    const messages = new Set(lines.map(({ what }) => what));
    const lastLapse = (await lastLapseRecord(stack, expiresAt)) - expiresAt;
    const all = await readJournal(stack);
    return {
      rate: middleRate(lines.map(({ at }) => at)),
      lost: REMINDED - messages.size,
      doubled: all.length - new Set(all.map(({ what }) => what)).size,
      lastLapse,
      cpu,
    };
  });
}

/** Again with more time before the instant, while the stack was not at rest by then. */
async function withLead<T>(measure: (instants: Instants) => Promise<T | null>): Promise<T> {
  for (const lead of LEADS_MS) {
    const dueAt = Math.ceil((Date.now() + lead) / 1_000) * 1_000;
    const result = await measure({ dueAt, expiresAt: dueAt + REMIND_BEFORE_S * 1_000 });
    if (result !== null) return result;
  }
  throw new Error('this machine is too busy: the stack never came to rest before the instant');
}

async function isQuietBefore(
  { pid }: Stack,
  parts: readonly Parameters<Stack['pid']>[0][],
  dueAt: number,
): Promise<boolean> {
  try {
    await becomesQuiet(parts.map(pid), dueAt - Date.now() - 1_000);
    return Date.now() < dueAt;
  } catch {
    return false;
  }
}

interface Line {
  at: number;
  what: string;
}

/** When all have come, or no more will. */
async function journalOf(stack: Stack, dueAt: number): Promise<Line[]> {
  for (;;) {
    const lines = await readJournal(stack);
    if (lines.length >= REMINDED || Date.now() > dueAt + NOT_DONE_AFTER_MS) return lines;
    await sleep(500);
  }
}

async function readJournal({ journal }: Stack): Promise<Line[]> {
  const text = await readFile(journal, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [at, what = ''] = line.split(' ');
      return { at: Number(at), what };
    });
}

/** Epoch ms of the last of all lapse records, Infinity while some are missing long after E. */
async function lastLapseRecord({ owner }: Stack, expiresAt: number): Promise<number> {
  for (;;) {
    const { rows } = await owner.query<{ recorded: number; last: Date | null }>(
      `SELECT count(*)::int AS recorded, max(at) AS last FROM audit_event WHERE action = 'account.lapsed'`,
    );
    const { recorded = 0, last = null } = rows[0] ?? {};
    if (recorded >= REMINDED) return last?.getTime() ?? Infinity;
    if (Date.now() > expiresAt + NOT_DONE_AFTER_MS) return Infinity;
    await sleep(1_000);
  }
}
