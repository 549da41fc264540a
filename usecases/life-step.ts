/** The next thing to do for an account, as the workflow receives it: ids, keys and instants only. */
import type { Instant } from '../domain/calendar.js';
import type { Status } from '../domain/status.js';
import type { AccountPlan, MailTask } from './life-plan.js';
import { UNDO_WITHDRAWAL_WITHIN, autoStopDueAt } from './life-plan.js';

export type Phase = 'SLEEPING' | 'REMINDING' | 'LAPSED' | 'STOPPED' | 'WITHDRAWN';

/** Something to record when its instant comes. */
export interface Deed {
  do: 'recordLapse' | 'recordAutoStop' | 'end';
  at: Instant;
}

export interface LifeStep {
  cycle: number;
  phase: Phase;
  expiresAt: Instant;
  fireHqCode: string;
  /** The next mail by its key in the ledger, and when something is to be done about it; null: none is planned. */
  mail: { key: string; at: Instant; priority: 1 | 4 } | null;
  deed: Deed | null;
  /** One line for people who look in the Web UI. */
  summary: string;
}

const STATUS_WORDS: Record<Status, string> = {
  ACTIVE: '有効',
  RENEWAL_PENDING: '更新待ち',
  LAPSED: '失効中',
  WITHDRAWN: '廃止',
};

export function nextLifeStep(plan: AccountPlan): LifeStep {
  const { snapshot } = plan;
  const mail = nextMail(plan);
  const deed = nextDeed(plan);
  return {
    cycle: snapshot.cycle.number,
    phase: phaseOf(plan),
    expiresAt: snapshot.cycle.expiresAt,
    fireHqCode: snapshot.fireHq.code,
    mail: mail && { key: mail.key, at: mail.at, priority: mail.priority },
    deed,
    summary: summarise(plan, mail, deed),
  };
}

function phaseOf({ status, snapshot }: AccountPlan): Phase {
  if (status === 'WITHDRAWN') return 'WITHDRAWN';
  if (snapshot.cycle.autoStopRecordedAt !== null) return 'STOPPED';
  if (status === 'LAPSED') return 'LAPSED';
  return status === 'RENEWAL_PENDING' ? 'REMINDING' : 'SLEEPING';
}

/** Of what is due now, what people wait for goes first (R22); else whatever comes first. */
function nextMail({ mails, now }: AccountPlan): MailTask | null {
  const order = (task: MailTask) => [task.at <= now ? task.priority : 5, task.at] as const;
  return mails.reduce<MailTask | null>((best, task) => {
    if (!best) return task;
    const [a, b] = [order(task), order(best)];
    return a[0] < b[0] || (a[0] === b[0] && a[1] < b[1]) ? task : best;
  }, null);
}

function nextDeed(plan: AccountPlan): Deed | null {
  const { snapshot, status } = plan;
  if (status === 'WITHDRAWN') {
    return { do: 'end', at: (snapshot.account.withdrawnAt ?? 0) + UNDO_WITHDRAWAL_WITHIN };
  }
  const deeds: Deed[] = [];
  if (snapshot.cycle.lapseRecordedAt === null)
    deeds.push({ do: 'recordLapse', at: snapshot.cycle.expiresAt });
  if (snapshot.cycle.autoStopRecordedAt === null)
    deeds.push({ do: 'recordAutoStop', at: autoStopDueAt(plan) });
  return deeds.sort((a, b) => a.at - b.at)[0] ?? null;
}

function summarise(
  { status, now, snapshot, heldUntil }: AccountPlan,
  mail: MailTask | null,
  deed: Deed | null,
): string {
  const parts = [`${STATUS_WORDS[status]}: expires ${iso(snapshot.cycle.expiresAt)}`];
  if (mail) parts.push(`next mail ${mail.key} ${mail.at <= now ? 'now' : iso(mail.at)}`);
  if (heldUntil !== null)
    parts.push(heldUntil === Infinity ? 'automatic mail held' : `held until ${iso(heldUntil)}`);
  if (deed) parts.push(`${deed.do} ${iso(deed.at)}`);
  if (!mail && !deed) parts.push('automatic mail has ended; waiting for staff or a renewal');
  return parts.join('; ');
}

function iso(at: Instant): string {
  return new Date(at).toISOString();
}
