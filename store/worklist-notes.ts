/** 対応の記録 of the worklist (R30): notes with a next date, and who is on a person. */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';
import type { NoteRow } from './worklist.js';

const NOTE_COLUMNS = `id, note, look_again_on AS "lookAgainOn", seen_until AS "seenUntil", noted_at AS "notedAt",
  noted_by AS "notedBy", undone_at AS "undoneAt"`;

/** Under the account's lock. */
export async function insertNote(tx: Tx, accountId: string, row: Omit<NoteRow, 'undoneAt'>): Promise<void> {
  await tx.query(
    `INSERT INTO worklist_note (fire_hq_id, id, account_id, number, note, look_again_on, seen_until, noted_at, noted_by)
     VALUES (current_fire_hq(), $1, $2, (SELECT coalesce(max(number), 0) + 1 FROM worklist_note
       WHERE fire_hq_id = current_fire_hq() AND account_id = $2), $3, $4, $5, $6, $7)`,
    [row.id, accountId, row.note, row.lookAgainOn, at(row.seenUntil), at(row.notedAt), row.notedBy],
  );
}

/** Newest first, undone ones too. */
export async function listNotes(tx: Tx, accountId: string, limit: number): Promise<NoteRow[]> {
  return tx.query<NoteRow>(
    `SELECT ${NOTE_COLUMNS} FROM worklist_note WHERE fire_hq_id = current_fire_hq() AND account_id = $1
     ORDER BY number DESC LIMIT $2`,
    [accountId, limit],
  );
}

/** False when the person has no such note, or it was undone before. */
export async function markNoteUndone(
  tx: Tx,
  accountId: string,
  noteId: string,
  undone: { at: Instant; by: string },
): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE worklist_note SET undone_at = $3, undone_by = $4
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND id = $2 AND undone_at IS NULL RETURNING id`,
    [accountId, noteId, at(undone.at), undone.by],
  );
  return rows.length > 0;
}

export interface Mark {
  noteId: string | null;
  takenBy: string | null;
  takenAt: Instant | null;
  /** The one who has taken it cannot sign in any more. */
  takerLocked: boolean;
  version: number;
}

/** Under the account's lock. Version 0: there is none yet. */
export async function readMark(tx: Tx, accountId: string): Promise<Mark> {
  const rows = await tx.query<Mark>(
    `SELECT k.note_id AS "noteId", k.taken_by AS "takenBy", k.taken_at AS "takenAt",
       coalesce(s.locked_at IS NOT NULL, false) AS "takerLocked", k.version
     FROM worklist_mark k LEFT JOIN staff s ON s.fire_hq_id = k.fire_hq_id AND s.id = k.taken_by
     WHERE k.fire_hq_id = current_fire_hq() AND k.account_id = $1`,
    [accountId],
  );
  return rows[0] ?? { noteId: null, takenBy: null, takenAt: null, takerLocked: false, version: 0 };
}

/** The newest note that was not undone counts from now on; none: as if nothing had been noted. Whoever was on it is done. */
export async function refreshMark(tx: Tx, accountId: string): Promise<void> {
  await tx.query(
    `INSERT INTO worklist_mark AS k (fire_hq_id, account_id, note_id, seen_until, look_again_on, version)
     SELECT current_fire_hq(), $1, w.id, w.seen_until, w.look_again_on, 1
     FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT id, seen_until, look_again_on FROM worklist_note
       WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND undone_at IS NULL
       ORDER BY number DESC LIMIT 1) w ON true
     ON CONFLICT (fire_hq_id, account_id) DO UPDATE SET note_id = excluded.note_id, seen_until = excluded.seen_until,
       look_again_on = excluded.look_again_on, taken_by = NULL, taken_at = NULL, version = k.version + 1`,
    [accountId],
  );
}

/** null: nobody is on it. */
export async function setTaken(
  tx: Tx,
  accountId: string,
  taken: { by: string; at: Instant } | null,
): Promise<void> {
  await tx.query(
    `INSERT INTO worklist_mark AS k (fire_hq_id, account_id, taken_by, taken_at, version)
     VALUES (current_fire_hq(), $1, $2, $3, 1)
     ON CONFLICT (fire_hq_id, account_id) DO UPDATE SET taken_by = excluded.taken_by, taken_at = excluded.taken_at`,
    [accountId, taken?.by ?? null, at(taken?.at ?? null)],
  );
}
