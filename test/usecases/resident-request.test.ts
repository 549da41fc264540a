import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../domain/calendar.js';
import { changeAccount } from '../../usecases/change-account.js';
import { readAccount } from '../../usecases/read-account.js';
import { renewByLink } from '../../usecases/renew-account.js';
import { switchToPending } from '../../usecases/pending-address.js';
import { requestCurrentLink } from '../../usecases/request-current-link.js';
import {
  announceChange,
  closeRequest,
  listRequests,
  submitChangeRequest,
  submitStopRequest,
  takeBackStopRequest,
} from '../../usecases/resident-request.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, createWorld, newId, refusalOf } from './world.js';
import type { World } from './world.js';

const FIRST = 'auto:1:2027-03-03';
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.answer(ACCEPTED));

async function mailed() {
  world.setNow('2026-06-01 12:00');
  const account = await world.register();
  world.setNow('2027-03-03 10:00');
  await world.walk(account, '2027-03-03 12:00');
  return { account, link: await world.linkOf(account.id, FIRST), token: world.token() };
}
const resident = (more = {}) => world.command(world.hq, { actor: 'resident', ...more });
const keysOf = async (accountId: string) => (await world.ledger(accountId)).map((row) => row.key);

describe('② 変わったものがあります', () => {
  it('R28: renews at once, makes a request and a receipt for it; the use of the link is a proof', async () => {
    const { account, link } = await mailed();
    await renewByLink(world.deps, resident(), link);
    const request = await submitChangeRequest(world.deps, resident(), link, {
      items: ['ADDRESS', 'FAX', 'FAX'],
      reachBy: 'FAX',
      message: ' 引っこしました ',
    });
    expect(request).toMatchObject({
      kind: 'CHANGE',
      state: 'OPEN',
      items: ['ADDRESS', 'FAX'],
      message: '引っこしました',
      cycle: 1,
    });
    await world.walk(account, world.now());
    expect(await world.told(account.id)).toEqual([
      `${FIRST} CONFIRMED`,
      'receipt:1 ACCEPTED',
      `request-receipt:${request.id} ACCEPTED`,
    ]);
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      cycle: 2,
      addressState: 'OK',
    });
    const listed = await listRequests(world.deps, world.hq, { state: 'OPEN', limit: 50 });
    expect(listed.items.map(({ id }) => id)).toContain(request.id);
    expect((await listRequests(world.deps, world.otherHq, { limit: 50 })).items).toEqual([]);
  });

  it('R28: told at once; the form completes that very request, without a second receipt', async () => {
    const { account, link } = await mailed();
    await renewByLink(world.deps, resident(), link);
    const both = await Promise.all([1, 2].map(() => announceChange(world.deps, resident(), link)));
    const id = both[0]?.id ?? '';
    expect(both).toMatchObject([{ id }, { id, kind: 'CHANGE', state: 'OPEN', items: [], version: 1 }]);
    const listed = await listRequests(world.deps, world.hq, { state: 'OPEN', limit: 50 });
    expect(listed.items.find((each) => each.id === id)).toMatchObject({ items: [] });
    const announcedAt = world.now();
    world.setNow(announcedAt + HOUR);
    const told = await submitChangeRequest(world.deps, resident(), link, {
      items: ['MAIL'],
      newMailAddress: 'new@example.jp',
      reachBy: 'FAX',
      message: '引っこしました',
    });
    expect(told).toMatchObject({
      id,
      items: ['MAIL'],
      newMailAddress: 'new@example.jp',
      reachBy: 'FAX',
      message: '引っこしました',
      createdAt: announcedAt,
      version: 2,
    });
    expect((await keysOf(account.id)).filter((key) => key.startsWith('request-receipt:'))).toEqual([
      `request-receipt:${id}`,
    ]);
    expect(await world.audit(account.id, 'request.change-announced')).toMatchObject([
      { actor: 'resident', at: announcedAt, after: { requestId: id } },
    ]);
    expect(await world.audit(account.id, 'request.change-told')).toMatchObject([
      { before: { requestId: id, items: [] }, after: { requestId: id, items: ['MAIL'], reachBy: 'FAX' } },
    ]);
    // Said already: pressed again it is the same; told more, it is another.
    expect((await announceChange(world.deps, resident(), link)).id).toBe(id);
    const more = await submitChangeRequest(world.deps, resident(), link, { items: ['FAX'] });
    expect(more.id).not.toBe(id);
  });

  it('R28: closed by staff before the form came: a request of its own; a dead link announces nothing', async () => {
    const { account, link } = await mailed();
    const { id } = await announceChange(world.deps, resident(), link);
    await closeRequest(world.deps, world.command(), id, { state: 'DONE' });
    const told = await submitChangeRequest(world.deps, resident(), link, { items: ['FAX'] });
    expect(told.id).not.toBe(id);
    const changed = await changeAccount(world.deps, world.command(), account.id, 1, {
      mailAddress: 'c9@example.jp',
    });
    // While its check mail waits for an answer the old link lives; staff need not wait (R19).
    expect((await announceChange(world.deps, resident(), link)).id).toBe(told.id);
    const reason = '窓口で確かめた';
    const addressId = changed.pendingAddress?.id ?? '';
    await switchToPending(world.deps, world.command(), account.id, { addressId, reason });
    expect(await refusalOf(announceChange(world.deps, resident(), link))).toBe('not-found');
  });

  it('R28: faults are told, nothing is written; the form sent twice is one request', async () => {
    const { account, link } = await mailed();
    const bad = submitChangeRequest(world.deps, resident(), link, {
      items: [],
      newMailAddress: '@',
      message: 'x'.repeat(1_001),
    });
    expect(await refusalOf(bad)).toBe('validation');
    const idempotency = { key: 'form-1', requestHash: Buffer.from('form') };
    const [a, b] = await Promise.all(
      [1, 2].map(() => submitChangeRequest(world.deps, resident({ idempotency }), link, { items: ['NAME'] })),
    );
    expect(a?.id).toBe(b?.id);
    expect((await keysOf(account.id)).filter((key) => key.startsWith('request-receipt:'))).toHaveLength(1);
  });

  it('a flood: every request is kept, receipts end at five a day, and at thirty the sender is refused', async () => {
    const { account, link } = await mailed();
    const results = [];
    for (let i = 0; i < 31; i += 1)
      results.push(await refusalOf(submitChangeRequest(world.deps, resident(), link, { items: ['OTHER'] })));
    expect(results.filter((each) => each === null)).toHaveLength(30);
    expect(results.at(-1)).toBe('validation');
    expect((await keysOf(account.id)).filter((key) => key.startsWith('request-receipt:'))).toHaveLength(5);
  });
});

