/**
 * もれの確認 (R38): was anybody missed? For any span of days, where every person whose date fell in it stands, and what
 * became of every mail that was planned in it. Each number opens its names, by the same reading.
 */
import type { Instant } from '../domain/calendar.js';
import type { MailFate, PersonFate } from '../domain/completeness.js';
import { MAIL_FATES, PERSON_FATES } from '../domain/completeness.js';
import type { Period } from '../domain/period.js';
import { instantsOf } from '../domain/period.js';
import type { CyclePlace, PersonRow } from '../store/completeness.js';
import { countRegistered, cyclesOfSpan, peopleWithoutCycle } from '../store/completeness.js';
import type { Deps } from './context.js';
import { decodeCursor, encodeCursor, pageOf } from './cursor.js';
import type { CycleFate, Policies, SettledMail } from './cycle-fates.js';
import { settle } from './cycle-fates.js';
import type { Page } from './views.js';

/** Read in one go; each page is a transaction of its own, so that a large headquarters holds nothing up. */
const PAGE = 500;
/** So many pages a list looks through before it answers with what it has. */
const PAGES_A_LIST = 20;

/** The longest span: three years. */
export const MOST_DAYS = 3 * 366;

export interface CompletenessView {
  now: Instant;
  people: {
    total: number;
    fates: Record<PersonFate, number>;
    /** total − all fates: 0 when nobody was missed. */
    difference: number;
  };
  mails: {
    planned: number;
    /** Of these: written to the ledger by an earlier plan (the date was corrected, the policy changed). */
    earlierPlan: number;
    fates: Record<MailFate, number>;
    /** NOT_SENT by reason. */
    notSentBy: Record<string, number>;
    difference: number;
  };
  /** As of now, whatever the span. */
  registered: { people: number; withoutCycle: number };
}

export async function readCompleteness(
  deps: Deps,
  fireHqId: string,
  period: Period,
): Promise<CompletenessView> {
  const now = deps.clock.now();
  const people = { total: 0, fates: zeros(PERSON_FATES), difference: 0 };
  const mails = {
    planned: 0,
    earlierPlan: 0,
    fates: zeros(MAIL_FATES),
    notSentBy: {} as Record<string, number>,
    difference: 0,
  };
  for await (const { person, mails: all, cycle } of fatesOf(deps, fireHqId, period, { now, after: null })) {
    if (expiresIn(period, cycle.expiresAt)) {
      people.total += 1;
      if (person === null) people.difference += 1;
      else people.fates[person] += 1;
    }
    for (const { inPlan, fate, reason } of mailsIn(period, all)) {
      mails.planned += 1;
      if (!inPlan) mails.earlierPlan += 1;
      if (fate === null) mails.difference += 1;
      else mails.fates[fate] += 1;
      if (fate === 'NOT_SENT') mails.notSentBy[reason ?? ''] = (mails.notSentBy[reason ?? ''] ?? 0) + 1;
    }
  }
  const registered = await deps.database.inTenant(fireHqId, countRegistered);
  return { now, people, mails, registered };
}

/** What a number counts; `fate` null: the difference. */
export type Counted =
  | { of: 'PEOPLE'; fate: PersonFate | null }
  | { of: 'MAILS'; fate: MailFate | null; reason?: string | undefined }
  | { of: 'WITHOUT_CYCLE' };

export interface CountedItem extends PersonRow {
  /** null: has no cycle. */
  expiry: { expiresOn: string | null; expiresAt: Instant } | null;
  /** The mail that is counted; null where people are. */
  plannedAt: Instant | null;
}

/** The names behind a number, by date. A page may be short, or empty, and still have a next one. */
export async function listCounted(
  deps: Deps,
  fireHqId: string,
  period: Period,
  { counted, limit, cursor }: { counted: Counted; limit: number; cursor?: string | undefined },
): Promise<Page<CountedItem>> {
  if (counted.of === 'WITHOUT_CYCLE') return listWithoutCycle(deps, fireHqId, { limit, cursor });
  const from = cursor === undefined ? null : decodeCursor(cursor, ['instant', 'uuid', 'number']);
  const after: CyclePlace | null =
    from === null
      ? null
      : { expiresAt: from[0] as number, accountId: from[1] as string, number: from[2] as number };
  const items: CountedItem[] = [];
  let seen = 0;
  for await (const fate of fatesOf(deps, fireHqId, period, { now: deps.clock.now(), after })) {
    items.push(...itemsOf(fate, period, counted));
    seen += 1;
    if (items.length < limit && seen < PAGE * PAGES_A_LIST) continue;
    const { expiresAt, accountId, number } = fate.cycle;
    return { items, nextCursor: encodeCursor([expiresAt, accountId, number]) };
  }
  return { items, nextCursor: null };
}

function itemsOf({ cycle, person, mails }: CycleFate, period: Period, counted: Counted): CountedItem[] {
  const { accountId, registrationNumber, name, expiresOn, expiresAt } = cycle;
  const item = { accountId, registrationNumber, name, expiry: { expiresOn, expiresAt } };
  if (counted.of === 'PEOPLE') {
    const isCounted = expiresIn(period, expiresAt) && person === counted.fate;
    return isCounted ? [{ ...item, plannedAt: null }] : [];
  }
  if (counted.of !== 'MAILS') return [];
  return mailsIn(period, mails)
    .filter(
      ({ fate, reason }) =>
        fate === counted.fate && (counted.reason === undefined || (reason ?? '') === counted.reason),
    )
    .map(({ at }) => ({ ...item, plannedAt: at }));
}

async function listWithoutCycle(
  deps: Deps,
  fireHqId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<CountedItem>> {
  const afterId = cursor === undefined ? null : (decodeCursor(cursor, ['uuid'])[0] as string);
  const rows = await deps.database.inTenant(fireHqId, (tx) =>
    peopleWithoutCycle(tx, { afterId, limit: limit + 1 }),
  );
  return pageOf(
    rows,
    limit,
    ({ accountId }) => [accountId],
    (row) => ({ ...row, expiry: null, plannedAt: null }),
  );
}

async function* fatesOf(
  deps: Deps,
  fireHqId: string,
  period: Period,
  { now, after }: { now: Instant; after: CyclePlace | null },
): AsyncGenerator<CycleFate> {
  const span = instantsOf(period);
  const policies: Policies = new Map();
  let place = after;
  for (;;) {
    const page = await deps.database.inTenant(fireHqId, async (tx) => {
      const cycles = await cyclesOfSpan(tx, { ...span, after: place, limit: PAGE });
      return settle(tx, policies, cycles, now);
    });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    place = last.cycle;
  }
}

/** R1: E is exclusive, so D lies in the span whose end E may touch. */
function expiresIn(period: Period, expiresAt: Instant): boolean {
  const { from, until } = instantsOf(period);
  return expiresAt > from && expiresAt <= until;
}

function mailsIn(period: Period, mails: readonly SettledMail[]): SettledMail[] {
  const { from, until } = instantsOf(period);
  return mails.filter(({ at }) => at >= from && at < until);
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}
