/**
 * Whole lives: headquarters on a real database, the real relay, workflows and activities on a real server, with skipped
 * time or (the dev server) in real time. Only the mail server is a stand-in, which can be told what to answer.
 */
import { readFile } from 'node:fs/promises';
import { Client } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { Registry } from 'prom-client';
import { createAccountActivities } from '../../activities/account.js';
import { createMailActivities } from '../../activities/mail.js';
import { startRelay } from '../../api/relay.js';
import { findTemporalCli, findTemporalTestServer } from '../../local/temporal-binary.js';
import type { OutgoingMail, SendResult } from '../../mail/transport.js';
import { createLogger } from '../../platform/log.js';
import { SEARCH_ATTRIBUTES, ensureSearchAttributes } from '../../platform/temporal.js';
import { openDatabase } from '../../store/database.js';
import { outboxHealth } from '../../store/outbox.js';
import type { Command, Deps } from '../../usecases/context.js';
import { createHeadquarters } from '../../usecases/headquarters.js';
import { readAccount } from '../../usecases/read-account.js';
import type { NewAccount } from '../../usecases/register-account.js';
import { registerAccount } from '../../usecases/register-account.js';
import type { AccountView } from '../../usecases/views.js';
import { LIFECYCLE_QUEUE, MAIL_QUEUE, accountWorkflowId } from '../../workflows/messages.js';
import { createTestDatabase } from './postgres.js';

export const ACCEPTED: SendResult = {
  verdict: 'ACCEPTED',
  code: 250,
  enhanced: '2.0.0',
  text: '250 2.0.0 Ok',
};
export const REFUSED: SendResult = {
  verdict: 'BOUNCED',
  bounceClass: 'UNKNOWN_ADDRESS',
  code: 550,
  enhanced: '5.1.1',
  text: '550 5.1.1 no such user',
};
export const SERVER_DOWN: SendResult = {
  verdict: 'DEFERRED',
  why: 'MAIL_SERVER_DOWN',
  code: null,
  enhanced: null,
  text: null,
};

/** A mail as the mail server took it; `at` in the server's skipped time. */
export interface SentMail extends OutgoingMail {
  at: number;
}

export interface LifeWorld {
  deps: Deps;
  client: Client;
  hq: string;
  otherHq: string;
  minutesHq: string;
  /** Every attempt, also those that were refused. */
  attempts: SentMail[];
  /** What the mail server answers; asked anew at each attempt. */
  answer: (mail: OutgoingMail) => SendResult | Promise<SendResult>;
  register(hq: string, account?: Partial<NewAccount>): Promise<AccountView>;
  account(hq: string, accountId: string): Promise<AccountView>;
  workflow(accountId: string): WorkflowHandle;
  command(hq: string): Command;
  /** Skips to just past `at` (epoch ms) and waits until nothing moves. */
  sleepUntil(at: number): Promise<void>;
  /** Waits until the outbox is empty and no workflow or activity is at work. */
  settle(): Promise<void>;
  now(): number;
  mailsTo(address: string): SentMail[];
  stopMailWorker(): Promise<void>;
  startMailWorker(): Promise<void>;
  close(): Promise<void>;
}

const MINUTES_POLICY = {
  validity: 'PT600S',
  remindBefore: 'PT300S',
  reminders: { every: 'PT60S' },
  autoStopAfter: 'PT540S',
  retryAfterFailure: 'PT20S',
  longUnusedAfter: 'PT1200S',
};

const { EventType } = proto.temporal.api.enums.v1;
const ASKS_FOR_A_TASK: readonly number[] = [
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT,
  EventType.EVENT_TYPE_TIMER_FIRED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED,
];

let numbers = 0;

