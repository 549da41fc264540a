/** Why a mail did not arrive, as far as mail servers tell, and what that says about its address (R24, R37). */

export const BOUNCE_CLASSES = [
  /** No such mailbox at that domain. */
  'UNKNOWN_ADDRESS',
  /** The person's own filter turned it away. */
  'REFUSED',
  /** The carrier says the same for both (docomo, au): neither may be claimed. */
  'UNKNOWN_OR_REFUSED',
  'MAILBOX_FULL',
  /** Tried for days without success. */
  'EXPIRED',
  'DOMAIN_NOT_FOUND',
  /** Our reputation, our set-up, our message: ours to mend. */
  'SENDER_BLOCKED',
  /** A failure that tells nothing more. */
  'OTHER',
] as const;
export type BounceClass = (typeof BOUNCE_CLASSES)[number];

/** Where a failure was heard of: in the SMTP talk itself, or in a report that came back, by its way in. */
export const BOUNCE_SOURCES = [
  'SMTP',
  'REPORT_SMTP',
  'REPORT_IMAP',
  'REPORT_HTTP',
  'SES',
  'SENDGRID',
] as const;
export type BounceSource = (typeof BOUNCE_SOURCES)[number];

const CONCLUSIVE: readonly BounceClass[] = [
  'UNKNOWN_ADDRESS',
  'REFUSED',
  'UNKNOWN_OR_REFUSED',
  'DOMAIN_NOT_FOUND',
];
const SOFT: readonly BounceClass[] = ['MAILBOX_FULL', 'EXPIRED'];

/** About this recipient: counts against the address (R37). */
export function isConclusive(bounceClass: BounceClass): boolean {
  return CONCLUSIVE.includes(bounceClass);
}

/** May pass by itself: counts only when it goes on for long. */
export function isSoft(bounceClass: BounceClass): boolean {
  return SOFT.includes(bounceClass);
}
