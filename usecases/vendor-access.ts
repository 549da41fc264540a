/** 運用担当に見せる: a manager lets vendor operators read the headquarters' pages for some hours; each page is in its trail. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { HOUR } from '../domain/calendar.js';
import { appendAudit } from '../store/audit.js';
import { lookupFireHq, readFireHq } from '../store/fire-hq.js';
import type { VendorAccessRow, VendorViewRow } from '../store/vendor-access.js';
import {
  appendVendorView,
  closeOverAccess,
  closeVendorAccess as close,
  findOpenAccess,
  insertVendorAccess,
  listVendorAccess,
  listVendorViews,
} from '../store/vendor-access.js';
import { listVendorOperators } from '../store/vendor-operators.js';
import { runCommand } from './command.js';
import type { Actor, Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';

export type { VendorAccessRow, VendorViewRow } from '../store/vendor-access.js';

/** Nobody forgets what ends by itself. */
export const VENDOR_ACCESS_HOURS_AT_MOST = 8;
const LONGEST_REASON = 500;
/** What the page of a manager shows. */
const SHOWN = { openings: 20, views: 200 };

/** Opens it from now on for so many whole hours. Refuses with `validation`, field `hours` code `already-open` when it is open already. */
export async function openVendorAccess(
  deps: Deps,
  command: Command,
  { hours, reason }: { hours: number; reason: string },
): Promise<void> {
  const faults = faultsOf(hours, reason);
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  await runCommand(deps, command, async (tx) => {
    const { receivedAt: openedAt, actor: openedBy } = command;
    await closeOverAccess(tx, openedAt);
    const until = openedAt + hours * HOUR;
    const row = { id: randomUUID(), reason, openedAt, openedBy, until };
    if (!(await insertVendorAccess(tx, row))) {
      refuse({
        code: 'validation',
        fields: [{ field: 'hours', code: 'already-open', message: 'It is open already.' }],
      });
    }
    const after = { until, reason };
    await appendAudit(tx, { at: openedAt, actor: openedBy, action: 'vendor.access-opened', after });
  });
}

/** At once; one that is over stays as it is. */
export async function closeVendorAccess(deps: Deps, command: Command, id: string): Promise<void> {
  await runCommand(deps, command, async (tx) => {
    const { receivedAt: at, actor } = command;
    if (await close(tx, id, at, actor)) await appendAudit(tx, { at, actor, action: 'vendor.access-closed' });
  });
}

/** Null: nothing is open. */
export async function readOpenVendorAccess(
  deps: Deps,
  fireHqId: string,
  now: Instant,
): Promise<VendorAccessRow | null> {
  return deps.database.inTenant(fireHqId, (tx) => findOpenAccess(tx, now));
}

/** For the manager: when it was open, and which pages were looked at. `names`: vendor operators by id. */
export async function readVendorAccess(
  deps: Deps,
  fireHqId: string,
): Promise<{ openings: VendorAccessRow[]; views: VendorViewRow[]; names: ReadonlyMap<string, string> }> {
  return deps.database.inTenant(fireHqId, async (tx) => ({
    openings: await listVendorAccess(tx, SHOWN.openings),
    views: await listVendorViews(tx, SHOWN.views),
    names: new Map((await listVendorOperators(tx)).map(({ id, displayName }) => [id, displayName])),
  }));
}

/** What a vendor operator may look at: that headquarters, through that opening and no later one. */
export interface VendorLook {
  fireHqId: string;
  accessId: string;
}

/** A vendor operator goes in. Null when there is no such headquarters or it does not let the vendor look. */
export async function beginVendorLook(
  deps: Deps,
  { vendorId, code, now }: { vendorId: string; code: string; now: Instant },
): Promise<VendorLook | null> {
  const fireHqId = await deps.database.withoutTenant((tx) => lookupFireHq(tx, code));
  if (fireHqId === null) return null;
  return deps.database.inTenant(fireHqId, async (tx) => {
    const open = await findOpenAccess(tx, now);
    if (open === null) return null;
    await appendAudit(tx, { at: now, actor: `vendor:${vendorId}`, action: 'vendor.look-begun' });
    return { fireHqId, accessId: open.id };
  });
}

/** Asked at every request. Null: it was closed or its time is over; a later opening is to be gone into anew. */
export async function readVendorLook(
  deps: Deps,
  { fireHqId, accessId }: VendorLook,
  now: Instant,
): Promise<{ hqName: string; until: Instant } | null> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    const open = await findOpenAccess(tx, now);
    return open?.id === accessId ? { hqName: (await readFireHq(tx)).displayName, until: open.until } : null;
  });
}

/** Before the page is shown: what cannot be written is not shown. `page`: its pattern; `accountId` may be nobody's. */
export async function noteVendorView(
  deps: Deps,
  {
    fireHqId,
    ...view
  }: { fireHqId: string; actor: Actor; at: Instant; page: string; accountId: string | null },
): Promise<void> {
  await deps.database.inTenant(fireHqId, (tx) => appendVendorView(tx, view));
}

function faultsOf(hours: number, reason: string): FieldFault[] {
  const faults: FieldFault[] = [];
  if (!Number.isInteger(hours) || hours < 1 || hours > VENDOR_ACCESS_HOURS_AT_MOST) {
    const message = `hours must be from 1 to ${VENDOR_ACCESS_HOURS_AT_MOST}.`;
    faults.push({ field: 'hours', code: 'malformed', message });
  }
  if (reason === '') faults.push({ field: 'reason', code: 'required', message: 'reason must be given.' });
  if (reason.length > LONGEST_REASON) {
    const message = `reason must have ${LONGEST_REASON} characters at most.`;
    faults.push({ field: 'reason', code: 'too-long', message });
  }
  return faults;
}
