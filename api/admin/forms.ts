/** Forms of the staff site: of our own pages only, of the one type we can read. */
import express from 'express';
import type { Request, RequestHandler } from 'express';
import { FormRefusedError } from '../middleware/refused-form.js';

const MOST_BYTES = 64 * 1024;

/** Browsers say where a form comes from; what says nothing is held by the token in the form. */
export const ownFormsOnly: RequestHandler = (req, _res, next) => {
  const site = req.get('sec-fetch-site');
  const origin = req.get('origin');
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  const foreignOrigin = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== req.host);
  if (foreignSite || foreignOrigin) throw new FormRefusedError(403);
  next();
};

const parse = express.urlencoded({ extended: false, limit: MOST_BYTES });

/** Express would leave another type unread and go on. */
export const readForm: RequestHandler = (req, res, next) => {
  if (req.is('urlencoded') === false) throw new FormRefusedError(415);
  parse(req, res, next);
};

/** One field, without control characters, which no database takes; empty when it is not there or comes twice. */
export function textOf(req: Request, name: string): string {
  const value = (req.body as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value.replace(/\p{Cc}/gu, '') : '';
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}
