/** The documentation: served by us alone, complete, readable by a stranger. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openApiDocument } from '../../api/rest/openapi.js';
import { PROBLEMS } from '../../api/rest/problem-kinds.js';
import { ROUTES } from '../../api/rest/routes.js';
import { SCOPES, VENDOR_SCOPES } from '../../domain/scopes.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const get = (path: string) => world.call('get', path, { token: null });

describe('the document', () => {
  test('is served as it is made, with every route, scope and problem in it', async () => {
    const answer = await get('/openapi.json');
    const document = openApiDocument(ROUTES);
    expect(answer.body).toEqual(JSON.parse(JSON.stringify(document)));
    expect(document.openapi).toBe('3.1.0');
    for (const route of ROUTES) {
      const operation = document.paths?.[`/v1${route.path}`]?.[route.method];
      expect(operation?.operationId).toBe(route.operationId);
      expect(operation?.description).toContain(`\`${route.scope ?? route.vendorScope}\``);
    }
    for (const scope of [...SCOPES, ...VENDOR_SCOPES])
      expect(document.info.description).toContain(`\`${scope}\``);
    for (const code of Object.keys(PROBLEMS))
      expect(document.info.description).toContain(`/problems/${code}`);
  });

  test('R17: tells consoles what to do without an answer; R1: that expiresAt is exclusive', () => {
    const document = openApiDocument(ROUTES);
    const text = document.paths?.['/v1/capabilities']?.get?.description;
    expect(text).toMatch(/no answer within 1 second, a 404 or any 5xx means: allowed, state unknown/);
    expect(document.info.description).toContain('`expiresAt` is exclusive');
  });

  test('no shared shape is nullable, by itself or where it is used: null would not be valid, or valid everywhere', () => {
    const text = JSON.stringify(openApiDocument(ROUTES));
    expect(text).not.toMatch(/"allOf":\[\{"\$ref":"[^"]+"\},\{[^}]*"null"/);
    const shapes = Object.entries(openApiDocument(ROUTES).components?.schemas ?? {});
    expect(shapes.filter(([, shape]) => 'type' in shape && shape.type?.includes('null'))).toEqual([]);
  });

  test('shows nobody who could be real', () => {
    const addresses = JSON.stringify(openApiDocument(ROUTES)).match(/[\w.+-]+@[\w.-]+/g) ?? [];
    // The old carrier form is shown for its dots; no such address can be had today.
    expect(new Set(addresses.filter((address) => !/@(bounce\.)?example\.jp$/.test(address)))).toEqual(
      new Set(['a..b@docomo.ne.jp']),
    );
  });
});

describe('the pages', () => {
  test.each(['/', '/docs', '/problems', '/problems/validation'])(
    '%s loads nothing from elsewhere and runs nothing inline',
    async (path) => {
      const page = await get(path);
      expect(page.status).toBe(200);
      expect(page.type).toBe('text/html');
      expect(page.headers['content-security-policy']).toMatch(/^default-src 'none';/);
      expect(page.headers['content-security-policy']).not.toContain('unsafe');
      expect(page.headers['x-content-type-options']).toBe('nosniff');
      expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
      expect(page.text).not.toMatch(/<script(?![^>]*src=)|<style| style=| on\w+=/);
      expect(page.text).toMatch(/<title>.+<\/title>/);
      for (const [, asset] of page.text.matchAll(/(?:src|href)="(\/[^"]*)"/g)) {
        expect((await get(asset as string)).status).toBe(200);
      }
    },
  );

  test.each(Object.keys(PROBLEMS))('/problems/%s explains it', async (code) => {
    const page = await get(`/problems/${code}`);
    expect(page.text).toContain(code);
  });

  test('an unknown kind of problem is an unknown path', async () => {
    expect((await get('/problems/toString')).status).toBe(404);
  });

  test('only what the page needs is served from the library', async () => {
    expect((await get('/docs/index.html')).status).toBe(404);
    expect((await get('/docs/swagger-ui-bundle.js')).headers['content-type']).toContain('javascript');
  });
});
