/** Signing in step by step, and what ends a session. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { totpCode } from '../../platform/totp.js';
import { changeRole, lockStaff, unlockStaff } from '../../usecases/change-staff.js';
import { resetPassword, resetSecondFactor } from '../../usecases/help-staff.js';
import { inviteStaff } from '../../usecases/invite-staff.js';
import { listAuditEvents } from '../../usecases/read-audit.js';
import { putSecondFactorRule } from '../../usecases/second-factor.js';
import { joinStaff, operatorOf, pendingOf, setUpSecondFactor } from './given-staff.js';
import type { Answer, StaffClient } from './staff-client.js';
import type { World } from './world.js';
import { REGISTERED, createWorld, nameOf } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await putSecondFactorRule(world.deps, operatorOf(world.deps, world.hq.id), 'WRITERS');
});
afterAll(() => world.close());
let now = REGISTERED;
beforeEach(() => pass(24 * 3_600_000));

/** Nobody's limit of an earlier test counts: each client comes from a place of its own. */
const pass = (ms: number) => {
  now += ms;
  world.setNow(now);
};
let people = 0;

interface Person {
  id: string;
  signInName: string;
  password: string;
  secret: string;
  recoveryCodes: string[];
}

async function clerk(role: 'CLERK' | 'MANAGER' | 'VIEWER' = 'CLERK'): Promise<Person> {
  const signInName = `mihon.person${(people += 1)}`;
  const person = { signInName, displayName: `職員${people}`, role };
  const { id, password } = await joinStaff(world.deps, world.hq.id, person);
  const factor = await setUpSecondFactor(world.deps, await pendingOf(world.deps, signInName, password));
  return { id, signInName, password, ...factor };
}

const codeOf = ({ secret }: Person) => totpCode(secret, now);
const wrongOf = (person: Person) => String((Number(codeOf(person)) + 1) % 1_000_000).padStart(6, '0');

async function give(client: StaffClient, code: string): Promise<Answer> {
  return client.submit(await client.get('/admin/sign-in/code'), '/admin/sign-in/code', { code });
}

async function signIn(person: Person): Promise<StaffClient> {
  const client = world.client();
  await client.signIn(person.signInName, person.password);
  expect((await give(client, codeOf(person))).status).toBe(303);
  return client;
}

const isIn = async (client: StaffClient) => (await client.get('/admin/me')).status === 200;
const actions = async () =>
  (await listAuditEvents(world.deps, world.hq.id, { limit: 50 })).items.map(({ action }) => action);

