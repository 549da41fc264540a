/**
 * One place per call of the staff site: address, who may, what its form says, and what it does are declared together, so
 * that a page without a role cannot be mounted.
 */
import type { Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import type { Action } from '../../../domain/roles.js';
import { FormRefusedError } from '../../middleware/refused-form.js';

/** `SIGNED_IN`: everybody who is signed in, about themselves alone. `VENDOR`: 運用担当, and nobody of a headquarters. */
export type Who = Action | 'SIGNED_IN' | 'VENDOR';

export interface StaffRoute {
  method: 'get' | 'post';
  /** Below /admin, as Express takes it. */
  path: string;
  who: Who;
  /** `FILE`: the handler reads the body itself, the form token in it too. */
  body: 'NONE' | 'FORM' | 'FILE';
  handle: RequestHandler;
}

type Shape = z.ZodRawShape;
type Said<S extends Shape> = z.output<z.ZodObject<S>>;

/** A page. A value in the query that makes no sense is as if it were not there, so an old link still shows something. */
export function page<Q extends Shape = Record<never, never>>(spec: {
  path: string;
  who: Who;
  query?: Q;
  handle(exchange: { query: Partial<Said<Q>>; req: Request; res: Response }): Promise<void> | void;
}): StaffRoute {
  return {
    method: 'get',
    path: spec.path,
    who: spec.who,
    body: 'NONE',
    handle: (req, res) => spec.handle({ query: sensible(spec.query, req), req, res }),
  };
}

/** A form. Its fields have a shape; what they mean is checked by the use case, which tells the faults of each field. */
export function form<F extends Shape>(spec: {
  path: string;
  who: Who;
  fields: F;
  handle(exchange: { fields: Said<F>; req: Request; res: Response }): Promise<void> | void;
}): StaffRoute {
  const shape = z.object(spec.fields);
  return {
    method: 'post',
    path: spec.path,
    who: spec.who,
    body: 'FORM',
    handle: (req, res) => {
      const fields = shape.safeParse(req.body ?? {});
      if (!fields.success) throw new FormRefusedError(400);
      return spec.handle({ fields: fields.data, req, res });
    },
  };
}

function sensible<Q extends Shape>(query: Q | undefined, req: Request): Partial<Said<Q>> {
  const said: Record<string, unknown> = {};
  for (const [name, shape] of Object.entries(query ?? {})) {
    const value = z.safeParse(shape as z.ZodType, req.query[name]);
    if (value.success) said[name] = value.data;
  }
  return said as Partial<Said<Q>>;
}

const MOST_LETTERS = 20_000;
const raw = z.string().max(MOST_LETTERS).default('');

/** One line as it was typed, without control characters, which no database takes. Left out: empty. */
export const line = raw.transform((text) => text.replace(/\p{Cc}/gu, '').trim());

/** Several lines; only line feeds are kept of the control characters. */
export const lines = raw.transform((text) =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\n\P{Cc}]/gu, '')
    .trim(),
);

/** One of several words; left out or empty: undefined. */
export const choice = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.preprocess((text) => (text === '' ? undefined : text), z.enum(words).optional());

/** A box that may be ticked. */
export const ticked = z
  .string()
  .optional()
  .transform((value) => value === 'yes');

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
export const uuid = z.string().regex(UUID);

/** Boxes of one name, ticked for several people. */
export const uuids = z.preprocess(
  (value): unknown => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
  z.array(uuid).max(1000),
);

/** From <Once/>: the same form sent twice has one effect. */
export const once = z.string().regex(UUID);
