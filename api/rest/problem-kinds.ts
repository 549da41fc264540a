/**
 * Every way in which the API says no, in one table: RFC 9457 type, status, words. A type is `/problems/<code>`, below
 * the API's own origin, and never changes its meaning.
 */

interface ProblemKind {
  status: number;
  title: string;
  /** What happened and what to do next, for the programmer who reads it. */
  help: string;
}

export const PROBLEMS = {
  'malformed-request': {
    status: 400,
    title: 'The request cannot be read',
    help: 'The query, a header or the path is not as documented, or the body is not JSON. `errors` names the place where there is one.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid API token is needed',
    help: "Send `Authorization: Bearer <token>`. The token may be unknown, expired or revoked; your headquarters' operator makes tokens.",
  },
  forbidden: {
    status: 403,
    title: 'This token may not do that',
    help: 'The token lacks the scope of this call, or it does not belong to a headquarters.',
  },
  'signature-refused': {
    status: 403,
    title: 'The call is not proven to come from the mail service',
    help: 'Signature, topic or time do not fit; nothing of it was read. Only the services that are set up call here.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing here',
    help: 'The id is unknown in your headquarters. An id of another headquarters is answered the same way.',
  },
  'unknown-path': { status: 404, title: 'There is no such call', help: 'See /docs for the calls there are.' },
  'method-not-allowed': {
    status: 405,
    title: 'This path does not take this method',
    help: 'The `Allow` header lists the methods it takes.',
  },
  'registration-number-taken': {
    status: 409,
    title: 'The registration number is taken',
    help: 'Another account of your headquarters has this registrationNumber. Nothing was written.',
  },
  'resend-too-soon': {
    status: 409,
    title: 'A reminder was asked for a moment ago',
    help: 'Ask again from `nextAllowedAt` on.',
  },
  'resend-needs-confirm': {
    status: 409,
    title: 'A reminder was asked for within the last 24 hours',
    help: 'If the person shall get another one, send `"confirm": true`.',
  },
  'resend-already-waiting': {
    status: 409,
    title: 'A reminder is already waiting to be sent',
    help: "Look at the account's reminders; it goes out as soon as it can.",
  },
  'resend-not-in-this-status': {
    status: 409,
    title: 'No reminder can be sent in this status',
    help: 'Reminders go to RENEWAL_PENDING and LAPSED accounts. `accountStatus` tells the present status, `windowOpensAt` when the window opens or opened.',
  },
  'check-mail-too-soon': {
    status: 409,
    title: 'A check mail was asked for a moment ago',
    help: 'Ask again from `nextAllowedAt` on.',
  },
  'check-mail-already-waiting': {
    status: 409,
    title: 'A check mail is already waiting to be sent',
    help: "Look at the account's reminders; it goes out as soon as it can.",
  },
  'pending-address-ended': {
    status: 409,
    title: 'The address is not pending any more',
    help: 'It was replaced or taken back, its check mail was not answered in time, or it is the present one by now. Read the account again.',
  },
  'renewal-too-early': {
    status: 409,
    title: 'The window is not open yet',
    help: 'It opens at `windowOpensAt`. To renew earlier send `"early": true` and the `cycle` that is meant.',
  },
  'renewal-nothing-gained': {
    status: 409,
    title: 'The renewal would not move the expiry',
    help: 'An early renewal must end later than the present expiry. Nothing was written.',
  },
  'expiry-changed': {
    status: 409,
    title: 'The expiry is another one by now',
    help: 'It was renewed or corrected meanwhile. Read the account again, and see whether there is still something to correct.',
  },
  'hold-changed': {
    status: 409,
    title: 'The hold is another one by now',
    help: 'Somebody else held or released the person meanwhile. Read the account again, and decide anew.',
  },
  'account-withdrawn': {
    status: 409,
    title: 'The account is withdrawn',
    help: 'Undo the withdrawal first (possible for 30 days).',
  },
  'account-not-withdrawn': {
    status: 409,
    title: 'The account is not withdrawn',
    help: 'There is nothing to undo.',
  },
  'withdrawal-undo-too-late': {
    status: 409,
    title: 'The withdrawal can no longer be undone',
    help: 'It could be until `undoableUntil`. Register the person again.',
  },
  'policy-basis-in-use': {
    status: 409,
    title: 'A policy in days cannot become one in exact time, or the other way round',
    help: 'That is possible only while the headquarters has no account.',
  },
  'request-already-closed': {
    status: 409,
    title: 'The request is closed',
    help: 'Staff answered it or the person took it back. Read it again.',
  },
  'staff-refused': {
    status: 409,
    title: 'This cannot be done to this member of staff',
    help: 'Nobody does it to oneself, and a headquarters keeps at least one manager.',
  },
  'version-conflict': {
    status: 412,
    title: 'Somebody changed it meanwhile',
    help: 'Read it again (`currentVersion`), look at what changed, and send your change with the new ETag.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    help: 'At most 256 KB of JSON; a report at most 10 MB.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body must be of the documented type',
    help: 'Send `Content-Type: application/json`, UTF-8; for a report `message/rfc822`.',
  },
  validation: {
    status: 422,
    title: 'Some fields are not usable',
    help: '`errors` lists every field with what is wrong and how to mend it. Nothing was written.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    help: 'A key belongs to one request for 24 hours. Make a new key for a new request.',
  },
  'precondition-required': {
    status: 428,
    title: 'If-Match is missing',
    help: "Read the resource and send its ETag as `If-Match`, so that nobody's change is overwritten unseen.",
  },
  'too-many-requests': {
    status: 429,
    title: 'Asked too often',
    help: 'Ask again after `Retry-After` seconds. A console treats it as no answer.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side',
    help: 'It is logged under `requestId`. Repeating a POST with the same Idempotency-Key does no harm.',
  },
  'sender-not-verifiable': {
    status: 503,
    title: 'The mail service cannot be asked who it is',
    help: 'Its certificate or its confirmation cannot be fetched now. Nothing was recorded; call again later.',
  },
  unavailable: {
    status: 503,
    title: 'The database cannot be reached',
    help: 'Try again after `Retry-After` seconds. A repeat with the same Idempotency-Key is carried out at most once.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;
