/** JSON bodies of at most 256 KB, and nothing else. Runs after authentication, so strangers cannot make us read. */
import express from 'express';
import type { RequestHandler } from 'express';
import { ProblemError } from '../rest/problems.js';

const MAX_BYTES = 256 * 1024;

/**
 * No body at all is read as `{}`, so that a call whose fields are all optional needs none. Express leaves the body
 * undefined when the type is another one and goes on; that is refused here.
 */
export function readJson(types: readonly string[]): RequestHandler {
  const parse = express.json({ limit: MAX_BYTES, type: () => true, strict: true });
  return (req, res, next) => {
    const { 'content-type': given, 'content-length': length, 'transfer-encoding': chunked } = req.headers;
    const isEmpty = chunked === undefined && Number(length ?? 0) === 0;
    const mediaType = given?.split(';')[0]?.trim().toLowerCase();
    if (mediaType === undefined ? !isEmpty : !types.includes(mediaType))
      throw new ProblemError('unsupported-media-type');
    parse(req, res, (error?: unknown) => {
      req.body ??= {};
      next(error);
    });
  };
}
