/** Pages of the staff site with twenty people at once, in a headquarters of 10⁵ people among 10⁶, against one of 10³ alone. */
import { listAccounts } from '../../usecases/read-account.js';
import { createApiToken } from '../../usecases/headquarters.js';
import { putSecondFactorRule } from '../../usecases/second-factor.js';
import { joinStaff, operatorOf } from '../admin/given-staff.js';
import type { Figure } from './figure.js';
import { atMost, beside, kilobytes, milliseconds, ratio } from './figure.js';
import type { Reply } from './load.js';
import { call } from './load.js';
import { median, percentile } from './numbers.js';
import { addFirstMails, addPeople, datesIn, makeHq, spoilAddresses } from './people.js';
import type { Stack } from './stack.js';
import { withStack } from './stack.js';

const FEW = 1_000;
const MANY = 100_000;
/** With the two above: a million people in all. */
const OTHERS = 9;
/** People at once; each asks for the next page when the last one is there. */
const AT_ONCE = 20;
const CALLS = 400;
const KB = 1024;

interface Visit {
  name: string;
  ask: () => Promise<Reply>;
}

export function measureStaffSite(): Promise<Figure[]> {
  return withStack(['api'], async (stack) => {
    const few = await measure(await visitsOf(stack, 'few', FEW));
    for (let i = 0; i < OTHERS; i += 1) {
      const hq = await makeHq(stack, `other-${i}`, {});
      await addPeople(stack, hq, { count: MANY, dates: datesIn(-30), spreadDays: 365 });
    }
    const many = await measure(await visitsOf(stack, 'many', MANY));
    return [...many].flatMap(([name, { times, bytes }]) => {
      const alone = few.get(name)?.times ?? [];
      return [
        atMost(`${name}, 10⁵ of 10⁶ people, p95`, percentile(times, 95), 100, milliseconds),
        atMost(`${name}: 10⁶ ÷ 10³, medians`, median(times) / median(alone), 2, ratio),
        beside(`${name}, 10³ people, p95`, percentile(alone, 95), milliseconds),
        atMost(`${name}, size without style and font`, bytes / KB, 60, kilobytes),
      ];
    });
  });
}

interface Measured {
  times: number[];
  /** Of one answer. */
  bytes: number;
}

async function measure(visits: readonly Visit[]): Promise<Map<string, Measured>> {
  const all = new Map<string, Measured>();
  for (const { name, ask } of visits) {
    const times: number[] = [];
    const lane = async () => {
      while (times.length < CALLS) {
        const began = performance.now();
        const { status } = await ask();
        if (status !== 200) throw new Error(`${name} was answered ${status}`);
        times.push(performance.now() - began);
      }
    };
    // Once before, for what is read and compiled only the first time.
    const bytes = Buffer.byteLength((await ask()).body);
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    all.set(name, { times, bytes });
  }
  return all;
}

async function visitsOf(stack: Stack, code: string, size: number): Promise<Visit[]> {
  const { deps, settings } = stack;
  const hq = await makeHq(stack, code, {});
  const dates = datesIn(-30);
  await addPeople(stack, hq, { count: size, dates, spreadDays: 365 });
  await addFirstMails(stack, hq, dates);
  await spoilAddresses(stack, hq);
  const cookie = await signIn(stack, hq, `${code}.bench`);
  const { token } = await createApiToken(deps, hq, {
    label: 'bench',
    scopes: ['capabilities:read'],
    expiresAt: null,
  });
  const { items } = await listAccounts(deps, hq, { limit: 200 });
  const people = items.map(({ id }) => id);
  const numbers = items.map(({ registrationNumber }) => registrationNumber);
  let n = 0;
  const next = <T>(list: readonly T[]): T => list[(n += 1) % list.length] as T;
  const page = (path: string) => call('GET', `${settings.adminUrl}${path}`, { headers: { cookie } });
  const csrf = /name="csrf" value="([^"]*)"/.exec((await page('/people')).body)?.[1] ?? '';
  const post = (path: string, q: string) =>
    call('POST', `${settings.adminUrl}${path}`, {
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ csrf, q }).toString(),
    });
  const search = (q: string) => post('/people/search', q);
  return [
    { name: '対応が必要な人', ask: () => page('/today') },
    { name: '利用者管理', ask: () => page('/people') },
    { name: 'lists, 失効中', ask: () => page('/lists/lapsed') },
    { name: 'lists, 更新待ち', ask: () => page('/lists/pending') },
    { name: 'lists, 更新待ち, 不達の疑い', ask: () => page('/lists/pending?address=IN_DOUBT') },
    { name: 'lists, all counts', ask: () => page('/lists') },
    { name: 'a search for one person', ask: () => search(next(numbers)) },
    { name: 'a search that fits an eighth of all', ask: () => search('れいじ') },
    { name: '呼び返しの確認 of one person', ask: () => post('/look', next(numbers)) },
    { name: 'a person, 利用状況', ask: () => page(`/people/${next(people)}/usage`) },
    {
      name: 'capabilities (REST)',
      ask: () =>
        call('GET', `${settings.apiUrl}/v1/accounts/${next(people)}/capabilities`, {
          headers: { authorization: `Bearer ${token}` },
        }),
    },
  ];
}

async function signIn({ deps, settings }: Stack, hq: string, signInName: string): Promise<string> {
  // A load has no telephone to show codes.
  await putSecondFactorRule(deps, operatorOf(deps, hq), 'NOBODY');
  const { password } = await joinStaff(deps, hq, { signInName, displayName: 'bench', role: 'VIEWER' });
  const reply = await call('POST', `${settings.adminUrl}/sign-in`, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ signInName, password }).toString(),
  });
  const [cookie = ''] = reply.cookies;
  if (reply.status !== 303 || cookie === '') throw new Error(`signing in was answered ${reply.status}`);
  return cookie.split(';')[0] ?? '';
}
