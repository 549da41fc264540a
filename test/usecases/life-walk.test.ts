/** Random lives, walked as a workflow walks them: whatever happens in which order, the invariants of the rules hold. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timeOfDayInJapan } from '../../domain/calendar.js';
import { GRACE_ON_STOP } from '../../domain/mail-hours.js';
import { MAIL_HOURS } from '../../domain/policy.js';
import { slotsOf } from '../../domain/schedule.js';
import type { SendResult } from '../../mail/transport.js';
import { readSnapshot } from '../../store/snapshots.js';
import { changeAccount } from '../../usecases/change-account.js';
import { RefusedError } from '../../usecases/errors.js';
import { createHeadquarters } from '../../usecases/headquarters.js';
import { holdAccount, releaseHold } from '../../usecases/hold-account.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { holesOf } from '../../usecases/ledger-holes.js';
import { planAccount, readStoredPolicy } from '../../usecases/life-plan.js';
import { createMailStop, endMailStop, listMailStops } from '../../usecases/mail-stop.js';
import { readAccount } from '../../usecases/read-account.js';
import { renewByLink, renewByStaff } from '../../usecases/renew-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import { submitStopRequest, takeBackStopRequest } from '../../usecases/resident-request.js';
import { undoWithdrawal, withdrawAccount } from '../../usecases/withdraw-account.js';
import { SEED } from '../domain/arbitraries.js';
import { ACCEPTED, BUSY, MAILBOX_FULL, OUR_FAULT, REFUSED, createWorld } from './world.js';
import type { World } from './world.js';

const RESULTS: SendResult[] = [ACCEPTED, REFUSED, BUSY, OUR_FAULT, MAILBOX_FULL];
const DAY = 86_400_000;

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

interface RandomLife {
  policy: Record<string, unknown>;
  /** How long an event's share of the life is, in ms. */
  unit: number;
  events: { after: number; what: (typeof EVENTS)[number]; answers: SendResult[] }[];
}

const EVENTS = [
  'nothing',
  'outage',
  'renew by link',
  'renew by staff',
  'resend',
  'hold',
  'release',
  'stop mail',
  'end stops',
  'withdraw',
  'undo',
  'new address',
  'ask to stop',
  'take back',
] as const;

/** Offsets from −before to the stop, `before` first. */
const offsets = (before: number, stop: number) =>
  fc
    .uniqueArray(fc.integer({ min: -before, max: stop }), { maxLength: 7 })
    .map((list) => [...new Set([-before, ...list])].sort((a, b) => a - b));
const signed = (n: number, unit: (n: number) => string) => (n < 0 ? `-${unit(-n)}` : unit(n));

const datePolicy = fc
  .record({
    before: fc.integer({ min: 1, max: 60 }),
    after: fc.integer({ min: 1, max: 60 }),
    spread: fc.constantFrom('PT0S', 'PT30M'),
  })
  .chain(({ before, after, spread }) =>
    fc
      .record({ list: offsets(before, after), on: fc.constantFrom('probe', 'continue') })
      .map(({ list, on }) => ({
        unit: DAY,
        policy: {
          validity: `P${before + 30}D`,
          remindBefore: `P${before}D`,
          reminders: { offsets: list.map((n) => signed(n, (d) => `P${d}D`)) },
          spreadOver: spread,
          autoStopAfter: `P${after}D`,
          autoStopFrom: 'expiry',
          retryAfterFailure: 'P3D',
          onUndeliverable: on,
        },
      })),
  );

const timePolicy = fc
  .record({ before: fc.integer({ min: 1, max: 300 }), after: fc.integer({ min: 1, max: 300 }) })
  .chain(({ before, after }) =>
    offsets(before, after).map((list) => ({
      unit: 5_000,
      policy: {
        validity: `PT${before + 60}S`,
        remindBefore: `PT${before}S`,
        reminders: { offsets: list.map((n) => signed(n, (s) => `PT${s}S`)) },
        autoStopAfter: `PT${after}S`,
        autoStopFrom: 'expiry',
        retryAfterFailure: 'PT20S',
        longUnusedAfter: 'PT600S',
      },
    })),
  );