/** Time cannot be skipped while a mail is under way or no worker takes it: such stories need `real` time. */
export async function createLifeWorld(time: 'skipped' | 'real' = 'skipped'): Promise<LifeWorld> {
  const [testDatabase, env, code] = await Promise.all([
    createTestDatabase(),
    startServer(time),
    readFile(process.env['WORKFLOW_BUNDLE'] ?? '', 'utf8'),
  ]);
  // env.client would skip to the end of everything whenever a result is awaited.
  const client = new Client({ connection: env.connection });
  const database = openDatabase(testDatabase.databaseUrl, { max: 10 });
  let now = await env.currentTimeMs();
  const deps: Deps = {
    database,
    clock: { now: () => (time === 'real' ? Date.now() : now) },
    keys: [{ id: 'k1', secret: new Uint8Array(32).map((_, i) => i * 7) }],
  };
  const attempts: SentMail[] = [];
  const world: Partial<LifeWorld> & Pick<LifeWorld, 'answer'> = { answer: () => ACCEPTED };
  const mailActivities = createMailActivities({
    ...deps,
    transport: {
      async send(mail) {
        attempts.push({ ...mail, at: await env.currentTimeMs() });
        return world.answer(mail);
      },
    },
    publicBaseUrl: 'https://net119.example.jp',
    bounceDomain: 'bounce.example.jp',
    allow: 'everybody',
  });
  const lifecycle = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: LIFECYCLE_QUEUE,
    workflowBundle: { code },
    activities: createAccountActivities(deps),
  });
  const lifecycleEnded = lifecycle.run();
  let mail: { worker: Worker; ended: Promise<void> } | null = null;
  const logLines: string[] = [];
  const relay = startRelay({
    isBusy: () => false,
    deps,
    client,
    log: createLogger('relay', 'warn', { write: (line) => void logLines.push(line) }),
    registry: new Registry(),
  });

  const makeHq = (hqCode: string, policy: unknown) =>
    createHeadquarters(deps, {
      code: hqCode,
      displayName: `${hqCode}消防本部`,
      shortName: hqCode,
      replyTo: `${hqCode}@example.jp`,
      fax: '000-000-0000',
      counter: '指令課',
      policy,
    });
  const ids: string[] = [];

  const made: Omit<LifeWorld, 'answer'> = {
    deps,
    client,
    hq: await makeHq('mihon', {}),
    otherHq: await makeHq('betsu', {}),
    minutesHq: await makeHq('byou', MINUTES_POLICY),
    attempts,
    now: () => deps.clock.now(),
    command: (fireHqId) => ({ fireHqId, actor: 'operator', receivedAt: deps.clock.now() }),
    async register(fireHqId, account = {}) {
      numbers += 1;
      const view = await registerAccount(deps, made.command(fireHqId), {
        registrationNumber: `L-${numbers}`,
        name: '見本 花子',
        kana: 'みほん はなこ',
        mailAddress: `l${numbers}@example.jp`,
        // Taken over from an older system; the check mail of a new account has a life of its own.
        checkMail: false,
        ...account,
      });
      ids.push(view.id);
      await made.settle();
      return view;
    },
    account: (fireHqId, accountId) => readAccount(deps, fireHqId, accountId),
    workflow: (accountId) => client.workflow.getHandle(accountWorkflowId(accountId)),
    mailsTo: (address) => attempts.filter((each) => each.to === address),
    async sleepUntil(at) {
      const ahead = at - (await env.currentTimeMs());
      if (ahead > 0) await env.sleep(ahead + 1);
      await made.settle();
    },
    async settle() {
      for (let quiet = 0, tries = 0; quiet < 2; tries += 1) {
        if (tries > 600) throw new Error('the world does not come to rest');
        quiet = (await isQuiet()) ? quiet + 1 : 0;
        if (quiet < 2) await new Promise((resolve) => setTimeout(resolve, 20));
      }
      now = await env.currentTimeMs();
    },
    async startMailWorker() {
      const worker = await Worker.create({
        connection: env.nativeConnection,
        taskQueue: MAIL_QUEUE,
        activities: mailActivities,
      });
      mail = { worker, ended: worker.run() };
    },
    async stopMailWorker() {
      mail?.worker.shutdown();
      await mail?.ended;
      mail = null;
    },
    async close() {
      await relay.stop();
      await made.stopMailWorker();
      lifecycle.shutdown();
      await lifecycleEnded;
      await env.teardown();
      await database.close();
      await testDatabase.drop();
    },
  };

  async function isQuiet(): Promise<boolean> {
    const { waiting } = await database.withoutTenant(outboxHealth);
    if (waiting > 0) return false;
    for (const id of ids) {
      const { raw } = await made.workflow(id).describe();
      const waiting = (raw.pendingActivities ?? []).filter(
        (each) => mail !== null || each.activityType?.name !== 'sendDue',
      );
      // The skipping server tells nothing of pending tasks, so the last event must: it is one that asks for none.
      const { events } = await made.workflow(id).fetchHistory();
      if (waiting.length > 0 || ASKS_FOR_A_TASK.includes(events?.at(-1)?.eventType ?? 0)) return false;
    }
    return true;
  }

  await made.startMailWorker();
  return Object.assign(world, made);
}

async function startServer(time: 'skipped' | 'real'): Promise<TestWorkflowEnvironment> {
  const quiet = () => {};
  if (time === 'real') {
    const path = await findTemporalCli(quiet);
    const env = await TestWorkflowEnvironment.createLocal({
      server: { executable: { type: 'existing-path', path } },
    });
    await ensureSearchAttributes(env.connection, 'default');
    return env;
  }
  const path = await findTemporalTestServer(quiet);
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
  });
  // This server takes attributes but cannot list them, as ensureSearchAttributes does.
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { ...SEARCH_ATTRIBUTES },
  });
  return env;
}