describe('③ もう使いません', () => {
  it('R28: one open request, automatic mail rests, the lapse runs on; taken back on the link, mail goes on', async () => {
    const { account, link } = await mailed();
    const both = await Promise.all([1, 2].map(() => submitStopRequest(world.deps, resident(), link)));
    expect(both[0]?.id).toBe(both[1]?.id);
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      autoMail: 'HELD',
      status: 'RENEWAL_PENDING',
      cycle: 1,
    });
    await world.walk(account, '2027-06-02 12:00');
    expect((await world.look(account)).phase).toBe('LAPSED');
    expect(await keysOf(account.id)).toEqual([FIRST, `request-receipt:${both[0]?.id}`]);
    await takeBackStopRequest(world.deps, resident(), link);
    await takeBackStopRequest(world.deps, resident(), link);
    expect(await world.audit(account.id, 'request.closed')).toHaveLength(1);
    await world.walk(account, '2027-06-02 13:00');
    expect((await world.ledger(account.id)).at(-1)).toMatchObject({
      slot: '2027-06-02',
      outcome: 'ACCEPTED',
    });
  });

  it('R28: while it stands the link itself renews nothing, whatever another tab still shows', async () => {
    const { account, link } = await mailed();
    await submitStopRequest(world.deps, resident(), link);
    expect(await renewByLink(world.deps, resident(), link)).toMatchObject({
      outcome: 'STOP_ASKED',
      cycle: 1,
    });
    expect(await world.audit(account.id, 'account.renewed')).toEqual([]);
    await takeBackStopRequest(world.deps, resident(), link);
    expect((await renewByLink(world.deps, resident(), link)).outcome).toBe('RENEWED');
    await submitStopRequest(world.deps, resident(), link);
    expect((await renewByLink(world.deps, resident(), link)).outcome).toBe('STOP_ASKED');
  });

  it('R28: until staff act: declined, automatic mail goes on; a closed one is not closed twice, nor by another tenant', async () => {
    const { account, link } = await mailed();
    const { id } = await submitStopRequest(world.deps, resident(), link);
    const close = (hq = world.hq) =>
      closeRequest(world.deps, world.command(hq), id, { state: 'DECLINED', staffNote: '本人に確認' });
    expect(await refusalOf(close(world.otherHq))).toBe('not-found');
    expect(await close()).toMatchObject({ state: 'DECLINED', staffNote: '本人に確認', version: 2 });
    expect(await refusalOf(close())).toBe('request-already-closed');
    expect((await readAccount(world.deps, world.hq, account.id)).autoMail).toBe('RUNNING');
    expect(await refusalOf(closeRequest(world.deps, world.command(), newId(), { state: 'DONE' }))).toBe(
      'not-found',
    );
  });

  it('R19 R15 R27: a dead link, a withdrawn account, an old cycle: refused', async () => {
    const changed = await mailed();
    await changeAccount(world.deps, world.command(), changed.account.id, 1, { mailAddress: 'c1@example.jp' });
    expect(await refusalOf(submitStopRequest(world.deps, resident(), changed.link))).toBe('not-found');
    const gone = await mailed();
    await withdrawAccount(world.deps, world.command(), gone.account.id, { reason: '転出' });
    expect(await refusalOf(submitStopRequest(world.deps, resident(), gone.link))).toBe('not-found');
    const old = await mailed();
    await renewByLink(world.deps, resident(), old.link);
    expect(await refusalOf(submitStopRequest(world.deps, resident(), old.link))).toBeNull();
    world.setNow('2028-03-03 00:00');
    expect(await refusalOf(takeBackStopRequest(world.deps, resident(), old.link))).toBe('not-found');
  });
});

