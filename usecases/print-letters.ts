/** 案内書 (R31): whom a letter goes to and who is left out, the print itself, and what is told of it afterwards. */
import { createHash, randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import type { LapseCause } from '../domain/lapse.js';
import { paperLinkToken, tokenHash } from '../platform/keys.js';
import type { Tx } from '../store/database.js';
import type { BatchRow, CandidateFilter, CandidateRow, LetterKind } from '../store/letters.js';
import {
  auditLetters,
  findBatch,
  findCandidates,
  insertBatch,
  listCandidates,
  recordLettersSent,
  setSentRecorded,
  setVoided,
} from '../store/letters.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';

/** In one file. */
export const MOST_LETTERS = 1_000;
/** R8, R31: printed in advance so far at the most, because its link renews from that day on. */
const MOST_DAYS_AHEAD = 60;

export type LetterFilter =
  | { show: 'soon'; days: number; fresh: boolean }
  | { show: 'pending'; fresh: boolean }
  | { show: 'lapsed'; cause: LapseCause | null; fresh: boolean };

/** Those named, or the first `most` of a list. */
export type LetterSelection =
  { by: 'IDS'; accountIds: readonly string[] } | { by: 'FILTER'; filter: LetterFilter; most: number };

/** Knows what can be printed. */
export interface Press {
  /** The characters of a text that cannot be printed right, each once; [] when all of it can. */
  unprintable(text: string): readonly string[];
  /** False: too long for the window of an envelope. */
  fitsWindow(addressee: { name: string; postalAddress: string }): boolean;
}

export type WhyLeftOut =
  | { reason: 'WITHDRAWN' | 'TOO_EARLY' | 'STOP_ASKED' | 'NO_POSTAL_ADDRESS' | 'NO_FAX' | 'TOO_LONG' }
  | { reason: 'UNPRINTABLE'; field: 'name' | 'kana' | 'postalAddress' | 'fax'; letters: readonly string[] };

export type LeftOut = CandidateRow & WhyLeftOut;

export interface LetterPreview {
  kind: LetterKind;
  /** In the order in which they are printed: by expiry. */
  included: CandidateRow[];
  leftOut: LeftOut[];
  /** Of who is included; a print that names another one prints nothing. */
  digest: string;
}

export function candidateFilter(filter: LetterFilter, now: Instant): CandidateFilter {
  if (filter.show !== 'soon') return filter;
  const days = Math.min(filter.days, MOST_DAYS_AHEAD);
  return { show: 'soon', opensBefore: now + days * DAY, fresh: filter.fresh };
}

export async function previewLetters(
  deps: Deps,
  fireHqId: string,
  press: Press,
  selection: LetterSelection,
  kind: LetterKind,
): Promise<LetterPreview> {
  const now = deps.clock.now();
  return deps.database.inTenant(fireHqId, (tx) => preview(tx, press, selection, kind, now));
}

export interface PrintRequest {
  selection: LetterSelection;
  kind: LetterKind;
  large: boolean;
  ruby: boolean;
  /** Of the preview that was looked at. */
  digest: string;
}

/** CHANGED: not what the preview showed; nothing was printed, and so with NOBODY. */
export type PrintOutcome = { outcome: 'PRINTED'; batchId: string } | { outcome: 'CHANGED' | 'NOBODY' };

/** Each letter gets its record and its link (R8: it renews from now on); each person's trail tells of it. */
export async function printLetters(
  deps: Deps,
  command: Command,
  press: Press,
  request: PrintRequest,
): Promise<PrintOutcome> {
  const [key] = deps.keys;
  if (key === undefined) throw new Error('no key to make links with');
  return runCommand(deps, command, async (tx): Promise<PrintOutcome> => {
    const { kind, large, ruby } = request;
    const now = command.receivedAt;
    const { included, digest } = await preview(tx, press, request.selection, kind, now);
    if (digest !== request.digest) return { outcome: 'CHANGED' };
    if (included.length === 0) return { outcome: 'NOBODY' };
    const letters = included.map(({ accountId, cycle }) => {
      const id = randomUUID();
      return { id, accountId, cycle, linkHash: tokenHash(paperLinkToken(key, id)) };
    });
    const batchId = randomUUID();
    const batch = { id: batchId, kind, large, ruby, keyId: key.id, printedAt: now, printedBy: command.actor };
    await insertBatch(tx, batch, letters);
    await audit(tx, command, batchId, 'letter.printed', { batchId, kind });
    return { outcome: 'PRINTED', batchId };
  });
}

/**
 * 「印刷しなかったことにする」: it was not sent, and its links are dead. False once the sending is recorded. Twice is once.
 * Refuses with `not-found`.
 */
export async function voidLetters(deps: Deps, command: Command, batchId: string): Promise<boolean> {
  return runCommand(deps, command, async (tx) => {
    const batch = await lockedBatch(tx, batchId);
    if (batch.sentRecordedAt !== null) return false;
    if (batch.voidedAt !== null) return true;
    await setVoided(tx, batchId, command.receivedAt);
    await audit(tx, command, batchId, 'letter.voided', { batchId });
    return true;
  });
}

/**
 * R32: a record of contact for each person of the batch, POST_SENT or FAX_SENT. False for a batch told not to have been
 * sent. Twice is once. Refuses with `not-found`.
 */
export async function recordSending(deps: Deps, command: Command, batchId: string): Promise<boolean> {
  return runCommand(deps, command, async (tx) => {
    const batch = await lockedBatch(tx, batchId);
    if (batch.voidedAt !== null) return false;
    if (batch.sentRecordedAt !== null) return true;
    const kind = batch.kind === 'POST' ? 'POST_SENT' : 'FAX_SENT';
    const at = command.receivedAt;
    await recordLettersSent(tx, batchId, { kind, at, by: command.actor });
    await setSentRecorded(tx, batchId, at);
    await audit(tx, command, batchId, 'contact.recorded', { kind, said: null, note: null, at, batchId });
    return true;
  });
}

async function preview(
  tx: Tx,
  press: Press,
  selection: LetterSelection,
  kind: LetterKind,
  now: Instant,
): Promise<LetterPreview> {
  const chosen =
    selection.by === 'IDS'
      ? await findCandidates(tx, selection.accountIds.slice(0, MOST_LETTERS))
      : await listCandidates(tx, candidateFilter(selection.filter, now), {
          now,
          after: null,
          limit: Math.min(selection.most, MOST_LETTERS),
        });
  const included: CandidateRow[] = [];
  const leftOut: LeftOut[] = [];
  for (const person of chosen) {
    const why = whyLeftOut(press, person, kind, now);
    if (why === null) included.push(person);
    else leftOut.push({ ...person, ...why });
  }
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, included.map(({ accountId, cycle }) => [accountId, cycle])]))
    .digest('hex');
  return { kind, included, leftOut, digest };
}

