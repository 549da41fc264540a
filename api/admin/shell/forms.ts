/** Forms of the staff site: of our own pages only, of the one type we can read. */
import express from 'express';
import type { RequestHandler } from 'express';
import { FormRefusedError } from '../../middleware/refused-form.js';

/** A thousand ticked boxes, or a long note. */
const MOST_BYTES = 128 * 1024;
const MOST_FIELDS = 2_000;

/** Browsers say where a form comes from; what says nothing is held by the token in the form. */
export const ownFormsOnly: RequestHandler = (req, _res, next) => {
  const site = req.get('sec-fetch-site');
  const origin = req.get('origin');
  const foreignSite = site !== undefined && site !== 'same-origin' && site !== 'none';
  const foreignOrigin = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== req.host);
  if (foreignSite || foreignOrigin) throw new FormRefusedError(403);
  next();
};

const parse = express.urlencoded({ extended: false, limit: MOST_BYTES, parameterLimit: MOST_FIELDS });

/** Express would leave another type unread and go on. */
export const readForm: RequestHandler = (req, res, next) => {
  if (req.is('urlencoded') === false) throw new FormRefusedError(415);
  parse(req, res, next);
};
