/** 庁内の認証でサインイン, against a real provider: who it lets in, and everybody whom it must not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE } from '../../domain/calendar.js';
import { totpCode } from '../../platform/totp.js';
import { lockStaff, unlockStaff } from '../../usecases/change-staff.js';
import type { OidcWanted } from '../../usecases/oidc.js';
import { putOidc } from '../../usecases/oidc.js';
import { putSecondFactorRule } from '../../usecases/second-factor.js';
import { operatorOf, pendingOf, setUpSecondFactor } from './given-staff.js';
import type { TestProvider } from './oidc-provider.js';
import { CLIENT, startProvider } from './oidc-provider.js';
import type { Answer, StaffClient } from './staff-client.js';
import type { World } from './world.js';
import { IN_WINDOW, createWorld } from './world.js';

const BACK = '/admin/sign-in/office/back';
let world: World;
let provider: TestProvider;
let setting: OidcWanted;
const put = (wanted: OidcWanted | null) => putOidc(world.deps, operatorOf(world.deps, world.hq.id), wanted);
beforeAll(async () => {
  world = await createWorld();
  world.setNow(IN_WINDOW);
  provider = await startProvider(`https://net119.example.jp${BACK}`);
  setting = {
    issuer: provider.issuer,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    claim: 'preferred_username',
    trustsMfa: false,
  };
});
afterAll(async () => {
  await provider.stop();
  await world.close();
});
beforeEach(async () => {
  world.setNow(IN_WINDOW);
  Object.assign(provider.who, { name: 'mihon.clerk', amr: ['pwd'] });
  await put(setting);
});

/** To the provider and back: what the browser comes back with. */
async function backFrom(client: StaffClient): Promise<string> {
  const start = await client.get(`/admin/sign-in/office/start?hq=${world.hq.code}`);
  expect(start.location).toContain(provider.issuer);
  return new URL(await provider.walk(start.location ?? '')).search;
}

async function signIn(client: StaffClient): Promise<Answer> {
  return client.get(`${BACK}${await backFrom(client)}`);
}

const trail = async () =>
  world.deps.database.inTenant(world.hq.id, (tx) =>
    tx.query<{ action: string }>(
      `SELECT action FROM audit_event WHERE action LIKE 'staff.%' ORDER BY id DESC LIMIT 2`,
    ),
  );

test('by the code of the headquarters: a link there, proven there, in here; told in the trail', async () => {
  const client = world.client();
  expect((await client.get('/admin/sign-in')).html).toContain('href="/admin/sign-in/office"');
  expect((await client.get('/admin/sign-in/office')).text).toContain('消防本部の記号');
  const page = await client.get('/admin/sign-in/office?hq=mihon');
  expect(page.text).toContain('見本市消防本部の認証でサインインする');
  expect(page.html).toContain('href="/admin/sign-in/office/start?hq=mihon"');
  const before = client.cookie;
  expect((await signIn(client)).location).toBe('/admin/today');
  // A session that was planted before is worth nothing.
  expect(client.cookie).not.toBe(before);
  expect((await client.get('/admin/people')).text).toContain('mihon CLERK');
  expect((await trail()).map(({ action }) => action)).toEqual(['staff.signed-in', 'staff.oidc-proven']);
});

test('PKCE, state and nonce go along, the secret does not', async () => {
  const start = await world.client().get('/admin/sign-in/office/start?hq=mihon');
  const { searchParams } = new URL(start.location ?? '');
  for (const name of ['state', 'nonce', 'code_challenge'])
    expect(searchParams.get(name)?.length).toBeGreaterThan(30);
  expect(searchParams.get('code_challenge_method')).toBe('S256');
  expect(start.location).not.toContain(CLIENT.secret);
});

