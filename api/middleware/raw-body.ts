/** Bodies that are taken as they come, of one media type and bounded. Runs after authentication, as readJson. */
import express from 'express';
import type { RequestHandler } from 'express';
import { ProblemError } from '../rest/problems.js';

export function readRaw({ type, largest }: { type: string; largest: number }): RequestHandler {
  const parse = express.raw({ limit: largest, type: () => true });
  return (req, res, next) => {
    const mediaType = req.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
    if (mediaType !== type) throw new ProblemError('unsupported-media-type', { detail: `Send \`${type}\`.` });
    parse(req, res, (error?: unknown) => {
      if (error === undefined && !(Buffer.isBuffer(req.body) && req.body.length > 0)) {
        next(new ProblemError('malformed-request', { detail: 'The body is empty.' }));
        return;
      }
      next(error);
    });
  };
}
