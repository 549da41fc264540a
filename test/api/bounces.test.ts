/** Mails that came back, handed over by HTTP: by the vendor alone, whole, and never twice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MailDeps } from '../../usecases/send-mail.js';
import { sendDue } from '../../usecases/send-mail.js';
import { BLOCKED, NO_SUCH_USER, report } from '../usecases/returned.js';
import type { Call, Hq, World } from './world.js';
import { PERSON, createWorld, nextNumber } from './world.js';

const MAIL = 'message/rfc822';
const LARGEST = 10 * 1024 * 1024;
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A person to whom a mail went; by hand, since that goes at once. */
async function mailed(hq: Hq): Promise<{ accountId: string; returnPath: string }> {
  const { token } = hq;
  const body = { ...PERSON, registrationNumber: nextNumber(), expiresOn: '2026-06-30' };
  const { id: accountId } = (await world.call('post', '/v1/accounts', { token, body })).body as {
    id: string;
  };
  const path = `/v1/accounts/${accountId}/reminders`;
  await world.call('post', path, { token });
  let returnPath = '';
  const deps: MailDeps = {
    ...world.deps,
    publicBaseUrl: 'https://renew.example.jp',
    bounceDomain: 'bounce.example.jp',
    allow: 'everybody',
    transport: {
      send(mail) {
        returnPath = mail.envelopeFrom;
        return Promise.resolve({ verdict: 'ACCEPTED', code: 250, enhanced: null, text: '250 ok' });
      },
    },
  };
  const [queued] = await world.deps.database.inTenant(hq.id, (tx) =>
    tx.query<{ key: string }>(
      `SELECT dedupe_key AS key FROM reminder WHERE account_id = $1 AND purpose = 'REMINDER'`,
      [accountId],
    ),
  );
  await sendDue(deps, { fireHqId: hq.id, accountId }, queued?.key ?? '', world.now());
  return { accountId, returnPath };
}
const handOver = (raw: Buffer | string, { headers, ...call }: Call = {}) =>
  world.call('post', '/v1/bounces', {
    token: world.vendorToken,
    body: raw,
    headers: { 'Content-Type': MAIL, ...headers },
    ...call,
  });
const newestMail = async (accountId: string) => {
  const answer = await world.call('get', `/v1/accounts/${accountId}/reminders`);
  const { items } = answer.body as { items: Record<string, unknown>[] };
  return items.find(({ purpose }) => purpose === 'REMINDER');
};

