import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../domain/calendar.js';
import { tokenHash } from '../../platform/keys.js';
import { changeAccount } from '../../usecases/change-account.js';
import { readAccount, readReminders } from '../../usecases/read-account.js';
import { renewByLink } from '../../usecases/renew-account.js';
import { LEASE, SEND_WITHIN, sendDue } from '../../usecases/send-mail.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, BUSY, MAILBOX_FULL, OUR_FAULT, REFUSED, TOO_LATE, createWorld } from './world.js';
import type { World } from './world.js';

const FIRST = 'auto:1:2027-03-03';
const DUE = jst('2027-03-03 10:00');
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.answer(ACCEPTED);
  world.sent.length = 0;
});

/** D = 2027-06-01, window 2027-03-03, no spread; the clock stands at the first mail's instant. */
async function dueAccount() {
  world.setNow('2026-06-01 12:00');
  const account = await world.register();
  world.setNow(DUE);
  return account;
}
const rowOf = async (accountId: string, key = FIRST) => {
  const row = (await world.ledger(accountId)).find((each) => each.key === key);
  if (!row) throw new Error(`no row ${key}`);
  return row;
};

describe('one mail', () => {
  it('R20: nothing before its time, whatever is asked', async () => {
    const account = await dueAccount();
    world.setNow(DUE - 1);
    await sendDue(world.deps, account, FIRST, DUE - 1);
    await sendDue(world.deps, account, 'auto:1:2027-04-02', DUE - 1);
    await sendDue(world.deps, account, 'no such key', DUE - 1);
    expect(world.sent).toEqual([]);
    expect(await world.ledger(account.id)).toEqual([]);
  });

  it('R20 R23: accepted: one row, one attempt, one recipient, the next step told', async () => {
    const account = await dueAccount();
    const next = await sendDue(world.deps, account, FIRST, DUE);
    expect(next?.mail).toEqual({ key: 'auto:1:2027-04-02', at: jst('2027-04-02 10:00'), priority: 4 });
    const { items } = await readReminders(world.deps, world.hq, account.id, { limit: 10 });
    expect(items).toMatchObject([
      {
        slot: '2027-03-03',
        purpose: 'REMINDER',
        kind: 'AUTOMATIC',
        outcome: 'ACCEPTED',
        dueAt: DUE,
        attempts: [{ verdict: 'ACCEPTED', code: 250 }],
      },
    ]);
    expect(world.sent).toHaveLength(1);
    expect(world.sent[0]).toMatchObject({
      deadline: DUE + SEND_WITHIN,
      mail: { to: account.mailAddress, messageId: items[0]?.messageId },
    });
  });

  it('R20: asked again, at once and ten times over, it sends nothing twice', async () => {
    const account = await dueAccount();
    await Promise.all(Array.from({ length: 10 }, () => sendDue(world.deps, account, FIRST, DUE)));
    await sendDue(world.deps, account, FIRST, DUE + HOUR);
    expect(world.sent).toHaveLength(1);
  });

  it('R25: only the hash of the link is stored, and the link opens that mail', async () => {
    const account = await dueAccount();
    await sendDue(world.deps, account, FIRST, DUE);
    const [row] = await world.sql<{ id: string }>('SELECT id FROM reminder WHERE link_hash = $1', [
      tokenHash(world.token()),
    ]);
    expect(row?.id).toBe((await rowOf(account.id)).id);
    const dump = JSON.stringify(await world.sql('SELECT to_jsonb(r) AS row FROM reminder r'));
    expect(dump).not.toContain(world.token());
  });

  it('a ghost: no such account, and another tenant’s account', async () => {
    const account = await dueAccount();
    expect(await sendDue(world.deps, { ...account, fireHqId: world.otherHq }, FIRST, DUE)).toBeNull();
    expect(world.sent).toEqual([]);
  });
});

