import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUR } from '../../domain/calendar.js';
import { holdAccount } from '../../usecases/hold-account.js';
import { createHeadquarters } from '../../usecases/headquarters.js';
import { readAccount } from '../../usecases/read-account.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, BUSY, REFUSED, createWorld } from './world.js';
import type { World } from './world.js';

const FIRST = 'auto:1:2027-03-03';
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.answer(ACCEPTED);
  world.sent.length = 0;
});

/** D = 2027-06-01; its first mail was refused. */
async function refused(hq = world.hq) {
  world.setNow('2026-06-01 12:00');
  const account = await world.register(hq);
  world.answer(REFUSED);
  world.setNow('2027-03-03 10:00');
  await world.walk(account, '2027-03-03 10:00');
  world.answer(ACCEPTED);
  return account;
}
const retryOf = async (accountId: string) =>
  (await world.ledger(accountId)).find((row) => row.key.startsWith('retry:')) ?? null;
const stateOf = async (accountId: string) =>
  (await readAccount(world.deps, world.hq, accountId)).addressState;

describe('R37: after a first failure', () => {
  it('R37: one retry at sendAt three days later, with a link; accepted, the address is as it was', async () => {
    const account = await refused();
    expect((await readAccount(world.deps, world.hq, account.id)).nextReminderAt).toBe(
      jst('2027-03-06 10:00'),
    );
    await world.walk(account, '2027-03-06 09:59:59.999');
    expect(world.sent).toHaveLength(1);
    await world.walk(account, '2027-03-06 10:00');
    expect(await retryOf(account.id)).toMatchObject({ kind: 'AUTOMATIC', slot: null, outcome: 'ACCEPTED' });
    expect(world.sent.at(-1)?.mail.text).toContain('/r/');
    expect(await stateOf(account.id)).toBe('UNVERIFIED');
    await world.walk(account, '2027-04-01 12:00');
    expect(world.sent).toHaveLength(2);
  });

  it('R37: refused again it is UNDELIVERABLE: each slot is entered as not sent when it comes', async () => {
    const account = await refused();
    world.answer(REFUSED);
    await world.walk(account, '2027-03-06 10:00');
    expect(await readAccount(world.deps, world.hq, account.id)).toMatchObject({
      addressState: 'UNDELIVERABLE',
      autoMail: 'PROBING',
      nextReminderAt: null,
    });
    await world.walk(account, '2027-05-02 12:00');
    const slots = (await world.told(account.id)).filter((line) => line.startsWith('auto:'));
    expect(slots.slice(-2)).toEqual([
      'auto:1:2027-04-02 SKIPPED ADDRESS_UNDELIVERABLE',
      'auto:1:2027-05-02 SKIPPED ADDRESS_UNDELIVERABLE',
    ]);
    expect(world.sent.slice(2).every(({ mail }) => mail.subject.includes('アドレスの確認'))).toBe(true);
  });

  it('R37: with onUndeliverable = continue the slots go on', async () => {
    const hq = await createHeadquarters(world.deps, {
      code: 'tsuzuke',
      displayName: '見本消防本部',
      shortName: '見本',
      replyTo: 'hq@example.jp',
      fax: '000-000-0000',
      counter: '指令課',
      policy: { onUndeliverable: 'continue', spreadOver: 'PT0S' },
    });
    const account = await refused(hq);
    world.answer(REFUSED);
    await world.walk(account, '2027-04-02 12:00');
    expect((await world.told(account.id)).at(-1)).toBe('auto:1:2027-04-02 BOUNCED RECIPIENT_REFUSED');
  });

  it('R37: the mail server away, the retry is given up after 24 hours', async () => {
    const account = await refused();
    world.answer(BUSY);
    await world.walk(account, jst('2027-03-06 10:00') + 24 * HOUR - 1);
    expect((await retryOf(account.id))?.outcome).toBe('DELAYED');
    await world.walk(account, jst('2027-03-06 10:00') + 24 * HOUR);
    expect(await retryOf(account.id)).toMatchObject({ outcome: 'FAILED', reason: 'GIVEN_UP' });
    expect(await stateOf(account.id)).toBe('SUSPECT');
  });

  it('R9 R37: the worker away, or a hold, until a slot is due: its mail takes the retry’s place', async () => {
    const answers = [BUSY];
    const late = await refused();
    world.setNow('2027-04-02 10:00');
    world.answer(() => answers.shift() ?? ACCEPTED);
    await world.walk(late, '2027-04-02 12:00');
    const held = await refused();
    await holdAccount(world.deps, world.command(), held.id, {
      until: jst('2027-04-02 11:00'),
      reason: '入院',
    });
    await world.walk(held, '2027-04-02 12:00');
    for (const { id } of [late, held])
      expect(await world.told(id)).toEqual([
        `${FIRST} BOUNCED RECIPIENT_REFUSED`,
        'auto:1:2027-04-02 ACCEPTED',
      ]);
  });
});
