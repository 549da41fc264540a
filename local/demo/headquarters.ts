/** The two demonstration headquarters. Both are invented. */
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