describe('the second step', () => {
  test('asks for a code; until then nothing is open', async () => {
    const person = await clerk();
    const client = world.client();
    const first = await client.post('/admin/sign-in', {
      signInName: person.signInName,
      password: person.password,
      to: '/admin/people',
    });
    expect(first.location).toBe('/admin/sign-in/code');
    for (const path of ['/admin/people', '/admin/me', '/admin/me/second-factor'])
      expect((await client.get(path)).location).toContain('/admin/sign-in?to=');
    for (const path of ['/admin/sign-in/password', '/admin/sign-in/second-factor'])
      expect((await client.get(path)).location).toBe('/admin/sign-in/code');
    const before = client.cookie;
    expect((await give(client, codeOf(person))).location).toBe('/admin/people');
    expect(client.cookie).not.toBe(before);
    expect(await isIn(client)).toBe(true);
  });

  test('the same code twice, here and elsewhere, is refused and told; the next one will do', async () => {
    const person = await clerk();
    await signIn(person);
    const second = world.client();
    await second.signIn(person.signInName, person.password);
    const used = await give(second, codeOf(person));
    expect([used.status, used.text.includes('もう使いました')]).toEqual([403, true]);
    pass(30_000);
    expect((await give(second, codeOf(person))).status).toBe(303);
  });

  test('two clients with one code at once: one gets in', async () => {
    const person = await clerk();
    const clients = [world.client(), world.client()];
    for (const client of clients) await client.signIn(person.signInName, person.password);
    const pages = await Promise.all(clients.map((client) => client.get('/admin/sign-in/code')));
    const answers = await Promise.all(
      clients.map((client, i) =>
        client.submit(pages[i] as Answer, '/admin/sign-in/code', { code: codeOf(person) }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 403]);
  });

  test('wrong codes make wait, longer each time, and never for good', async () => {
    const person = await clerk();
    const client = world.client();
    await client.signIn(person.signInName, person.password);
    for (let i = 0; i < 5; i += 1) expect((await give(client, wrongOf(person))).status).toBe(403);
    const early = await give(client, codeOf(person));
    expect([early.status, early.headers.get('retry-after')]).toEqual([429, '900']);
    pass(15 * 60_000);
    await client.signIn(person.signInName, person.password);
    expect((await give(client, wrongOf(person))).status).toBe(403);
    pass(16 * 60_000);
    await client.signIn(person.signInName, person.password);
    expect((await give(client, codeOf(person))).status).toBe(429);
    pass(12 * 3_600_000);
    await client.signIn(person.signInName, person.password);
    expect((await give(client, codeOf(person))).status).toBe(303);
    expect(await actions()).toContain('staff.code-refused');
  });

  test('a recovery code as typed from paper works once', async () => {
    const person = await clerk();
    const [first = ''] = person.recoveryCodes;
    expect(person.recoveryCodes).toHaveLength(10);
    const typed = first.toUpperCase().replaceAll('-', ' ');
    for (const status of [303, 403]) {
      const client = world.client();
      await client.signIn(person.signInName, person.password);
      expect((await give(client, typed)).status).toBe(status);
    }
    expect(await actions()).toContain('staff.recovery-code-used');
  });

  test('is left out of time after a quarter of an hour, and without the token of the page', async () => {
    const person = await clerk();
    const client = world.client();
    await client.signIn(person.signInName, person.password);
    expect((await client.post('/admin/sign-in/code', { code: codeOf(person) })).status).toBe(403);
    pass(15 * 60_000);
    expect((await client.get('/admin/sign-in/code')).location).toBe('/admin/sign-in');
  });

  test('keys rotated: the code still works, and is sealed by the new key from then on', async () => {
    const person = await clerk();
    const old = world.deps.keys;
    const fresh = { id: 'k2', secret: new Uint8Array(32).fill(4) };
    world.deps.keys = [fresh, ...old];
    try {
      await signIn(person);
      world.deps.keys = [fresh];
      pass(30_000);
      await signIn(person);
    } finally {
      world.deps.keys = [...old, fresh];
    }
    pass(30_000);
    await signIn(person);
    world.deps.keys = old;
  });
});

describe('an invitation', () => {
  const invite = async (role: 'CLERK' | 'VIEWER') => {
    const signInName = `mihon.person${(people += 1)}`;
    const { deps, hq } = world;
    const person = { signInName, displayName: `職員${people}`, role };
    const { id, code } = await inviteStaff(deps, operatorOf(deps, hq.id), person);
    return { id, signInName, code: code?.code ?? '' };
  };

  test('leads through a password of one’s own and the second factor; before that nothing is open', async () => {
    const { signInName, code } = await invite('CLERK');
    const client = world.client();
    const to = await client.signIn(signInName, code.toUpperCase());
    expect(to.location).toBe('/admin/sign-in/password');
    expect(await isIn(client)).toBe(false);
    const page = await client.get('/admin/sign-in/password');
    const choose = (password: string, passwordAgain = password) =>
      client.submit(page, '/admin/sign-in/password', { password, passwordAgain });
    expect((await choose('short')).text).toContain('短すぎます');
    expect((await choose(`${signInName}12`)).text).toContain('当てられやすい');
    expect((await choose('水曜日は本を三冊よんで寝た', '別のもの')).text).toContain('2つが同じ');
    const chosen = await choose('水曜日は本を三冊よんで寝た');
    expect(chosen.location).toBe('/admin/sign-in/second-factor');
    expect((await world.client().signIn(signInName, code)).status).toBe(403);
    const enrol = await client.get('/admin/sign-in/second-factor');
    expect(enrol.html).toMatch(/<svg class="qr" viewBox="0 0 \d+ \d+" role="img" aria-label="[^"]+">/);
    const secret = /<code class="to-type">([A-Z2-7 ]+)</.exec(enrol.html)?.[1]?.replaceAll(' ', '') ?? '';
    expect(secret).toHaveLength(32);
    expect((await client.get('/admin/people')).status).toBe(303);
    const wrong = await client.submit(enrol, '/admin/sign-in/second-factor', { code: '12345' });
    expect(wrong.status).toBe(422);
    const done = await client.submit(enrol, '/admin/sign-in/second-factor', { code: totpCode(secret, now) });
    expect(done.html.match(/<li><code>[a-z2-9-]{17}<\/code>/g)).toHaveLength(10);
    expect(await isIn(client)).toBe(true);
    expect(world.logLines.join('')).not.toContain(secret);
    expect(world.logLines.join('')).not.toContain(code);
  });

  test('of a viewer needs no second factor; the code ends after seven days, and with a new one', async () => {
    const { id, signInName, code } = await invite('VIEWER');
    const { deps, hq } = world;
    pass(7 * 24 * 3_600_000);
    expect((await world.client().signIn(signInName, code)).status).toBe(403);
    const fresh = (await resetPassword(deps, operatorOf(deps, hq.id), id))?.code ?? '';
    const begun = world.client();
    await begun.signIn(signInName, fresh);
    const newest = (await resetPassword(deps, operatorOf(deps, hq.id), id))?.code ?? '';
    // Whoever had begun with the code before cannot end it.
    expect((await begun.get('/admin/sign-in/password')).location).toBe('/admin/sign-in');
    const client = world.client();
    await client.signIn(signInName, newest);
    const page = await client.get('/admin/sign-in/password');
    const password = '雨の日に傘を三本なくした';
    const last = await client.submit(page, '/admin/sign-in/password', { password, passwordAgain: password });
    expect(last.location).toBe('/admin/today');
    expect((await world.client().signIn(signInName, password)).location).toBe('/admin/today');
  });
});

describe('the next request is refused', () => {
  const deeds: [string, (person: Person) => Promise<unknown>][] = [
    ['locked', ({ id }) => lockStaff(world.deps, operatorOf(world.deps, world.hq.id), id)],
    [
      'of another role',
      ({ id }) =>
        changeRole(world.deps, operatorOf(world.deps, world.hq.id), id, { was: 'CLERK', role: 'VIEWER' }),
    ],
    ['given a new code', ({ id }) => resetPassword(world.deps, operatorOf(world.deps, world.hq.id), id)],
    [
      'without the second factor',
      ({ id }) => resetSecondFactor(world.deps, operatorOf(world.deps, world.hq.id), id),
    ],
  ];
  test.each(deeds)('of somebody who is %s, also on the way in', async (_name, deed) => {
    const person = await clerk();
    const client = await signIn(person);
    const onTheWay = world.client();
    await onTheWay.signIn(person.signInName, person.password);
    await deed(person);
    expect(await isIn(client)).toBe(false);
    expect((await onTheWay.get('/admin/sign-in/code')).location).toBe('/admin/sign-in');
  });

  test('after a lock that was taken back, too: what was open stays closed', async () => {
    const person = await clerk();
    const client = await signIn(person);
    const operator = operatorOf(world.deps, world.hq.id);
    await lockStaff(world.deps, operator, person.id);
    await unlockStaff(world.deps, operator, person.id);
    expect(await isIn(client)).toBe(false);
  });

  test('of other screens after a new password or on demand; the one that did it goes on', async () => {
    const person = await clerk();
    const [mine, stolen] = [await signIn(person), world.client()];
    pass(30_000);
    stolen.cookie = (await signIn(person)).cookie;
    const page = await mine.get('/admin/me');
    const password = '夏は朝から川で泳いでいる';
    const fields = { oldPassword: 'x', password, passwordAgain: password };
    const refused = await mine.submit(page, '/admin/me/password', fields);
    expect([refused.status, refused.text.includes('今のパスワード：ちがいます')]).toEqual([422, true]);
    const same = { oldPassword: person.password, password: person.password, passwordAgain: person.password };
    expect((await mine.submit(page, '/admin/me/password', same)).text).toContain('今と同じです');
    expect(await isIn(stolen)).toBe(true);
    const changed = await mine.submit(page, '/admin/me/password', {
      ...fields,
      oldPassword: person.password,
    });
    expect(changed.status).toBe(303);
    expect([await isIn(mine), await isIn(stolen)]).toEqual([true, false]);
    pass(30_000);
    const again = await signIn({ ...person, password });
    await again.submit(await again.get('/admin/me'), '/admin/me/sessions');
    expect([await isIn(again), await isIn(mine)]).toEqual([true, false]);
  });

  test('the old password is guessed at one’s own page five times at most', async () => {
    const person = await clerk();
    const client = await signIn(person);
    const page = await client.get('/admin/me/recovery-codes');
    const tries: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      tries.push((await client.submit(page, '/admin/me/recovery-codes', { oldPassword: 'x' })).status);
    }
    expect(tries).toEqual([422, 422, 422, 422, 422, 429]);
  });
});

