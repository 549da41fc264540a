/** R24: a failure in a pause, or of a mail sent in one, is one of many at once and does not count. */
import type { Evidence } from '../domain/delivery.js';
import { isExcused } from '../domain/delivery.js';
import type { Tx } from '../store/database.js';
import { isCoveredByPause } from '../store/mail-pauses.js';
import type { LockedReminder } from '../store/reminders.js';

/** Under the tenant: what is heard of this mail, excused where a pause covers it. To be asked before it is weighed. */
export async function excusedInPause<E extends Evidence>(tx: Tx, row: LockedReminder, heard: E): Promise<E> {
  if (heard.what !== 'FAILURE' || isExcused(heard.failure)) return heard;
  const { mailDomain, sentAt } = row;
  const heardAt = heard.failure.at;
  if (!(await isCoveredByPause(tx, { mailDomain, sentAt, heardAt }))) return heard;
  return { ...heard, failure: { ...heard.failure, excusedAt: heardAt } };
}
