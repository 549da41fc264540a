/** The people of 見本市, where a life passes in minutes: when the stack starts, each stands at another point of it. */
import type { Instant } from '../../domain/calendar.js';
import { MINUTE, SECOND } from '../../domain/calendar.js';
import type { Command, Deps } from '../../usecases/context.js';
import { registerAccount } from '../../usecases/register-account.js';
import type { Failure } from '../mail-catcher/failures.js';
import { FAILURES } from '../mail-catcher/failures.js';
import { personNumber } from './names.js';

/** From the start of the stack to E. Slots are due every minute from E − 5:30 on, counted from that instant. */
const EXPIRES_IN: readonly Instant[] = [
  // Asked within the first minute.
  5 * MINUTE + 50 * SECOND,
  6 * MINUTE,
  // In the window, lapses soon.
  3 * MINUTE + 50 * SECOND,
  1 * MINUTE + 40 * SECOND,
  // Lapses within a minute.
  40 * SECOND,
  // Lapsed on arrival, still asked; the stop follows.
  -50 * SECOND,
  // Sleeps for a while.
  12 * MINUTE,
  30 * MINUTE,
];

/**
 * The catcher takes their mail and then reports what the name of the address says. The first is asked within the first
 * minute, the others one after the other: so many failures at once, among so few people, would pause all mail (R24).
 */
const FAILING_EXPIRE_IN = 5 * MINUTE + 45 * SECOND;
const FAILING_APART = 5 * MINUTE;
const FIRST_FAILURE: Failure = 'refused';
const FAILING = [FIRST_FAILURE, ...FAILURES.filter((failure) => failure !== FIRST_FAILURE)];

/** Their mail goes the real way: into the inbox of the mail catcher. */
export async function registerMinutesPeople(
  deps: Deps,
  command: Command,
  has: (number: string) => Promise<boolean>,
) {
  const people = [
    ...EXPIRES_IN.map((expiresIn) => ({ expiresIn })),
    // Without a check mail: it would fail first, and the failure that is to be seen is a request's.
    ...FAILING.map((failure, n) => ({
      expiresIn: FAILING_EXPIRE_IN + n * FAILING_APART,
      mailAddress: addressThatFails(failure),
      checkMail: false,
    })),
  ];
  for (const [n, { expiresIn, ...address }] of people.entries()) {
    const person = { ...personNumber(n * 7 + 3, 'M'), ...address };
    if (await has(person.registrationNumber)) continue;
    await registerAccount(deps, command, { ...person, expiresAt: command.receivedAt + expiresIn });
  }
}

/** One carrier says the same for an unknown address and for a refusal, and is known by its domain. */
function addressThatFails(failure: Failure): string {
  return `${failure}@${failure === 'unknown-or-refused' ? 'docomo.ne.jp' : 'keitai.example.jp'}`;
}
