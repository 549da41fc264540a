/**
 * One place per call: path, scope, shapes and deed are declared together, so that authentication, validation and the
 * OpenAPI document cannot drift apart.
 */
import type { Scope, VendorScope } from '../../domain/scopes.js';
import type { Command, Deps } from '../../usecases/context.js';
import type { ProblemCode } from './problem-kinds.js';
import { z } from './zod.js';

/** What a handler is given; everything in it has been checked. */
export interface Exchange<Params, Query, Body> {
  deps: Deps;
  fireHqId: string;
  params: Params;
  query: Query;
  body: Body;
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

interface RouteSpec<Params extends Shape, Query extends Shape, Body extends Shape> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /v1, with `{names}`. */
  path: string;
  operationId: string;
  tag: string;
  scope: Scope;
  /** With this scope a vendor's token may call too, naming the headquarters by the query's `fireHq`. */
  vendorScope: VendorScope | null;
  summary: string;
  description?: string;
  params: Params;
  query: Query;
  /** The body's shape; null for calls without one. */
  body: Body | null;
  /** Media types of the body besides application/json. */
  bodyTypes: readonly string[];
  ifMatch: boolean;
  idempotencyKey: boolean;
  /** Problems of this call besides those that every call of its kind may meet. */
  problems: readonly ProblemCode[];
  answers: Record<number, AnswerSpec>;
  handler(exchange: Exchange<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<Answer>;
}

export type Route = RouteSpec<Shape, Shape, Shape>;

const nothing = z.strictObject({});
type Nothing = typeof nothing;

type Declared<Params extends Shape, Query extends Shape, Body extends Shape> = Pick<
  RouteSpec<Params, Query, Body>,
  'method' | 'path' | 'operationId' | 'tag' | 'scope' | 'summary' | 'answers' | 'handler'
> &
  Partial<RouteSpec<Params, Query, Body>>;

export function defineRoute<
  Params extends Shape = Nothing,
  Query extends Shape = Nothing,
  Body extends Shape = Nothing,
>(spec: Declared<Params, Query, Body>): Route {
  return {
    vendorScope: null,
    params: nothing,
    query: nothing,
    body: null,
    bodyTypes: [],
    ifMatch: false,
    idempotencyKey: false,
    problems: [],
    ...spec,
  };
}
