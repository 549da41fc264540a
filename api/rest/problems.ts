/** Refusals and faults → the problem that is answered. */
import type { FieldFault, Refusal } from '../../usecases/errors.js';
import type { ProblemCode } from './problem-kinds.js';
import { PROBLEMS } from './problem-kinds.js';
import { iso } from './scalars.js';
import { z } from './zod.js';

/** Thrown anywhere below a request; becomes the answer. `detail` and `more` hold no personal data. */
export class ProblemError extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly more: { detail?: string; errors?: FieldFault[]; headers?: Record<string, string> } & Extras = {},
  ) {
    super(code);
    this.name = 'ProblemError';
  }
}

interface Extras {
  currentVersion?: number;
  nextAllowedAt?: string;
  lastRequestedAt?: string;
  windowOpensAt?: string;
  undoableUntil?: string;
  accountStatus?: string;
}

/** A use case's refusal as a problem; `where` the request's own faults lie decides between 422 and 400. */
export function problemOfRefusal(refusal: Refusal, where: 'body' | 'query'): ProblemError {
  switch (refusal.code) {
    case 'validation':
      return new ProblemError(where === 'body' ? 'validation' : 'malformed-request', {
        errors: refusal.fields,
      });
    case 'version-conflict':
      return new ProblemError(refusal.code, { currentVersion: refusal.currentVersion });
    case 'resend-too-soon':
    case 'check-mail-too-soon':
      return new ProblemError(refusal.code, { nextAllowedAt: iso(refusal.nextAllowedAt) });
    case 'resend-needs-confirm':
      return new ProblemError(refusal.code, { lastRequestedAt: iso(refusal.lastRequestedAt) });
    case 'resend-not-in-this-status':
      return new ProblemError(refusal.code, {
        accountStatus: refusal.status,
        windowOpensAt: iso(refusal.windowOpensAt),
      });
    case 'renewal-too-early':
      return new ProblemError(refusal.code, { windowOpensAt: iso(refusal.windowOpensAt) });
    case 'withdrawal-undo-too-late':
      return new ProblemError(refusal.code, { undoableUntil: iso(refusal.undoableUntil) });
    default:
      return new ProblemError(refusal.code);
  }
}

export const problemSchema = z
  .object({
    type: z.string().openapi({ description: '`/problems/<code>`; stable.', example: '/problems/validation' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    requestId: z.string().openapi({ description: 'As in the X-Request-Id header; tell it to support.' }),
    errors: z
      .array(z.object({ field: z.string(), code: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: 'One entry per fault; `field` is a path like `emergencyContacts[0].name`.' }),
    currentVersion: z.int().optional(),
    nextAllowedAt: z.string().optional().openapi({ format: 'date-time' }),
    lastRequestedAt: z.string().optional().openapi({ format: 'date-time' }),
    windowOpensAt: z.string().optional().openapi({ format: 'date-time' }),
    undoableUntil: z.string().optional().openapi({ format: 'date-time' }),
    accountStatus: z.string().optional(),
  })
  .openapi('Problem', { description: 'RFC 9457 problem details.' });

export function problemJson(problem: ProblemError, requestId: string): z.infer<typeof problemSchema> {
  const { status, title, help } = PROBLEMS[problem.code];
  const { detail, headers: _headers, ...extras } = problem.more;
  return { type: `/problems/${problem.code}`, title, status, detail: detail ?? help, requestId, ...extras };
}
