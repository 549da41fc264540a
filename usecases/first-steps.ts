/** What a new headquarters has done of what it begins with. */
import { anyAccount } from '../store/accounts.js';
import { readPolicyVersion } from '../store/policies.js';
import { listStaff } from '../store/staff.js';
import type { Deps } from './context.js';

export interface FirstSteps {
  /** Somebody looked the policy over and saved it. */
  policySaved: boolean;
  /** A second person can sign in. */
  colleagues: boolean;
  people: boolean;
}

export async function readFirstSteps(deps: Deps, fireHqId: string): Promise<FirstSteps> {
  return deps.database.inTenant(fireHqId, async (tx) => ({
    policySaved: (await readPolicyVersion(tx)).version > 1,
    colleagues: (await listStaff(tx)).filter(({ lockedAt }) => lockedAt === null).length > 1,
    people: await anyAccount(tx),
  }));
}
