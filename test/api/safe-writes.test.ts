/** Repeats and races: Idempotency-Key, If-Match. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World } from './world.js';
import { PERSON, createWorld, nextNumber } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const keyed = (key: string) => ({ 'Idempotency-Key': key });

describe('Idempotency-Key', () => {
  test('a repeat gets the first answer and does nothing, however the body is written', async () => {
    const body = { ...PERSON, registrationNumber: nextNumber() };
    const first = await world.call('post', '/v1/accounts', { body, headers: keyed('k-1') });
    expect(first.status).toBe(201);
    const turned = Object.fromEntries(Object.entries(body).reverse());
    const second = await world.call('post', '/v1/accounts', { body: turned, headers: keyed('k-1') });
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(second.headers.location).toBe(first.headers.location);
  });

  test('repeats that arrive together are carried out once', async () => {
    const account = await world.call('post', '/v1/accounts', {
      body: { ...PERSON, registrationNumber: nextNumber(), expiresOn: '2026-06-30' },
    });
    const path = `/v1/accounts/${(account.body as { id: string }).id}/renewals`;
    const call = () =>
      world.call('post', path, { body: { channel: 'fax', note: 'FAX' }, headers: keyed('k-2') });
    const answers = await Promise.all([call(), call(), call(), call()]);
    expect(answers.map((answer) => answer.status)).toEqual([201, 201, 201, 201]);
    for (const answer of answers) expect(answer.body).toEqual(answers[0].body);
    const events = (
      await world.call('get', `/v1/audit-events?accountId=${(account.body as { id: string }).id}`)
    ).body as {
      items: { action: string }[];
    };
    expect(events.items.filter((event) => event.action === 'account.renewed')).toHaveLength(1);
  });

  test('the same key with another body, or for another account: 422', async () => {
    const ids = await Promise.all(
      [1, 2].map(async () => {
        const body = { ...PERSON, registrationNumber: nextNumber() };
        return ((await world.call('post', '/v1/accounts', { body })).body as { id: string }).id;
      }),
    );
    const note = (id: string | undefined, text: string) =>
      world.call('post', `/v1/accounts/${id}/contacts`, {
        body: { kind: 'ANSWERED', note: text },
        headers: keyed('k-3'),
      });
    expect((await note(ids[0], 'a')).status).toBe(201);
    for (const answer of [await note(ids[0], 'b'), await note(ids[1], 'a')]) {
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ type: '/problems/idempotency-key-reused' });
    }
    expect((await note(ids[0], 'a')).status).toBe(201);
  });

  test('keys of two headquarters do not meet', async () => {
    for (const token of [world.hq.token, world.otherHq.token]) {
      const body = { ...PERSON, registrationNumber: nextNumber() };
      expect((await world.call('post', '/v1/accounts', { body, token, headers: keyed('k-4') })).status).toBe(
        201,
      );
    }
  });

  test('a refusal is not kept, and after 24 hours a key is new', async () => {
    const body = { ...PERSON, registrationNumber: nextNumber() };
    const refused = await world.call('post', '/v1/accounts', {
      body: { ...body, name: '' },
      headers: keyed('k-5'),
    });
    expect(refused.status).toBe(422);
    expect((await world.call('post', '/v1/accounts', { body, headers: keyed('k-5') })).status).toBe(201);
    world.setNow(world.now() + 24 * 3_600_000 + 1);
    const later = await world.call('post', '/v1/accounts', { body, headers: keyed('k-5') });
    expect(later.body).toMatchObject({ type: '/problems/registration-number-taken' });
  });

  test('R33: a call without an answer body repeats too', async () => {
    const account = await world.call('post', '/v1/accounts', {
      body: { ...PERSON, registrationNumber: nextNumber() },
    });
    const path = `/v1/accounts/${(account.body as { id: string }).id}/activities`;
    for (let i = 0; i < 2; i += 1) {
      const answer = await world.call('post', path, {
        body: { kind: 'PRACTICE', at: '2026-05-01T00:00:00Z' },
        headers: keyed('k-6'),
      });
      expect(answer.status).toBe(204);
      expect(answer.text).toBe('');
    }
  });
});

describe('If-Match', () => {
  test('of two changes at once one wins and the other is told', async () => {
    const account = await world.call('post', '/v1/accounts', {
      body: { ...PERSON, registrationNumber: nextNumber() },
    });
    const path = `/v1/accounts/${(account.body as { id: string }).id}`;
    const answers = await Promise.all(
      ['一', '二'].map((name) =>
        world.call('patch', path, { body: { name }, headers: { 'If-Match': '"1"' } }),
      ),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412]);
  });

  test('R13: a policy is put over the version that was read; a dry run writes nothing', async () => {
    const read = await world.call('get', '/v1/policy', { token: world.otherHq.token });
    const put = (etag: string) =>
      world.call('put', '/v1/policy', {
        token: world.otherHq.token,
        body: { policy: { validity: 'P2Y' }, reason: '部内決定' },
        headers: { 'If-Match': etag },
      });
    const made = await put(read.headers.etag as string);
    expect(made.body).toMatchObject({
      version: 2,
      basis: 'date',
      policy: { validity: 'P2Y', sendAt: '10:00' },
    });
    expect(made.headers.etag).toBe('"2"');
    expect((await put(read.headers.etag as string)).status).toBe(412);
    const apply = (body: object) =>
      world.call('post', '/v1/policy/apply', { token: world.otherHq.token, body });
    const looked = await apply({});
    expect(looked.body).toMatchObject({ version: 2, dryRun: true });
    expect((await apply({ dryRun: true })).body).toEqual(looked.body);
    expect((await apply({ reason: '部内決定' })).body).toEqual(looked.body);
    const unexplained = await apply({ dryRun: false });
    expect(unexplained.status).toBe(422);
    expect(unexplained.body).toMatchObject({ errors: [{ field: 'reason', code: 'required' }] });
    expect((await apply({ dryRun: true })).body).toEqual(looked.body);
    expect((await apply({ dryRun: false, reason: '部内決定' })).body).toMatchObject({
      ...(looked.body as object),
      dryRun: false,
    });
    expect((await apply({ dryRun: true })).body).toMatchObject({ accounts: 0, changed: [] });
  });
});
