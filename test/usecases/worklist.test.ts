/** R30: each reason by its edge, the order, and how somebody leaves the list and comes back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DAY } from '../../domain/calendar.js';
import { standingFacts, worklistKey } from '../../domain/worklist.js';
import { listStanding, readWorklistRows } from '../../store/worklist.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { renewByLink, renewByStaff } from '../../usecases/renew-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import { closeRequest, submitStopRequest } from '../../usecases/resident-request.js';
import { lockStaff } from '../../usecases/change-staff.js';
import { readAllStaff } from '../../usecases/staff.js';
import { createTodayMails } from '../../usecases/today-mail.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import type { Worklist, WorklistPerson } from '../../usecases/worklist.js';
import { createWorklist } from '../../usecases/worklist.js';
import {
  TAKE_LASTS,
  noteOnWorklist,
  readNotes,
  releasePerson,
  takePerson,
  undoNote,
} from '../../usecases/worklist-note.js';
import { joinStaff, operatorOf } from '../admin/given-staff.js';
import { jst } from '../domain/given.js';
import type { World } from './world.js';
import { ACCEPTED, MAILBOX_FULL, OUR_FAULT, REFUSED, createWorld, newId, refusalOf } from './world.js';

/** D = 2027-03-31: the first mail goes on 2026-12-31 at 10:00. */
const EXPIRES = '2027-03-31';
const REGISTERED = '2026-06-01 12:00';
const FIRST_MAIL = '2026-12-31 10:00';
const LAPSE = '2027-04-01 00:00';

let world: World;
let worklist: Worklist;
let staff: string[];
beforeAll(async () => {
  world = await createWorld();
  worklist = createWorklist(world.deps);
  for (const name of ['one', 'two']) {
    await joinStaff(world.deps, world.hq, { signInName: `w.${name}`, displayName: name, role: 'CLERK' });
  }
  staff = (await readAllStaff(world.deps, world.hq)).map(({ id }) => id);
});
afterAll(() => world.close());
beforeEach(async () => {
  // Whoever an earlier test left behind is withdrawn, which ends every reason.
  await world.sql('UPDATE account SET withdrawn_at = $1', [new Date(jst('2020-01-01 00:00'))]);
  world.setNow(REGISTERED);
  world.answer(ACCEPTED);
});

const register = () => world.register(world.hq, { expiresOn: EXPIRES });
const everybody = async (fireHqId = world.hq) => (await worklist.read(fireHqId, { limit: 100 })).items;
const reasonsOf = async ({ accountId }: AccountRef, fireHqId = world.hq) =>
  (await everybody(fireHqId)).find(({ id }) => id === accountId)?.standing.map(({ reason }) => reason) ??
  null;
const note = async (
  ref: AccountRef,
  lookAgainOn: string,
  more: { seenUntil?: number; version?: number } = {},
) => {
  const { version } = await readNotes(world.deps, ref.fireHqId, ref.accountId);
  const given = { note: 'FAXを送った', lookAgainOn, seenUntil: world.now(), version, ...more };
  return noteOnWorklist(world.deps, world.command(ref.fireHqId), ref.accountId, given);
};

