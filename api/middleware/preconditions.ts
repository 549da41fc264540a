/** The two headers that make writing safe: If-Match and Idempotency-Key. */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import type { Command } from '../../usecases/context.js';
import { ProblemError } from '../rest/problems.js';

export function etagOf(version: number): string {
  return `"${version}"`;
}

/** The version that If-Match names. A tag that is none of ours names a version that never was. */
export function expectedVersion(req: Request): number {
  const given = req.headers['if-match']?.trim();
  if (given === undefined || given === '') throw new ProblemError('precondition-required');
  const ours = /^"(\d{1,9})"$/.exec(given);
  if (ours) return Number(ours[1]);
  if (/^(W\/)?"[\x21\x23-\x7e]*"$/.test(given)) return -1;
  throw new ProblemError('malformed-request', {
    errors: [
      {
        field: 'If-Match',
        code: 'malformed',
        message: 'If-Match must be one ETag as it was given, like "3".',
      },
    ],
  });
}

/**
 * The key and what it stands for: method, route, ids in the path, and the body with its names in order. So a repeat may
 * be written differently, but not say something else.
 */
export function idempotency(req: Request, route: string): Command['idempotency'] {
  const key = req.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new ProblemError('malformed-request', {
      errors: [
        {
          field: 'Idempotency-Key',
          code: 'malformed',
          message: 'Idempotency-Key must be 1 to 200 visible ASCII characters.',
        },
      ],
    });
  }
  const said = [req.method, route, canonical(req.params), canonical(req.body)].join('\n');
  return { key, requestHash: createHash('sha256').update(said, 'utf8').digest() };
}

/** JSON with the names of each object sorted. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
