import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../domain/calendar.js';
import { listAuditEvents } from '../../usecases/read-audit.js';
import { readAccount } from '../../usecases/read-account.js';
import { readCapabilities } from '../../usecases/read-capabilities.js';
import { recordActivity } from '../../usecases/record-activity.js';
import { cancelContact, listContacts, recordContact } from '../../usecases/record-contact.js';
import { renewByStaff } from '../../usecases/renew-account.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { ACCEPTED, REFUSED, createWorld, newId, refusalOf } from './world.js';
import type { World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.answer(ACCEPTED));

async function registered(more = {}) {
  world.setNow('2026-06-01 12:00');
  return world.register(world.hq, more);
}

describe('contacts (R32)', () => {
  it('R32: recorded with its day and who wrote it, in the audit trail, seen by its own headquarters only', async () => {
    const account = await registered();
    const contact = {
      kind: 'FAX_SENT' as const,
      said: 'SAME' as const,
      note: '再送',
      at: world.now() - HOUR,
    };
    await recordContact(world.deps, world.command(), account.id, contact);
    await recordContact(world.deps, world.command(), account.id, { kind: 'NO_ANSWER' });
    expect(await listContacts(world.deps, world.hq, account.id)).toMatchObject([
      { kind: 'NO_ANSWER', at: world.now(), said: null },
      { ...contact, recordedBy: 'token:test' },
    ]);
    expect(await world.audit(account.id, 'contact.recorded')).toHaveLength(2);
    expect(await refusalOf(listContacts(world.deps, world.otherHq, account.id))).toBe('not-found');
    const foreign = recordContact(world.deps, world.command(world.otherHq), account.id, { kind: 'FAX_SENT' });
    expect(await refusalOf(foreign)).toBe('not-found');
    const ahead = { kind: 'FAX_SENT' as const, at: world.now() + 1 };
    expect(await refusalOf(recordContact(world.deps, world.command(), account.id, ahead))).toBe('validation');
  });

  it('R18 R37: a mail reply proves the address; another kind does not, nor one older than the address', async () => {
    const account = await registered();
    world.setNow('2027-03-03 10:00');
    world.answer(REFUSED);
    await world.walk(account, '2027-03-03 10:00');
    await renewByStaff(world.deps, world.command(), account.id, { channel: 'fax', note: 'FAXで返事' });
    const record = (kind: 'FAX_SENT' | 'MAIL_REPLY', at = world.now()) =>
      recordContact(world.deps, world.command(), account.id, { kind, at });
    await record('FAX_SENT');
    await record('MAIL_REPLY', account.createdAt - 1);
    const before = await readAccount(world.deps, world.hq, account.id);
    expect(before).toMatchObject({ addressState: 'SUSPECT', mailUnconfirmed: true });
    await record('MAIL_REPLY');
    const after = await readAccount(world.deps, world.hq, account.id);
    expect(after).toMatchObject({ addressState: 'OK', mailUnconfirmed: false, lastProvenAt: world.now() });
  });
});