describe('each reason', () => {
  test('不達の疑い from the first failure on; nobody before it, and nobody of another headquarters', async () => {
    const ref = await register();
    world.answer(REFUSED);
    await world.walk(ref, jst(FIRST_MAIL) - 1);
    expect(await reasonsOf(ref)).toBeNull();
    await world.walk(ref, FIRST_MAIL);
    expect(await reasonsOf(ref)).toEqual(['UNREACHABLE']);
    expect(await everybody(world.otherHq)).toEqual([]);
  });

  test('accepted again is no proof: it stays; an answer to a mail ends it', async () => {
    const ref = await register();
    world.answer(REFUSED);
    await world.walk(ref, FIRST_MAIL);
    world.answer(ACCEPTED);
    await world.walk(ref, '2027-02-01 12:00');
    const [person] = await everybody();
    expect(person).toMatchObject({ acceptedSince: true, failure: { bounceClass: 'UNKNOWN_ADDRESS' } });
    expect(await reasonsOf(ref)).toEqual(['UNREACHABLE']);
    await renewByLink(world.deps, world.command(), await world.linkOf(ref.accountId, 'auto:1:2027-01-30'));
    expect(await reasonsOf(ref)).toBeNull();
  });

  test('a full mailbox once is no reason; three times over a week is', async () => {
    const ref = await register();
    world.answer(MAILBOX_FULL);
    await world.walk(ref, '2027-01-30 11:00');
    expect(await reasonsOf(ref)).toBeNull();
    await world.walk(ref, '2027-03-02 11:00');
    // The first mails of the window: −90, −60, −30.
    expect(await reasonsOf(ref)).toContain('UNREACHABLE');
  });

  test('失効中（不達） goes before every other 不達, whatever came later', async () => {
    const [lapsed, doubted] = [await register(), await world.register(world.hq, { expiresOn: '2027-06-30' })];
    world.answer(REFUSED);
    await world.walk(lapsed, '2027-04-01 09:00');
    await world.walk(doubted, '2027-04-01 12:00');
    const list = await everybody();
    expect(list.map(({ id, standing }) => [id, standing[0]?.rank])).toEqual([
      [lapsed.accountId, 0],
      [doubted.accountId, 1],
    ]);
    expect(list[0]?.standing.map(({ reason }) => reason)).toEqual(['UNREACHABLE', 'NEWLY_LAPSED']);
  });

  test('新しく失効中 at E itself, not a millisecond earlier, whether the workflow has recorded it or not', async () => {
    const ref = await register();
    await world.walk(ref, '2027-03-31 12:00');
    world.setNow(jst(LAPSE) - 1);
    expect(await reasonsOf(ref)).toBeNull();
    world.setNow(LAPSE);
    expect(await reasonsOf(ref)).toEqual(['NEWLY_LAPSED']);
    await world.walk(ref, '2027-04-01 00:01');
    expect(await reasonsOf(ref)).toEqual(['NEWLY_LAPSED']);
  });

  test('未送信: a mail that failed by our fault, until another one is accepted', async () => {
    const ref = await register();
    world.answer(OUR_FAULT);
    await world.walk(ref, FIRST_MAIL);
    expect(await reasonsOf(ref)).toEqual(['NOT_SENT']);
    world.answer(ACCEPTED);
    world.setNow('2027-01-02 12:00');
    await requestResend(world.deps, world.command(), ref.accountId, { confirm: true, when: 'now' });
    await world.walk(ref, '2027-01-02 12:05');
    expect(await reasonsOf(ref)).toBeNull();
  });

  test('未送信: lapsed without a mail that got out', async () => {
    const ref = await register();
    world.answer(OUR_FAULT);
    await world.walk(ref, '2027-04-01 00:01');
    expect(await reasonsOf(ref)).toEqual(['NOT_SENT', 'NEWLY_LAPSED']);
  });

  test('本人からの連絡 until staff have answered', async () => {
    const ref = await register();
    await world.walk(ref, '2027-01-05 12:00');
    const link = await world.linkOf(ref.accountId, 'auto:1:2026-12-31');
    const { id } = await submitStopRequest(world.deps, world.command(world.hq, { actor: 'resident' }), link);
    expect(await reasonsOf(ref)).toEqual(['REQUEST']);
    await closeRequest(world.deps, world.command(), id, { state: 'DECLINED' });
    expect(await reasonsOf(ref)).toBeNull();
  });

  test('更新済み・メール未確認 after a renewal at the counter takes the place of 不達 (R18)', async () => {
    const ref = await register();
    world.answer(REFUSED);
    await world.walk(ref, FIRST_MAIL);
    world.setNow('2027-01-02 12:00');
    await renewByStaff(world.deps, world.command(), ref.accountId, { channel: 'counter', note: '窓口' });
    expect(await reasonsOf(ref)).toEqual(['MAIL_UNCONFIRMED']);
    // The check mail fails too: that is new.
    world.setNow('2027-01-02 12:00:01');
    await world.walk(ref, '2027-01-02 12:01');
    expect(await reasonsOf(ref)).toEqual(['UNREACHABLE', 'MAIL_UNCONFIRMED']);
  });

  test('自動配信終了 when it is recorded', async () => {
    const ref = await register();
    await world.walk(ref, '2027-06-29 23:59');
    expect(await reasonsOf(ref)).toEqual(['NEWLY_LAPSED']);
    await world.walk(ref, '2027-06-30 00:01');
    expect(await reasonsOf(ref)).toEqual(['NEWLY_LAPSED', 'AUTO_MAIL_ENDED']);
  });
});

