/** Whether lists and searches stay as quick in a headquarters with a hundred times as many people. */
import type { Figure } from './figure.js';
import { atMost, beside, milliseconds, ratio } from './figure.js';
import { createApiToken } from '../../usecases/headquarters.js';
import { encodeCursor } from '../../usecases/cursor.js';
import { call } from './load.js';
import { median } from './numbers.js';
import { addFirstMails, addPeople, datesIn, makeHq } from './people.js';
import type { Stack } from './stack.js';
import { withStack } from './stack.js';

const FEW = 1_000;
const MANY = 100_000;
const CALLS = 200;
/** A page deeper than this share of the people. */
const DEEP = 0.9;

interface Call {
  name: string;
  method: 'GET' | 'POST';
  path: string;
  body?: string;
}

interface Headquarters {
  token: string;
  calls: Call[];
}

export function measureLists(): Promise<Figure[]> {
  return withStack(['api'], async (stack) => {
    const few = await headquartersOf(stack, 'few', FEW);
    const many = await headquartersOf(stack, 'many', MANY);
    const figures: Figure[] = [];
    for (const [i, one] of few.calls.entries()) {
      const other = many.calls[i] ?? one;
      const times = { few: [] as number[], many: [] as number[] };
      // Turn and turn about, so that what disturbs the one disturbs the other.
      for (let n = 0; n < CALLS; n += 1) {
        times.few.push(await timed(stack, few.token, one));
        times.many.push(await timed(stack, many.token, other));
      }
      const [fast, slow] = [median(times.few), median(times.many)];
      figures.push(
        atMost(`${one.name}: 10⁵ ÷ 10³ accounts`, slow / fast, 2, ratio),
        beside(`${one.name}, 10⁵ accounts`, slow, milliseconds),
      );
    }
    return figures;
  });
}

async function headquartersOf(stack: Stack, code: string, size: number): Promise<Headquarters> {
  const hq = await makeHq(stack, code, {});
  const dates = datesIn(-30);
  await addPeople(stack, hq, { count: size, dates, spreadDays: 365 });
  await addFirstMails(stack, hq, dates);
  const { token } = await createApiToken(stack.deps, hq, {
    label: 'bench',
    scopes: ['accounts:read'],
    expiresAt: null,
  });
  const cursor = await deepCursor(stack, hq, Math.floor(size * DEEP));
  const list = (name: string, query: string): Call => ({ name, method: 'GET', path: `/v1/accounts${query}` });
  const search = (name: string, q: string): Call => ({
    name,
    method: 'POST',
    path: '/v1/accounts/search',
    body: JSON.stringify({ q }),
  });
  return {
    token,
    calls: [
      list('GET /accounts, first page', ''),
      list('GET /accounts, deep page', `?cursor=${cursor}`),
      list('GET /accounts, lapsed', '?status=LAPSED'),
      search('POST /accounts/search, one person', `B-${String(Math.floor(size / 2)).padStart(6, '0')}`),
      search('POST /accounts/search, an eighth of all', 'れいじ'),
      search('POST /accounts/search, a mail address', 'b-000500@example.jp'),
    ],
  };
}

async function deepCursor({ owner }: Stack, hq: string, depth: number): Promise<string> {
  const { rows } = await owner.query<{ at: Date; id: string }>(
    `SELECT expires_at AS at, account_id AS id FROM renewal_cycle WHERE fire_hq_id = $1
     ORDER BY expires_at, account_id OFFSET $2 LIMIT 1`,
    [hq, depth],
  );
  const [row] = rows;
  if (!row) throw new Error('nobody is that deep');
  return encodeCursor([row.at.getTime(), row.id]);
}

async function timed({ settings }: Stack, token: string, { method, path, body }: Call): Promise<number> {
  const began = performance.now();
  const reply = await call(method, `${settings.apiUrl}${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const took = performance.now() - began;
  if (reply.status !== 200 || !reply.body.includes('"id"'))
    throw new Error(`${path} was answered ${reply.status}`);
  return took;
}
