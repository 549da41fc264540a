/** Walks every route of the staff site: declared, kept from roles that may not, and from another headquarters. */
import session from 'express-session';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdminRouter, staffRoutes } from '../../api/admin/router.js';
import type { StaffRoute } from '../../api/admin/shell/route.js';
import { ACTIONS, ROLES, mayDo } from '../../domain/roles.js';
import type { Action, Role } from '../../domain/roles.js';
import type { Answer, StaffClient } from './staff-client.js';
import type { World } from './world.js';
import { joinVendor, lookIn, openTo } from './given-vendor.js';
import { IN_WINDOW, REGISTERED, createWorld } from './world.js';

let world: World;
let foreignAccount: string;
const clients = new Map<Role, StaffClient>();
/** 運用担当, at no headquarters and at one that let them look. */
let closedOut: StaffClient;
let lookingIn: StaffClient;
beforeAll(async () => {
  world = await createWorld();
  world.setNow(REGISTERED);
  foreignAccount = await world.register(world.otherHq, { name: '別見 花子' });
  world.setNow(IN_WINDOW);
  for (const role of ROLES) clients.set(role, await world.signedIn(role));
  const vendor = await joinVendor(world, 'vendor.sato');
  closedOut = await vendor.signedIn();
  await openTo(world, world.hq, 8);
  lookingIn = await vendor.signedIn();
  await lookIn(lookingIn, world.hq);
});
afterAll(() => world.close());

/** Nobody needs to be signed in, or is on the way in, or, of the last, is about to be signed out. */
const STEPS = ['/sign-in', '/sign-in/code', '/sign-in/password', '/sign-in/second-factor'];
const OFFICE = ['/sign-in/office', '/sign-in/office/start', '/sign-in/office/back'];
const PUBLIC = ['/', ...STEPS, ...OFFICE, '/sign-out', ...STEPS.map((path) => `/vendor${path}`)];
const SIGN_IN = { STAFF: '/admin/sign-in', VENDOR: '/admin/vendor/sign-in' };

// Paths and methods only: nothing is asked of the database.
const ROUTES = staffRoutes(new Proxy({}, {}) as World['deps']);
const named = ROUTES.map((route): [string, StaffRoute] => [`${route.method} ${route.path}`, route]);

/** Every parameter is the id of another headquarters' person: an id that exists, and is nobody's here. */
const addressOf = ({ path }: StaffRoute) =>
  `/admin${path.replace(/:tab/, 'usage').replace(/:\w+/g, foreignAccount)}`;

async function ask(client: StaffClient, route: StaffRoute): Promise<Answer> {
  if (route.method === 'get') return client.get(addressOf(route));
  const csrf = (page: Answer) => /name="csrf" value="([^"]*)"/.exec(page.html)?.[1];
  const token = csrf(await client.get('/admin/people')) ?? csrf(await client.get('/admin/vendor')) ?? '';
  // Whoever is signed out by this route is needed by the next.
  if (route.path === '/vendor/sign-out') return world.client().post(addressOf(route), {});
  return client.post(addressOf(route), { csrf: token });
}

test('what the router has is declared, once, with an action that there is', () => {
  const router = createAdminRouter({
    deps: new Proxy({}, {}) as World['deps'],
    log: { error: () => {}, warn: () => {}, info: () => {} } as never,
    store: new session.MemoryStore(),
    secrets: ['x'],
    secure: false,
  });
  const mounted = new Set(router.stack.flatMap(({ route }) => (route === undefined ? [] : [route.path])));
  const declared = new Set(ROUTES.map(({ path }) => path));
  expect([...mounted].filter((path) => !declared.has(path) && !PUBLIC.includes(path))).toEqual([]);
  expect(new Set(named.map(([name]) => name)).size).toBe(ROUTES.length);
  for (const { who } of ROUTES) expect(['SIGNED_IN', 'VENDOR', ...ACTIONS]).toContain(who);
});

test('every action is of a route or a button', () => {
  // What no page asks for is dead, or forgotten.
  const OF_BUTTONS = ['reminders.send-many', 'people.export-addresses'];
  const asked = new Set<string>([...ROUTES.map(({ who }) => who), ...OF_BUTTONS]);
  expect(ACTIONS.filter((action) => !asked.has(action))).toEqual([]);
});

describe.each(named)('%s', (_name, route) => {
  const isVendors = route.who === 'VENDOR';
  test('nobody: to the sign-in page', async () => {
    const answer = await ask(world.client(), route);
    const place = isVendors ? SIGN_IN.VENDOR : SIGN_IN.STAFF;
    expect([answer.status, answer.location?.split('?')[0]]).toEqual([303, place]);
  });

  test('運用担当: nothing of a headquarters that did not open its pages', async () => {
    const answer = await ask(closedOut, route);
    expect(answer.html).not.toContain('花子');
    expect(answer.status).toBeLessThan(500);
    if (!isVendors) expect(answer.status).toBe(403);
  });

  test('運用担当 to whom one was opened: what 閲覧 may read of that one, and nothing is written', async () => {
    if (isVendors) return;
    const answer = await ask(lookingIn, route);
    expect(answer.html).not.toContain('別見 花子');
    expect(answer.status).toBeLessThan(500);
    const mayRead =
      route.method === 'get' && route.who !== 'SIGNED_IN' && mayDo('VIEWER', route.who as Action);
    if (mayRead) expect(answer.status).not.toBe(403);
    else expect(answer.status).toBe(403);
  });

  test.each(ROLES)(
    '%s: as the table of roles says, and never a person of another headquarters',
    async (role) => {
      const client = clients.get(role)!;
      const answer = await ask(client, route);
      expect(answer.html).not.toContain('別見');
      expect(answer.status).toBeLessThan(500);
      if (route.who === 'VENDOR') {
        expect([answer.status, answer.location]).toEqual([303, SIGN_IN.VENDOR]);
        return;
      }
      if (route.who !== 'SIGNED_IN' && !mayDo(role, route.who)) {
        expect(answer.status).toBe(403);
        expect(answer.text).toContain('あなたの役割では、この操作はできません');
        return;
      }
      // A file's form is refused as no file; its token is in the body.
      if (route.body !== 'FILE') expect(answer.status).not.toBe(403);
      // A number of another headquarters, or a form that says nothing: nothing is done, nothing is shown.
      if (route.path.includes(':')) expect([303, 400, 404, 405, 422]).toContain(answer.status);
    },
  );

  if (route.method === 'post') {
    test('without the token of the form: refused', async () => {
      const { who } = route;
      const role = ROLES.find((each) => who === 'SIGNED_IN' || (who !== 'VENDOR' && mayDo(each, who)));
      const client = role === undefined ? closedOut : clients.get(role)!;
      const answer = await client.post(addressOf(route), {});
      expect([403, 415]).toContain(answer.status);
    });
  }
});

test('the other headquarters is as it was', async () => {
  const { deps, otherHq } = world;
  const events = await deps.database.inTenant(otherHq.id, (tx) =>
    tx.query<{ action: string }>(
      `SELECT action FROM audit_event WHERE fire_hq_id = current_fire_hq() AND account_id = $1`,
      [foreignAccount],
    ),
  );
  expect(events.map(({ action }) => action)).toEqual(['account.registered']);
});
