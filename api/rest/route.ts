/**
 * One place per call: path, scope, shapes and deed are declared together, so that authentication, validation and the
 * OpenAPI document cannot drift apart.
 */
import type { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Scope, VendorScope } from '../../domain/scopes.js';
import type { Command, Deps } from '../../usecases/context.js';
import type { ReportDeps } from '../../usecases/record-report.js';
import type { TellReport } from '../report-watch.js';
import type { ProblemCode } from './problem-kinds.js';
import { z } from './zod.js';

export interface ApiDeps extends Deps, ReportDeps {}

/** What a handler is given; everything in it has been checked. */
export interface Exchange<Params, Query, Body, Headers> {
  deps: ApiDeps;
  /** To be told of each report that was recorded. */
  tellReport: TellReport;
  /** Empty on calls of the vendor alone, which belong to no headquarters. */
  fireHqId: string;
  params: Params;
  query: Query;
  body: Body;
  headers: Headers;
  /** The body as it came; only on routes with `rawBody`. */
  raw: Buffer;
  /** A token of the vendor asks. */
  byVendor: boolean;
  /** For use cases that write. */
  command: Command;
  /** What If-Match names; only on routes with `ifMatch`. */
  expectedVersion: number;
}

export interface Answer {
  status: number;
  /** Absent: no content. */
  body?: unknown;
  headers?: Record<string, string>;
}

interface AnswerSpec {
  description: string;
  schema?: z.ZodType;
  headers?: readonly ('ETag' | 'Location')[];
}

type Shape = z.ZodObject;

interface RouteSpec<Params extends Shape, Query extends Shape, Body extends Shape, Headers extends Shape> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /v1, with `{names}`. */
  path: string;
  operationId: string;
  tag: string;
  /** null: a call of the vendor alone, about no headquarters. */
  scope: Scope | null;
  /** With this scope a vendor's token may call, naming the headquarters by the query's `fireHq` where there is one. */
  vendorScope: VendorScope | null;
  /** Calls a minute of each of the vendor's tokens, counted with all routes that share it, whatever is asked or answered. */
  vendorLimit: RateLimiterMemory | null;
  summary: string;
  description?: string;
  params: Params;
  query: Query;
  /** The body's shape; null for calls without one. */
  body: Body | null;
  /** Media types of the body besides application/json. */
  bodyTypes: readonly string[];
  /** A body that is taken as it comes, instead of JSON. */
  rawBody: RawBody | null;
  /** Headers of this call alone, by their names in lower case. */
  headers: Headers;
  ifMatch: boolean;
  idempotencyKey: boolean;
  /** Problems of this call besides those that every call of its kind may meet. */
  problems: readonly ProblemCode[];
  answers: Record<number, AnswerSpec>;
  handler(
    exchange: Exchange<z.output<Params>, z.output<Query>, z.output<Body>, z.output<Headers>>,
  ): Promise<Answer>;
}

export interface RawBody {
  type: string;
  /** In bytes. */
  largest: number;
  description: string;
}

export type Route = RouteSpec<Shape, Shape, Shape, Shape>;

const nothing = z.strictObject({});
type Nothing = typeof nothing;

type Declared<Params extends Shape, Query extends Shape, Body extends Shape, Headers extends Shape> = Pick<
  RouteSpec<Params, Query, Body, Headers>,
  'method' | 'path' | 'operationId' | 'tag' | 'scope' | 'summary' | 'answers' | 'handler'
> &
  Partial<RouteSpec<Params, Query, Body, Headers>>;

export function defineRoute<
  Params extends Shape = Nothing,
  Query extends Shape = Nothing,
  Body extends Shape = Nothing,
  Headers extends Shape = Nothing,
>(spec: Declared<Params, Query, Body, Headers>): Route {
  return {
    vendorScope: null,
    vendorLimit: null,
    params: nothing,
    query: nothing,
    body: null,
    bodyTypes: [],
    rawBody: null,
    headers: nothing,
    ifMatch: false,
    idempotencyKey: false,
    problems: [],
    ...spec,
  };
}
