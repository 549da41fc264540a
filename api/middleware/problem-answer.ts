/** The last middleware: whatever was thrown becomes problem+json, and only what nobody expected is logged as ERROR. */
import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from '../../platform/log.js';
import { isUnavailable } from '../../store/database.js';
import { RefusedError } from '../../usecases/errors.js';
import { PROBLEMS } from '../rest/problem-kinds.js';
import { ProblemError, problemJson, problemOfRefusal } from '../rest/problems.js';
import { arrivalOf } from './arrival.js';

const RETRY_AFTER_SECONDS = '5';

export function answerProblems(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    const { requestId, route } = arrivalOf(res);
    const line = { requestId, method: req.method, route, err: error };
    if (problem.code === 'internal') log.error({ event: 'request-failed', ...line });
    if (problem.code === 'unavailable') log.warn({ event: 'database-unavailable', ...line });
    sendProblem(res, problem);
  };
}

function sendProblem(res: Response, problem: ProblemError): void {
  const { requestId } = arrivalOf(res);
  res
    .status(PROBLEMS[problem.code].status)
    .set('Cache-Control', 'no-store')
    .set(problem.more.headers ?? {})
    .type('application/problem+json')
    .json(problemJson(problem, requestId));
}

function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof RefusedError) return problemOfRefusal(error.refusal, 'body');
  if (isUnavailable(error))
    return new ProblemError('unavailable', { headers: { 'Retry-After': RETRY_AFTER_SECONDS } });
  // body-parser, the router and serve-static throw http-errors; their messages may quote the body, so none is passed on.
  const { status } = (error ?? {}) as { status?: unknown };
  if (status === 413) return new ProblemError('body-too-large');
  if (status === 415) return new ProblemError('unsupported-media-type');
  if (status === 404) return new ProblemError('unknown-path');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new ProblemError('malformed-request');
  return new ProblemError('internal');
}
