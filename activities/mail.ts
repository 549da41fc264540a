/** The activity on the mail queue: one SMTP attempt, whose outcome stands in the ledger. */
import { Context } from '@temporalio/activity';
import type { AccountRef } from '../usecases/life-events.js';
import type { LifeStep } from '../usecases/life-step.js';
import type { MailDeps } from '../usecases/send-mail.js';
import { sendDue } from '../usecases/send-mail.js';
import { guarded, nowOf } from './context.js';

/** Well below the activity's heartbeat time-out. */
const ALIVE_EVERY_MS = 5_000;

export type MailActivities = ReturnType<typeof createMailActivities>;

export function createMailActivities(deps: MailDeps) {
  return {
    /** `key`: the mail's name in the account's ledger. Returns what is next; null when there is no such account. */
    sendDue: (ref: AccountRef, key: string): Promise<LifeStep | null> =>
      guarded(() => whileAlive(() => sendDue(deps, ref, key, nowOf(deps.clock)))),
  };
}

/** A mail server may take a minute; a process that died meanwhile must be noticed sooner. */
async function whileAlive<T>(work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), ALIVE_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
