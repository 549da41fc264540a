/** Reports in which our recipient got the mail, and only an address behind it (a list, a copy, a forwarding) did not. */
import type { Told } from './delivery-status.js';

/**
 * A mail of ours has one recipient (R20), so of several groups at most one is about it. Which, the returned original
 * tells: the group that calls its recipient by the address in its `To` decides, and a failure of that address is one
 * whatever else was delivered. Where the original did not come back (or names nobody of the report), a group that was
 * delivered, relayed or expanded decides, unless the failed one is called by one of the same addresses: a failure
 * behind an address that has the mail is far more frequent than a success behind one that has not.
 * One group alone, or none that was delivered, is never set aside.
 */
export function wasDelivered(told: readonly Told[], returnedTo: string | null): boolean {
  const delivered = told.filter(({ fate }) => fate.action === 'SUCCESS').flatMap(({ names }) => names);
  const others = told.filter(({ fate }) => fate.action !== 'SUCCESS').flatMap(({ names }) => names);
  if (!told.some(({ fate }) => fate.action === 'SUCCESS')) return false;
  if (returnedTo !== null && others.includes(returnedTo)) return false;
  return delivered.every((name) => !others.includes(name));
}
