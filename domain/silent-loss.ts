/**
 * Silent loss: carriers take mails and drop them without a word. No single mail shows it; a domain does, whose people
 * answer far less than all others.
 */
import { DAY } from './calendar.js';

/** A mail younger than this may still be answered. */
export const ANSWERED_WITHIN = 7 * DAY;

/** People whose mail was accepted long enough ago, and those of them who have not answered. */
export interface Asked {
  asked: number;
  unanswered: number;
}

export const SILENT_LOSS_VERDICTS = ['NOTICEABLE', 'NOT_NOTICEABLE', 'TOO_FEW'] as const;
export type SilentLossVerdict = (typeof SILENT_LOSS_VERDICTS)[number];

/** On either side; with fewer people one family decides. */
const FEWEST_PEOPLE = 20;
/** With thousands of people chance explains nothing: then the difference itself must be worth a letter. */
const LEAST_DIFFERENCE = 0.1;
/** Many domains are looked at each day: one false alarm in a thousand looks is enough. */
const RAREST_CHANCE = 0.001;

/**
 * NOTICEABLE: at least 20 people on both sides, a share of unanswered at least ten points above the others', and Fisher's
 * exact test (one-sided) gives chance less than 1 in 1,000.
 */
export function silentLoss(here: Asked, others: Asked): SilentLossVerdict {
  if (here.asked < FEWEST_PEOPLE || others.asked < FEWEST_PEOPLE) return 'TOO_FEW';
  // In whole people: shares as fractions would be off by a hair at the very limit.
  const lead = here.unanswered * others.asked - others.unanswered * here.asked;
  if (lead < LEAST_DIFFERENCE * here.asked * others.asked) return 'NOT_NOTICEABLE';
  return chanceOf(here, others) < RAREST_CHANCE ? 'NOTICEABLE' : 'NOT_NOTICEABLE';
}

/** null when nobody was asked. */
export function shareOf({ asked, unanswered }: Asked): number | null {
  return asked === 0 ? null : unanswered / asked;
}

/**
 * Fisher's exact test, one-sided: how likely at least `here.unanswered` of the unanswered fall on these people when all
 * answer alike. For shares above the others'; below them the sum grows long.
 */
export function chanceOf(here: Asked, others: Asked): number {
  const unanswered = here.unanswered + others.unanswered;
  const answered = here.asked + others.asked - unanswered;
  let term = Math.exp(
    logChoose(unanswered, here.unanswered) +
      logChoose(answered, here.asked - here.unanswered) -
      logChoose(unanswered + answered, here.asked),
  );
  let sum = 0;
  for (let x = here.unanswered; x <= Math.min(here.asked, unanswered) && term > sum * 1e-12; x += 1) {
    sum += term;
    term *= ((unanswered - x) / (x + 1)) * ((here.asked - x) / (answered - here.asked + x + 1));
  }
  return Math.min(sum, 1);
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Stirling's series; exact to twelve digits from ten on. */
function logFactorial(n: number): number {
  if (n < 10) {
    let product = 1;
    for (let i = 2; i <= n; i += 1) product *= i;
    return Math.log(product);
  }
  return (
    n * Math.log(n) -
    n +
    Math.log(2 * Math.PI * n) / 2 +
    1 / (12 * n) -
    1 / (360 * n ** 3) +
    1 / (1260 * n ** 5)
  );
}