describe('取り消し of a mistaken record (R32)', () => {
  const reason = '別の人の返信だった';

  it('R32 R37 R18: a reply that was none proves nothing: the state, the doubt after a renewal and the look come back', async () => {
    const account = await registered();
    world.setNow('2027-03-03 10:00');
    world.answer(REFUSED);
    await world.walk(account, '2027-03-03 10:00');
    await renewByStaff(world.deps, world.command(), account.id, { channel: 'fax', note: 'FAXで返事' });
    const read = () => readAccount(world.deps, world.hq, account.id);
    const before = await read();
    const record = () => recordContact(world.deps, world.command(), account.id, { kind: 'MAIL_REPLY' });
    const first = await record();
    world.setNow(world.now() + HOUR);
    const second = await record();
    expect(await read()).toMatchObject({ addressState: 'OK', mailUnconfirmed: false });
    const cancel = (contactId: string) =>
      cancelContact(world.deps, world.command(), account.id, { contactId, reason });
    await cancel(second.id);
    // The first one stands, and so does what it proves.
    expect(await read()).toMatchObject({ addressState: 'OK', lastProvenAt: first.at });
    const cancelled = await cancel(first.id);
    expect(cancelled.cancelled).toEqual({ at: world.now(), by: 'token:test', reason });
    expect(await read()).toEqual({ ...before });
    expect(await listContacts(world.deps, world.hq, account.id)).toMatchObject([
      { id: second.id, cancelled: { reason } },
      { id: first.id, cancelled: { reason } },
    ]);
    expect(await world.audit(account.id, 'contact.cancelled')).toMatchObject([
      { before: { contactId: second.id, kind: 'MAIL_REPLY' }, after: { reason } },
      { before: { contactId: first.id }, after: { reason } },
    ]);
  });

  it('R16: the cause of a lapse follows', async () => {
    const account = await registered();
    world.answer(REFUSED);
    await world.walk(account, '2027-06-03 12:00');
    const read = () => readAccount(world.deps, world.hq, account.id);
    expect((await read()).lapseCause).toBe('UNDELIVERABLE');
    const { id } = await recordContact(world.deps, world.command(), account.id, { kind: 'MAIL_REPLY' });
    expect((await read()).lapseCause).not.toBe('UNDELIVERABLE');
    await cancelContact(world.deps, world.command(), account.id, { contactId: id, reason });
    expect(await read()).toMatchObject({ lapseCause: 'UNDELIVERABLE', addressState: 'UNDELIVERABLE' });
  });

  it('R32: a renewal by reply goes on to prove; another kind takes nothing back', async () => {
    const account = await registered();
    world.setNow('2027-03-03 10:00');
    await renewByStaff(world.deps, world.command(), account.id, { channel: 'mailReply', note: '返信' });
    const reply = await recordContact(world.deps, world.command(), account.id, { kind: 'MAIL_REPLY' });
    const fax = await recordContact(world.deps, world.command(), account.id, { kind: 'FAX_SENT' });
    for (const { id } of [reply, fax])
      await cancelContact(world.deps, world.command(), account.id, { contactId: id, reason });
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({ addressState: 'OK' });
  });

  it('R32: once, with a reason, of its own person and headquarters', async () => {
    const [account, other] = [await registered(), await registered()];
    const { id } = await recordContact(world.deps, world.command(), account.id, { kind: 'FAX_SENT' });
    const cancel = (accountId: string, fireHqId = world.hq, why = reason) =>
      cancelContact(world.deps, world.command(fireHqId), accountId, { contactId: id, reason: why });
    expect(await refusalOf(cancel(account.id, world.hq, ' '))).toBe('validation');
    expect(await refusalOf(cancel(other.id))).toBe('not-found');
    expect(await refusalOf(cancel(account.id, world.otherHq))).toBe('not-found');
    const both = await Promise.all([cancel(account.id), cancel(account.id)]);
    expect(both[0]).toEqual(both[1]);
    expect(await world.audit(account.id, 'contact.cancelled')).toHaveLength(1);
  });
});

describe('activity (R33)', () => {
  it('R33: the latest call counts, whatever the order; it renews nothing; long unused is apart from 失効中', async () => {
    const account = await registered();
    const at = (minutes: number) =>
      recordActivity(world.deps, world.command(), account.id, {
        kind: 'PRACTICE',
        at: world.now() + minutes * MINUTE,
      });
    await at(-10);
    await at(-60);
    await at(-10);
    const view = await readAccount(world.deps, world.hq, account.id);
    expect(view).toMatchObject({
      lastActivityAt: world.now() - 10 * MINUTE,
      cycle: 1,
      version: account.version,
      longUnused: false,
    });
    expect(await world.audit(account.id, 'activity.reported')).toMatchObject(
      [10, 60, 10].map((minutes) => ({
        actor: 'token:test',
        after: { kind: 'PRACTICE', at: world.now() - minutes * MINUTE },
      })),
    );
    expect(await refusalOf(at(5))).toBeNull();
    expect(await refusalOf(at(6))).toBe('validation');
    world.setNow('2027-06-01 00:00');
    expect((await readAccount(world.deps, world.hq, account.id)).longUnused).toBe(true);
    expect((await readAccount(world.deps, world.hq, account.id)).status).toBe('RENEWAL_PENDING');
    const foreign = recordActivity(world.deps, world.command(world.otherHq), account.id, {
      kind: 'EMERGENCY',
      at: world.now(),
    });
    expect(await refusalOf(foreign)).toBe('not-found');
    expect(await world.audit(account.id, 'activity.reported')).toHaveLength(4);
  });
});

