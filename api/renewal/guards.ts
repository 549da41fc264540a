/** What stands before the page: our headers, and forms only from our own pages and of the one type we can read. */
import express from 'express';
import type { Request, RequestHandler } from 'express';
import { FormRefusedError } from '../middleware/refused-form.js';
import { setPageHeaders } from './layout.js';

/** 1,000 characters, percent-encoded, and all the rest of the form several times over. */
const MOST_BYTES = 64 * 1024;

export const pageHeaders: RequestHandler = (_req, res, next) => {
  setPageHeaders(res);
  next();
};

/**
 * The link itself is the secret, so a foreign page has nothing to send; still, what says that it comes from elsewhere is
 * refused. Old phones and mail apps say nothing, and our own `no-referrer` makes browsers say `Origin: null`: both pass.
 */
export const ownFormsOnly: RequestHandler = (req, _res, next) => {
  if (isForeign(req)) throw new FormRefusedError(403);
  next();
};

function isForeign(req: Request): boolean {
  const site = req.get('sec-fetch-site');
  if (site !== undefined) return site === 'cross-site' || site === 'same-site';
  const origin = req.get('origin');
  if (origin === undefined || origin === 'null') return false;
  return !URL.canParse(origin) || new URL(origin).host !== req.host;
}

const parse = express.urlencoded({ extended: false, limit: MOST_BYTES });

/** No body at all is a form without a choice. Express would leave another type unread and go on. */
export const readForm: RequestHandler = (req, res, next) => {
  const { 'content-length': length, 'transfer-encoding': chunked } = req.headers;
  const isEmpty = chunked === undefined && Number(length ?? 0) === 0;
  if (!isEmpty && req.is('urlencoded') === false) throw new FormRefusedError(415);
  parse(req, res, next);
};
