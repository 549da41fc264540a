/** The demonstration headquarters. All are invented. */
import type { CivilDate } from '../../domain/calendar.js';
import { addDays, subtractPeriod } from '../../domain/calendar.js';
import type { NewHeadquarters } from '../../usecases/headquarters.js';

/** A whole life in minutes (R12): asked 30 s after registration, lapsed after 6 minutes, the last mail 2½ minutes later. */
export const MINUTES_HQ: NewHeadquarters = {
  code: 'mihon',
  displayName: '見本市消防本部',
  shortName: '見本消防',
  replyTo: 'net119@mihon.example.jp',
  fax: '000-000-0119',
  counter: '見本市消防本部 指令課（平日 9時〜17時）',
  policy: {
    validity: 'PT6M',
    remindBefore: 'PT5M30S',
    reminders: { every: 'PT1M' },
    autoStopAfter: 'PT8M',
    retryAfterFailure: 'PT20S',
    longUnusedAfter: 'PT30M',
  },
};

/** An ordinary year with every default. */
export const YEARS_HQ: NewHeadquarters = {
  code: 'reiji',
  displayName: '例示市消防本部',
  shortName: '例示消防',
  replyTo: 'net119@reiji.example.jp',
  fax: '000-000-0120',
  counter: '例示市消防本部 通信指令課（平日 9時〜17時）',
  policy: {},
};

/** Nobody in it yet: what a headquarters sees on its first day. */
export const EMPTY_HQ: NewHeadquarters = {
  code: 'kara',
  displayName: 'はじめ消防本部',
  shortName: 'はじめ消防',
  replyTo: 'net119@kara.example.jp',
  fax: '000-000-0121',
  counter: 'はじめ消防本部 警防課（平日 9時〜17時）',
  policy: {},
};

/** Older than anybody's registration. */
const HQ_SINCE = { years: 8, months: 0, days: 0 };

export function hqSince(today: CivilDate): CivilDate {
  return subtractPeriod(today, HQ_SINCE);
}

/** The newest 1 April before `today`: the day on which the clerk came and the one before left. */
export function changeOfStaff(today: CivilDate): CivilDate {
  const before = addDays(today, -1);
  const april = `${before.slice(0, 4)}-04-01`;
  return april <= before ? april : subtractPeriod(april, { years: 1, months: 0, days: 0 });
}
