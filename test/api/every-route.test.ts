/** What holds for every call, walked over the table of routes: tokens, scopes, tenants, methods, shapes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '../../api/rest/routes.js';
import { SCOPES, VENDOR_SCOPES } from '../../domain/scopes.js';
import type { Ids } from './samples.js';
import { anyBodyOf, bodyOf, etagOf, headersOf, pathOf, seed } from './samples.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

let world: World;
let ids: Ids;

beforeAll(async () => {
  world = await createWorld();
  ids = await seed(world, world.hq);
});
afterAll(() => world.close());

test('operation ids are unique, and every scope opens something', () => {
  expect(new Set(ROUTES.map((route) => route.operationId)).size).toBe(ROUTES.length);
  expect(new Set(ROUTES.flatMap((route) => route.scope ?? []))).toEqual(new Set(SCOPES));
  expect(new Set(ROUTES.flatMap((route) => route.vendorScope ?? []))).toEqual(new Set(VENDOR_SCOPES));
});

describe.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s',
  (_name, route) => {
    const send = (token: string | null, of: Partial<Ids> = ids) =>
      world.call(route.method, pathOf(route, of), {
        token,
        body: anyBodyOf(route),
        headers: headersOf(route),
      });

    test('without a token: 401 with WWW-Authenticate', async () => {
      const answer = await send(null);
      expect(answer.status).toBe(401);
      expect(answer.body).toMatchObject({ type: '/problems/unauthenticated', status: 401 });
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="net119"');
      expect(answer.type).toBe('application/problem+json');
    });

    test('with an unknown token: 401', async () => {
      const answer = await send('n119_nobody');
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('error="invalid_token"');
    });

    // A call of the vendor alone: whatever a headquarters' token may do, not this.
    if (route.scope === null)
      test('with a headquarters’ token: 403, nothing is done', async () => {
        const answer = await send(world.hq.token);
        expect(answer.status).toBe(403);
        expect(answer.body).toMatchObject({ detail: expect.stringContaining('token of the vendor') });
      });
    const ownToken = () => (route.scope === null ? world.vendorToken : world.hq.token);

    test('with every scope but its own: 403 that names it', async () => {
      if (route.scope === null) {
        const token = await world.vendorTokenWith(
          VENDOR_SCOPES.filter((scope) => scope !== route.vendorScope),
        );
        const answer = await send(token);
        expect(answer.status).toBe(403);
        expect(answer.headers['www-authenticate']).toContain(`scope="${route.vendorScope}"`);
        return;
      }
      const token = await world.tokenWith(
        world.hq,
        SCOPES.filter((scope) => scope !== route.scope),
      );
      const answer = await send(token);
      expect(answer.status).toBe(403);
      expect(answer.headers['www-authenticate']).toContain(`scope="${route.scope}"`);
    });

    test('with a vendor token: 403, save where the vendor may call and must name the headquarters', async () => {
      const allowed = route.scope === null ? Number(Object.keys(route.answers)[0]) : 400;
      expect((await send(world.vendorToken)).status).toBe(route.vendorScope === null ? 403 : allowed);
    });

    if (route.path.includes('{')) {
      test('an id of another headquarters, an unknown and a malformed one are all the same 404', async () => {
        const foreign = await send(world.otherHq.token);
        const unknown = await send(world.hq.token, {});
        const malformed = await send(world.hq.token, {
          accountId: '1',
          reminderId: '1',
          requestId: '1',
          mailStopId: '1',
        });
        for (const answer of [foreign, unknown, malformed]) {
          expect(answer.status).toBe(404);
          expect({ ...(answer.body as object), requestId: '' }).toEqual({
            ...(foreign.body as object),
            requestId: '',
          });
        }
      });
    }

    test('an unknown field in the query: 400 that names it', async () => {
      const path = pathOf(route, ids);
      const answer = await world.call(route.method, `${path}${path.includes('?') ? '&' : '?'}sort=name`, {
        token: ownToken(),
        body: anyBodyOf(route),
        headers: headersOf(route),
      });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({
        type: '/problems/malformed-request',
        errors: [{ field: 'sort', code: 'unknown-field' }],
      });
    });

    if (route.body) {
      const sendBody = (body: unknown, headers: Record<string, string> = {}) =>
        world.call(route.method, pathOf(route, ids), {
          token: route.scope === null ? world.vendorToken : world.hq.token,
          body,
          headers: { ...headersOf(route), ...headers },
        });

      test('an unknown field in the body: 422 that names it', async () => {
        const answer = await sendBody({ ...bodyOf(route), colour: 'red' });
        expect(answer.status).toBe(422);
        expect(answer.body).toMatchObject({
          errors: expect.arrayContaining([
            expect.objectContaining({ field: 'colour', code: 'unknown-field' }),
          ]),
        });
      });

      test('broken JSON: 400; an array: 422; another type: 415; too much: 413', async () => {
        const json = { 'Content-Type': 'application/json' };
        expect((await sendBody('{"a":', json)).status).toBe(400);
        expect((await sendBody('"text"', json)).status).toBe(400);
        expect((await sendBody('[]', json)).status).toBe(422);
        expect((await sendBody('a=1', { 'Content-Type': 'application/x-www-form-urlencoded' })).status).toBe(
          415,
        );
        expect((await sendBody('{}', { 'Content-Type': 'text/plain' })).status).toBe(415);
        expect((await sendBody('{}', { 'Content-Type': 'application/json; charset=shift_jis' })).status).toBe(
          415,
        );
        expect((await sendBody(JSON.stringify({ note: 'x'.repeat(256 * 1024) }), json)).status).toBe(413);
      });
    }

    test('another method: 405 with Allow', async () => {
      const others = ROUTES.filter((other) => other.path === route.path).map(
        (other) => other.method as string,
      );
      const method = (['put', 'delete', 'patch', 'post', 'get'] as const).find(
        (candidate) => !others.includes(candidate),
      );
      const answer = await world.call(method as 'get', pathOf(route, ids));
      expect(answer.status).toBe(405);
      for (const other of others) expect(answer.headers.allow).toContain(other.toUpperCase());
      expect((await world.call('options', pathOf(route, ids), { token: null })).status).toBe(204);
    });

    if (route.ifMatch) {
      test('without If-Match: 428; with an old one: 412 and the present version; with nonsense: 400', async () => {
        const sendWith = (headers: Record<string, string>) =>
          world.call(route.method, pathOf(route, ids), { body: bodyOf(route), headers });
        expect((await sendWith({})).status).toBe(428);
        const old = await sendWith({ 'If-Match': '"999"' });
        expect(old.status).toBe(412);
        expect(old.body).toMatchObject({
          type: '/problems/version-conflict',
          currentVersion: Number(etagOf(route).slice(1, -1)),
        });
        expect((await sendWith({ 'If-Match': 'W/"1"' })).status).toBe(412);
        expect((await sendWith({ 'If-Match': '"somebody-else"' })).status).toBe(412);
        expect((await sendWith({ 'If-Match': '*' })).status).toBe(400);
        expect((await sendWith({ 'If-Match': '1' })).status).toBe(400);
      });
    }

    if (route.idempotencyKey) {
      test('a key that is none: 400, nothing written', async () => {
        for (const key of ['a b', 'é', 'k'.repeat(201)]) {
          const answer = await world.call(route.method, pathOf(route, ids), {
            body: bodyOf(route),
            headers: { 'Idempotency-Key': Buffer.from(key, 'utf8').toString('latin1') },
          });
          expect(answer.status).toBe(400);
          expect(answer.body).toMatchObject({ errors: [{ field: 'Idempotency-Key' }] });
        }
      });
    }
  },
);
