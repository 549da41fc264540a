/** What a list of people is filtered by, as it stands in an address or with a bulk send, and what that asks of the store. */
import type { AddressState } from '../domain/address-state.js';
import { addDays, dayInJapan, instantInJapan } from '../domain/calendar.js';
import type { Instant } from '../domain/calendar.js';
import type { LapseCause } from '../domain/lapse.js';
import { longUnusedBefore } from '../domain/long-unused.js';
import type { Tx } from '../store/database.js';
import type { ListQuery, PeopleList } from '../store/people-lists.js';
import { readPolicyVersions } from '../store/policies.js';
import { readStoredPolicy } from './life-plan.js';

/** Never a name or a mail address. */
export interface PeopleFilter {
  list: PeopleList;
  /** `lapsed` only. */
  cause?: LapseCause | undefined;
  /**
   * Days in Japan, from and to, both included: until the last valid day (`pending`), since the lapse (`lapsed`), since the
   * renewal that proved nothing (`unconfirmed`), since the last use (`unused`).
   */
  daysFrom?: number | undefined;
  daysTo?: number | undefined;
  /** What stands behind the @. */
  mailDomain?: string | undefined;
  address?: AddressFilter | undefined;
  municipality?: string | undefined;
}

export const ADDRESS_FILTERS = ['UNDELIVERABLE', 'SUSPECT', 'IN_DOUBT', 'UNVERIFIED', 'OK'] as const;
/** IN_DOUBT: 不達 or 不達の疑い. */
export type AddressFilter = (typeof ADDRESS_FILTERS)[number];

export async function listQuery(tx: Tx, filter: PeopleFilter, now: Instant): Promise<ListQuery> {
  const { list, cause, mailDomain, address, municipality } = filter;
  return {
    list,
    now,
    ...spanOf(filter, now),
    cause: list === 'lapsed' ? (cause ?? null) : null,
    mailDomain: mailDomain?.toLowerCase() ?? null,
    addressStates: address === undefined ? [] : statesOf(address),
    municipality: municipality ?? null,
    unusedBefore: list === 'unused' ? await unusedBefore(tx, now) : [],
  };
}

function statesOf(address: AddressFilter): readonly AddressState[] {
  return address === 'IN_DOUBT' ? ['SUSPECT', 'UNDELIVERABLE'] : [address];
}

/** R13: a cycle keeps the policy it began with. */
async function unusedBefore(tx: Tx, now: Instant): Promise<ListQuery['unusedBefore']> {
  const versions = await readPolicyVersions(tx);
  return versions.map(({ version, document }) => ({
    version,
    before: longUnusedBefore(readStoredPolicy(document), now),
  }));
}

/** The days as a span of instants. An expiry is exclusive (R1): whose last day is today has 0 days left. */
function spanOf({ list, daysFrom, daysTo }: PeopleFilter, now: Instant): Pick<ListQuery, 'from' | 'until'> {
  const today = dayInJapan(now);
  const startOf = (days: number) => instantInJapan(addDays(today, days));
  const [least, most] = [daysFrom ?? null, daysTo ?? null];
  if (list === 'pending') {
    return {
      from: least === null ? null : startOf(least) + 1,
      until: most === null ? null : startOf(most + 1) + 1,
    };
  }
  return {
    from: most === null ? null : startOf(-most),
    until: least === null ? null : startOf(1 - least),
  };
}
