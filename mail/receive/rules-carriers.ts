/**
 * Japanese carriers, where the same words mean something else than elsewhere. Sources are published lists of answers by
 * mail vendors, carriers' and providers' help pages, and public notes of people who analyse reports; all in our words.
 */
import { ABOUT_SOMETHING_ELSE } from './rules-number.js';
import { NO_SUCH_MAILBOX } from './rules-person.js';
import type { Rule } from './rules-shape.js';

const DOCOMO = ['docomo.ne.jp'];
/** UQ mobile's mail runs on the same systems, as far as we know. */
const AU = ['ezweb.ne.jp', 'au.com', 'uqmobile.jp'];

export const CARRIER_RULES: readonly Rule[] = [
  {
    name: 'docomo',
    bounceClass: 'UNKNOWN_OR_REFUSED',
    mailDomain: DOCOMO,
    text: NO_SUCH_MAILBOX,
    source:
      '「550 Unknown user」 for both (vendors’ lists, OCN’s help). Since March 2025 filtered mail is said to be taken silently, which would leave only the unknown; not confirmed for every filter, so both are named.',
    example: { diagnostic: '550 Unknown user <taro@docomo.ne.jp>', mailDomain: 'docomo.ne.jp' },
  },
  {
    name: 'docomo-number',
    bounceClass: 'UNKNOWN_OR_REFUSED',
    mailDomain: DOCOMO,
    status: ['X.1.1', 'X.2.0', 'X.2.1'],
    unless: ABOUT_SOMETHING_ELSE,
    source: 'Older reports give 5.2.0 for the filter and 5.1.1 for either.',
    example: { status: '5.1.1', mailDomain: 'docomo.ne.jp' },
  },
  {
    name: 'au',
    bounceClass: 'UNKNOWN_OR_REFUSED',
    mailDomain: AU,
    text: NO_SUCH_MAILBOX,
    source:
      '「550 <…>: User unknown」 for both (a vendor’s list). Some say that 「550 : User unknown」 without the address is the filter; not sure enough to claim.',
    example: { diagnostic: '550 <taro@ezweb.ne.jp>: User unknown', mailDomain: 'ezweb.ne.jp' },
  },
  {
    name: 'au-number',
    bounceClass: 'UNKNOWN_OR_REFUSED',
    mailDomain: AU,
    status: ['X.1.1', 'X.2.0', 'X.2.1'],
    unless: ABOUT_SOMETHING_ELSE,
    source: 'As the wording: the number does not tell the two apart.',
    example: { status: '5.1.1', mailDomain: 'au.com' },
  },
  {
    name: 'au-prose',
    bounceClass: 'UNKNOWN_OR_REFUSED',
    mailDomain: AU,
    status: ['none'],
    text: [/\beach of the following recipients was rejected\b/],
    source:
      'The report of au’s own mail system; the same sentence is known from other providers with 「User unknown」 under it.',
    example: {
      diagnostic: 'Each of the following recipients was rejected by a remote mail server.',
      mailDomain: 'ezweb.ne.jp',
    },
  },
];
