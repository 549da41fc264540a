/** Three headquarters, people with mailed links, and the whole application listening on loopback. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { Registry } from 'prom-client';
import { createApp } from '../../api/app.js';
import { createRenewalRouter } from '../../api/renewal/router.js';
import type { OutgoingMail } from '../../mail/transport.js';
import { createLogger } from '../../platform/log.js';
import { openDatabase } from '../../store/database.js';
import type { Database } from '../../store/database.js';
import type { Command } from '../../usecases/context.js';
import { createHeadquarters } from '../../usecases/headquarters.js';
import { lookAt } from '../../usecases/life-events.js';
import { readAccount } from '../../usecases/read-account.js';
import { registerAccount } from '../../usecases/register-account.js';
import type { NewAccount } from '../../usecases/register-account.js';
import type { MailDeps } from '../../usecases/send-mail.js';
import { sendDue } from '../../usecases/send-mail.js';
import type { AccountView } from '../../usecases/views.js';
import { jst } from '../domain/given.js';
import { createTestDatabase } from '../support/postgres.js';
import { createPageClient } from './page-client.js';
import type { PageClient } from './page-client.js';
import { US } from '../usecases/world.js';

const MINUTES_POLICY = {
  validity: 'PT600S',
  remindBefore: 'PT300S',
  reminders: { every: 'PT60S' },
  autoStopAfter: 'PT540S',
  retryAfterFailure: 'PT20S',
  longUnusedAfter: 'PT1200S',
};

export const NAME = '見本 太郎';
export const ADDRESS = 'taro.mihon@example.jp';
/** Of everybody registered without another date; the window opens on 2026-12-31. */
export const EXPIRES_ON = '2027-03-31';
export const REGISTERED = jst('2026-06-01 12:00');
const FIRST_MAIL = jst('2026-12-31 11:00');

export interface Hq {
  id: string;
  name: string;
}

export interface Person {
  hq: Hq;
  accountId: string;
}

export interface World {
  deps: MailDeps;
  hq: Hq;
  otherHq: Hq;
  /** Its policy is in exact time. */
  minutesHq: Hq;
  pages: PageClient;
  origin: string;
  logLines: Record<string, unknown>[];
  /** Subjects, recipients and texts of everything sent. */
  mails: OutgoingMail[];
  setNow(at: number): void;
  now(): number;
  /** The request under way arrives at `at`; whoever asks the clock after that is told the present time. */
  nextArrival(at: number): void;
  command(hq: Hq): Command;
  register(hq: Hq, more?: Partial<NewAccount>): Promise<Person>;
  read(person: Person): Promise<AccountView>;
  /** Sends what is due now and returns the path of the link in the last request mailed to the person. */
  mailedLink(person: Person): Promise<string>;
  /** Registered on 2026-06-01, mailed on 2026-12-31, which is now. */
  personWithLink(hq?: Hq): Promise<Person & { link: string }>;
  /** Registered just now with a check mail, whose link it is. */
  personWithCheckMail(expiresOn?: string, hq?: Hq): Promise<Person & { link: string }>;
  sql<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  withDatabase(database: Database, work: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

let numbers = 0;

export async function createWorld(): Promise<World> {
  const testDatabase = await createTestDatabase();
  const owner = new pg.Client(testDatabase.ownerUrl);
  await owner.connect();
  const mails: OutgoingMail[] = [];
  let now = REGISTERED;
  const arrivals: number[] = [];
  const deps: MailDeps = {
    database: openDatabase(testDatabase.databaseUrl, { max: 5 }),
    clock: { now: () => arrivals.shift() ?? now },
    keys: [{ id: 'k1', secret: new Uint8Array(32).fill(9) }],
    transport: {
      send: (mail) => {
        mails.push(mail);
        return Promise.resolve({ verdict: 'ACCEPTED', code: 250, enhanced: '2.0.0', text: 'ok' });
      },
    },
    publicBaseUrl: 'https://net119.example.jp',
    bounceDomain: 'bounce.example.jp',
    allow: 'everybody',
  };
  const makeHq = async (code: string, name: string, policy: unknown): Promise<Hq> => ({
    name,
    id: await createHeadquarters(deps, {
      code,
      displayName: name,
      shortName: name.slice(0, 4),
      replyTo: `${code}@example.jp`,
      fax: '000-000-0000',
      counter: `${name} 指令課（平日 9時〜17時）`,
      policy,
    }),
  });
  const hq = await makeHq('mihon', '見本市消防本部', { validity: 'P1Y' });
  const otherHq = await makeHq('betsu', '別見本町消防本部', { validity: 'P1Y' });
  const minutesHq = await makeHq('byou', '秒見本消防本部', MINUTES_POLICY);

  const logLines: Record<string, unknown>[] = [];
  const log = createLogger('api', 'info', {
    write: (line) => void logLines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const app = createApp({
    deps: { ...deps, us: US },
    log,
    registry: new Registry(),
    // Tests come as different clients by X-Forwarded-For.
    trustProxy: 1,
    ready: () => Promise.resolve(true),
    webhooks: {
      sesTopics: [],
      sendgridKey: null,
      get: () => Promise.reject(new Error('nothing is fetched')),
    },
    adminRouter: null,
    renewalRouter: createRenewalRouter({ deps, log }),
  });
  const server = createServer(app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const world: World = {
    deps,
    hq,
    otherHq,
    minutesHq,
    pages: createPageClient(origin),
    origin,
    logLines,
    mails,
    setNow: (at) => {
      now = at;
    },
    now: () => now,
    nextArrival: (at) => void arrivals.push(at),
    command: ({ id }) => ({ fireHqId: id, actor: 'operator', receivedAt: now }),
    async register(toHq, more = {}) {
      numbers += 1;
      const { id } = await registerAccount(deps, world.command(toHq), {
        registrationNumber: `R-${numbers}`,
        name: NAME,
        kana: 'みほん たろう',
        mailAddress: ADDRESS,
        // Taken over from an older system, so that the link of a request is the first there is.
        checkMail: false,
        ...(toHq === minutesHq ? {} : { expiresOn: EXPIRES_ON }),
        ...more,
      });
      return { hq: toHq, accountId: id };
    },
    read: (person) => readAccount(deps, person.hq.id, person.accountId),
    async mailedLink(person) {
      const ref = { fireHqId: person.hq.id, accountId: person.accountId };
      const sentBefore = mails.length;
      for (
        let step = await lookAt(deps, ref, now);
        step?.mail && step.mail.at <= now;
        step = await sendDue(deps, ref, step.mail.key, now)
      );
      const links = mails.slice(sentBefore).flatMap(({ text }) => /\/r\/\S+/.exec(text) ?? []);
      const last = links.at(-1);
      if (last === undefined) throw new Error('no mail with a link was due');
      return last;
    },
    async personWithLink(toHq = hq) {
      now = REGISTERED;
      const person = await world.register(toHq);
      now = toHq === minutesHq ? REGISTERED + 301_000 : FIRST_MAIL;
      return { ...person, link: await world.mailedLink(person) };
    },
    async personWithCheckMail(expiresOn = EXPIRES_ON, toHq = hq) {
      now = REGISTERED;
      const person = await world.register(toHq, { checkMail: true, expiresOn });
      return { ...person, link: await world.mailedLink(person) };
    },
    sql: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await owner.query<Row>(text, values)).rows,
    async withDatabase(database, work) {
      const working = deps.database;
      deps.database = database;
      try {
        await work();
      } finally {
        deps.database = working;
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await owner.end();
      await deps.database.close();
      await testDatabase.drop();
    },
  };
  return world;
}