describe('refused', () => {
  const inside = async (client: StaffClient) => (await client.get('/admin/people')).status;

  test.each([['nobody.here'], ['betsu.manager'], ['']])(
    'proven as %j, who is nobody of this headquarters',
    async (name) => {
      provider.who.name = name;
      const client = world.client();
      const answer = await signIn(client);
      expect([answer.status, await inside(client)]).toEqual([403, 303]);
      expect(answer.text).toContain('このサイトの職員として使えません');
      expect((await trail())[0]).toEqual({ action: 'staff.oidc-refused' });
    },
  );

  test('a locked person, told as somebody unknown', async () => {
    const clerk = world.staffId(world.hq, 'CLERK');
    await lockStaff(world.deps, operatorOf(world.deps, world.hq.id), clerk);
    const client = world.client();
    const answer = await signIn(client);
    expect([answer.status, await inside(client)]).toEqual([403, 303]);
    expect(answer.text).toContain('このサイトの職員として使えません');
    await unlockStaff(world.deps, operatorOf(world.deps, world.hq.id), clerk);
  });

  test('another state, none begun, a browser that did not begin', async () => {
    const client = world.client();
    const query = (await backFrom(client)).replace(/state=[^&]*/, 'state=another');
    expect((await client.get(BACK + query)).status).toBe(403);
    expect((await world.client().get(BACK)).status).toBe(403);
    const right = await backFrom(client);
    expect((await world.client().get(BACK + right)).status).toBe(403);
    expect((await client.get(`${BACK}?error=access_denied`)).status).toBe(403);
    expect(await inside(client)).toBe(303);
  });

  test('a code once used, also in another session with the same way out', async () => {
    const client = world.client();
    const query = await backFrom(client);
    const before = client.cookie;
    expect((await client.get(BACK + query)).location).toBe('/admin/today');
    const thief = world.client();
    thief.cookie = before;
    expect((await thief.get(BACK + query)).status).toBe(403);
    expect((await client.get(BACK + query)).status).toBe(403);
  });

  test('too long at the provider', async () => {
    const client = world.client();
    const query = await backFrom(client);
    world.setNow(IN_WINDOW + 10 * MINUTE);
    expect((await client.get(BACK + query)).status).toBe(403);
  });

  test('a wrong secret, a provider that is away, a headquarters without, an unknown one', async () => {
    await put({ ...setting, clientSecret: 'another-secret-altogether' });
    expect((await signIn(world.client())).status).toBe(403);
    await put({ ...setting, issuer: 'http://127.0.0.1:1' });
    const away = await world.client().get('/admin/sign-in/office/start?hq=mihon');
    expect([away.status, away.text.includes('答えません')]).toEqual([503, true]);
    await put(null);
    for (const hq of ['mihon', 'betsu', 'nobody'])
      expect((await world.client().get(`/admin/sign-in/office/start?hq=${hq}`)).status).toBe(404);
  });

  test.each([
    ['issuer', 'http://idp.example.jp'],
    ['issuer', 'https://idp.example.jp/?x=1'],
    ['issuer', 'idp'],
    ['clientSecret', ''],
    ['claim', 'a b'],
  ])('setting with %s %j', async (field, value) => {
    await expect(put({ ...setting, [field]: value })).rejects.toMatchObject({
      refusal: { code: 'validation', fields: [{ field }] },
    });
  });
});

describe('the second factor', () => {
  test('ours is asked; not when the headquarters trusts its own and the provider says amr mfa', async () => {
    const { deps, hq } = world;
    const password = world.password(hq, 'CLERK');
    const { secret } = await setUpSecondFactor(deps, await pendingOf(deps, 'mihon.clerk', password));
    await putSecondFactorRule(deps, operatorOf(deps, hq.id), 'WRITERS');
    const client = world.client();
    expect((await signIn(client)).location).toBe('/admin/sign-in/code');
    const page = await client.get('/admin/sign-in/code');
    const code = totpCode(secret, IN_WINDOW);
    expect((await client.submit(page, '/admin/sign-in/code', { code })).location).toBe('/admin/today');
    await put({ ...setting, trustsMfa: true });
    expect((await signIn(world.client())).location).toBe('/admin/sign-in/code');
    provider.who.amr = ['pwd', 'mfa'];
    expect((await signIn(world.client())).location).toBe('/admin/today');
    // A manager who has set none up.
    provider.who.name = 'MIHON.Manager';
    expect((await signIn(world.client())).location).toBe('/admin/today');
    provider.who.amr = [];
    expect((await signIn(world.client())).location).toBe('/admin/sign-in/second-factor');
  });
});

test('nothing of it is in the log', () => {
  expect(world.logLines.join('\n')).not.toMatch(/mihon\.clerk|code=|a-secret/);
});
