/** Two headquarters by the calendar and one in exact time, on a real database, with a clock and a mail server that do as told. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { OurSide } from '../../mail/receive/own-names.js';
import type { MailTransport, OutgoingMail, SendResult } from '../../mail/transport.js';
import { openDatabase } from '../../store/database.js';
import type { Command } from '../../usecases/context.js';
import { RefusedError } from '../../usecases/errors.js';
import { createHeadquarters } from '../../usecases/headquarters.js';
import type { AccountRef } from '../../usecases/life-events.js';
import { lookAt, recordAutoStop, recordLapse } from '../../usecases/life-events.js';
import type { LifeStep } from '../../usecases/life-step.js';
import type { NewAccount } from '../../usecases/register-account.js';
import type { ReportDeps } from '../../usecases/record-report.js';
import { registerAccount } from '../../usecases/register-account.js';
import type { Link, LinkView } from '../../usecases/open-link.js';
import { findLink, openLink } from '../../usecases/open-link.js';
import type { MailDeps } from '../../usecases/send-mail.js';
import { sendDue } from '../../usecases/send-mail.js';
import type { AccountView } from '../../usecases/views.js';
import { jst } from '../domain/given.js';
import type { TestDatabase } from '../support/postgres.js';
import { createTestDatabase } from '../support/postgres.js';

/** validity 600 s, window at E−300 s, mails each minute until the stop at E+300 s. */
export const MINUTES_POLICY = {
  validity: 'PT600S',
  remindBefore: 'PT300S',
  reminders: { every: 'PT60S' },
  autoStopAfter: 'PT600S',
  retryAfterFailure: 'PT20S',
  longUnusedAfter: 'PT1200S',
};

export const ACCEPTED: SendResult = { verdict: 'ACCEPTED', code: 250, enhanced: '2.0.0', text: 'ok' };
export const REFUSED: SendResult = {
  verdict: 'BOUNCED',
  bounceClass: 'UNKNOWN_ADDRESS',
  code: 550,
  enhanced: '5.1.1',
  text: 'no such user',
};
export const MAILBOX_FULL: SendResult = {
  verdict: 'BOUNCED',
  bounceClass: 'MAILBOX_FULL',
  code: 552,
  enhanced: '5.2.2',
  text: 'full',
};
export const BUSY: SendResult = {
  verdict: 'DEFERRED',
  why: 'MAIL_SERVER_BUSY',
  code: 451,
  enhanced: '4.7.1',
  text: 'later',
};
export const OUR_FAULT: SendResult = { verdict: 'FAILED', code: 554, enhanced: '5.7.1', text: 'blocked' };
export const TOO_LATE: SendResult = { verdict: 'EXPIRED', code: null, enhanced: null, text: null };

/** Our names in the mail. */
export const US: OurSide = { hostName: 'bounce.example.jp', senders: ['net119@shobo.example.jp'] };

/** One row of the ledger, instants as epoch ms. */
export interface LedgerLine {
  id: string;
  cycle: number;
  purpose: string;
  kind: string | null;
  slot: string | null;
  key: string;
  outcome: string;
  reason: string | null;
  attempts: number;
  dueAt: number;
  nextAttemptAt: number | null;
  giveUpAt: number | null;
  leaseUntil: number | null;
  addressId: string;
  messageId: string | null;
}

