/**
 * The closed set of ways in which a command can be refused. Edges (REST, pages, activities) render them; nothing here
 * carries a name or an address, because messages may be logged.
 */

/** One wrong field, with a message that says how to mend it. */
export interface FieldFault {
  field: string;
  code: string;
  message: string;
}

export type Refusal =
  | { code: 'not-found' }
  | { code: 'validation'; fields: FieldFault[] }
  /** If-Match names another version than the present one. */
  | { code: 'version-conflict'; currentVersion: number }
  | { code: 'registration-number-taken' }
  /** The same Idempotency-Key came with another body. */
  | { code: 'idempotency-key-reused' }
  /** R22. Instants are epoch ms. */
  | { code: 'resend-too-soon'; nextAllowedAt: number }
  | { code: 'resend-needs-confirm'; lastRequestedAt: number }
  | { code: 'resend-already-waiting' }
  | { code: 'resend-not-in-this-status'; status: string; windowOpensAt: number }
  /** R19: a check mail; instants are epoch ms. */
  | { code: 'check-mail-too-soon'; nextAllowedAt: number }
  | { code: 'check-mail-already-waiting' }
  /** R19: replaced, taken back, not answered in time, or by now the present one. */
  | { code: 'pending-address-ended' }
  /** R8: before the window without `early`; the window's opening is told. */
  | { code: 'renewal-too-early'; windowOpensAt: number }
  | { code: 'renewal-nothing-gained' }
  /** R39: it was renewed or corrected meanwhile, so what was looked at is no longer so. */
  | { code: 'expiry-changed' }
  /** R36: somebody else held or released the person since the page was shown. */
  | { code: 'hold-changed' }
  | { code: 'account-withdrawn' }
  | { code: 'account-not-withdrawn' }
  /** R15: 30 days are over. */
  | { code: 'withdrawal-undo-too-late'; undoableUntil: number }
  /** R12: date-based ↔ time-based while the HQ has accounts. */
  | { code: 'policy-basis-in-use' }
  | { code: 'request-already-closed' }
  /** 職員. */
  | { code: 'staff-refused'; why: StaffRefusal };

export type StaffRefusal =
  /** Nobody does it to oneself; a colleague, or the operator, can. */
  | 'own-account'
  /** Nobody would be left who can manage. */
  | 'last-manager'
  /** Somebody else changed the person since the page was shown. */
  | 'staff-changed'
  | 'not-a-manager'
  /** The actor may not, or not any more. */
  | 'not-allowed';

export type RefusalCode = Refusal['code'];

export class RefusedError extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
    this.name = 'RefusedError';
  }
}

export function refuse(refusal: Refusal): never {
  throw new RefusedError(refusal);
}

export function isRefused<C extends RefusalCode>(
  error: unknown,
  code: C,
): error is RefusedError & { refusal: Extract<Refusal, { code: C }> } {
  return error instanceof RefusedError && error.refusal.code === code;
}
