/** Who changed what about a person since somebody looked, from the audit trail (R34): for the second of two clerks. */
import type { Instant } from '../domain/calendar.js';
import type { Deps } from './context.js';
import type { AuditEventView } from './read-audit.js';
import { listAuditEvents } from './read-audit.js';

export interface ChangeSince {
  /** As in AccountChanges, or `pendingAddress`. */
  field: string;
  /** Null: empty, or none. */
  before: unknown;
  after: unknown;
  /** Of the last change of this field. */
  at: Instant;
  actor: string;
}

/** More acts than this upon one person between two looks: the oldest are left out. */
const ACTS_AT_MOST = 200;

/** The trail's newest event about the person; 0: there is none. To be read before the person is. */
export async function newestEvent(deps: Deps, fireHqId: string, accountId: string): Promise<number> {
  const { items } = await listAuditEvents(deps, fireHqId, { accountId, limit: 1 });
  return items[0]?.id ?? 0;
}

/** One line a field, in the order of the first change; what was changed back is left out. */
export async function changesSince(
  deps: Deps,
  fireHqId: string,
  accountId: string,
  eventId: number,
): Promise<ChangeSince[]> {
  const { items } = await listAuditEvents(deps, fireHqId, { accountId, limit: ACTS_AT_MOST });
  const byField = new Map<string, ChangeSince>();
  for (const event of items.filter(({ id }) => id > eventId).reverse()) {
    for (const change of changesOf(event)) {
      const earlier = byField.get(change.field);
      byField.set(change.field, { ...change, before: earlier ? earlier.before : change.before });
    }
  }
  return [...byField.values()].filter(
    ({ before, after }) => JSON.stringify(before) !== JSON.stringify(after),
  );
}

function changesOf({ action, before, after, at, actor }: AuditEventView): ChangeSince[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const change = (field: string, from: unknown, to: unknown): ChangeSince => ({
    field,
    before: from ?? null,
    after: to ?? null,
    at,
    actor,
  });
  switch (action) {
    case 'account.changed':
      return Object.keys(is).map((field) => change(field, was[field], is[field]));
    case 'address.changed':
      return [change('mailAddress', was['mailAddress'], is['mailAddress'])];
    case 'address.pending':
      return [change('pendingAddress', null, is['mailAddress'])];
    case 'address.pending-ended':
      return [change('pendingAddress', was['mailAddress'], null)];
    default:
      return [];
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