export interface World {
  deps: MailDeps & ReportDeps;
  /** Of the application's login and of the owner's. */
  urls: Pick<TestDatabase, 'databaseUrl' | 'ownerUrl'>;
  /** Date-based, default policy; a second one of the same kind; one in exact time. */
  hq: string;
  otherHq: string;
  minutesHq: string;
  /** What reached the mail server, in order. */
  sent: { mail: OutgoingMail; at: number; deadline: number }[];
  /** How the mail server answers from now on. */
  answer(how: SendResult | ((mail: OutgoingMail) => SendResult | Promise<SendResult>)): void;
  now(): number;
  setNow(at: number | string): void;
  command(fireHqId?: string, more?: Partial<Command>): Command;
  register(fireHqId?: string, more?: Partial<NewAccount>): Promise<AccountView & AccountRef>;
  /** Does what a workflow would do until then, and leaves the clock there. */
  walk(ref: AccountRef, until: number | string): Promise<void>;
  look(ref: AccountRef): Promise<LifeStep>;
  ledger(accountId: string): Promise<LedgerLine[]>;
  /** 'key OUTCOME reason' of every mail, oldest first. */
  told(accountId: string): Promise<string[]>;
  /** The token in the last mail sent. */
  token(): string;
  linkOf(accountId: string, key: string): Promise<Link>;
  /** What the page of this token shows. */
  opened(token: string): Promise<LinkView>;
  audit(accountId: string, action: string): Promise<Record<string, unknown>[]>;
  /** As owner of the database. */
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

let numbers = 0;

/** On the server of all tests, unless a test has its own to stop it. */
export async function createWorld(serverUrl?: string): Promise<World> {
  const testDatabase = await createTestDatabase(serverUrl);
  const database = openDatabase(testDatabase.databaseUrl, { max: 8 });
  // A client, not a pool: its end waits until the server knows, before the database is dropped.
  const owner = new pg.Client(testDatabase.ownerUrl);
  // When a test stops the server: only `sql` is lost then.
  owner.on('error', () => {});
  await owner.connect();
  let now = jst('2026-06-01 12:00');
  let answer: (mail: OutgoingMail) => SendResult | Promise<SendResult> = () => ACCEPTED;
  const sent: World['sent'] = [];
  const transport: MailTransport = {
    async send(mail, deadline) {
      sent.push({ mail, at: now, deadline });
      return answer(mail);
    },
  };
  const deps: World['deps'] = {
    database,
    clock: { now: () => now },
    keys: [{ id: 'k1', secret: new Uint8Array(32).fill(7) }],
    transport,
    publicBaseUrl: 'https://renew.example.jp',
    bounceDomain: 'bounce.example.jp',
    us: US,
    allow: 'everybody',
  };
  const makeHq = (code: string, policy: unknown) =>
    createHeadquarters(deps, {
      code,
      displayName: `${code}消防本部`,
      shortName: code,
      replyTo: `${code}@example.jp`,
      fax: '000-000-0000',
      counter: '指令課',
      policy,
    });
  const hq = await makeHq('mihon', { spreadOver: 'PT0S' });
  const otherHq = await makeHq('betsu', {});
  const minutesHq = await makeHq('byou', MINUTES_POLICY);

  const world: World = {
    deps,
    urls: testDatabase,
    hq,
    otherHq,
    minutesHq,
    sent,
    answer: (how) => {
      answer = typeof how === 'function' ? how : () => how;
    },
    now: () => now,
    setNow: (at) => {
      now = typeof at === 'string' ? jst(at) : at;
    },
    command: (fireHqId = hq, more = {}) => ({
      fireHqId,
      actor: 'token:test',
      receivedAt: now,
      ...more,
    }),
    async register(fireHqId = hq, more = {}) {
      numbers += 1;
      const view = await registerAccount(deps, world.command(fireHqId), {
        registrationNumber: `T-${numbers}`,
        name: '例示 太郎',
        kana: 'れいじ たろう',
        mailAddress: `t${numbers}@example.jp`,
        // Taken over from an older system: the check mail of a new account has tests of its own.
        checkMail: false,
        ...more,
      });
      return { ...view, fireHqId, accountId: view.id };
    },
    walk: async (ref, until) => walk(world, ref, typeof until === 'string' ? jst(until) : until),
    async look(ref) {
      const step = await lookAt(deps, ref, now);
      if (!step) throw new Error('no such account');
      return step;
    },
    ledger: (accountId) =>
      world.sql<LedgerLine>(
        `SELECT id, cycle, purpose, kind, slot, dedupe_key AS key, outcome, reason, attempts,
           epoch_ms(due_at)::float8 AS "dueAt", epoch_ms(next_attempt_at)::float8 AS "nextAttemptAt",
           epoch_ms(give_up_at)::float8 AS "giveUpAt", epoch_ms(lease_until)::float8 AS "leaseUntil",
           address_id AS "addressId", message_id AS "messageId"
         FROM reminder WHERE account_id = $1 ORDER BY created_at, due_at, dedupe_key`,
        [accountId],
      ),
    told: async (accountId) =>
      (await world.ledger(accountId)).map((row) => [row.key, row.outcome, row.reason ?? ''].join(' ').trim()),
    token() {
      const found = /\/r\/([A-Za-z0-9_-]+)/.exec(sent.at(-1)?.mail.text ?? '');
      if (!found?.[1]) throw new Error('the last mail has no link');
      return found[1];
    },
    async linkOf(accountId, key) {
      const row = (await world.ledger(accountId)).find((each) => each.key === key);
      const [account] = await world.sql<{ fireHqId: string }>(
        'SELECT fire_hq_id AS "fireHqId" FROM account WHERE id = $1',
        [accountId],
      );
      if (!row || !account) throw new Error(`no mail ${key}`);
      return {
        by: 'MAIL',
        fireHqId: account.fireHqId,
        accountId,
        reminderId: row.id,
        cycle: row.cycle,
        addressId: row.addressId,
      };
    },
    async opened(token) {
      const link = await findLink(world.deps, token);
      if (link === null) throw new Error('no mail has this link');
      return openLink(world.deps, link);
    },
    audit: (accountId, action) =>
      world.sql(
        `SELECT epoch_ms(at)::float8 AS at, actor, before, after FROM audit_event
         WHERE account_id = $1 AND action = $2 ORDER BY id`,
        [accountId, action],
      ),
    sql: async <Row extends object>(text: string, values: unknown[] = []) =>
      (await owner.query<Row>(text, values)).rows,
    async close() {
      await database.close();
      await owner.end();
      await testDatabase.drop();
    },
  };
  return world;
}

/** A step that stays due after it was done would keep a workflow busy for ever. */
const SAME_STEP_AT_MOST = 2;

async function walk(world: World, ref: AccountRef, until: number): Promise<void> {
  let step = await lookAt(world.deps, ref, world.now());
  let last = '';
  let times = 0;
  for (;;) {
    if (!step) throw new Error('no such account');
    const { deed, mail }: LifeStep = step;
    const deedFirst = deed !== null && deed.at <= Math.max(mail?.at ?? Infinity, world.now());
    const at = Math.max(world.now(), Math.min(deed?.at ?? Infinity, mail?.at ?? Infinity));
    if (at > until || (deed?.do === 'end' && deed.at <= at)) break;
    world.setNow(at);
    const doing = `${deedFirst && deed.at <= at ? deed.do : mail?.key} at ${at}`;
    times = doing === last ? times + 1 : 1;
    last = doing;
    if (times > SAME_STEP_AT_MOST) throw new Error(`stays due without progress: ${doing}`);
    if (deedFirst && deed.at <= at) {
      step = await (deed.do === 'recordLapse' ? recordLapse : recordAutoStop)(world.deps, ref, at);
    } else {
      step = await sendDue(world.deps, ref, mail?.key ?? '', at);
    }
  }
  world.setNow(Math.max(world.now(), until));
}

/** The refusal's code, or null when the command went through. */
export async function refusalOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof RefusedError) return error.refusal.code;
    throw error;
  }
}

export const newId = (): string => randomUUID();
