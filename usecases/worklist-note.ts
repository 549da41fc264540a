/** 対応の記録 (R30): a note with a next date takes a person off the worklist until then; and who is on a person. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { DAY, addDays, dayInJapan, isCivilDate } from '../domain/calendar.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { readSnapshot } from '../store/snapshots.js';
import type { NoteRow } from '../store/worklist.js';
import {
  insertNote,
  listNotes,
  markNoteUndone,
  readMark,
  refreshMark,
  setTaken,
} from '../store/worklist-notes.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';

const LONGEST_NOTE = 1_000;
/** Nobody is put away for good: within a year they are looked at again. */
const FURTHEST_DAYS = 366;
/** Who took somebody and did nothing for so long has let go. */
export const TAKE_LASTS = 7 * DAY;
const NOTES_SHOWN = 50;

export interface NewNote {
  note: string;
  /** A day in Japan, after today and within a year. */
  lookAgainOn: string;
  /** When the page was shown on which it was written: what came later nobody had seen. */
  seenUntil: Instant;
  /** Of the mark as it was shown. */
  version: number;
}

/** Refuses with `validation`, `version-conflict`, `account-withdrawn`. Ends a take. */
export async function noteOnWorklist(
  deps: Deps,
  command: Command,
  accountId: string,
  given: NewNote,
): Promise<void> {
  const faults = faultsOf(given, command.receivedAt);
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  await runCommand(deps, command, async (tx) => {
    const { account } = await lockedSnapshot(tx, accountId);
    if (account.withdrawnAt !== null) refuse({ code: 'account-withdrawn' });
    const { version } = await readMark(tx, accountId);
    if (version !== given.version) refuse({ code: 'version-conflict', currentVersion: version });
    const row = {
      id: randomUUID(),
      note: given.note.trim(),
      lookAgainOn: given.lookAgainOn,
      // A day at most: an old tab must not bring everything back for ever.
      seenUntil: Math.min(command.receivedAt, Math.max(given.seenUntil, command.receivedAt - DAY)),
      notedAt: command.receivedAt,
      notedBy: command.actor,
    };
    await insertNote(tx, accountId, row);
    await refreshMark(tx, accountId);
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'worklist.noted',
      accountId,
      after: { noteId: row.id, note: row.note, lookAgainOn: row.lookAgainOn },
    });
  });
}

/** The note before it counts again. Undoing twice changes nothing the second time. */
export async function undoNote(
  deps: Deps,
  command: Command,
  accountId: string,
  noteId: string,
): Promise<void> {
  await runCommand(deps, command, async (tx) => {
    await lockedSnapshot(tx, accountId);
    const undone = await markNoteUndone(tx, accountId, noteId, {
      at: command.receivedAt,
      by: command.actor,
    });
    if (!undone) return;
    await refreshMark(tx, accountId);
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'worklist.note-undone',
      accountId,
      before: { noteId },
    });
  });
}

export interface PersonNotes {
  /** Newest first, undone ones too; at most 50. */
  notes: NoteRow[];
  /** Which of them counts. */
  countingId: string | null;
  version: number;
}

/** Refuses with `not-found`. */
export async function readNotes(deps: Deps, fireHqId: string, accountId: string): Promise<PersonNotes> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    if (!(await readSnapshot(tx, accountId))) refuse({ code: 'not-found' });
    return notesOf(tx, accountId);
  });
}

/** Of somebody who is there. */
export async function notesOf(tx: Tx, accountId: string): Promise<PersonNotes> {
  const [{ noteId, version }, notes] = await Promise.all([
    readMark(tx, accountId),
    listNotes(tx, accountId, NOTES_SHOWN),
  ]);
  return { notes, countingId: noteId, version };
}

/** 「わたしが対応する」. False when a colleague who can still sign in is on it; nothing changes then. */
export async function takePerson(
  deps: Deps,
  command: Command,
  accountId: string,
  staffId: string,
): Promise<boolean> {
  return runCommand(deps, command, async (tx) => {
    const { account } = await lockedSnapshot(tx, accountId);
    if (account.withdrawnAt !== null) refuse({ code: 'account-withdrawn' });
    const { takenBy, takenAt, takerLocked } = await readMark(tx, accountId);
    if (takenBy === staffId) return true;
    if (takenBy !== null && !takerLocked && isTaken(takenAt, command.receivedAt)) return false;
    await setTaken(tx, accountId, { by: staffId, at: command.receivedAt });
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'worklist.taken',
      accountId,
      ...(takenBy === null ? {} : { before: { staffId: takenBy } }),
      after: { staffId },
    });
    return true;
  });
}

/** One's own take; somebody else's stays. */
export async function releasePerson(
  deps: Deps,
  command: Command,
  accountId: string,
  staffId: string,
): Promise<void> {
  await runCommand(deps, command, async (tx) => {
    await lockedSnapshot(tx, accountId);
    if ((await readMark(tx, accountId)).takenBy !== staffId) return;
    await setTaken(tx, accountId, null);
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'worklist.released',
      accountId,
      before: { staffId },
    });
  });
}

export function isTaken(takenAt: Instant | null, now: Instant): boolean {
  return takenAt !== null && now - takenAt < TAKE_LASTS;
}

function faultsOf({ note, lookAgainOn }: NewNote, now: Instant): FieldFault[] {
  const faults: FieldFault[] = [];
  const today = dayInJapan(now);
  const length = [...note.trim()].length;
  if (length === 0) faults.push({ field: 'note', code: 'required', message: 'note must not be empty.' });
  if (length > LONGEST_NOTE) {
    const message = `note may have at most ${LONGEST_NOTE} characters.`;
    faults.push({ field: 'note', code: 'too-long', message });
  }
  if (lookAgainOn === '') {
    faults.push({ field: 'lookAgainOn', code: 'required', message: 'lookAgainOn must be given.' });
  } else if (!isCivilDate(lookAgainOn)) {
    faults.push({ field: 'lookAgainOn', code: 'malformed', message: 'lookAgainOn must be YYYY-MM-DD.' });
  } else if (lookAgainOn <= today) {
    faults.push({ field: 'lookAgainOn', code: 'in-past', message: 'lookAgainOn must lie after today.' });
  } else if (lookAgainOn > addDays(today, FURTHEST_DAYS)) {
    faults.push({ field: 'lookAgainOn', code: 'too-far', message: 'lookAgainOn must lie within a year.' });
  }
  return faults;
}