function whyLeftOut(press: Press, person: CandidateRow, kind: LetterKind, now: Instant): WhyLeftOut | null {
  if (person.withdrawnAt !== null) return { reason: 'WITHDRAWN' };
  if (person.windowOpensAt > now + MOST_DAYS_AHEAD * DAY) return { reason: 'TOO_EARLY' };
  if (person.stopRequested) return { reason: 'STOP_ASKED' };
  if (kind === 'POST' && isEmpty(person.postalAddress)) return { reason: 'NO_POSTAL_ADDRESS' };
  if (kind === 'FAX' && isEmpty(person.fax)) return { reason: 'NO_FAX' };
  return unprintable(press, person, kind);
}

/** What would come out blank, cut off, or as another character, is refused: never printed. */
export function unprintable(
  press: Press,
  person: Pick<CandidateRow, 'name' | 'kana' | 'postalAddress' | 'fax'>,
  kind: LetterKind,
): (WhyLeftOut & { reason: 'UNPRINTABLE' | 'TOO_LONG' }) | null {
  const where = kind === 'POST' ? 'postalAddress' : 'fax';
  for (const field of ['name', 'kana', where] as const) {
    const letters = press.unprintable(person[field] ?? '');
    if (letters.length > 0) return { reason: 'UNPRINTABLE', field, letters };
  }
  const addressee = { name: person.name, postalAddress: person.postalAddress ?? '' };
  if (kind === 'POST' && !press.fitsWindow(addressee)) return { reason: 'TOO_LONG' };
  return null;
}

function isEmpty(text: string | null): boolean {
  return text === null || text.trim() === '';
}

async function lockedBatch(tx: Tx, batchId: string): Promise<BatchRow> {
  return (await findBatch(tx, batchId, { lock: true })) ?? refuse({ code: 'not-found' });
}

async function audit(
  tx: Tx,
  command: Command,
  batchId: string,
  action: string,
  after: object,
): Promise<void> {
  await auditLetters(tx, batchId, { at: command.receivedAt, actor: command.actor, action, after });
}
