/**
 * The watch over many failures at once (R24): opens a pause, takes back what counted against people meanwhile, tries one
 * mail each ten minutes, and wakes everybody when the pause has ended. Each pass goes on where the last one, of whatever
 * process, was cut off; one process at a time.
 */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { DAY, MINUTE } from '../domain/calendar.js';
import { countsAgainstAddress, isExcused } from '../domain/delivery.js';
import type { MassFailure } from '../domain/mass-failure.js';
import { AFTER_PAUSE, LET_BE_FOR, TRIAL_EVERY, findMassFailures } from '../domain/mass-failure.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { listFireHq } from '../store/fire-hq.js';
import type { PauseRow } from '../store/mail-pauses.js';
import {
  announcePause,
  countSentAroundFailures,
  endPause,
  insertPause,
  listEndedPauses,
  listFailuresToExcuse,
  listOpenPauses,
  listTrialCandidates,
  noteWoken,
  setAnnounced,
  setTrial,
  setWoken,
  takeWatch,
} from '../store/mail-pauses.js';
import { accountsHeldByStop, accountsWithWaitingMail } from '../store/mail-stops.js';
import { enqueueLook } from '../store/outbox.js';
import { lockReminder } from '../store/reminders.js';
import { lockAccount, readSnapshot } from '../store/snapshots.js';
import type { Deps } from './context.js';
import { planAccount } from './life-plan.js';
import { settleMail } from './settle-mail.js';

/** The first pass of a process looks back so far: reports come in also while no worker runs. */
const FIRST_LOOK_BACK = DAY;
/** A failure is dated before its transaction commits; none takes longer. */
const LOOK_BACK = 2 * MINUTE;
/** In one pass, so that it ends in time; the next one goes on. */
const EXCUSED_AT_ONCE = 500;
const CANDIDATES = 200;

export interface WatchReport {
  /** Give it to the next pass. */
  lookedUntil: Instant;
  opened: (MassFailure & { id: string })[];
  excused: number;
  /** Told to every headquarters now. */
  ended: { id: string; endedBy: string }[];
  /** In force after the pass. */
  active: number;
  /** What could not be done for one account; tried again by the next pass. */
  troubles: unknown[];
}

/** One pass; null when another process is at it. `lookedUntil` of the pass before; null: the first. */
export async function watchMassFailures(
  deps: Deps,
  lookedUntil: Instant | null,
): Promise<WatchReport | null> {
  return deps.database.withoutTenant(async (tx) => {
    if (!(await takeWatch(tx))) return null;
    const now = deps.clock.now();
    const report: WatchReport = {
      lookedUntil: now,
      opened: await openPauses(
        deps,
        lookedUntil === null ? now - FIRST_LOOK_BACK : lookedUntil - LOOK_BACK,
        now,
      ),
      excused: 0,
      ended: [],
      active: 0,
      troubles: [],
    };
    const watch = { deps, now, report, holding: tx };
    for (const pause of await listOpenPauses(deps.database.lookups)) await tend(watch, pause);
    return report;
  });
}

async function openPauses(deps: Deps, heardSince: Instant, now: Instant): Promise<WatchReport['opened']> {
  const { lookups } = deps.database;
  const counts = await countSentAroundFailures(lookups, heardSince, now);
  if (counts.length === 0) return [];
  const ended = await listEndedPauses(lookups, now - Math.max(LET_BE_FOR, AFTER_PAUSE), now);
  const bySystem = ended.filter(
    ({ endedAt, endedBy }) => endedBy === 'system' && endedAt > now - AFTER_PAUSE,
  );
  const byPerson = ended.filter(({ endedAt, endedBy }) => endedBy !== 'system' && endedAt > now - LET_BE_FOR);
  const found = findMassFailures({
    counts,
    endedLately: bySystem.map(({ scope }) => scope),
    letBe: byPerson.map(({ scope }) => scope),
  });
  const opened: WatchReport['opened'] = [];
  for (const failure of found) {
    const id = randomUUID();
    const fresh = await insertPause(lookups, {
      id,
      scope: failure.scope,
      reason: REASON,
      failuresSince: failure.since,
      nextTrialAt: now + TRIAL_EVERY,
      createdAt: now,
    });
    if (fresh) opened.push({ ...failure, id });
  }
  return opened;
}

/** Shown to staff in the list of stops. */
const REASON =
  '短い間に、たくさんのメールが届きませんでした。そのため、システムがメールを止めました。10分ごとに1通ためし、受け取られたら、また送り始めます。';

interface Watch {
  deps: Deps;
  now: Instant;
  report: WatchReport;
  /** Holds the lock; the server ends a transaction in which nothing happens for half a minute. */
  holding: Tx;
}

async function tend(watch: Watch, pause: PauseRow): Promise<void> {
  const { deps, now, report } = watch;
  if (pause.announcedAt === null) await announce(watch, pause);
  await excuseFailures(watch, pause);
  if (pause.endedAt === null) {
    if (pause.nextTrialAt > now || (await tryOne(watch, pause))) {
      report.active += 1;
      return;
    }
    await endPause(deps.database.lookups, pause.id, now);
  }
  await wake(watch, pause);
  report.ended.push({ id: pause.id, endedBy: pause.endedBy ?? 'system' });
}

