/**
 * Names that workflows, worker, relay and operator share. Never rename one: thousands of runs sleep under them.
 * No Temporal package here, so that the API can import it.
 */

/** The workflow of one account; its function bears the same name. */
export const ACCOUNT_LIFECYCLE = 'accountLifecycle';
/** Hourly over all accounts; its function bears the same name. */
export const RECONCILE_FLEET = 'reconcileFleet';

/** Workflow tasks and everything that only touches the database. */
export const LIFECYCLE_QUEUE = 'account-lifecycle';
/** Activities that send mail: a worker, a rate and priorities of their own. */
export const MAIL_QUEUE = 'mail';

/** Signals. `look` only wakes; the others do the whole job and need no input (optional: `{"requestId": "…"}`). */
export const SIGNALS = {
  look: 'look',
  renew: 'renew',
  resendReminder: 'resendReminder',
  withdraw: 'withdraw',
} as const;

/** What a run is given: ids only. Everything else is in the database. */
export interface AccountLifecycleState {
  schemaVersion: 1;
  fireHqId: string;
  accountId: string;
  /** The run before knows what is next; absent in the first run of an account, which looks. */
  step?: unknown;
}

const ID_PREFIX = 'account:';

/** Account ids come from the database only: a typed one would start a workflow without an account. */
export function accountWorkflowId(accountId: string): string {
  return `${ID_PREFIX}${accountId}`;
}

/** Null when the id is none of ours. */
export function accountIdOf(workflowId: string): string | null {
  return workflowId.startsWith(ID_PREFIX) ? workflowId.slice(ID_PREFIX.length) : null;
}