describe('what the mail server says', () => {
  it('R37: a conclusive refusal counts, a full mailbox and our own failure do not', async () => {
    const seen = [];
    for (const answer of [REFUSED, MAILBOX_FULL, OUR_FAULT]) {
      const account = await dueAccount();
      world.answer(answer);
      await sendDue(world.deps, account, FIRST, DUE);
      const { outcome, reason } = await rowOf(account.id);
      seen.push([outcome, reason, (await readAccount(world.deps, world.hq, account.id)).addressState]);
    }
    expect(seen).toEqual([
      ['BOUNCED', 'RECIPIENT_REFUSED', 'SUSPECT'],
      ['BOUNCED', 'MAILBOX_FULL', 'UNVERIFIED'],
      ['FAILED', 'OUR_FAILURE', 'UNVERIFIED'],
    ]);
  });

  it('R23: 4xx: again after 1, 5, 15 minutes, then hourly, with the same Message-ID and link; then accepted', async () => {
    const account = await dueAccount();
    world.answer(BUSY);
    await world.walk(account, DUE + 3 * HOUR);
    const minutes = world.sent.map(({ at }) => (at - DUE) / MINUTE);
    expect(minutes).toEqual([0, 1, 6, 21, 81, 141]);
    expect(new Set(world.sent.map(({ mail }) => `${mail.messageId} ${mail.text}`)).size).toBe(1);
    expect(await rowOf(account.id)).toMatchObject({
      outcome: 'DELAYED',
      reason: 'MAIL_SERVER_BUSY',
      attempts: 6,
      nextAttemptAt: DUE + 201 * MINUTE,
    });
    world.answer(ACCEPTED);
    await world.walk(account, DUE + 4 * HOUR);
    expect(await rowOf(account.id)).toMatchObject({ outcome: 'ACCEPTED', reason: null, kind: 'AUTOMATIC' });
    const { items } = await readReminders(world.deps, world.hq, account.id, { limit: 10 });
    expect(items[0]?.attempts).toHaveLength(7);
  });

  it('R9: a retry that goes on the next day is 自動（遅れて送信）, and none goes at night', async () => {
    const account = await dueAccount();
    world.answer(BUSY);
    await world.walk(account, '2027-03-04 07:59');
    const late = world.sent.filter(({ at }) => at >= jst('2027-03-03 21:00'));
    expect(late).toEqual([]);
    world.answer(ACCEPTED);
    await world.walk(account, '2027-03-04 12:00');
    expect(world.sent.at(-1)?.at).toBe(jst('2027-03-04 10:00'));
    expect(await rowOf(account.id)).toMatchObject({ outcome: 'ACCEPTED', kind: 'CATCH_UP' });
  });

  it('R9: a slot’s mail is given up when the next slot is due, and that one goes', async () => {
    const account = await dueAccount();
    world.answer(BUSY);
    world.setNow('2027-04-01 18:00');
    await world.walk(account, '2027-04-02 07:59');
    world.answer(ACCEPTED);
    await world.walk(account, '2027-04-02 12:00');
    expect(await world.told(account.id)).toEqual([
      `${FIRST} SUPERSEDED NEWER_SLOT_DUE`,
      'auto:1:2027-04-02 ACCEPTED',
    ]);
  });

  it('R9 R23: after an outage over three slots only the latest goes; the others are entered as superseded', async () => {
    const account = await dueAccount();
    world.setNow('2027-05-02 12:00');
    await world.walk(account, '2027-05-02 12:00');
    expect(await world.told(account.id)).toEqual([
      `${FIRST} SUPERSEDED NEWER_SLOT_DUE`,
      'auto:1:2027-04-02 SUPERSEDED NEWER_SLOT_DUE',
      'auto:1:2027-05-02 ACCEPTED',
    ]);
    expect(world.sent).toHaveLength(1);
  });

  it('R20: the deadline had passed before SMTP began: nothing was said, and it is tried again', async () => {
    const account = await dueAccount();
    world.answer(TOO_LATE);
    await sendDue(world.deps, account, FIRST, DUE);
    expect(await rowOf(account.id)).toMatchObject({ outcome: 'DELAYED', reason: 'DEADLINE_PASSED' });
    const { items } = await readReminders(world.deps, world.hq, account.id, { limit: 10 });
    expect(items[0]?.attempts).toEqual([]);
    world.answer(ACCEPTED);
    await world.walk(account, DUE + MINUTE);
    expect((await rowOf(account.id)).outcome).toBe('ACCEPTED');
  });

  it('the allow list: SKIPPED, never sent, and no fault of ours in the cause of the lapse', async () => {
    const account = await dueAccount();
    const guarded = { ...world.deps, allow: ['@elsewhere.example.jp'] };
    await sendDue(guarded, account, FIRST, DUE);
    expect(world.sent).toEqual([]);
    expect(await world.told(account.id)).toEqual([`${FIRST} SKIPPED NOT_ON_ALLOW_LIST`]);
  });
});

