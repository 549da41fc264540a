/** What a mail says, from the account's facts at the moment of sending (R23's lapse wording included). */
import { DAY, dayInJapan } from '../domain/calendar.js';
import type { CivilDate } from '../domain/calendar.js';
import { isOutstanding } from '../domain/schedule.js';
import type { MailContent } from '../mail/compose.js';
import type { AccountPlan, MailTask } from './life-plan.js';
import { mailKey } from './mail-queue.js';

/** What only the claim knows: the row's link, and which request a receipt confirms. */
export interface ContentExtras {
  link: string | null;
  request: 'CHANGE' | 'STOP' | null;
}

/** `link` is given for purposes REMINDER and CHECK, `request` for REQUEST_RECEIPT. */
export function mailContent(
  plan: AccountPlan,
  task: MailTask,
  { link, request }: ContentExtras,
): MailContent {
  const common = commonOf(plan);
  const { hq } = common;
  switch (task.purpose) {
    case 'CHECK':
      if (link === null) throw new Error('a check mail needs its link');
      return { template: 'CHECK', hq, link, ...checkOf(plan, task) };
    case 'ADDRESS_NOTICE':
      return { template: 'ADDRESS_NOTICE', hq };
    case 'RECEIPT':
      return { template: 'RECEIPT', ...common, nextMail: firstMailOf(plan) };
    case 'REQUEST_RECEIPT':
      return { template: 'REQUEST_RECEIPT', ...common, request: request ?? 'CHANGE' };
    default:
      if (link === null) throw new Error('a reminder needs its link');
      return requestContent(plan, { link, lastAutomatic: isLastAutomatic(plan, task) });
  }
}

/** 定期更新手続きのお願い as it would go at the plan's instant. */
export function requestContent(
  plan: AccountPlan,
  { link, lastAutomatic }: { link: string; lastAutomatic: boolean },
): MailContent & { template: 'REQUEST' } {
  const { policy, snapshot, now } = plan;
  return {
    template: 'REQUEST',
    ...commonOf(plan),
    link,
    validity: policy.basis === 'date' ? policy.validity : null,
    form: now < snapshot.cycle.expiresAt ? 'BEFORE' : wasAsked(plan) ? 'AFTER' : 'AFTER_NEVER_ASKED',
    lastAutomatic,
  };
}

function commonOf({ snapshot: { account, cycle, fireHq } }: AccountPlan) {
  return {
    hq: {
      displayName: fireHq.displayName,
      shortName: fireHq.shortName,
      fax: fireHq.fax,
      counter: fireHq.counter,
    },
    residentName: account.name,
    expiry: { expiresOn: cycle.expiresOn, expiresAt: cycle.expiresAt },
  };
}

/** To an address that is new to us it is another question than to one we have written to before (R18, R37). */
function checkOf(
  { snapshot, now }: AccountPlan,
  { row, key }: MailTask,
): { form: 'NEW_ADDRESS' | 'KNOWN_ADDRESS'; answerBy: CivilDate | null } {
  const { pending } = snapshot;
  if (row !== null && row.addressId === pending?.id) {
    // The day on which it ends is not whole; on that day itself there is no other to name.
    return { form: 'NEW_ADDRESS', answerBy: dayInJapan(Math.max(pending.until - DAY, now)) };
  }
  const isFirst = key === mailKey.check(snapshot.address.id);
  return { form: isFirst ? 'NEW_ADDRESS' : 'KNOWN_ADDRESS', answerBy: null };
}

/** 「まだです」 would blame a person who was never asked: a mail of this cycle must have been accepted before E. */
function wasAsked({ snapshot }: AccountPlan): boolean {
  const { cycle, mails } = snapshot;
  return mails.some(
    (mail) =>
      mail.purpose === 'REMINDER' &&
      mail.cycle === cycle.number &&
      mail.outcome !== 'BOUNCED' &&
      mail.outcome !== 'FAILED' &&
      [mail.acceptedAt, mail.provenAt].some((at) => at !== null && at < cycle.expiresAt),
  );
}

/** Nothing automatic follows this mail, as the plan stands now. */
function isLastAutomatic({ plan, mails }: AccountPlan, task: MailTask): boolean {
  if (task.row?.kind === 'MANUAL') return false;
  const laterSlot = plan.steps.some((step) => isOutstanding(step) && step.slot !== task.step?.slot);
  return (
    !laterSlot &&
    !mails.some(
      (mail) => mail !== task && mail.step === null && mail.priority === 4 && mail.dismissal === null,
    )
  );
}

function firstMailOf({ plan, snapshot }: AccountPlan): { on: string | null; at: number } {
  const first = plan.steps.find(isOutstanding);
  return {
    on: snapshot.cycle.expiresOn === null ? null : (first?.slot ?? null),
    at: first?.goesAt ?? snapshot.cycle.windowOpensAt,
  };
}
