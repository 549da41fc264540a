import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { documentOf, fieldsOf } from '../../api/admin/policy/policy-fields.js';
import { durationWords, policySentences } from '../../api/admin/policy/words.js';
import { DEFAULT_POLICY, parsePolicy } from '../../domain/policy.js';
import { readPolicy, putPolicy } from '../../usecases/policy.js';
import { previewPolicy } from '../../usecases/preview-policy.js';
import { applyPolicy } from '../../usecases/apply-policy.js';
import { readSchedule } from '../../usecases/read-account.js';
import type { World } from './world.js';
import { IN_WINDOW, REGISTERED, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const PREVIEW = '/admin/policy/preview';

describe('the form and the policy it means', () => {
  test('the default comes back as it was', () => {
    const fields = fieldsOf(DEFAULT_POLICY);
    expect(fields).toMatchObject({ before: '60、30、14、7、3', after: '1、14、30、60、90', spread: '30' });
    const { document, faults } = documentOf(fields!);
    expect(faults).toEqual([]);
    expect(parsePolicy(document)).toEqual(parsePolicy(DEFAULT_POLICY));
  });

  test('any policy in days that the form can show comes back with the same meaning', () => {
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 89 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        days,
        days,
        fc.integer({ min: 8, max: 20 }),
        fc.constantFrom('P1Y', 'P6M', 'P18M', 'P1Y6M', 'P400D'),
        (before, after, hour, validity) => {
          const policy = {
            ...DEFAULT_POLICY,
            validity,
            sendAt: `${String(hour).padStart(2, '0')}:00`,
            spreadOver: 'PT15M',
            reminders: {
              offsets: ['-P90D', ...before.map((each) => `-P${each}D`), ...after.map((each) => `P${each}D`)],
            },
          };
          const wanted = parsePolicy(policy);
          const got = parsePolicy(documentOf(fieldsOf(policy)!).document);
          if (!wanted.ok || !got.ok) throw new Error('both are policies');
          const { document: _a, validity: a, ...one } = wanted.policy;
          const { document: _b, validity: b, ...other } = got.policy;
          expect(other).toEqual(one);
          const months = (period: typeof a) =>
            typeof period === 'number' ? period : period.years * 12 + period.months;
          expect(months(b)).toBe(months(a));
        },
      ),
    );
  });

  test('what the form cannot say is not shown as something else', () => {
    expect(fieldsOf({ ...DEFAULT_POLICY, validity: 'P1Y10D' })).toBeNull();
    expect(fieldsOf({ ...DEFAULT_POLICY, longUnusedAfter: 'P1M1D' })).toBeNull();
  });

  test('no sentence has a code in it, also of a policy in exact time', () => {
    const exact = {
      ...DEFAULT_POLICY,
      validity: 'PT600S',
      remindBefore: 'PT5M',
      reminders: { every: 'PT30S' },
    };
    for (const { says } of [...policySentences(DEFAULT_POLICY), ...policySentences(exact)])
      expect(says).not.toMatch(/P\d|PT|[A-Z]{2}/);
    expect([durationWords('PT600S'), durationWords('-P1Y6M'), durationWords('PT0S')]).toEqual([
      '600秒',
      '1年6か月',
      '0分',
    ]);
  });
});

