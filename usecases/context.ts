/** What every use case is given: its tools, and who asks for what tenant. */
import type { Instant } from '../domain/calendar.js';
import type { Clock } from '../platform/clock.js';
import type { KeyRing } from '../platform/keys.js';
import type { Database } from '../store/database.js';

export interface Deps {
  database: Database;
  clock: Clock;
  /** Secrets of links and return paths; the first makes, the others still open (R25). */
  keys: KeyRing;
}

/** Who acts, as it stands in the audit trail: `token:<id>`, `staff:<id>`, `vendor:<id>`, `resident`, `system`, `signal` or `operator`. */
export type Actor =
  `token:${string}` | `staff:${string}` | `vendor:${string}` | 'resident' | 'system' | 'signal' | 'operator';

/** Every command names its tenant, its actor and when it reached us (R7: arrival decides). */
export interface Command {
  fireHqId: string;
  actor: Actor;
  receivedAt: Instant;
  /** A repeat of the same key and request gets the first result; another request → `idempotency-key-reused`. */
  idempotency?: { key: string; requestHash: Buffer };
}
