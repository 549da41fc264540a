/**
 * The life of one account: sleep until the window opens, remind until renewal or the stop day, mark the lapse, then wait
 * for staff. What is due, and when, the activities compute from the database; this waits, and keeps the order. Runs
 * sleep here for years: what it does in which order changes only through `patched()`.
 */
import {
  ActivityFailure,
  CancellationScope,
  condition,
  continueAsNew,
  proxyActivities,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { AccountActivities, LifeStep } from '../activities/account.js';
import { carriedStep } from './carried-step.js';
import { receiveHandSignals } from './hand-signals.js';
import type { HandCommand, HandSignals } from './hand-signals.js';
import type { AccountLifecycleState } from './messages.js';
import { NEAR, sendMail } from './outgoing-mail.js';
import type { OutgoingMail } from './outgoing-mail.js';
import { createPauses } from './pauses.js';
import { showPhase } from './phase.js';

/** Plans may reach decades ahead; no timer of ours does. */
const LONGEST_WAIT = 365 * 24 * 60 * 60_000;
/** Past this many events a run hands over to a fresh one. */
const LONG_HISTORY = 1_000;

// Tried without end: the database may be away for hours, and then there is nothing to do but to wait for it.
const account = proxyActivities<AccountActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

export async function accountLifecycle(state: AccountLifecycleState): Promise<void> {
  const signals = receiveHandSignals();
  const { step, ...ref } = state;
  // A click on "Request Cancellation" must not end an account's life.
  await CancellationScope.nonCancellable(() => live(ref, carriedStep(step), signals));
}

async function live(
  state: AccountLifecycleState,
  handedOver: LifeStep | null,
  signals: HandSignals,
): Promise<void> {
  const pauses = createPauses();
  let step = handedOver;
  let firstStep: LifeStep | null = null;
  let outgoing: OutgoingMail | null = null;
  // Something else was done while the mail was on its way: what its answer says of the plan may be older than that.
  let overtaken = false;
  for (;;) {
    const command = signals.nextCommand();
    if (command) {
      await obey(state, command);
      step = null;
      overtaken = true;
    }
    if (outgoing?.done) {
      const { key, next }: OutgoingMail = outgoing;
      noteProgress(key, next === null || isMailDue(next, key));
      step = overtaken ? null : next;
      outgoing = null;
    }
    if (signals.takeWake() || step === null) {
      step = await account.loadPlan(state);
      // No such account: a workflow that somebody started by hand.
      if (step === null) return;
      overtaken = true;
    }
    firstStep ??= step;
    showPhase(step);

    const { deed, mail }: LifeStep = step;
    const deedAt = deed ? pauses.notBefore(deed.do, deed.at) : Infinity;
    const mailAt = mail ? pauses.notBefore(mail.key, mail.at) : Infinity;
    if (deed && deedAt <= Date.now()) {
      if (deed.do === 'end') return await lastLook(state);
      step = await account[deed.do](state);
      overtaken = true;
      noteProgress(deed.do, step !== null && isDeedDue(step, deed.do));
    } else if (mail && mailAt <= Date.now() && mayOvertake(mail, outgoing)) {
      outgoing?.cancel();
      outgoing = sendMail(state, mail, deedAt);
      overtaken = false;
    } else {
      if (!outgoing && !signals.waiting() && mayHandOver(step, firstStep))
        await continueAsNew({ ...state, step });
      await waitFor(outgoing ? deedAt : Math.min(deedAt, mailAt), step.summary);
    }
  }

  function noteProgress(task: string, stillDue: boolean): void {
    if (stillDue) pauses.after(task);
    else pauses.clear();
  }

  async function waitFor(at: number, summary: string): Promise<void> {
    const moved = () => signals.waiting() || outgoing?.done === true;
    const ahead = at - Date.now();
    if (at === Infinity || (outgoing && ahead > NEAR)) await condition(moved);
    else await condition(moved, Math.min(LONGEST_WAIT, Math.max(1, ahead)), { summary });
  }
}

/** The use case says in the audit trail what came of it. One that is refused for good changes nothing, here neither. */
async function obey(state: AccountLifecycleState, { name, requestId }: HandCommand): Promise<void> {
  try {
    await account[name](state, requestId ?? uuid4());
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
  }
}

/** 廃止, and the 30 days of undo are over. An undo at the last moment starts a run anew through the relay. */
async function lastLook(state: AccountLifecycleState): Promise<void> {
  const step = await account.loadPlan(state);
  if (step !== null && step.deed?.do !== 'end') await continueAsNew(state);
}

/** One mail at a time, but what people wait for overtakes this account's own automatic mail in the queue. */
function mayOvertake(next: { key: string; priority: number }, outgoing: OutgoingMail | null): boolean {
  return outgoing === null || (outgoing.key !== next.key && next.priority < outgoing.priority);
}

function isMailDue(step: LifeStep, key: string): boolean {
  return step.mail?.key === key && step.mail.at <= Date.now();
}

function isDeedDue({ deed }: LifeStep, name: string): boolean {
  return deed?.do === name && deed.at <= Date.now();
}

/** A fresh run for a new cycle, after the stop day, and before the history grows long. */
function mayHandOver(step: LifeStep, first: LifeStep): boolean {
  const stopped = step.phase === 'STOPPED' && first.phase !== 'STOPPED';
  return step.cycle !== first.cycle || stopped || workflowInfo().historyLength >= LONG_HISTORY;
}
