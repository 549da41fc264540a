/** 「本日の自動送信」: what was planned for today in Japan and what became of it. */
import type { CivilDate, Instant } from '../domain/calendar.js';
import { DAY, MINUTE, addDays, dayInJapan, instantInJapan } from '../domain/calendar.js';
import type { Outcome } from '../domain/delivery.js';
import type { Tx } from '../store/database.js';
import type { DaySlots } from '../store/today-mail.js';
import { countDayMails, countOpenSlots, listPolicyVersions } from '../store/today-mail.js';
import type { Deps } from './context.js';
import { createKeptAnswers } from './kept-answer.js';
import { readStoredPolicy } from './life-plan.js';

/** planned = sent + failed + waiting + ahead. */
export interface TodayMail {
  planned: number;
  /** A server took it, or refused it for good: 不達 are among them. */
  sent: number;
  bounced: number;
  failed: number;
  waiting: number;
  /** Slots of today that have not been begun. Under a time-based policy (R12) not counted. */
  ahead: number;
}

export interface TodayMails {
  read(fireHqId: string): Promise<TodayMail>;
}

const WORTH_KEEPING = 500;

/** Of a day with many mails the figures may be a minute old. */
export function createTodayMails(deps: Deps): TodayMails {
  const answers = createKeptAnswers<TodayMail>(deps.clock, {
    keptFor: MINUTE,
    isDear: ({ planned }) => planned >= WORTH_KEEPING,
  });
  return {
    read: (fireHqId) =>
      answers.of(fireHqId, (now) => deps.database.inTenant(fireHqId, (tx) => countToday(tx, now))),
  };
}

const SENT: readonly Outcome[] = ['ACCEPTED', 'CONFIRMED', 'BOUNCED'];

async function countToday(tx: Tx, now: Instant): Promise<TodayMail> {
  const day = dayInJapan(now);
  const from = instantInJapan(day);
  const rows = await countDayMails(tx, from, from + DAY);
  const of = (...outcomes: readonly Outcome[]) =>
    rows.filter(({ outcome }) => outcomes.includes(outcome)).reduce((sum, { mails }) => sum + mails, 0);
  const [sent, failed, waiting] = [of(...SENT), of('FAILED'), of('QUEUED', 'SENDING', 'DELAYED')];
  const ahead = await countOpenSlots(tx, day, await slotsOn(tx, day), now);
  return { planned: sent + failed + waiting + ahead, sent, bounced: of('BOUNCED'), failed, waiting, ahead };
}

/** Which expiries have a slot on that day, by each policy (R4). */
async function slotsOn(tx: Tx, day: CivilDate): Promise<DaySlots[]> {
  return (await listPolicyVersions(tx)).flatMap(({ version, document }) => {
    const policy = readStoredPolicy(document);
    if (policy.basis === 'time') return [];
    return policy.offsets.map((offset) => ({
      version,
      expiresAt: instantInJapan(addDays(day, 1 - offset)),
      slotAt: instantInJapan(day, policy.sendAtMinutes),
      toUndeliverable: policy.onUndeliverable === 'continue',
    }));
  });
}