describe('a mail that came back', () => {
  test('R23 R37: changes the mail, the address and what works; the history tells why and what to do', async () => {
    const { accountId, returnPath } = await mailed(world.hq);
    expect(await newestMail(accountId)).toMatchObject({ outcome: 'ACCEPTED', bounce: null });
    const { raw } = report('somewhere@example.jp', NO_SUCH_USER, { receivedAt: world.now() });
    const headers = { 'Envelope-Recipient': `postmaster@example.jp, <${returnPath.toUpperCase()}>` };
    const answer = await handOver(raw, { headers });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ outcome: 'RECORDED', reading: 'REPORT' });
    expect((await handOver(raw, { headers })).body).toEqual({ outcome: 'ALREADY_KNOWN', reading: 'REPORT' });
    expect(await newestMail(accountId)).toMatchObject({
      outcome: 'BOUNCED',
      bounce: {
        class: 'UNKNOWN_ADDRESS',
        permanent: true,
        status: '5.1.1',
        diagnostic: '550 5.1.1 User unknown',
        reportedAt: new Date(world.now()).toISOString(),
        source: 'REPORT_HTTP',
        label: '宛先のアドレスがない',
        nextSteps: expect.arrayContaining([expect.stringContaining('FAX')]),
      },
    });
    expect((await world.call('get', `/v1/accounts/${accountId}`)).body).toMatchObject({
      addressState: 'SUSPECT',
    });
    expect((await world.call('get', `/v1/accounts/${accountId}/capabilities`)).body).toMatchObject({
      emergencyReport: { level: 'ok' },
      callback: { level: 'warn', reasonCode: 'ADDRESS_SUSPECT' },
    });
  });

  test('without a word about the envelope its own header is read; another tenant’s mail is not touched', async () => {
    const [person, stranger] = [await mailed(world.hq), await mailed(world.otherHq)];
    const { raw } = report(person.returnPath, NO_SUCH_USER, { receivedAt: world.now() });
    expect((await handOver(raw)).body).toMatchObject({ outcome: 'RECORDED' });
    expect(await newestMail(person.accountId)).toMatchObject({ outcome: 'BOUNCED' });
    const other = await world.call('get', `/v1/accounts/${stranger.accountId}`, {
      token: world.otherHq.token,
    });
    expect(other.body).toMatchObject({ addressState: 'UNVERIFIED' });
  });

  test('what belongs to no mail of ours is taken as well, and changes nothing', async () => {
    const forged = report(`b+${'a'.repeat(26)}@bounce.example.jp`, NO_SUCH_USER, { receivedAt: world.now() });
    expect((await handOver(forged.raw)).body).toEqual({ outcome: 'CHANGED_NOTHING', reading: 'REPORT' });
    const unmatched = report('postmaster@example.jp', NO_SUCH_USER, { receivedAt: world.now() });
    expect((await handOver(unmatched.raw)).body).toEqual({ outcome: 'QUARANTINED', reading: 'REPORT' });
  });

  test('R24: a report that says it is our fault is an ERROR for the operators', async () => {
    const { accountId, returnPath } = await mailed(world.hq);
    await handOver(report(returnPath, BLOCKED, { receivedAt: world.now() }).raw);
    expect(await newestMail(accountId)).toMatchObject({
      outcome: 'FAILED',
      bounce: { class: 'SENDER_BLOCKED' },
    });
    expect(world.logLines.filter(({ event }) => event === 'mail-failed')).toMatchObject([{ level: 'error' }]);
    expect(world.logLines.filter(({ event }) => event === 'report').at(-1)).toMatchObject({
      outcome: 'RECORDED',
      reading: 'REPORT',
      match: 'MAIL',
      bounceClass: 'SENDER_BLOCKED',
    });
  });

  test('neither a return path nor a word of the mail is logged', () => {
    const lines = world.logLines.filter(({ route }) => route === '/v1/bounces');
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(world.logLines)).not.toMatch(/b\+[a-z2-7]|User unknown|@/i);
  });
});

describe('what is refused', () => {
  test('a token of a headquarters, with every scope there is: 403; none: 401', async () => {
    expect((await handOver('x', { token: world.hq.token })).status).toBe(403);
    expect((await handOver('x', { token: null })).status).toBe(401);
    const consoles = await world.vendorTokenWith(['capabilities:any-hq']);
    expect((await handOver('x', { token: consoles })).status).toBe(403);
  });

  test('another type: 415; no body: 400; a header that is too long: 400', async () => {
    for (const type of ['application/json', 'text/plain', 'multipart/form-data']) {
      const answer = await handOver('{}', { headers: { 'Content-Type': type } });
      expect(answer.status).toBe(415);
      expect(answer.body).toMatchObject({ detail: 'Send `message/rfc822`.' });
    }
    expect((await handOver('')).status).toBe(400);
    expect(
      (await handOver('x', { headers: { 'Envelope-Recipient': 'a'.repeat(2_001) } })).body,
    ).toMatchObject({
      type: '/problems/malformed-request',
      errors: [{ field: 'envelope-recipient', code: 'too-long' }],
    });
  });

  test('10 MB are taken, one byte more is 413', async () => {
    const mail = (bytes: number) => Buffer.alloc(bytes, 'Subject: large\r\n\r\n'.padEnd(64, 'x'));
    expect((await handOver(mail(LARGEST))).status).toBe(202);
    expect((await handOver(mail(LARGEST + 1))).status).toBe(413);
  });
});
