/** Domains that look like a slip of the keyboard: 「docomo.ne.jo」. Only ever a question to whoever typed it. */

/** Where nearly everybody's mail is, and a few real neighbours of those that must not be called a slip. */
const USUAL = [
  'docomo.ne.jp',
  'ezweb.ne.jp',
  'au.com',
  'softbank.ne.jp',
  'i.softbank.jp',
  'ymobile.ne.jp',
  'rakuten.jp',
  'uqmobile.jp',
  'gmail.com',
  'icloud.com',
  'me.com',
  'yahoo.co.jp',
  'ymail.ne.jp',
  'outlook.jp',
  'outlook.com',
  'hotmail.co.jp',
  'hotmail.com',
  'nifty.com',
  'biglobe.ne.jp',
  'ocn.ne.jp',
] as const;
const REAL_NEIGHBOURS = ['mail.com', 'email.com', 'ymail.com', 'hotmail.jp', 'gmail.jp', 'oct.ne.jp'];

/** Below this a single letter makes another domain that is just as likely. */
const SHORTEST = 8;

/** The usual domain that was probably meant, one slip away; null when there is none. `domain` in lower case. */
export function meantDomain(domain: string): string | null {
  if (domain.length < SHORTEST || REAL_NEIGHBOURS.includes(domain)) return null;
  if (USUAL.some((usual) => usual === domain)) return null;
  return USUAL.find((usual) => usual.length >= SHORTEST && isOneSlipApart(domain, usual)) ?? null;
}

/** One letter too many, too few, another one, or two that changed places. */
function isOneSlipApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i += 1;
  const [restOfA, restOfB] = [a.slice(i), b.slice(i)];
  return (
    restOfA.slice(1) === restOfB.slice(1) ||
    restOfA.slice(1) === restOfB ||
    restOfA === restOfB.slice(1) ||
    (restOfA.slice(2) === restOfB.slice(2) && restOfA[0] === restOfB[1] && restOfA[1] === restOfB[0])
  );
}
