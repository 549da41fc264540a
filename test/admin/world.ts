/** Two headquarters with people and staff of every role, and the whole application listening on loopback. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import session from 'express-session';
import { Registry } from 'prom-client';
import type { StaffDeps } from '../../api/admin/router.js';
import { createAdminRouter } from '../../api/admin/router.js';
import { createApp } from '../../api/app.js';
import type { ApiDeps } from '../../api/rest/route.js';
import { createRenewalRouter } from '../../api/renewal/router.js';
import type { Role } from '../../domain/roles.js';
import { createLogger } from '../../platform/log.js';
import type { Database } from '../../store/database.js';
import { openDatabase } from '../../store/database.js';
import { openSessionStore } from '../../store/staff-sessions.js';
import { createHeadquarters } from '../../usecases/headquarters.js';
import type { NewAccount } from '../../usecases/register-account.js';
import { registerAccount } from '../../usecases/register-account.js';
import { putSecondFactorRule } from '../../usecases/second-factor.js';
import { jst } from '../domain/given.js';
import { createTestDatabase } from '../support/postgres.js';
import { joinStaff, operatorOf } from './given-staff.js';
import type { StaffClient } from './staff-client.js';
import { createStaffClient } from './staff-client.js';

export const REGISTERED = jst('2026-06-01 12:00');
/** The window is open, nobody has lapsed. */
export const IN_WINDOW = jst('2027-02-01 12:00');
export const NAME = '見本 太郎';

export interface Hq {
  id: string;
  code: string;
}

export interface World {
  deps: StaffDeps;
  /** With the login that owns the tables. */
  owner: Database;
  hq: Hq;
  otherHq: Hq;
  origin: string;
  logLines: string[];
  setNow(at: number): void;
  register(hq: Hq, more?: Partial<NewAccount>): Promise<string>;
  /** Password of the person of that role there. */
  password(hq: Hq, role: Role): string;
  /** Id of the person of that role there. */
  staffId(hq: Hq, role: Role): string;
  client(): StaffClient;
  /** A client that has signed in. */
  signedIn(role: Role, hq?: Hq): Promise<StaffClient>;
  close(): Promise<void>;
}

export const nameOf = (hq: Hq, role: Role) => `${hq.code}.${role.toLowerCase()}`;

export async function createWorld(): Promise<World> {
  const testDatabase = await createTestDatabase();
  let now = REGISTERED;
  const deps: ApiDeps & StaffDeps = {
    letters: { publicBaseUrl: 'https://net119.example.jp', mailFrom: 'net119@mail.example.jp' },
    us: { hostName: 'mail.example.jp', senders: ['net119@mail.example.jp'] },
    database: openDatabase(testDatabase.databaseUrl, { max: 5 }),
    clock: { now: () => now },
    keys: [{ id: 'k1', secret: new Uint8Array(32).fill(9) }],
  };
  const owner = openDatabase(testDatabase.ownerUrl, { max: 1 });
  const makeHq = async (code: string, name: string): Promise<Hq> => ({
    code,
    id: await createHeadquarters(deps, {
      code,
      displayName: name,
      shortName: name.slice(0, 4),
      replyTo: `${code}@example.jp`,
      fax: '000-000-0000',
      counter: `${name} 指令課`,
      policy: { validity: 'P1Y' },
    }),
  });
  const hq = await makeHq('mihon', '見本市消防本部');
  const otherHq = await makeHq('betsu', '別見本町消防本部');
  const passwords = new Map<string, string>();
  const ids = new Map<string, string>();
  for (const each of [hq, otherHq]) {
    // One step to sign in, so that tests of other pages need no authenticator; the second one has tests of its own.
    await putSecondFactorRule(deps, operatorOf(deps, each.id), 'NOBODY');
    for (const role of ['VIEWER', 'CLERK', 'MANAGER'] as const) {
      const signInName = nameOf(each, role);
      const displayName = `${each.code} ${role}`;
      const { id, password } = await joinStaff(deps, each.id, { signInName, displayName, role });
      passwords.set(signInName, password);
      ids.set(signInName, id);
    }
  }
  const logLines: string[] = [];
  const log = createLogger('api', 'info', { write: (line) => void logLines.push(line) });
  const sessions = openSessionStore(testDatabase.databaseUrl, session, deps.clock);
  const app = createApp({
    deps,
    log,
    registry: new Registry(),
    trustProxy: 1,
    ready: () => Promise.resolve(true),
    webhooks: {
      sesTopics: [],
      sendgridKey: null,
      get: () => Promise.reject(new Error('nothing is fetched')),
    },
    renewalRouter: createRenewalRouter({ deps, log }),
    adminRouter: createAdminRouter({
      deps,
      log,
      store: sessions.store,
      secrets: ['for-tests-only'],
      secure: false,
    }),
  });
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let numbers = 0;
  const world: World = {
    deps,
    owner,
    hq,
    otherHq,
    origin,
    logLines,
    setNow: (at) => {
      now = at;
    },
    async register(toHq, more = {}) {
      numbers += 1;
      const command = { fireHqId: toHq.id, actor: 'operator' as const, receivedAt: now };
      const { id } = await registerAccount(deps, command, {
        registrationNumber: `R-${numbers}`,
        name: NAME,
        kana: 'みほん たろう',
        mailAddress: `taro${numbers}@example.jp`,
        expiresOn: '2027-03-31',
        ...more,
      });
      return id;
    },
    password: (toHq, role) => passwords.get(nameOf(toHq, role)) ?? '',
    staffId: (toHq, role) => ids.get(nameOf(toHq, role)) ?? '',
    client: () => createStaffClient(origin),
    async signedIn(role, toHq = hq) {
      const client = createStaffClient(origin);
      await client.signIn(nameOf(toHq, role), world.password(toHq, role));
      return client;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await sessions.close();
      await deps.database.close();
      await owner.close();
      await testDatabase.drop();
    },
  };
  return world;
}