describe('senders that die, freeze or come back', () => {
  /** A send that never comes back until it is told. */
  function hang() {
    let release: (result: typeof ACCEPTED) => void = () => undefined;
    const reply = new Promise<typeof ACCEPTED>((resolve) => (release = resolve));
    let reached: () => void = () => undefined;
    const claimed = new Promise<void>((resolve) => (reached = resolve));
    world.answer(() => {
      reached();
      return reply;
    });
    return { claimed, release };
  }

  async function frozen() {
    const account = await dueAccount();
    const { claimed, release } = hang();
    const zombie = sendDue(world.deps, account, FIRST, DUE);
    await claimed;
    world.answer(ACCEPTED);
    return { account, zombie, release };
  }

  it('R21: nobody takes a row over before the lease is past; then with the same Message-ID and link', async () => {
    const { account, zombie, release } = await frozen();
    const waiting = await sendDue(world.deps, account, FIRST, DUE + LEASE - 1);
    expect(waiting?.mail).toMatchObject({ key: FIRST, at: DUE + LEASE });
    expect(world.sent).toHaveLength(1);
    await sendDue(world.deps, account, FIRST, DUE + LEASE);
    expect(world.sent).toHaveLength(2);
    expect(world.sent[0]?.mail).toEqual(world.sent[1]?.mail);
    release(ACCEPTED);
    await zombie;
    const { items } = await readReminders(world.deps, world.hq, account.id, { limit: 10 });
    expect(items).toMatchObject([{ outcome: 'ACCEPTED' }]);
    // R23: every attempt, also the one whose end nobody saw, and what its sender told when it woke up.
    expect(items[0]?.attempts.map(({ verdict }) => verdict).sort()).toEqual([
      'ACCEPTED',
      'ACCEPTED',
      'INTERRUPTED',
    ]);
  });

  it('R21: the database is away while the reply arrives: it is recorded when it is back, and nothing goes twice', async () => {
    const account = await dueAccount();
    const working = world.deps.database.inTenant;
    let failures = 2;
    world.answer(() => {
      world.deps.database.inTenant = (...args) => {
        failures -= 1;
        if (failures < 0) world.deps.database.inTenant = working;
        return failures < 0
          ? working(...args)
          : Promise.reject(new Error('Connection terminated unexpectedly'));
      };
      return ACCEPTED;
    });
    await sendDue(world.deps, account, FIRST, DUE);
    expect(failures).toBe(-1);
    expect(await rowOf(account.id)).toMatchObject({ outcome: 'ACCEPTED' });
    expect(world.sent).toHaveLength(1);
  });

  it('R23: the late reply of a zombie counts when it is stronger', async () => {
    const { account, zombie, release } = await frozen();
    await sendDue(world.deps, account, FIRST, DUE + LEASE);
    release(REFUSED);
    await zombie;
    expect(await rowOf(account.id)).toMatchObject({ outcome: 'BOUNCED', reason: 'RECIPIENT_REFUSED' });
    expect((await readAccount(world.deps, world.hq, account.id)).addressState).toBe('SUSPECT');
  });

  it.each([
    ['not now', BUSY],
    ['too late', TOO_LATE],
    ['our failure', OUR_FAULT],
  ])('R21: a zombie’s late “%s” leaves the row to the sender who is at work on it', async (_name, late) => {
    const { account, zombie, release } = await frozen();
    const second = hang();
    const successor = sendDue(world.deps, account, FIRST, DUE + LEASE);
    await second.claimed;
    release(late);
    await zombie;
    const row = await rowOf(account.id);
    expect(row).toMatchObject({ outcome: 'SENDING', leaseUntil: DUE + 2 * LEASE });
    await sendDue(world.deps, account, FIRST, DUE + LEASE + MINUTE);
    expect(world.sent).toHaveLength(2);
    second.release(ACCEPTED);
    await successor;
    expect((await rowOf(account.id)).outcome).toBe('ACCEPTED');
  });

  it('R23: the person answers before the reply is recorded: 届いた stays, whatever the reply is', async () => {
    for (const late of [ACCEPTED, BUSY, OUR_FAULT, REFUSED]) {
      const { account, zombie, release } = await frozen();
      const link = await world.linkOf(account.id, FIRST);
      expect((await renewByLink(world.deps, world.command(), link)).outcome).toBe('RENEWED');
      release(late);
      await zombie;
      expect(await rowOf(account.id)).toMatchObject({ outcome: 'CONFIRMED', nextAttemptAt: null });
      expect((await readAccount(world.deps, world.hq, account.id)).addressState).toBe('OK');
    }
  });

  it('R19 R20: the address is changed while its mail is on the way: the row ends when the lease does, nothing more goes there', async () => {
    const { account } = await frozen();
    world.setNow(DUE + 1_000);
    await changeAccount(world.deps, world.command(), account.id, account.version, {
      mailAddress: 'new@example.jp',
    });
    await world.walk(account, DUE + HOUR);
    expect(await rowOf(account.id)).toMatchObject({ outcome: 'SKIPPED', reason: 'ADDRESS_CHANGED' });
    expect(world.sent.filter(({ mail }) => mail.to === account.mailAddress)).toHaveLength(1);
    expect(world.sent.at(-1)?.mail.to).toBe('new@example.jp');
  });

  it('R25: the link stays the same across a rotation of keys, and changes only when its key is gone', async () => {
    const account = await dueAccount();
    world.answer(BUSY);
    await sendDue(world.deps, account, FIRST, DUE);
    const first = world.token();
    const newKey = { id: 'k2', secret: new Uint8Array(32).fill(9) };
    const rotated = { ...world.deps, keys: [newKey, ...world.deps.keys] };
    await sendDue(rotated, account, FIRST, DUE + MINUTE);
    expect(world.token()).toBe(first);
    await sendDue({ ...world.deps, keys: [newKey] }, account, FIRST, DUE + HOUR);
    expect(world.token()).not.toBe(first);
    expect(
      await world.sql('SELECT FROM reminder WHERE link_hash = $1', [tokenHash(world.token())]),
    ).toHaveLength(1);
  });
});