describe('leaving and coming back', () => {
  const lapsed = async () => {
    const ref = await register();
    await world.walk(ref, '2027-04-01 12:00');
    return ref;
  };

  test('a note takes away until its day in Japan begins; then 確認日が来た', async () => {
    const ref = await lapsed();
    await note(ref, '2027-04-10');
    expect(await reasonsOf(ref)).toBeNull();
    world.setNow(jst('2027-04-10 00:00') - 1);
    expect(await reasonsOf(ref)).toBeNull();
    world.setNow('2027-04-10 00:00');
    expect(await reasonsOf(ref)).toEqual(['LOOK_AGAIN']);
    expect((await everybody())[0]?.note?.note).toBe('FAXを送った');
  });

  test('on its day 不達 goes before 確認日が来た', async () => {
    const ref = await register();
    world.answer(REFUSED);
    await world.walk(ref, FIRST_MAIL);
    await note(ref, '2027-01-01');
    expect(await reasonsOf(ref)).toBeNull();
    world.setNow('2027-01-01 00:00');
    expect(await reasonsOf(ref)).toEqual(['UNREACHABLE', 'LOOK_AGAIN']);
  });

  test('something new brings back at once, with what is new alone', async () => {
    const ref = await lapsed();
    await note(ref, '2027-05-01');
    world.answer(REFUSED);
    await world.walk(ref, '2027-04-14 10:00');
    expect(await reasonsOf(ref)).toEqual(['UNREACHABLE']);
  });

  test('what came while the note was being written had not been seen', async () => {
    const ref = await register();
    const shownAt = jst(FIRST_MAIL) - 1;
    world.answer(REFUSED);
    await world.walk(ref, FIRST_MAIL);
    await note(ref, '2027-02-01', { seenUntil: shownAt });
    expect(await reasonsOf(ref)).toEqual(['UNREACHABLE']);
    await note(ref, '2027-02-01', { seenUntil: world.now() + DAY });
    expect(await reasonsOf(ref)).toBeNull();
  });

  test('renewal ends a note and its date; 廃止 ends everything, and its undo brings it back', async () => {
    const [renewed, withdrawn] = [await lapsed(), await lapsed()];
    await note(renewed, '2027-04-10');
    await renewByStaff(world.deps, world.command(), renewed.accountId, { channel: 'fax', note: 'FAX' });
    await withdrawAccount(world.deps, world.command(), withdrawn.accountId, { reason: '本人の申し出' });
    world.setNow('2027-04-10 12:00');
    expect(await everybody()).toEqual([]);
    expect(await refusalOf(note(withdrawn, '2027-05-01'))).toBe('account-withdrawn');
  });

  test('undone, the note before counts again; both stay in the list', async () => {
    const ref = await lapsed();
    await note(ref, '2027-04-20');
    world.setNow('2027-04-02 12:00');
    await note(ref, '2027-05-20');
    const { countingId } = await readNotes(world.deps, world.hq, ref.accountId);
    world.setNow('2027-04-25 12:00');
    expect(await reasonsOf(ref)).toBeNull();
    await undoNote(world.deps, world.command(), ref.accountId, countingId ?? '');
    await undoNote(world.deps, world.command(), ref.accountId, countingId ?? '');
    expect(await reasonsOf(ref)).toEqual(['LOOK_AGAIN']);
    const { notes } = await readNotes(world.deps, world.hq, ref.accountId);
    expect(notes.map(({ undoneAt }) => undoneAt !== null)).toEqual([true, false]);
    await undoNote(world.deps, world.command(), ref.accountId, notes[1]?.id ?? '');
    expect(await reasonsOf(ref)).toEqual(['NEWLY_LAPSED']);
    expect(await world.audit(ref.accountId, 'worklist.note-undone')).toHaveLength(2);
  });

  test('the same form twice is one note; a colleague who was quicker is not overwritten unseen', async () => {
    const ref = await lapsed();
    const given = { note: 'a', lookAgainOn: '2027-04-10', seenUntil: world.now(), version: 0 };
    const idempotency = { key: newId(), requestHash: Buffer.from('x') };
    await noteOnWorklist(world.deps, world.command(world.hq, { idempotency }), ref.accountId, given);
    await noteOnWorklist(world.deps, world.command(world.hq, { idempotency }), ref.accountId, given);
    expect(await refusalOf(noteOnWorklist(world.deps, world.command(), ref.accountId, given))).toBe(
      'version-conflict',
    );
    expect((await readNotes(world.deps, world.hq, ref.accountId)).notes).toHaveLength(1);
  });

  test.each([
    ['', '2027-04-10'],
    ['a'.repeat(1_001), '2027-04-10'],
    ['a', ''],
    ['a', '2027-02-30'],
    ['a', '2027-04-01'],
    ['a', '2028-04-02'],
  ])('refused: note %#, day %s', async (text, lookAgainOn) => {
    world.setNow('2027-04-01 12:00');
    const given = { note: text, lookAgainOn, seenUntil: 0, version: 0 };
    expect(await refusalOf(noteOnWorklist(world.deps, world.command(), newId(), given))).toBe('validation');
  });

  test("another headquarters' person is as unknown as any other", async () => {
    const ref = await lapsed();
    const given = { note: 'a', lookAgainOn: '2027-04-10', seenUntil: world.now(), version: 0 };
    const foreign = world.command(world.otherHq);
    expect(await refusalOf(noteOnWorklist(world.deps, foreign, ref.accountId, given))).toBe('not-found');
    expect(await refusalOf(undoNote(world.deps, foreign, ref.accountId, newId()))).toBe('not-found');
    expect(await refusalOf(takePerson(world.deps, foreign, ref.accountId, newId()))).toBe('not-found');
    expect(await refusalOf(readNotes(world.deps, world.otherHq, ref.accountId))).toBe('not-found');
  });
});

