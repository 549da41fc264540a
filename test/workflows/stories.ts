/** What the stories of a life tell and ask again and again. */
import type { LifeWorld, SentMail } from '../support/life-world.js';
import { findLink } from '../../usecases/open-link.js';
import type { LinkOutcome } from '../../usecases/renew-account.js';
import { renewByLink } from '../../usecases/renew-account.js';
import { readReminders } from '../../usecases/read-account.js';
import type { ReminderView } from '../../usecases/views.js';

/** Opens the mail's link and answers ①. */
export async function answer(
  world: LifeWorld,
  fireHqId: string,
  mail: SentMail | undefined,
): Promise<LinkOutcome> {
  const token = /\/r\/([\w-]+)/.exec(mail?.text ?? '')?.[1];
  if (token === undefined) throw new Error('this mail has no link');
  const link = await findLink(world.deps, token);
  if (link === null) throw new Error('the link is not known');
  const outcome = await renewByLink(world.deps, { ...world.command(fireHqId), actor: 'resident' }, link);
  await world.settle();
  return outcome;
}

/** Oldest first. */
export async function ledger(world: LifeWorld, fireHqId: string, accountId: string): Promise<ReminderView[]> {
  const { items } = await readReminders(world.deps, fireHqId, accountId, { limit: 200 });
  return items.reverse();
}

/** How many events the account's runs have written so far, oldest run first. */
export async function eventsPerRun(world: LifeWorld, accountId: string): Promise<number[]> {
  const runs: number[] = [];
  let runId: string | undefined;
  for (;;) {
    const handle = world.client.workflow.getHandle(world.workflow(accountId).workflowId, runId);
    const { events } = await handle.fetchHistory();
    runs.unshift(events?.length ?? 0);
    const earlier = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    if (!earlier) return runs;
    runId = earlier;
  }
}

/** What stands in the history of the account's present run, in order. */
export async function eventTypes(world: LifeWorld, accountId: string): Promise<unknown[]> {
  const { events } = await world.workflow(accountId).fetchHistory();
  return (events ?? []).map(({ eventType }) => eventType);
}

/** The audit trail's actions about an account, oldest first. */
export async function actions(world: LifeWorld, fireHqId: string, accountId: string): Promise<string[]> {
  return world.deps.database.inTenant(fireHqId, async (tx) => {
    const rows = await tx.query<{ action: string }>(
      'SELECT action FROM audit_event WHERE account_id = $1 ORDER BY id',
      [accountId],
    );
    return rows.map((row) => row.action);
  });
}

/** As the command line or a broken client could send it. */
export async function sendRaw(
  world: LifeWorld,
  accountId: string,
  signalName: string,
  data: string | null,
  encoding = 'json/plain',
): Promise<void> {
  await world.client.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: world.workflow(accountId).workflowId },
    signalName,
    input: {
      payloads:
        data === null ? [] : [{ metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data) }],
    },
  });
}