test('自分のページ: a new authenticator, and new recovery codes end the old ones', async () => {
  const person = await clerk();
  const client = await signIn(person);
  const old = { oldPassword: person.password };
  const made = await client.submit(
    await client.get('/admin/me/recovery-codes'),
    '/admin/me/recovery-codes',
    old,
  );
  const codes = [...made.html.matchAll(/<li><code>([^<]+)</g)].map(([, code]) => code);
  expect(codes).toHaveLength(10);
  expect(codes).not.toContain(person.recoveryCodes[0]);
  const to = await client.submit(await client.get('/admin/me/second-factor'), '/admin/me/second-factor', old);
  const setUp = await client.get(to.location ?? '');
  const secret = /<code class="to-type">([A-Z2-7 ]+)</.exec(setUp.html)?.[1]?.replaceAll(' ', '') ?? '';
  const done = await client.submit(setUp, '/admin/me/second-factor/confirm', { code: totpCode(secret, now) });
  expect(done.text).toContain('回復用の番号です');
  expect((await client.get('/admin/me/second-factor/confirm')).location).toBe('/admin/me/second-factor');
  const next = world.client();
  await next.signIn(person.signInName, person.password);
  expect((await give(next, codeOf(person))).status).toBe(403);
  pass(30_000);
  expect((await give(next, totpCode(secret, now))).status).toBe(303);
});

test('a failed try of a known name is in the trail once a quarter of an hour, of an unknown one never', async () => {
  const person = await clerk();
  const failures = async () => (await actions()).filter((action) => action === 'staff.sign-in-failed').length;
  const before = await failures();
  await world.client().signIn('nobody.here', 'x');
  for (let i = 0; i < 3; i += 1) await world.client().signIn(person.signInName, 'x');
  await vi.waitFor(async () => expect(await failures()).toBe(before + 1));
  pass(15 * 60_000);
  await world.client().signIn(person.signInName, 'x');
  await vi.waitFor(async () => expect(await failures()).toBe(before + 2));
  const client = await signIn(person);
  await client.submit(await client.get('/admin/me'), '/admin/sign-out');
  expect((await actions())[0]).toBe('staff.signed-out');
});

test('the page of sign-in says whom to ask', async () => {
  const { text } = await world.client().get('/admin/sign-in');
  expect(text).toContain('管理者に聞いてください');
  const refused = await world.client().signIn(nameOf(world.hq, 'VIEWER'), 'x');
  expect(refused.text).toContain('自分の消防本部の管理者');
});