async function announce(watch: Watch, pause: PauseRow): Promise<void> {
  const { deps, now } = watch;
  await inEachTenant(watch, async (tx) => {
    if ((await announcePause(tx, pause, pause.createdAt - LET_BE_FOR, now)) !== 'BOUND') return;
    await appendAudit(tx, {
      at: pause.createdAt,
      actor: 'system',
      action: 'mail-stop.set',
      after: {
        id: pause.id,
        cause: 'MASS_FAILURE',
        mailDomain: pause.scope,
        until: null,
        reason: pause.reason,
      },
    });
  });
  await setAnnounced(deps.database.lookups, pause.id, now);
}

/** What was heard before the pause was there: nobody is 不達 because of it (R16, R37). */
async function excuseFailures({ deps, now, report, holding }: Watch, pause: PauseRow): Promise<void> {
  const failures = await listFailuresToExcuse(deps.database.lookups, pause.id, EXCUSED_AT_ONCE);
  for (const { fireHqId, accountId, reminderId } of failures) {
    await stayAwake(holding);
    try {
      const done = await deps.database.inTenant(fireHqId, (tx) => excuse(tx, accountId, reminderId, now));
      if (done) report.excused += 1;
    } catch (error) {
      report.troubles.push(error);
    }
  }
}

async function excuse(tx: Tx, accountId: string, reminderId: string, now: Instant): Promise<boolean> {
  const row = (await lockAccount(tx, accountId)) ? await lockReminder(tx, reminderId) : null;
  if (!row?.failure || isExcused(row.failure)) return false;
  if (row.outcome !== 'BOUNCED' && row.outcome !== 'FAILED') return false;
  const evidence = { what: 'FAILURE', failure: { ...row.failure, excusedAt: now } } as const;
  const after = await settleMail(tx, accountId, reminderId, row, evidence, now);
  await appendAudit(tx, {
    at: now,
    actor: 'system',
    action: 'mail.failure-excused',
    accountId,
    before: { outcome: row.outcome, counted: countsAgainstAddress(row.failure) },
    after: {
      reminderId,
      outcome: 'FAILED',
      addressState: after?.address.id === row.addressId ? after.address.state : null,
    },
  });
  await enqueueLook(tx, [accountId], now);
  return true;
}

/**
 * Gives the turn to the next account with a mail that may go now, or, at night, later. False when nobody in the scope has
 * one: then there is nothing to pause for.
 */
async function tryOne({ deps, now, holding }: Watch, pause: PauseRow): Promise<boolean> {
  const candidates = await listTrialCandidates(deps.database.lookups, pause.id, now, CANDIDATES);
  let later: (typeof candidates)[number] | undefined;
  for (const candidate of candidates) {
    await stayAwake(holding);
    const when = await whenItGoes(deps, pause.id, candidate, now);
    if (when <= now) return giveTurn(deps, pause, candidate, now);
    if (when < now + DAY) later ??= candidate;
  }
  const next = later ?? (candidates.length === CANDIDATES ? candidates.at(-1) : undefined);
  return next !== undefined && giveTurn(deps, pause, next, now);
}

async function giveTurn(
  deps: Deps,
  pause: PauseRow,
  { fireHqId, accountId }: { fireHqId: string; accountId: string },
  now: Instant,
): Promise<boolean> {
  await deps.database.inTenant(fireHqId, async (tx) => {
    await setTrial(tx, pause.id, accountId, now + TRIAL_EVERY);
    await enqueueLook(tx, [accountId], now);
  });
  return true;
}

/** When this account's next mail would go if it were its turn; Infinity: none would. */
async function whenItGoes(
  deps: Deps,
  pauseId: string,
  { fireHqId, accountId }: { fireHqId: string; accountId: string },
  now: Instant,
): Promise<Instant> {
  const snapshot = await deps.database.inTenant(fireHqId, (tx) => readSnapshot(tx, accountId));
  if (!snapshot) return Infinity;
  const stops = snapshot.stops.map((stop) => ({ ...stop, onTrial: stop.onTrial || stop.id === pauseId }));
  const plan = planAccount({ ...snapshot, stops }, now);
  if (!plan.onTrial) return Infinity;
  return Math.min(...plan.mails.flatMap(({ at, dismissal }) => (dismissal === null ? [at] : [])));
}

async function wake(watch: Watch, pause: PauseRow): Promise<void> {
  const { deps, now } = watch;
  await inEachTenant(watch, async (tx) => {
    if (!(await noteWoken(tx, pause.id, now))) return;
    await appendAudit(tx, {
      at: pause.endedAt ?? now,
      actor: pause.endedBy ?? 'system',
      action: 'mail-stop.ended',
      after: { id: pause.id },
    });
    const held = [...(await accountsHeldByStop(tx, pause.scope)), ...(await accountsWithWaitingMail(tx))];
    await enqueueLook(tx, [...new Set(held)], now);
  });
  await setWoken(deps.database.lookups, pause.id, now);
}

async function inEachTenant({ deps, holding }: Watch, work: (tx: Tx) => Promise<void>): Promise<void> {
  for (const { id } of await deps.database.withoutTenant(listFireHq)) {
    await stayAwake(holding);
    await deps.database.inTenant(id, work);
  }
}

async function stayAwake(holding: Tx): Promise<void> {
  await holding.query('SELECT 1');
}
