/** The activity on the mail queue: one SMTP attempt, whose outcome stands in the ledger. */
import type { AccountRef } from '../usecases/life-events.js';
import type { LifeStep } from '../usecases/life-step.js';
import type { MailDeps } from '../usecases/send-mail.js';
import { sendDue } from '../usecases/send-mail.js';
import { guarded, nowOf } from './context.js';

export type MailActivities = ReturnType<typeof createMailActivities>;

export function createMailActivities(deps: MailDeps) {
  return {
    /** `key`: the mail's name in the account's ledger. Returns what is next; null when there is no such account. */
    sendDue: (ref: AccountRef, key: string): Promise<LifeStep | null> =>
      guarded(() => sendDue(deps, ref, key, nowOf(deps.clock))),
  };
}
