/** 職員: the last manager, recovery by the vendor, rules of passwords and codes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { passwordFault } from '../../domain/password.js';
import { codeWaitUntil, mustHaveSecondFactor } from '../../domain/second-factor.js';
import { seal, unseal } from '../../platform/sealed.js';
import { checkTotp, makeTotpSecret, totpCode, totpUri } from '../../platform/totp.js';
import { changeRole, lockStaff } from '../../usecases/change-staff.js';
import type { Command } from '../../usecases/context.js';
import { recoverManager, resetPassword } from '../../usecases/help-staff.js';
import { listAuditEvents } from '../../usecases/read-audit.js';
import { putSecondFactorRule } from '../../usecases/second-factor.js';
import { beginSignIn, completeSignIn, readPending } from '../../usecases/sign-in.js';
import { readAllStaff, readStaff } from '../../usecases/staff.js';
import { joinStaff, operatorOf, pendingOf, setUpSecondFactor } from '../admin/given-staff.js';
import type { World } from '../admin/world.js';
import { createWorld } from '../admin/world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function manager(signInName: string): Promise<{ id: string; password: string; command: Command }> {
  const { deps, otherHq } = world;
  const person = { signInName, displayName: signInName, role: 'MANAGER' as const };
  const { id, password } = await joinStaff(deps, otherHq.id, person);
  await completeSignIn(deps, await pendingOf(deps, signInName, password));
  return { id, password, command: { ...operatorOf(deps, otherHq.id), actor: `staff:${id}` } };
}

describe('the last manager', () => {
  test('two who lock or demote each other at once: one is left who can', async () => {
    const { deps, otherHq } = world;
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [await manager(`betsu.a${round}`), await manager(`betsu.b${round}`)];
      const results = await Promise.allSettled([
        lockStaff(deps, a.command, b.id),
        changeRole(deps, b.command, a.id, { was: 'MANAGER', role: 'VIEWER' }),
      ]);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const able = (await readAllStaff(deps, otherHq.id)).filter(
        ({ id, role, lockedAt }) => [a.id, b.id].includes(id) && role === 'MANAGER' && lockedAt === null,
      );
      expect(able).toHaveLength(1);
      await lockStaff(deps, operatorOf(deps, otherHq.id), able[0]?.id ?? '', { evenLast: true });
    }
  });

  test('is not locked or demoted by the operator unless that is said; an invited one does not count', async () => {
    const { deps, otherHq } = world;
    const only = await manager('betsu.only');
    const operator = operatorOf(deps, otherHq.id);
    const refusal = { refusal: { code: 'staff-refused', why: 'last-manager' } };
    await expect(lockStaff(deps, operator, only.id)).rejects.toMatchObject(refusal);
    await expect(
      changeRole(deps, operator, only.id, { was: 'MANAGER', role: 'CLERK' }),
    ).rejects.toMatchObject(refusal);
    await lockStaff(deps, operator, only.id, { evenLast: true });
    await expect(resetPassword(deps, only.command, world.staffId(otherHq, 'CLERK'))).rejects.toMatchObject({
      refusal: { why: 'not-allowed' },
    });
  });
});

test('recovery by the vendor: unlocked, a code, no second factor, and the reason in the trail', async () => {
  const { deps, otherHq } = world;
  const lost = await manager('betsu.lost');
  await setUpSecondFactor(deps, await pendingOf(deps, 'betsu.lost', lost.password));
  const operator = operatorOf(deps, otherHq.id);
  await lockStaff(deps, operator, lost.id, { evenLast: true });
  const { code } = await recoverManager(deps, operator, lost.id, '電話で総務課長に確認');
  expect((await beginSignIn(deps, { signInName: 'betsu.lost', password: lost.password })).pending).toBeNull();
  const pending = await pendingOf(deps, 'betsu.lost', code);
  expect((await readPending(deps, pending))?.step).toBe('PASSWORD');
  expect(await readStaff(deps, otherHq.id, lost.id)).toMatchObject({
    lockedAt: null,
    hasSecondFactor: false,
  });
  const [event] = (await listAuditEvents(deps, otherHq.id, { limit: 1 })).items;
  expect(event).toMatchObject({
    actor: 'operator',
    action: 'staff.recovered',
    after: { reason: '電話で総務課長に確認' },
  });
  await expect(recoverManager(deps, operator, world.staffId(otherHq, 'CLERK'), 'x')).rejects.toMatchObject({
    refusal: { why: 'not-a-manager' },
  });
});

test('another headquarters’ manager reaches nobody here', async () => {
  const { deps, hq, otherHq } = world;
  const theirs = operatorOf(deps, otherHq.id);
  await expect(lockStaff(deps, theirs, world.staffId(hq, 'CLERK'))).rejects.toMatchObject({
    refusal: { code: 'not-found' },
  });
});

test('who must have a second factor: a manager chooses between two, the vendor alone lifts it', async () => {
  const { deps, hq } = world;
  const operator = operatorOf(deps, hq.id);
  const own: Command = { ...operator, actor: `staff:${world.staffId(hq, 'MANAGER')}` };
  await expect(putSecondFactorRule(deps, own, 'EVERYBODY')).rejects.toMatchObject({
    refusal: { why: 'not-allowed' },
  });
  await putSecondFactorRule(deps, operator, 'WRITERS');
  await putSecondFactorRule(deps, own, 'EVERYBODY');
  await expect(putSecondFactorRule(deps, own, 'NOBODY')).rejects.toMatchObject({
    refusal: { why: 'not-allowed' },
  });
  expect(
    ['VIEWER', 'CLERK', 'MANAGER'].map((role) => mustHaveSecondFactor('WRITERS', role as 'CLERK')),
  ).toEqual([false, true, true]);
  expect([mustHaveSecondFactor('EVERYBODY', 'VIEWER'), mustHaveSecondFactor('NOBODY', 'MANAGER')]).toEqual([
    true,
    false,
  ]);
});

test('a wait after wrong codes doubles from a quarter of an hour to half a day', () => {
  const minutes = (wrong: number) => (codeWaitUntil(wrong, 0, 0) ?? 0) / 60_000;
  expect([4, 5, 6, 7, 10, 11, 1000].map(minutes)).toEqual([0, 15, 30, 60, 480, 720, 720]);
  expect(codeWaitUntil(5, 0, 15 * 60_000)).toBeNull();
});

test('passwords: long, and not what everybody tries', () => {
  const faultOf = (password: string) => passwordFault(password, 'mihon.yamada');
  expect(faultOf('たいへん長いパスワードです')).toBeNull();
  expect(faultOf('k7f3p-9mwx2-hq')).toBeNull();
  expect(faultOf('12文字ない')).toBe('too-short');
  expect(faultOf('あ'.repeat(201))).toBe('too-long');
  for (const simple of [
    'aaaaaaaaaaaa',
    'Password1234',
    'P@ssw0rd-2026',
    'mihon.yamada1',
    'Yamada-Mihon-1',
    'net119net119net',
    'qwertyuiop12',
    'shoubou119119',
    '1234567890-=',
  ])
    expect([simple, faultOf(simple)]).toEqual([simple, 'too-simple']);
});

describe('codes of an authenticator', () => {
  // RFC 6238, appendix B: SHA-1, the last six of eight digits.
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [2_000_000_000, '279037'],
  ])('at %i s are those of the RFC', (seconds, code) => {
    expect(totpCode('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', seconds * 1000)).toBe(code);
  });

  test('one step off counts, two do not; none counts twice; rubbish is wrong', () => {
    const secret = makeTotpSecret();
    const now = 1_800_000_000_000;
    const check = (at: number, lastStep: number | null = null) =>
      checkTotp(secret, { code: totpCode(secret, at), now, lastStep }).verdict;
    expect([-60_000, -30_000, 0, 30_000, 60_000].map((off) => check(now + off))).toEqual([
      'WRONG',
      'RIGHT',
      'RIGHT',
      'RIGHT',
      'WRONG',
    ]);
    const step = now / 30_000;
    expect([check(now, step), check(now, step - 1), check(now - 30_000, step)]).toEqual([
      'USED',
      'RIGHT',
      'USED',
    ]);
    for (const code of ['', '12345', '1234567', 'abcdef'])
      expect(checkTotp(secret, { code, now, lastStep: null }).verdict).toBe('WRONG');
    expect(totpUri(secret, { issuer: 'NET119 管理サイト', label: 'mihon.kanri' })).toMatch(
      /^otpauth:\/\/totp\//,
    );
  });

  test('a secret is sealed for one person, by a key of the ring', () => {
    const ring = [
      { id: 'b', secret: new Uint8Array(32).fill(2) },
      { id: 'a', secret: new Uint8Array(32).fill(1) },
    ];
    const sealed = seal(ring.slice(1), 'SECRET', 'one');
    expect(sealed).not.toContain('SECRET');
    expect(seal(ring.slice(1), 'SECRET', 'one')).not.toBe(sealed);
    expect(unseal(ring, sealed, 'one')).toBe('SECRET');
    expect([unseal(ring, sealed, 'two'), unseal(ring.slice(0, 1), sealed, 'one')]).toEqual([null, null]);
    for (const broken of ['', 'a.', 'a.AAAA', `${sealed.slice(0, -2)}zz`])
      expect(unseal(ring, broken, 'one')).toBeNull();
  });
});
