/** Stories for which time cannot be skipped, on the dev server: a mail that hangs, a mail worker that is away. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { DAY } from '../../domain/calendar.js';
import type { SendResult } from '../../mail/transport.js';
import { runningWorkflows } from '../../platform/temporal.js';
import { putPolicy } from '../../usecases/policy.js';
import { requestResend } from '../../usecases/request-resend.js';
import {
  ACCOUNT_LIFECYCLE,
  LIFECYCLE_QUEUE,
  accountIdOf,
  accountWorkflowId,
} from '../../workflows/messages.js';
import { ACCEPTED, createLifeWorld } from '../support/life-world.js';
import type { LifeWorld } from '../support/life-world.js';
import { answer, ledger, sendRaw } from './stories.js';

const SECONDS_POLICY = {
  validity: 'PT12S',
  remindBefore: 'PT11S',
  reminders: { offsets: ['-PT11S', '-PT5S', 'PT4S'] },
  autoStopAfter: 'PT20S',
  retryAfterFailure: 'PT5S',
  longUnusedAfter: 'PT60S',
};

let world: LifeWorld;
beforeAll(async () => {
  world = await createLifeWorld('real');
  await putPolicy(world.deps, world.command(world.minutesHq), 1, {
    policy: SECONDS_POLICY,
    reason: 'for tests',
  });
});
afterEach(() => {
  world.answer = () => ACCEPTED;
});
afterAll(() => world.close());

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries += 1) {
    if (tries > 300) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('no mail worker: the lapse is recorded at E, a renew by hand works, and no mail of the old cycle goes', async () => {
  await world.stopMailWorker();
  const { id, mailAddress, expiresAt } = await world.register(world.minutesHq);
  await until('lapsed', async () => {
    const { status, lapseCause } = await world.account(world.minutesHq, id);
    return status === 'LAPSED' && lapseCause === 'NOT_SENT' && Date.now() > expiresAt;
  });
  await world.workflow(id).signal('renew');
  await until('renewed', async () => (await world.account(world.minutesHq, id)).cycle === 2);
  await world.startMailWorker();
  await until('a receipt', () => Promise.resolve(world.mailsTo(mailAddress).length > 0));
  expect(world.mailsTo(mailAddress)[0]?.subject).toContain('終わりました');
  const old = (await ledger(world, world.minutesHq, id)).filter(
    (mail) => mail.cycle === 1 && mail.purpose === 'REMINDER',
  );
  expect(old.every((mail) => mail.outcome !== 'ACCEPTED')).toBe(true);
});

test('R21 R23: a renewal in the middle of a send: that mail is the only one, and its link says it is done', async () => {
  let reply: ((result: SendResult) => void) | undefined;
  // Not the accounts of the stories before, which live on.
  const known = new Set(world.attempts.map(({ to }) => to));
  world.answer = ({ to }) =>
    reply === undefined && !known.has(to)
      ? new Promise((resolve) => {
          reply = resolve;
        })
      : ACCEPTED;
  const { id, mailAddress } = await world.register(world.minutesHq);
  await until('a mail hangs', () => Promise.resolve(reply !== undefined));
  await world.workflow(id).signal('renew');
  await until('renewed and thanked', async () => {
    const { cycle } = await world.account(world.minutesHq, id);
    return cycle === 2 && world.mailsTo(mailAddress).length === 2;
  });
  reply?.(ACCEPTED);
  await until('recorded', async () => (await ledger(world, world.minutesHq, id))[0]?.outcome === 'ACCEPTED');
  const [request, receipt] = world.mailsTo(mailAddress);
  expect(receipt?.subject).toContain('終わりました');
  expect(['ALREADY_RENEWED', 'OTHER_CYCLE']).toContain(
    (await answer(world, world.minutesHq, request)).outcome,
  );
});

test('R22: a resend by hand overtakes this account’s own automatic mail that hangs, and never doubles it', async () => {
  const hanging: ((result: SendResult) => void)[] = [];
  const { id, mailAddress } = await world.register(world.minutesHq);
  world.answer = (mail) =>
    hanging.length === 0 && mail.to === mailAddress
      ? new Promise((resolve) => hanging.push(resolve))
      : ACCEPTED;
  await until('a mail hangs', () => Promise.resolve(hanging.length === 1));
  await requestResend(world.deps, world.command(world.minutesHq), id, {
    when: 'now',
  });
  await until('the resend is out', async () =>
    (await ledger(world, world.minutesHq, id)).some(
      (mail) => mail.kind === 'MANUAL' && mail.outcome === 'ACCEPTED',
    ),
  );
  hanging[0]?.(ACCEPTED);
  await until(
    'both are recorded',
    async () =>
      (await ledger(world, world.minutesHq, id)).filter((mail) => mail.outcome === 'ACCEPTED').length >= 2 ||
      false,
  );
  const ids = world.mailsTo(mailAddress).map((mail) => mail.messageId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a renew by hand while a mail ends: the plan is read anew, and the receipt goes at once', async () => {
  const day = new Date(Date.now() + 60 * DAY).toISOString().slice(0, 10);
  const { id, mailAddress } = await world.register(world.hq, { expiresOn: day });
  const hanging: ((result: SendResult) => void)[] = [];
  world.answer = (mail) =>
    hanging.length === 0 && mail.to === mailAddress
      ? new Promise((resolve) => hanging.push(resolve))
      : ACCEPTED;
  await requestResend(world.deps, world.command(world.hq), id, { when: 'now' });
  await until('a mail hangs', () => Promise.resolve(hanging.length === 1));

  // The renewal's transaction waits, so that the mail's answer (and the plan as it was) comes in before it.
  const { inTenant } = world.deps.database;
  let go: (() => void) | undefined;
  world.deps.database.inTenant = async (...args) => {
    world.deps.database.inTenant = inTenant;
    await new Promise<void>((resolve) => (go = resolve));
    return inTenant(...args);
  };
  await world.workflow(id).signal('renew');
  await until('the renewal waits', () => Promise.resolve(go !== undefined));
  hanging[0]?.(ACCEPTED);
  await until('the mail has ended', async () => {
    const { events } = await world.workflow(id).fetchHistory();
    const sends = events?.filter(
      (e) => e.activityTaskScheduledEventAttributes?.activityType?.name === 'sendDue',
    );
    const ended = events?.map((e) => Number(e.activityTaskCompletedEventAttributes?.scheduledEventId));
    return ended?.includes(Number(sends?.[0]?.eventId)) === true;
  });
  go?.();
  await until('a receipt', () => Promise.resolve(world.mailsTo(mailAddress).length === 2));
  expect(world.mailsTo(mailAddress)[1]?.subject).toContain('終わりました');
});

test('the Web UI’s view: who runs is found by headquarters, also for reconcile', async () => {
  const mine = await world.register(world.hq);
  const theirs = await world.register(world.otherHq);
  const runningOf = runningWorkflows(world.client, ACCOUNT_LIFECYCLE, accountIdOf);
  await until('both are listed', async () => {
    const [a, b] = await Promise.all([runningOf('mihon'), runningOf('betsu')]);
    return a?.has(mine.id) === true && b?.has(theirs.id) === true && !a.has(theirs.id);
  });
});

test('a next step that is none, given to a run by hand: it looks for itself', async () => {
  const { id, mailAddress } = await world.register(world.minutesHq);
  for (const step of ['now', 7, [], {}, { cycle: 1, phase: 'REMINDING', mail: { key: 1 }, deed: null }]) {
    await world.workflow(id).terminate();
    await world.client.workflow.start(ACCOUNT_LIFECYCLE, {
      workflowId: accountWorkflowId(id),
      taskQueue: LIFECYCLE_QUEUE,
      args: [{ schemaVersion: 1, fireHqId: world.minutesHq, accountId: id, step }],
    });
  }
  await until('a mail', () => Promise.resolve(world.mailsTo(mailAddress).length > 0));
});

test('garbage: unreadable payloads, wrong types, unknown names, a cancel click; the life goes on', async () => {
  const { id, mailAddress } = await world.register(world.minutesHq);
  for (const name of ['look', 'resendReminder', 'withdrawal', '__temporal_unknown', 'nobody-knows-me']) {
    await sendRaw(world, id, name, '{not json');
    await sendRaw(world, id, name, 'x', 'binary/unheard-of');
    await sendRaw(world, id, name, '"text"');
    await sendRaw(world, id, name, '{"requestId":{"$gt":""}}');
    await sendRaw(world, id, name, `{"requestId":"${'y'.repeat(5_000)}"}`);
    await sendRaw(world, id, name, 'null');
  }
  await world.workflow(id).cancel();
  await until('a mail', () => Promise.resolve(world.mailsTo(mailAddress).length > 0));
  expect((await world.workflow(id).describe()).status.name).toBe('RUNNING');
  await sendRaw(world, id, 'renew', '{not json');
  await until('renewed', async () => (await world.account(world.minutesHq, id)).cycle === 2);
  await until('sleeping in a new run', async () => {
    const { raw } = await world.workflow(id).describe();
    return raw.workflowExecutionInfo?.firstRunId !== raw.workflowExecutionInfo?.execution?.runId;
  });
  expect((await world.workflow(id).describe()).status.name).toBe('RUNNING');
});
