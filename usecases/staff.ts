/** 職員: who there is. */
import { findStaff, listStaff, lookupStaff } from '../store/staff.js';
import type { StaffRow } from '../store/staff.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';

/** By sign-in name: dozens, not thousands. */
export async function readAllStaff(deps: Deps, fireHqId: string): Promise<StaffRow[]> {
  return deps.database.inTenant(fireHqId, listStaff);
}

/** Refuses with `not-found`. */
export async function readStaff(deps: Deps, fireHqId: string, staffId: string): Promise<StaffRow> {
  return (
    (await deps.database.inTenant(fireHqId, (tx) => findStaff(tx, staffId))) ?? refuse({ code: 'not-found' })
  );
}

/** Refuses with `not-found`, also for a name of another headquarters. */
export async function findStaffId(deps: Deps, fireHqId: string, signInName: string): Promise<string> {
  const found = await lookupStaff(deps.database.lookups, signInName);
  return found?.fireHqId === fireHqId ? found.staffId : refuse({ code: 'not-found' });
}