const life: fc.Arbitrary<RandomLife> = fc.oneof(datePolicy, timePolicy).chain((made) =>
  fc
    .array(
      fc.record({
        after: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.double({ min: 0, max: 40, noNaN: true })),
        what: fc.constantFrom(...EVENTS),
        answers: fc.array(fc.constantFrom(...RESULTS), { maxLength: 4 }),
      }),
      { maxLength: 12 },
    )
    .map((events) => ({ ...made, events })),
);

let numbers = 0;

async function live({ policy, unit, events }: RandomLife): Promise<AccountRef> {
  numbers += 1;
  world.setNow('2026-06-01 12:00');
  world.sent.length = 0;
  const queue: SendResult[] = [];
  world.answer(() => queue.shift() ?? ACCEPTED);
  const hq = await createHeadquarters(world.deps, {
    code: `walk-${numbers}`,
    displayName: '見本消防本部',
    shortName: '見本',
    replyTo: 'hq@example.jp',
    fax: '000-000-0000',
    counter: '指令課',
    policy,
  });
  const account = await world.register(hq);
  for (const { after, what, answers } of events) {
    queue.push(...answers);
    const at = world.now() + Math.round(after * unit);
    if (what === 'outage') world.setNow(at);
    else await world.walk(account, at);
    try {
      await happen(account, what, unit);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
    }
    // R38: a hole is an alarm, so at no moment of a life may there be one.
    expect(await holes(account)).toEqual([]);
  }
  return account;
}

async function holes({ fireHqId, accountId }: AccountRef): Promise<string[]> {
  const snapshot = await world.deps.database.inTenant(fireHqId, (tx) => readSnapshot(tx, accountId));
  return snapshot ? holesOf(planAccount(snapshot, world.now())) : [];
}

async function happen(account: AccountRef, what: (typeof EVENTS)[number], unit: number): Promise<void> {
  const { deps } = world;
  const { fireHqId, accountId } = account;
  const command = world.command(fireHqId);
  const lastMail = (await world.ledger(accountId))
    .filter((row) => row.purpose === 'REMINDER' && row.messageId)
    .at(-1);
  const link = lastMail && (await world.linkOf(accountId, lastMail.key));
  switch (what) {
    case 'renew by link':
      if (link) await renewByLink(deps, command, link);
      return;
    case 'renew by staff':
      await renewByStaff(deps, command, accountId, { channel: 'counter', note: '窓口' });
      return;
    case 'resend':
      await requestResend(deps, command, accountId, { confirm: true });
      return;
    case 'hold':
      await holdAccount(deps, command, accountId, { until: world.now() + 7 * unit, reason: '入院' });
      return;
    case 'release':
      await releaseHold(deps, command, accountId);
      return;
    case 'stop mail':
      await createMailStop(deps, command, { reason: '点検' });
      return;
    case 'end stops':
      for (const { id } of await listMailStops(deps, fireHqId)) await endMailStop(deps, command, id);
      return;
    case 'withdraw':
      await withdrawAccount(deps, command, accountId, { reason: '転出' });
      return;
    case 'undo':
      await undoWithdrawal(deps, command, accountId);
      return;
    case 'new address': {
      const { version } = await readAccount(deps, fireHqId, accountId);
      await changeAccount(deps, command, accountId, version, {
        mailAddress: `w${numbers}.${version}@example.jp`,
      });
      return;
    }
    case 'ask to stop':
      if (link) await submitStopRequest(deps, command, link);
      return;
    case 'take back':
      if (link) await takeBackStopRequest(deps, command, link);
      return;
    default:
  }
}

interface CycleLine {
  number: number;
  opens: number;
  expires: number;
  expiresOn: string | null;
  stops: number;
  slotsAfter: number;
  opened: number;
  renewed: number | null;
  lapsed: number | null;
}

async function cyclesOf(accountId: string): Promise<CycleLine[]> {
  return world.sql<CycleLine>(
    `SELECT number, epoch_ms(window_opens_at)::float8 AS opens, epoch_ms(expires_at)::float8 AS expires,
       expires_on::text AS "expiresOn", epoch_ms(auto_stops_at)::float8 AS stops, epoch_ms(opened_at)::float8 AS opened,
       epoch_ms(slots_after)::float8 AS "slotsAfter", epoch_ms(renewed_at)::float8 AS renewed,
       epoch_ms(lapse_recorded_at)::float8 AS lapsed
     FROM renewal_cycle WHERE account_id = $1 ORDER BY number`,
    [accountId],
  );
}