describe('an old link', () => {
  async function old() {
    const { account, link, token } = await mailed();
    await renewByLink(world.deps, resident(), link);
    await world.walk(account, '2028-03-10 12:00');
    return { account, link, token };
  }

  it('R27: the current link goes to the registered address, one a day, and it renews', async () => {
    const { account, link, token } = await old();
    expect((await world.opened(token)).state).toBe('OLD');
    await Promise.all([1, 2, 3].map(() => requestCurrentLink(world.deps, resident(), link)));
    await world.walk(account, world.now());
    await requestCurrentLink(world.deps, resident(), link);
    expect((await keysOf(account.id)).filter((key) => key.startsWith('link:'))).toEqual([
      'link:2:2028-03-10',
    ]);
    expect(world.sent.at(-1)?.mail.to).toBe(account.mailAddress);
    const current = await world.opened(world.token());
    if (current.state !== 'OPEN') throw new Error(current.state);
    expect((await renewByLink(world.deps, resident(), current.link)).outcome).toBe('RENEWED');
    world.setNow('2028-03-11 12:00');
    await requestCurrentLink(world.deps, resident(), link);
    expect((await keysOf(account.id)).filter((key) => key.startsWith('link:'))).toHaveLength(1);
  });

  it('R27: nothing is sent before the window, nor for a withdrawn account; the caller cannot tell', async () => {
    const { account, link } = await mailed();
    await renewByLink(world.deps, resident(), link);
    await expect(requestCurrentLink(world.deps, resident(), link)).resolves.toBeUndefined();
    const gone = await old();
    await withdrawAccount(world.deps, world.command(), gone.account.id, { reason: '転出' });
    await expect(requestCurrentLink(world.deps, resident(), gone.link)).resolves.toBeUndefined();
    for (const { id } of [account, gone.account])
      expect((await keysOf(id)).filter((key) => key.startsWith('link:'))).toEqual([]);
  });

  it('R25: a page shows a masked name and address, never the record', async () => {
    const { account, token } = await old();
    const view = await world.opened(token);
    expect(view).toMatchObject({ maskedName: '例○ 太○' });
    const shown = JSON.stringify(view);
    for (const secret of [account.name, account.mailAddress, account.registrationNumber])
      expect(shown).not.toContain(secret);
  });
});