describe('定期更新の設定 (R13)', () => {
  test('a manager sees what changes, for how many and for one person, before it is saved; running cycles keep theirs', async () => {
    world.setNow(REGISTERED);
    const accountId = await world.register(world.hq);
    await world.register(world.otherHq);
    world.setNow(IN_WINDOW);
    const client = await world.signedIn('MANAGER');
    const edit = await client.get('/admin/policy/edit');
    // Full-width digits, and one more day: D−1.
    const preview = await client.submit(edit, PREVIEW, { before: '６０、30 14,7,3、1' });
    expect(preview.status).toBe(200);
    expect(preview.text).toContain('1人にメールが増えます（あわせて1通）');
    expect(preview.text).toContain('90日前、60日前、30日前、14日前、7日前、3日前、1日前、1日後');
    expect((await readPolicy(world.deps, world.hq.id)).version).toBe(1);
    const nameless = await client.submit(preview, '/admin/policy', { reason: '' });
    expect(nameless.status).toBe(422);
    expect(nameless.text).toContain('変わることの確認');
    const saved = await client.submit(nameless, '/admin/policy', { reason: '前の日にも知らせる' });
    expect([saved.status, saved.location]).toEqual([303, '/admin/policy']);
    const page = await client.get('/admin/policy');
    expect(page.text).toContain('1人の今回の手続きは、始まったときの設定のまま');
    expect(page.text).toContain('前の日にも知らせる');
    const steps = async () =>
      (await readSchedule(world.deps, world.hq.id, accountId)).steps.map(({ slot }) => slot);
    expect(await steps()).not.toContain('2027-03-30');

    const apply = await client.get('/admin/policy/apply');
    expect(apply.text).toContain('R-1');
    expect(apply.text).toMatch(/10 → 11/);
    const applied = await client.submit(apply, '/admin/policy/apply', { reason: '議会で決まった' });
    expect(applied.status).toBe(303);
    expect(await steps()).toContain('2027-03-30');
    expect((await client.get('/admin/policy/apply')).text).toContain('変わる人はいません');
    expect((await readPolicy(world.deps, world.otherHq.id)).version).toBe(1);
    expect((await client.get('/admin/policy?version=1')).text).toContain('この版にもどす');
    expect((await client.get('/admin/policy/edit?from=1')).html).toContain('value="60、30、14、7、3"');
  });

  test.each([
    ['remindBefore', { remindBefore: 'あ' }, '数字で入れてください'],
    ['before', { before: '90日, 三十' }, '日数を「、」で区切って'],
    ['before', { before: '60、60' }, '同じ日が2回あります'],
    ['after', { after: '91' }, '自動の送信が終わったあとの日があります'],
    ['sendAt', { sendAt: '7:30' }, '8時から21時より前'],
    ['spread', { spread: '900' }, '8時から21時より前'],
    ['failures', { failures: '11' }, '1から10までの数'],
    ['remindBefore', { remindBefore: '365', before: '' }, '受付期間は、有効期間より短く'],
  ])('a fault of %s is told beside its field, and what was typed stays', async (_field, typed, text) => {
    const client = await world.signedIn('MANAGER');
    const answer = await client.submit(await client.get('/admin/policy/edit'), PREVIEW, typed);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(text);
    expect(answer.text).not.toContain('見直してください。');
    for (const value of Object.values(typed).filter((each) => each !== ''))
      expect(answer.html).toContain(`value="${value}"`);
  });

  test('two managers: the second sees that the first changed it, and may go on', async () => {
    const client = await world.signedIn('MANAGER');
    const preview = await client.submit(await client.get('/admin/policy/edit'), PREVIEW, { sendAt: '9:00' });
    const command = { fireHqId: world.hq.id, actor: 'operator' as const, receivedAt: IN_WINDOW };
    const { version, document } = await readPolicy(world.deps, world.hq.id);
    await putPolicy(world.deps, command, version, { policy: { ...document, sendAt: '11:00' }, reason: 'x' });
    const late = await client.submit(preview, '/admin/policy', { reason: '朝早く' });
    expect(late.status).toBe(409);
    expect(late.text).toContain('ほかの職員が設定を変えました');
    expect(late.text).toContain('11:00');
    expect((await client.submit(late, '/admin/policy', { reason: '朝早く' })).status).toBe(303);
    expect((await readPolicy(world.deps, world.hq.id)).document.sendAt).toBe('09:00');
  });

  test('sent twice it is saved once; a policy that changed after the look is not applied', async () => {
    const client = await world.signedIn('MANAGER');
    const preview = await client.submit(await client.get('/admin/policy/edit'), PREVIEW, { sendAt: '10:30' });
    const key = randomUUID();
    const once = () => client.submit(preview, '/admin/policy', { reason: 'r', key });
    expect([(await once()).status, (await once()).status]).toEqual([303, 303]);
    const { version, document } = await readPolicy(world.deps, world.hq.id);
    const apply = await client.get('/admin/policy/apply');
    const command = { fireHqId: world.hq.id, actor: 'operator' as const, receivedAt: IN_WINDOW };
    await putPolicy(world.deps, command, version, { policy: { ...document, sendAt: '12:00' }, reason: 'x' });
    const stale = await client.submit(apply, '/admin/policy/apply', { reason: 'r' });
    expect(stale.status).toBe(409);
    expect(stale.text).toContain('設定が変わりました');
  });

  test('the preview counts what applying then does', async () => {
    const { deps, hq } = world;
    const { version, document } = await readPolicy(deps, hq.id);
    const fresh = {
      ...document,
      remindBefore: 'P200D',
      autoStopAfter: 'P300D',
      reminders: { offsets: ['-P200D', '-P100D', '-P10D'] },
    };
    world.setNow(REGISTERED);
    await world.register(hq, { expiresOn: '2027-08-01' });
    world.setNow(IN_WINDOW);
    const effect = await previewPolicy(deps, hq.id, fresh, IN_WINDOW);
    expect(effect).toMatchObject({ people: 2, opensNow: 1, partial: false });
    const command = { fireHqId: hq.id, actor: 'operator' as const, receivedAt: IN_WINDOW };
    await putPolicy(deps, command, version, { policy: fresh, reason: 'x' });
    const { changed } = await applyPolicy(deps, command, { dryRun: true });
    const counts = changed.map(({ before, after }) => after.reminders.length - before.reminders.length);
    const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
    expect(effect.mailsAdded).toBe(sum(counts.filter((each) => each > 0)));
    expect(effect.mailsLeftOut).toBe(-sum(counts.filter((each) => each < 0)));
  });

  test('a viewer and a clerk read, and change nothing', async () => {
    for (const role of ['VIEWER', 'CLERK'] as const) {
      const client = await world.signedIn(role);
      const page = await client.get('/admin/policy');
      expect(page.status).toBe(200);
      expect(page.text).not.toContain('設定を変える');
      expect((await client.get('/admin/policy/edit')).status).toBe(403);
    }
  });
});
