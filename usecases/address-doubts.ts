/** What makes a new mail address look like a mistake: said before it is saved, never a reason to refuse it. */
import { meantDomain } from '../domain/mail-domain-typos.js';
import { addressKey, parseMailAddress } from '../mail/addresses.js';
import type { Deps } from './context.js';
import { searchAccounts } from './read-account.js';

export interface AddressDoubts {
  /** Other people of the headquarters who have it, the first of them: families share one, and clerks mix lines up. */
  others: { id: string; name: string; registrationNumber: string }[];
  /** The address that was probably meant; null: it looks right. */
  meant: string | null;
}

const OTHERS_SHOWN = 5;

/** `accountId` null: of somebody who is not registered yet. An address that is none raises no doubts. */
export async function doubtsAbout(
  deps: Deps,
  fireHqId: string,
  accountId: string | null,
  typed: string,
): Promise<AddressDoubts> {
  const parsed = parseMailAddress(typed);
  if (!parsed.ok) return { others: [], meant: null };
  const { address } = parsed;
  const key = addressKey(address);
  const { items } = await searchAccounts(deps, fireHqId, { q: address, limit: OTHERS_SHOWN + 1 });
  const at = address.lastIndexOf('@');
  const domain = meantDomain(address.slice(at + 1));
  return {
    others: items
      .filter(({ id, mailAddress }) => id !== accountId && addressKey(mailAddress) === key)
      .slice(0, OTHERS_SHOWN)
      .map(({ id, name, registrationNumber }) => ({ id, name, registrationNumber })),
    meant: domain === null ? null : `${address.slice(0, at)}@${domain}`,
  };
}