describe('わたしが対応する', () => {
  const takenBy = async () => (await everybody())[0]?.taken ?? null;

  test('one at a time; given back, noted, locked or forgotten it is free', async () => {
    const [one = '', two = ''] = staff;
    const ref = await register();
    await world.walk(ref, '2027-04-01 12:00');
    const take = (who: string) => takePerson(world.deps, world.command(), ref.accountId, who);
    expect([await take(one), await take(one), await take(two)]).toEqual([true, true, false]);
    expect(await takenBy()).toMatchObject({ by: one, locked: false });
    await releasePerson(world.deps, world.command(), ref.accountId, two);
    expect(await takenBy()).toMatchObject({ by: one });
    await releasePerson(world.deps, world.command(), ref.accountId, one);
    expect(await takenBy()).toBeNull();

    expect(await take(one)).toBe(true);
    world.setNow(world.now() + TAKE_LASTS);
    expect(await takenBy()).toBeNull();
    expect(await take(two)).toBe(true);
    await lockStaff(world.deps, operatorOf(world.deps, world.hq), two);
    expect(await takenBy()).toMatchObject({ by: two, locked: true });
    expect(await take(one)).toBe(true);
    await note(ref, '2027-04-20');
    world.setNow('2027-04-20 12:00');
    expect(await takenBy()).toBeNull();
    expect(await world.audit(ref.accountId, 'worklist.taken')).toHaveLength(4);
  });
});