describe('whatever happens', () => {
  it('R4 R6 R9 R15 R20 R38: no slot twice, nothing outside window, hours and stop, and every slot is accounted for', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(life, async (random) => {
        const account = await live(random);
        const { accountId, fireHqId } = account;
        const open = (await cyclesOf(accountId)).at(-1);
        if (!open) throw new Error('no cycle');
        const exact = random.unit < DAY;
        // As long as a mail that a person waits for is kept (R22).
        await world.walk(account, Math.max(world.now(), open.stops) + 4 * DAY);

        const cycles = await cyclesOf(accountId);
        const ledger = await world.ledger(accountId);
        const byMessageId = new Map(ledger.map((row) => [row.messageId, row]));
        for (const { mail, at } of world.sent) {
          const row = byMessageId.get(mail.messageId);
          const cycle = cycles.find((each) => each.number === row?.cycle);
          if (!row || !cycle) throw new Error('a mail without its row');
          if (row.purpose !== 'REMINDER') continue;
          expect(at).toBeGreaterThanOrEqual(cycle.opens);
          if (cycle.renewed !== null) expect(at).toBeLessThanOrEqual(cycle.renewed);
          if (row.kind === 'MANUAL') continue;
          const onStop = exact && row.dueAt === cycle.stops;
          expect(at).toBeLessThan(onStop ? cycle.stops + GRACE_ON_STOP + 1 : cycle.stops);
          if (exact) continue;
          expect(timeOfDayInJapan(at)).toBeGreaterThanOrEqual(MAIL_HOURS.from);
          expect(timeOfDayInJapan(at)).toBeLessThan(MAIL_HOURS.until);
        }

        // Every mail that was tried is tried no more once it got out: at most one acceptance each.
        const attempts = await world.sql<{ id: string }>(
          `SELECT t.reminder_id AS id FROM reminder_attempt t JOIN reminder r ON r.id = t.reminder_id
           WHERE r.account_id = $1 AND t.verdict = 'ACCEPTED' GROUP BY 1 HAVING count(*) > 1`,
          [accountId],
        );
        expect(attempts).toEqual([]);
        expect(ledger.filter((row) => ['QUEUED', 'SENDING', 'DELAYED'].includes(row.outcome))).toEqual([]);

        const snapshot = await world.deps.database.inTenant(fireHqId, (tx) => readSnapshot(tx, accountId));
        if (!snapshot) throw new Error('no account');
        const policy = readStoredPolicy(snapshot.policy);
        const withdrawnAt = snapshot.account.withdrawnAt ?? Infinity;
        for (const cycle of cycles) {
          const planned = slotsOf(policy, {
            expiresOn: cycle.expiresOn,
            expiresAt: cycle.expires,
            windowOpensAt: cycle.opens,
            autoStopsAt: cycle.stops,
          }).filter(
            ({ at }) => at > cycle.opened && at <= Math.min(cycle.renewed ?? world.now(), withdrawnAt),
          );
          const entered = new Set(ledger.filter((row) => row.cycle === cycle.number).map((row) => row.slot));
          expect(planned.filter((slot) => !entered.has(slot.name))).toEqual([]);
          for (const row of ledger.filter((each) => each.cycle === cycle.number && each.slot !== null))
            seen.add(`${row.outcome} ${row.reason}`);
        }
        if (withdrawnAt === Infinity) {
          const rest = planAccount(snapshot, world.now()).plan.steps.filter(
            (step) => step.state !== 'HANDLED',
          );
          expect(rest.filter((step) => step.reason !== 'BEFORE_CREATION')).toEqual([]);
          expect(cycles.at(-1)?.lapsed).not.toBeNull();
          expect((await world.look(account)).deed).toBeNull();
        }
        expect((await world.look(account)).mail).toBeNull();
        const lapses = await world.audit(accountId, 'account.lapsed');
        expect(new Set(lapses.map((event) => (event['after'] as { cycle: number }).cycle)).size).toBe(
          lapses.length,
        );
      }),
      { seed: SEED, numRuns: 80 },
    );
    // The walk must have been somewhere.
    expect([...seen].sort()).toEqual(
      expect.arrayContaining(['ACCEPTED null', 'CONFIRMED null', 'SKIPPED AFTER_STOP']),
    );
    expect([...seen].some((each) => each.startsWith('SUPERSEDED'))).toBe(true);
  }, 120_000);
});
