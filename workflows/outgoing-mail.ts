/** One mail on its way through the mail queue, where it may wait long: the loop goes on meanwhile. */
import { ActivityCancellationType, CancellationScope, proxyActivities } from '@temporalio/workflow';
import type { LifeStep } from '../activities/account.js';
import type { MailActivities } from '../activities/mail.js';
import type { AccountLifecycleState } from './messages.js';
import { MAIL_QUEUE } from './messages.js';

/** What falls due sooner than this is waited for with a timer; for what is later the mail comes back by itself. */
export const NEAR = 2 * 60 * 60_000;

// One SMTP attempt: what it did stands in the ledger, also when its answer is lost. Retries are steps of the plan.
const mail = proxyActivities<MailActivities>({
  taskQueue: MAIL_QUEUE,
  startToCloseTimeout: '90 seconds',
  // A worker that was killed in the middle of a send: the account's other mails need not wait for that one's end.
  heartbeatTimeout: '20 seconds',
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { maximumAttempts: 1 },
});

export interface OutgoingMail {
  readonly key: string;
  readonly priority: number;
  readonly done: boolean;
  /** Once done: what is next; null when the answer was lost. */
  readonly next: LifeStep | null;
  /** Takes it out of the queue; if it is being sent already, the ledger's lease keeps others away. */
  cancel(): void;
}

/** `awaited` is the next instant at which the loop has something else to do; Infinity: never. */
export function sendMail(
  state: AccountLifecycleState,
  { key, priority }: { key: string; priority: number },
  awaited: number,
): OutgoingMail {
  const scope = new CancellationScope();
  const outgoing = {
    key,
    priority,
    done: false,
    next: null as LifeStep | null,
    cancel: () => scope.cancel(),
  };
  const ahead = awaited - Date.now();
  const options = {
    summary: key,
    priority: { priorityKey: priority },
    ...(ahead > NEAR && ahead < Infinity ? { scheduleToStartTimeout: ahead - NEAR / 2 } : {}),
  };
  const end = (next: LifeStep | null) => {
    outgoing.done = true;
    outgoing.next = next;
  };
  void scope.run(() => mail.sendDue.executeWithOptions(options, [state, key])).then(end, () => end(null));
  return outgoing;
}