describe('the list', () => {
  test('SQL says the same as the rule, in the same order, and pages lose and repeat nobody', async () => {
    const refs: AccountRef[] = [];
    for (let i = 0; i < 24; i += 1) refs.push(await register());
    for (const [i, { accountId }] of refs.entries()) {
      const failedAt = i % 3 === 0 ? new Date(jst('2027-03-01 10:00') + (i % 4) * DAY) : null;
      await world.sql(
        `UPDATE mail_address SET state = $2, last_failed_at = $3, last_proven_at = $4 WHERE account_id = $1`,
        [
          accountId,
          ['OK', 'SUSPECT', 'UNDELIVERABLE'][i % 4] ?? 'OK',
          failedAt,
          i % 5 === 0 ? failedAt : null,
        ],
      );
      await world.sql(
        `UPDATE renewal_cycle SET expires_at = $2, auto_stop_recorded_at = $3, lapse_cause = $4 WHERE account_id = $1`,
        [
          accountId,
          new Date(jst('2027-04-01 00:00') + ((i % 7) - 3) * DAY),
          i % 6 === 0 ? new Date(jst('2027-04-02 00:00')) : null,
          i % 8 === 0 ? 'NOT_SENT' : null,
        ],
      );
      if (i % 7 === 0)
        await world.sql('UPDATE account SET mail_unconfirmed_since = $2 WHERE id = $1', [
          accountId,
          new Date(jst('2027-03-20 10:00')),
        ]);
    }
    world.setNow('2027-03-30 12:00');
    for (const [i, ref] of refs.entries())
      if (i % 2 === 0) await note(ref, i % 4 === 0 ? '2027-04-03' : '2027-05-03');
    for (const now of [
      '2027-03-31 00:00',
      '2027-04-01 00:00',
      '2027-04-02 12:00',
      '2027-04-03 00:00',
      '2027-05-04 00:00',
    ]) {
      world.setNow(now);
      const ids = refs.map(({ accountId }) => accountId);
      const [rows, standing] = await world.deps.database.inTenant(world.hq, async (tx) => [
        await readWorklistRows(tx, ids, world.now()),
        await listStanding(tx, world.now()),
      ]);
      const byRule = rows
        .flatMap(({ id, facts, note: mark }) => {
          const [first] = standingFacts(facts, mark, world.now());
          return first === undefined ? [] : [{ id, ...first }];
        })
        .sort((a, b) => worklistKey(a) - worklistKey(b) || (a.id < b.id ? -1 : 1));
      expect(standing).toHaveLength(byRule.length);
      expect(byRule.length).toBeGreaterThan(3);
      const paged: WorklistPerson[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await worklist.read(world.hq, { limit: 5, cursor });
        paged.push(...page.items);
        if (page.nextCursor === null) break;
        cursor = page.nextCursor;
      }
      expect(paged.map(({ id, standing: [first] }) => [id, first?.rank, first?.at])).toEqual(
        byRule.map(({ id, rank, at }) => [id, rank, at]),
      );
      const { counts, people } = await worklist.read(world.hq, { limit: 1 });
      expect(counts.reduce((sum, each) => sum + each.people, 0)).toBe(people);
      expect(people).toBe(byRule.length);
    }
  });

  test('きのうからの不達: from 0:00 of yesterday on, also what does not count and who was noted', async () => {
    const ref = await register();
    world.answer(MAILBOX_FULL);
    await world.walk(ref, FIRST_MAIL);
    const recent = async () => (await worklist.read(world.hq, { recent: true, limit: 10 })).items;
    world.setNow(jst('2027-01-02 00:00') - 1);
    expect((await recent()).map(({ id, standing }) => [id, standing])).toEqual([[ref.accountId, []]]);
    world.setNow('2027-01-02 00:00');
    expect(await recent()).toEqual([]);
  });

  test('a cursor that is none is refused', async () => {
    expect(await refusalOf(worklist.read(world.hq, { limit: 5, cursor: 'x' }))).toBe('validation');
  });
});

test('本日の自動送信: planned, sent, failed and ahead add up, and follow holds and withdrawals', async () => {
  const there = () => world.register(world.otherHq, { expiresOn: EXPIRES });
  const mails = createTodayMails(world.deps);
  const refs = [await there(), await there(), await there(), await there()];
  const [sent, failed, held] = refs as AccountRef[] as [AccountRef, AccountRef, AccountRef];
  await world.sql('UPDATE account SET hold_until = $2 WHERE id = $1', [
    held.accountId,
    new Date(jst('2027-06-01 00:00')),
  ]);
  world.setNow('2026-12-30 23:59');
  expect((await mails.read(world.otherHq)).planned).toBe(0);
  world.setNow('2026-12-31 00:00');
  expect(await mails.read(world.otherHq)).toMatchObject({ planned: 3, sent: 0, ahead: 3 });
  await world.walk(sent, '2026-12-31 10:31');
  world.answer(OUR_FAULT);
  await world.walk(failed, '2026-12-31 10:31');
  expect(await mails.read(world.otherHq)).toEqual({
    planned: 3,
    sent: 1,
    bounced: 0,
    failed: 1,
    waiting: 0,
    ahead: 1,
  });
  await withdrawAccount(world.deps, world.command(world.otherHq), refs[3]?.accountId ?? '', { reason: 'x' });
  expect((await mails.read(world.otherHq)).ahead).toBe(0);
});
