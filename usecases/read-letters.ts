/** Reading 案内書 (R31): the lists to choose from, what was printed, and what a print consists of. */
import type { CivilDate, Instant, Period } from '../domain/calendar.js';
import { findKey, paperLinkToken } from '../platform/keys.js';
import { appendAudit } from '../store/audit.js';
import { readFireHq } from '../store/fire-hq.js';
import type { BatchRow, CandidateRow, LetterRow } from '../store/letters.js';
import { findBatch, listBatches, listCandidates, listLetters } from '../store/letters.js';
import { readPolicyVersion } from '../store/policies.js';
import type { FireHqRow } from '../store/rows.js';
import type { Command, Deps } from './context.js';
import { decodeCursor, pageOf } from './cursor.js';
import { refuse } from './errors.js';
import { readStoredPolicy } from './life-plan.js';
import type { LetterFilter, Press, WhyLeftOut } from './print-letters.js';
import { MOST_LETTERS, candidateFilter, unprintable } from './print-letters.js';
import type { Page } from './views.js';

export type LetterBatch = BatchRow;
export type LetterCandidate = CandidateRow;

/** In the order of expiry. */
export async function listLetterCandidates(
  deps: Deps,
  fireHqId: string,
  { filter, limit, cursor }: { filter: LetterFilter; limit: number; cursor?: string | undefined },
): Promise<Page<LetterCandidate>> {
  const now = deps.clock.now();
  const after = cursor === undefined ? null : decodeCursor(cursor, ['instant', 'uuid']);
  const rows = await deps.database.inTenant(fireHqId, (tx) =>
    listCandidates(tx, candidateFilter(filter, now), {
      now,
      after: after && { expiresAt: after[0] as number, id: after[1] as string },
      limit: limit + 1,
    }),
  );
  return pageOf(
    rows,
    limit,
    (last) => [last.expiresAt, last.accountId],
    (row) => row,
  );
}

/** Newest first. */
export async function listLetterBatches(
  deps: Deps,
  fireHqId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<Page<LetterBatch>> {
  const before = cursor === undefined ? null : decodeCursor(cursor, ['instant', 'uuid']);
  const rows = await deps.database.inTenant(fireHqId, (tx) =>
    listBatches(tx, {
      before: before && { printedAt: before[0] as number, id: before[1] as string },
      limit: limit + 1,
    }),
  );
  return pageOf(
    rows,
    limit,
    (last) => [last.printedAt, last.id],
    (row) => row,
  );
}

/** The batch and a page of its people, in the order of their letters. Refuses with `not-found`. */
export async function readLetterBatch(
  deps: Deps,
  fireHqId: string,
  batchId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ batch: LetterBatch; people: Page<LetterRow> }> {
  const after = cursor === undefined ? null : decodeCursor(cursor, ['number']);
  return deps.database.inTenant(fireHqId, async (tx) => {
    const batch = (await findBatch(tx, batchId)) ?? refuse({ code: 'not-found' });
    const rows = await listLetters(tx, batchId, {
      after: after === null ? 0 : (after[0] as number),
      limit: limit + 1,
    });
    const people = pageOf(
      rows,
      limit,
      (last) => [last.position],
      (row) => row,
    );
    return { batch, people };
  });
}

/** What all letters of a headquarters say. */
export interface LetterHead {
  hq: FireHqRow;
  /** How often it asks; null under a time-based policy. */
  validity: Period | null;
}

export interface PrintableLetter {
  name: string;
  kana: string;
  registrationNumber: string;
  postalAddress: string;
  fax: string;
  expiresOn: CivilDate | null;
  /** Exclusive. */
  expiresAt: Instant;
  /** What stands behind the address of the site. */
  token: string;
}

/** Why somebody of a batch has no letter in a later print of it. */
export type WhyGone = { reason: 'RENEWED' } | WhyLeftOut;

export interface PrintedLetters extends LetterHead {
  batch: LetterBatch;
  letters: PrintableLetter[];
  gone: { name: string; registrationNumber: string; why: WhyGone }[];
}

/**
 * Everything that is printed of a batch, with what is known of its people today and the same links as ever; the trail
 * tells who fetched it (R34). Null when its links are dead (told not to have been sent) or cannot be made again (its key
 * is gone). Refuses with `not-found`.
 */
export async function fetchLetters(
  deps: Deps,
  command: Command,
  press: Press,
  batchId: string,
): Promise<PrintedLetters | null> {
  return deps.database.inTenant(command.fireHqId, async (tx) => {
    const batch = (await findBatch(tx, batchId)) ?? refuse({ code: 'not-found' });
    const key = findKey(deps.keys, batch.keyId);
    if (key === undefined || batch.voidedAt !== null) return null;
    const head = await headOf(tx, command.receivedAt);
    const printed: PrintedLetters = { ...head, batch, letters: [], gone: [] };
    for (const row of await listLetters(tx, batchId, { after: 0, limit: MOST_LETTERS })) {
      const { name, registrationNumber } = row;
      const why = whyGone(press, row, batch);
      if (why !== null) {
        printed.gone.push({ name, registrationNumber, why });
        continue;
      }
      printed.letters.push({
        name,
        kana: row.kana,
        registrationNumber,
        postalAddress: row.postalAddress ?? '',
        fax: row.fax ?? '',
        expiresOn: row.expiresOn,
        expiresAt: row.expiresAt,
        token: paperLinkToken(key, row.id),
      });
    }
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'letters.fetched',
      after: { batchId, letters: printed.letters.length },
    });
    return printed;
  });
}

/** For the nameless one. */
export async function readLetterHead(deps: Deps, fireHqId: string): Promise<LetterHead> {
  return deps.database.inTenant(fireHqId, (tx) => headOf(tx, deps.clock.now()));
}

async function headOf(tx: Parameters<typeof readFireHq>[0], now: Instant): Promise<LetterHead> {
  const policy = readStoredPolicy((await readPolicyVersion(tx, now)).document);
  return { hq: await readFireHq(tx), validity: policy.basis === 'date' ? policy.validity : null };
}

function whyGone(press: Press, row: LetterRow, { kind }: LetterBatch): WhyGone | null {
  if (row.withdrawnAt !== null) return { reason: 'WITHDRAWN' };
  if (row.renewedAt !== null) return { reason: 'RENEWED' };
  if (!(kind === 'POST' ? row.postalAddress : row.fax)?.trim())
    return { reason: kind === 'POST' ? 'NO_POSTAL_ADDRESS' : 'NO_FAX' };
  return unprintable(press, row, kind);
}