describe('a new mail address (R19)', () => {
  it('R19: in the window the current request goes there at once, by day', async () => {
    const { account } = await mailed();
    await changeAccount(world.deps, world.command(), account.id, 1, { mailAddress: 'd1@example.jp' });
    await world.walk(account, world.now() + MINUTE);
    expect(world.sent.at(-1)).toMatchObject({ at: jst('2027-03-03 12:00'), mail: { to: 'd1@example.jp' } });
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      mailAddress: 'd1@example.jp',
      addressState: 'UNVERIFIED',
    });
    const link = await world.opened(world.token());
    expect(link.state).toBe('OPEN');
  });

  it('R19 R9: by night at the next sendAt, where a slot then due takes its place', async () => {
    const { account } = await mailed();
    await world.walk(account, '2027-03-10 22:00');
    await changeAccount(world.deps, world.command(), account.id, 1, { mailAddress: 'd2@example.jp' });
    await world.walk(account, '2027-03-11 12:00');
    expect(world.sent.at(-1)?.at).toBe(jst('2027-03-11 10:00'));
    await world.walk(account, '2027-04-01 22:00');
    await changeAccount(world.deps, world.command(), account.id, 2, { mailAddress: 'd3@example.jp' });
    await world.walk(account, '2027-04-02 12:00');
    expect(world.sent.filter(({ mail }) => mail.to === 'd3@example.jp')).toHaveLength(1);
    expect((await world.told(account.id)).slice(-2).sort()).toEqual(
      [
        'auto:1:2027-04-02 ACCEPTED',
        expect.stringMatching(/^address:\S+ SUPERSEDED NEWER_SLOT_DUE$/),
      ].sort() as string[],
    );
  });

  it('R19 R6: no request after the stop day and before the window, but a nameless check mail', async () => {
    const { account } = await mailed();
    await world.walk(account, '2027-09-10 12:00');
    const before = world.sent.length;
    await changeAccount(world.deps, world.command(), account.id, 1, { mailAddress: 'd4@example.jp' });
    await world.walk(account, world.now() + HOUR);
    world.setNow('2026-06-01 12:00');
    const early = await world.register();
    await changeAccount(world.deps, world.command(), early.id, 1, { mailAddress: 'd5@example.jp' });
    await world.walk(early, world.now() + HOUR);
    const checks = world.sent.slice(before).map(({ mail }) => mail);
    expect(checks.map(({ to }) => to)).toEqual(['d4@example.jp', 'd5@example.jp']);
    for (const { subject, text } of checks) expect(subject + text).not.toMatch(/NET119|例示/);
  });

  it('a stale version is refused; what is left out stays; the event holds what changed and nothing else', async () => {
    const { account } = await mailed();
    const change = (version: number) =>
      changeAccount(world.deps, world.command(), account.id, version, {
        fax: '03-0000-0000',
        name: undefined,
      });
    expect(await refusalOf(change(2))).toBe('version-conflict');
    expect(await change(1)).toMatchObject({ version: 2, fax: '03-0000-0000', name: account.name });
    expect(await world.audit(account.id, 'account.changed')).toMatchObject([
      { before: { fax: null }, after: { fax: '03-0000-0000' } },
    ]);
    const clearing = changeAccount(world.deps, world.command(), account.id, 2, { name: ' ' });
    expect(await refusalOf(clearing)).toBe('validation');
  });
});
