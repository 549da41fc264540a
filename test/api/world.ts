/** Two headquarters on a real database behind the real application, with every answer held against the OpenAPI document. */
import express, { Router } from 'express';
import type { ErrorRequestHandler, Express } from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { Registry } from 'prom-client';
import request from 'supertest';
import type { Response } from 'supertest';
import { createApp } from '../../api/app.js';
import { openApiDocument } from '../../api/rest/openapi.js';
import type { ApiDeps } from '../../api/rest/route.js';
import { ROUTES } from '../../api/rest/routes.js';
import type { WebhookSettings } from '../../api/webhooks/router.js';
import { SCOPES, VENDOR_SCOPES } from '../../domain/scopes.js';
import type { Scope, VendorScope } from '../../domain/scopes.js';
import { createLogger } from '../../platform/log.js';
import { openDatabase } from '../../store/database.js';
import { createApiToken, createHeadquarters, createVendorToken } from '../../usecases/headquarters.js';
import { createTestDatabase } from '../support/postgres.js';
import { US } from '../usecases/world.js';

export const MINUTES_POLICY = {
  validity: 'PT600S',
  remindBefore: 'PT300S',
  reminders: { every: 'PT60S' },
  autoStopAfter: 'PT540S',
  retryAfterFailure: 'PT20S',
  longUnusedAfter: 'PT1200S',
};

export const PERSON = {
  registrationNumber: 'A-1',
  name: '例示 太郎',
  kana: 'れいじ たろう',
  mailAddress: 'taro@example.jp',
};

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options';

export interface Call {
  token?: string | null;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Hq {
  id: string;
  /** With every scope. */
  token: string;
}

export interface World {
  deps: ApiDeps;
  app: Express;
  /** Date-based; a second one of the same kind; one in exact time. */
  hq: Hq;
  otherHq: Hq;
  minutesHq: Hq;
  vendorToken: string;
  logLines: Record<string, unknown>[];
  /** As `hq` unless a token is given (null: none). Fails when the answer is not as documented. */
  call(method: Method, path: string, call?: Call): Promise<Response>;
  tokenWith(hq: Hq, scopes: readonly Scope[]): Promise<string>;
  vendorTokenWith(scopes: readonly VendorScope[]): Promise<string>;
  /** The clock stands still until it is told. Epoch ms. */
  setNow(at: number): void;
  now(): number;
  close(): Promise<void>;
}

let numbers = 0;
/** A registration number that no other test has. */
export function nextNumber(): string {
  numbers += 1;
  return `T-${numbers}`;
}

/** No mail service is set up. */
export const NO_WEBHOOKS: WebhookSettings = {
  sesTopics: [],
  sendgridKey: null,
  get: () => Promise.reject(new Error('nothing is fetched')),
};

export async function createWorld(webhooks = NO_WEBHOOKS): Promise<World> {
  const testDatabase = await createTestDatabase();
  const database = openDatabase(testDatabase.databaseUrl, { max: 5 });
  let now = Date.parse('2026-06-01T03:00:00Z');
  const deps: ApiDeps = {
    database,
    clock: { now: () => now },
    keys: [{ id: 'k1', secret: new Uint8Array(32).fill(7) }],
    us: US,
  };
  const tokenWith = async (hq: { id: string }, scopes: readonly Scope[]) =>
    (await createApiToken(deps, hq.id, { label: 'test', scopes, expiresAt: null })).token;
  const makeHq = async (code: string, policy: unknown): Promise<Hq> => {
    const id = await createHeadquarters(deps, {
      code,
      displayName: `${code}消防本部`,
      shortName: code,
      replyTo: `${code}@example.jp`,
      fax: '000-000-0000',
      counter: '指令課',
      policy,
    });
    return { id, token: await tokenWith({ id }, SCOPES) };
  };
  const hq = await makeHq('mihon', { validity: 'P1Y' });
  const otherHq = await makeHq('betsu', { validity: 'P1Y' });
  const minutesHq = await makeHq('byou', MINUTES_POLICY);
  const owner = openDatabase(testDatabase.ownerUrl, { max: 1 });
  const vendorTokenWith = async (scopes: readonly VendorScope[]) => {
    const ownerDeps = { database: owner, clock: deps.clock };
    return (await createVendorToken(ownerDeps, { label: 'vendor', scopes, expiresAt: null })).token;
  };
  const vendorToken = await vendorTokenWith(VENDOR_SCOPES);

  const logLines: Record<string, unknown>[] = [];
  const log = createLogger('api', 'info', {
    write: (line) => void logLines.push(JSON.parse(line) as Record<string, unknown>),
  });
  const app = createApp({
    deps,
    log,
    registry: new Registry(),
    trustProxy: 0,
    ready: () =>
      deps.database.ping().then(
        () => true,
        () => false,
      ),
    webhooks,
    adminRouter: null,
    renewalRouter: Router().get('/:token', (_req, res) => void res.send('')),
  });
  const undocumented: string[] = [];
  const checked = underContract(app, undocumented);

  return {
    deps,
    app,
    hq,
    otherHq,
    minutesHq,
    vendorToken,
    logLines,
    async call(method, path, { token = hq.token, body, headers = {} } = {}) {
      const sent = request(checked)[method](path).set(headers);
      if (token !== null) sent.set('Authorization', `Bearer ${token}`);
      const answer = body === undefined ? await sent : await sent.send(body as object | string);
      if (undocumented.length > 0) throw new Error(`${method} ${path}: ${undocumented.splice(0).join('; ')}`);
      return answer;
    },
    tokenWith,
    vendorTokenWith,
    setNow: (at) => {
      now = at;
    },
    now: () => now,
    async close() {
      await owner.close();
      await database.close();
      await testDatabase.drop();
    },
  };
}

/** The application behind a validator that looks at each answer of the API; what it dislikes is gathered. */
function underContract(app: Express, undocumented: string[]): Express {
  const outer = express();
  outer.use(
    OpenApiValidator.middleware({
      apiSpec: openApiDocument(ROUTES) as Parameters<typeof OpenApiValidator.middleware>[0]['apiSpec'],
      validateRequests: false,
      validateSecurity: false,
      ignoreUndocumented: true,
      validateResponses: {
        onError: (error) => void undocumented.push(`${error.message} ${JSON.stringify(error.errors)}`),
      },
    }),
  );
  // The validator refuses methods and types it does not know itself; that is the application's to say.
  const goOn: ErrorRequestHandler = (error: { status?: number }, _req, _res, next) => {
    next([400, 404, 405, 415].includes(error.status ?? 0) ? undefined : error);
  };
  outer.use(goOn);
  outer.use(app);
  return outer;
}
