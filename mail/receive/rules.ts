/**
 * The table of rules, in the order in which they are asked: first what is plainly ours, then servers that are ill, then
 * what is plainly about the person, then the doubtful wordings, and only at the end the bare numbers. The text decides
 * before the status.
 */
import { CARRIER_RULES } from './rules-carriers.js';
import {
  EXPIRED_RULES,
  FULL_RULES,
  HOLDS_TOO_MUCH_RULES,
  NAMES_NOT_LOOKED_UP_RULES,
} from './rules-mailbox.js';
import { NO_DOMAIN_RULES } from './rules-domain.js';
import { BARE_NUMBER_RULES, OPEN_RULES, STATUS_RULES } from './rules-number.js';
import { OUR_MAIL_RULES } from './rules-our-mail.js';
import { EXPLICITLY_UNKNOWN_RULES, REFUSED_RULES, UNKNOWN_RULES } from './rules-person.js';
import { SERVER_RULES, TOO_MUCH_FOR_THEM_RULES } from './rules-server.js';
import { DISLIKED_HOST_RULES, OUR_NAME_RULES, OUR_STAGE_RULES, PERHAPS_OURS_RULES } from './rules-sender.js';
import type { Rule } from './rules-shape.js';
import {
  EXPIRED_ABROAD_RULES,
  FULL_ABROAD_RULES,
  OURS_ABROAD_RULES,
  UNKNOWN_ABROAD_RULES,
} from './rules-tongues.js';

export const RULES: readonly Rule[] = [
  ...OUR_STAGE_RULES,
  ...REFUSED_RULES,
  ...OUR_NAME_RULES,
  ...TOO_MUCH_FOR_THEM_RULES,
  ...HOLDS_TOO_MUCH_RULES,
  ...OUR_MAIL_RULES,
  ...OURS_ABROAD_RULES,
  ...FULL_RULES,
  ...FULL_ABROAD_RULES,
  ...DISLIKED_HOST_RULES,
  ...NAMES_NOT_LOOKED_UP_RULES,
  ...SERVER_RULES,
  ...CARRIER_RULES,
  ...EXPLICITLY_UNKNOWN_RULES,
  ...PERHAPS_OURS_RULES,
  ...NO_DOMAIN_RULES,
  ...UNKNOWN_RULES,
  ...UNKNOWN_ABROAD_RULES,
  ...EXPIRED_RULES,
  ...EXPIRED_ABROAD_RULES,
  ...OPEN_RULES,
  ...STATUS_RULES,
  ...BARE_NUMBER_RULES,
];
