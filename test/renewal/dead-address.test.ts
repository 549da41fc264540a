/** R16, R17, R19: a dead address, until a new one is proven, as staff and the person see it: by REST and on the page. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCOPES } from '../../domain/scopes.js';
import { createApiToken } from '../../usecases/headquarters.js';
import { lookAt, recordLapse } from '../../usecases/life-events.js';
import { sendDue } from '../../usecases/send-mail.js';
import { jst } from '../domain/given.js';
import { ACCEPTED, REFUSED } from '../usecases/world.js';
import type { Hq, Person, World } from './world.js';
import { NAME, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function restOf(hq: Hq) {
  const scopes = { label: 'test', scopes: SCOPES, expiresAt: null };
  const { token } = await createApiToken(world.deps, hq.id, scopes);
  return async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${world.origin}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return (await answer.json()) as Record<string, Record<string, unknown>>;
  };
}

/** Does what a workflow would do until then. */
async function live({ hq, accountId }: Person, until: number): Promise<void> {
  const ref = { fireHqId: hq.id, accountId };
  for (;;) {
    const step = await lookAt(world.deps, ref, world.now());
    const [mailAt, lapseAt] = [
      step?.mail?.at ?? Infinity,
      step?.deed?.do === 'recordLapse' ? step.deed.at : Infinity,
    ];
    const at = Math.max(world.now(), Math.min(mailAt, lapseAt));
    if (at > until) break;
    world.setNow(at);
    if (lapseAt <= at) await recordLapse(world.deps, ref, at);
    else await sendDue(world.deps, ref, step?.mail?.key ?? '', at);
  }
  world.setNow(until);
}

test('refused twice, 失効中（不達）, blocked; a new address: allowed, with a warning; its link used: ok', async () => {
  const rest = await restOf(world.hq);
  const stranger = await restOf(world.otherHq);
  world.setNow(jst('2026-06-01 12:00'));
  const neighbour = await world.register(world.otherHq);
  const person = await world.register(world.hq);
  const account = `/accounts/${person.accountId}`;
  const answers = (result: typeof ACCEPTED) => {
    world.deps.transport = {
      send: (mail) => {
        world.mails.push(mail);
        return Promise.resolve(result);
      },
    };
  };
  answers(REFUSED);
  await live(person, jst('2027-01-03 12:00'));
  expect(await rest('GET', account)).toMatchObject({ status: 'RENEWAL_PENDING', autoMail: 'PROBING' });
  expect((await rest('GET', `${account}/capabilities`))['callback']).toMatchObject({
    level: 'warn',
    reasonCode: 'ADDRESS_UNDELIVERABLE',
  });
  await live(person, jst('2027-04-01 12:00'));
  expect(await rest('GET', account)).toMatchObject({ status: 'LAPSED', lapseCause: 'UNDELIVERABLE' });
  const blocked = await rest('GET', `${account}/capabilities`);
  expect(blocked['callback']).toMatchObject({ level: 'blocked', reasonCode: 'LAPSED_UNDELIVERABLE' });
  expect(blocked['emergencyReport']).toMatchObject({ level: 'ok' });

  answers(ACCEPTED);
  const change = { mailAddress: 'ikita@example.jp' };
  const patch = { 'content-type': 'application/merge-patch+json', 'if-match': '"1"' };
  expect(await stranger('PATCH', account, change, patch)).toMatchObject({ status: 404 });
  expect(await rest('PATCH', account, change, patch)).toMatchObject({
    mailAddress: 'ikita@example.jp',
    pendingAddress: null,
    lapseCause: 'UNKNOWN',
  });
  expect((await rest('GET', `${account}/capabilities`))['callback']).toMatchObject({
    level: 'warn',
    reasonCode: 'ADDRESS_CHANGED_UNVERIFIED',
  });
  const link = await world.mailedLink(person);
  const page = await world.pages.get(link);
  expect(page.text).toContain('ik○○○@e○○○.jp');
  expect(page.text).not.toContain(NAME);
  await world.pages.postAndFollow(link, { choice: 'same' });
  expect((await rest('GET', `${account}/capabilities`))['callback']).toMatchObject({
    level: 'ok',
    reasonCode: 'MAIL_REACHES',
  });
  expect(await rest('GET', account)).toMatchObject({ status: 'ACTIVE', lapseCause: null, cycle: 2 });
  expect(await world.read(neighbour)).toMatchObject({ cycle: 1, lapseCause: 'NOT_SENT' });

  // Known to be good now: the next one waits until it is proven.
  const { version } = (await rest('GET', account)) as unknown as { version: number };
  const next = { mailAddress: 'tsugi@example.jp' };
  const waiting = await rest('PATCH', account, next, { ...patch, 'if-match': `"${version}"` });
  expect(waiting).toMatchObject({
    mailAddress: 'ikita@example.jp',
    pendingAddress: { maskedAddress: 'ts○○○@e○○○.jp', checkMail: { outcome: 'QUEUED' } },
  });
  const check = await world.mailedLink(person);
  const { items } = (await rest('GET', `${account}/reminders`)) as unknown as {
    items: { purpose: string; maskedAddress: string; kind: string | null; outcome: string }[];
  };
  expect(items.find(({ purpose }) => purpose === 'CHECK')).toMatchObject({
    maskedAddress: 'ts○○○@e○○○.jp',
    kind: null,
    outcome: 'ACCEPTED',
  });
  await world.pages.postAndFollow(`${check}/received`, { answer: 'received' });
  expect(await rest('GET', account)).toMatchObject({ mailAddress: 'tsugi@example.jp', addressState: 'OK' });
  expect(world.mails.filter(({ subject }) => subject.includes('変わりました'))).toHaveLength(0);
  await live(person, world.now());
  expect(world.mails.filter(({ to }) => to === 'ikita@example.jp').at(-1)?.subject).toContain('変わりました');
});
