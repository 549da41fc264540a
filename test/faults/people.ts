/** People and what they and their headquarters do, over HTTP as in life. */
import { SCOPES } from '../../domain/scopes.js';
import { createApiToken, createHeadquarters } from '../../usecases/headquarters.js';
import { PERSON } from './stack.js';
import type { Stack } from './stack.js';

export interface Hq {
  id: string;
  code: string;
  token: string;
}

/** An account, its one address, and the instants the tests judge by. */
export interface Life {
  hq: Hq;
  id: string;
  to: string;
  /** E, epoch ms; NaN in a date-based headquarters. */
  expiresAt: number;
}

export async function makeHq({ deps }: Stack, code: string, policy: unknown): Promise<Hq> {
  const id = await createHeadquarters(deps, {
    code,
    displayName: `${code}消防本部`,
    shortName: code.slice(0, 6),
    replyTo: `${code}@example.jp`,
    fax: '000-000-0000',
    counter: '指令課',
    policy,
  });
  const { token } = await createApiToken(deps, id, { label: 'faults', scopes: SCOPES, expiresAt: null });
  return { id, code, token };
}

export async function call(
  { settings }: Stack,
  { token }: Hq,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Response> {
  return fetch(`${settings.apiUrl}/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(method === 'GET' ? {} : { 'idempotency-key': crypto.randomUUID() }),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    // What the server takes longer for is no answer any more.
    signal: AbortSignal.timeout(20_000),
  });
}

let numbers = 0;

export async function register(
  stack: Stack,
  hq: Hq,
  expiry: { expiresAt: number } | { expiresOn: string },
): Promise<Life> {
  numbers += 1;
  const to = `person-${numbers}@faults.example.jp`;
  const response = await call(stack, hq, 'POST', '/accounts', {
    registrationNumber: `F-${numbers}`,
    ...PERSON,
    mailAddress: to,
    // Each mail of these tests is counted: the first is that of the first slot.
    checkMail: false,
    ...('expiresAt' in expiry ? { expiresAt: new Date(expiry.expiresAt).toISOString() } : expiry),
  });
  if (response.status !== 201) throw new Error(`not registered: ${response.status} ${await response.text()}`);
  const { id } = (await response.json()) as { id: string };
  return { hq, id, to, expiresAt: 'expiresAt' in expiry ? expiry.expiresAt : NaN };
}

/** People of each headquarters in turn; `expiry` is asked as each is registered. */
export function registerAll(
  stack: Stack,
  hqs: readonly Hq[],
  count: number,
  expiry: (n: number) => number,
): Promise<Life[]> {
  return Promise.all(
    Array.from({ length: count }, (_, n) => {
      const hq = hqs[n % hqs.length];
      if (hq === undefined) throw new Error('no headquarters');
      return register(stack, hq, { expiresAt: expiry(n) });
    }),
  );
}

/** ①同じです on the resident's page. */
export function renew(link: string): Promise<Response> {
  return fetch(link, {
    method: 'POST',
    body: new URLSearchParams({ choice: 'same' }),
    redirect: 'manual',
    signal: AbortSignal.timeout(20_000),
  });
}
