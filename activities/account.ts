/** Activities on the lifecycle queue: the database on one side, the workflow's next step on the other. */
import { createHash } from 'node:crypto';
import type { Command, Deps } from '../usecases/context.js';
import type { AccountRef } from '../usecases/life-events.js';
import { lookAt, recordAutoStop, recordLapse } from '../usecases/life-events.js';
import { renewBySignal } from '../usecases/renew-account.js';
import { resendBySignal } from '../usecases/request-resend.js';
import { withdrawBySignal } from '../usecases/withdraw-account.js';
import type { LifeStep } from '../usecases/life-step.js';
import { guarded, nowOf } from './context.js';

export type { LifeStep };
export type AccountActivities = ReturnType<typeof createAccountActivities>;

/** Each is idempotent; null everywhere means that there is no such account. */
export function createAccountActivities(deps: Deps) {
  const now = () => nowOf(deps.clock);
  return {
    loadPlan: (ref: AccountRef) => guarded(() => lookAt(deps, ref, now())),
    recordLapse: (ref: AccountRef) => guarded(() => recordLapse(deps, ref, now())),
    recordAutoStop: (ref: AccountRef) => guarded(() => recordAutoStop(deps, ref, now())),
    /** The `renew` signal (architecture: dated when handled). */
    renew: (ref: AccountRef, requestId: string) =>
      guarded(async () => {
        await renewBySignal(deps, commandOf(ref, now(), `renew:${requestId}`), ref.accountId);
      }),
    /** The `resendReminder` signal. */
    resendReminder: (ref: AccountRef, requestId: string) =>
      guarded(async () => {
        await resendBySignal(deps, commandOf(ref, now(), `resend:${requestId}`), ref.accountId, requestId);
      }),
    /** The `withdraw` signal. */
    withdraw: (ref: AccountRef, requestId: string) =>
      guarded(async () => {
        await withdrawBySignal(deps, commandOf(ref, now(), `withdraw:${requestId}`), ref.accountId);
      }),
  };
}

/** The request id makes an activity that runs twice do its work once; it is kept like an Idempotency-Key. */
function commandOf({ fireHqId, accountId }: AccountRef, receivedAt: number, request: string): Command {
  const key = `signal:${accountId}:${request}`;
  return {
    fireHqId,
    actor: 'signal',
    receivedAt,
    idempotency: { key, requestHash: createHash('sha256').update(key).digest() },
  };
}
