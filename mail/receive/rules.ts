/**
 * The table of rules, in the order in which they are asked: first what is plainly ours, then servers that are ill, then
 * what is plainly about the person, then the doubtful wordings, and only at the end the bare numbers. The text decides
 * before the status.
 */
import { CARRIER_RULES } from './rules-carriers.js';
import { EXPIRED_RULES, FULL_RULES } from './rules-mailbox.js';
import { NO_DOMAIN_RULES } from './rules-domain.js';
import { BARE_NUMBER_RULES, OPEN_RULES, STATUS_RULES } from './rules-number.js';
import { OUR_MAIL_RULES } from './rules-our-mail.js';
import { EXPLICITLY_UNKNOWN_RULES, REFUSED_RULES, UNKNOWN_RULES } from './rules-person.js';
import { SERVER_RULES, TOO_MUCH_FOR_THEM_RULES } from './rules-server.js';
import { DISLIKED_HOST_RULES, OUR_NAME_RULES, OUR_STAGE_RULES, PERHAPS_OURS_RULES } from './rules-sender.js';
import type { Rule } from './rules-shape.js';

export const RULES: readonly Rule[] = [
  ...OUR_STAGE_RULES,
  ...REFUSED_RULES,
  ...OUR_NAME_RULES,
  ...TOO_MUCH_FOR_THEM_RULES,
  ...OUR_MAIL_RULES,
  ...FULL_RULES,
  ...DISLIKED_HOST_RULES,
  ...SERVER_RULES,
  ...CARRIER_RULES,
  ...EXPLICITLY_UNKNOWN_RULES,
  ...PERHAPS_OURS_RULES,
  ...NO_DOMAIN_RULES,
  ...UNKNOWN_RULES,
  ...EXPIRED_RULES,
  ...OPEN_RULES,
  ...STATUS_RULES,
  ...BARE_NUMBER_RULES,
];