describe('capabilities (R17)', () => {
  const CONTACT = { name: '見本 花子', relation: '妻', phone: '090-0000-0000' };
  const of = (accountId: string) => readCapabilities(world.deps, world.hq, accountId);

  it('R17: 失効中（不達）: the fire side is blocked with the other ways, the person’s own calls never', async () => {
    const account = await registered({ emergencyContacts: [CONTACT], postalAddress: '見本県見本市1' });
    world.answer(REFUSED);
    await world.walk(account, '2027-06-01 12:00');
    expect((await of(account.id)).callback).toMatchObject({
      level: 'warn',
      reasonCode: 'ADDRESS_UNDELIVERABLE',
    });
    await world.walk(account, '2027-06-03 12:00');
    const found = await of(account.id);
    for (const name of ['callback', 'mailManagement'] as const) {
      expect(found[name]).toMatchObject({ level: 'blocked', reasonCode: 'LAPSED_UNDELIVERABLE' });
      expect(found[name].alternatives.map(({ kind }) => kind)).toEqual([
        'CHAT',
        'EMERGENCY_CONTACT',
        'POSTAL_ADDRESS',
      ]);
      expect(found[name].text).toMatch(/最後の不達：2027年5月5日/);
    }
    expect(found.emergencyReport).toMatchObject({ level: 'ok', reasonCode: 'ALWAYS_AVAILABLE' });
    expect(found.practiceReport.level).toBe('ok');
  });

  it('R17: lapsed for another cause: ok; it says that the person never answered a mail', async () => {
    const account = await registered();
    await world.walk(account, '2027-06-03 12:00');
    const { callback, lastProvenAt } = await of(account.id);
    expect(callback).toMatchObject({ level: 'ok', reasonCode: 'MAIL_UNPROVEN' });
    expect(callback.text).toContain('まだありません');
    expect(lastProvenAt).toBeNull();
  });

  it('R17: withdrawn: the fire side is warned, the person’s own calls are not decided here', async () => {
    const account = await registered();
    await withdrawAccount(world.deps, world.command(), account.id, { reason: '転出' });
    const found = await of(account.id);
    expect([found.callback.level, found.callback.reasonCode]).toEqual(['warn', 'WITHDRAWN']);
    expect(found.emergencyReport).toMatchObject({ level: 'ok', reasonCode: 'NOT_DECIDED_HERE' });
    expect(await refusalOf(readCapabilities(world.deps, world.otherHq, account.id))).toBe('not-found');
  });
});

it('R34: the audit trail comes in pages, newest first, without gaps or repeats, of its own headquarters only', async () => {
  const account = await registered();
  for (let i = 0; i < 7; i += 1)
    await recordContact(world.deps, world.command(), account.id, { kind: 'NO_ANSWER', note: String(i) });
  const ids: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAuditEvents(world.deps, world.hq, { accountId: account.id, limit: 3, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(ids).toHaveLength(8);
  expect(ids).toEqual([...ids].sort((a, b) => b - a));
  expect(
    (await listAuditEvents(world.deps, world.otherHq, { accountId: account.id, limit: 50 })).items,
  ).toEqual([]);
  const broken = listAuditEvents(world.deps, world.hq, { limit: 3, cursor: newId() });
  expect(await refusalOf(broken)).toBe('validation');
});
