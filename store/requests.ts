/** 本人からの連絡 (R28) and records of contact (R32). */
import type { Instant } from '../domain/calendar.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export const CHANGE_ITEMS = [
  'MAIL',
  'CARRIER',
  'ADDRESS',
  'FAX',
  'EMERGENCY_CONTACT',
  'NAME',
  'OTHER',
] as const;
export type ChangeItem = (typeof CHANGE_ITEMS)[number];
export const REACH_BY = ['MAIL', 'FAX', 'POST'] as const;
export type ReachBy = (typeof REACH_BY)[number];
export const REQUEST_STATES = ['OPEN', 'TAKEN_BACK', 'DONE', 'DECLINED'] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/** Instants as epoch ms. */
export interface RequestedAddress {
  role: 'PENDING' | 'PRESENT' | 'FORMER';
  /** Until when its check mail can be answered (exclusive); null: it was PRESENT from the start. */
  pendingUntil: Instant | null;
  /** When it became PRESENT after that; null beside `pendingUntil`: never. */
  presentSince: Instant | null;
}

export interface RequestRow {
  id: string;
  accountId: string;
  cycle: number;
  /** What the link came with that it was told on: exactly one of the two. */
  reminderId: string | null;
  letterId: string | null;
  kind: 'CHANGE' | 'STOP';
  state: RequestState;
  /** Empty in a CHANGE: the person has not said what. */
  items: ChangeItem[];
  newMailAddress: string | null;
  /** R19: what became of it; null while none was entered for this request. */
  newAddress: RequestedAddress | null;
  reachBy: ReachBy | null;
  message: string | null;
  createdAt: Instant;
  closedAt: Instant | null;
  closedBy: string | null;
  staffNote: string | null;
  version: number;
}

const COLUMNS = `id, account_id AS "accountId", cycle, reminder_id AS "reminderId",
  letter_id AS "letterId", kind, state, items,
  new_mail_address AS "newMailAddress", reach_by AS "reachBy", message, created_at AS "createdAt",
  (SELECT json_build_object('role', m.role, 'pendingUntil', epoch_ms(m.pending_until),
      'presentSince', epoch_ms(m.present_since)) FROM mail_address m
    WHERE m.fire_hq_id = resident_request.fire_hq_id AND m.id = resident_request.new_address_id) AS "newAddress",
  closed_at AS "closedAt", closed_by AS "closedBy", staff_note AS "staffNote", version`;

export async function insertRequest(
  tx: Tx,
  row: Omit<RequestRow, 'state' | 'newAddress' | 'closedAt' | 'closedBy' | 'staffNote' | 'version'>,
): Promise<void> {
  await tx.query(
    `INSERT INTO resident_request (fire_hq_id, id, account_id, cycle, reminder_id, letter_id, kind, state, items,
       new_mail_address, reach_by, message, created_at, version)
     VALUES (current_fire_hq(), $1, $2, $3, $4, $5, $6, 'OPEN', $7, $8, $9, $10, $11, 1)`,
    [
      row.id,
      row.accountId,
      row.cycle,
      row.reminderId,
      row.letterId,
      row.kind,
      row.items,
      row.newMailAddress,
      row.reachBy,
      row.message,
      at(row.createdAt),
    ],
  );
}

export async function findRequest(tx: Tx, id: string): Promise<RequestRow | null> {
  const rows = await tx.query<RequestRow>(
    `SELECT ${COLUMNS} FROM resident_request WHERE fire_hq_id = current_fire_hq() AND id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

export async function findOpenStopRequest(tx: Tx, accountId: string): Promise<RequestRow | null> {
  const rows = await tx.query<RequestRow>(
    `SELECT ${COLUMNS} FROM resident_request
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND kind = 'STOP' AND state = 'OPEN'`,
    [accountId],
  );
  return rows[0] ?? null;
}

/** The open CHANGE told on the page of that mail's or letter's link: one without items yet before any other. */
export async function findOpenChange(
  tx: Tx,
  accountId: string,
  { reminderId, letterId }: Pick<RequestRow, 'reminderId' | 'letterId'>,
): Promise<RequestRow | null> {
  const rows = await tx.query<RequestRow>(
    `SELECT ${COLUMNS} FROM resident_request
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND (reminder_id = $2 OR letter_id = $3) AND kind = 'CHANGE' AND state = 'OPEN'
     ORDER BY cardinality(items), created_at, id LIMIT 1`,
    [accountId, reminderId, letterId],
  );
  return rows[0] ?? null;
}

/** What the person says of a change that was announced only. */
export async function completeChange(
  tx: Tx,
  id: string,
  told: Pick<RequestRow, 'items' | 'newMailAddress' | 'reachBy' | 'message'>,
): Promise<void> {
  await tx.query(
    `UPDATE resident_request SET items = $2, new_mail_address = $3, reach_by = $4, message = $5, version = version + 1
     WHERE fire_hq_id = current_fire_hq() AND id = $1 AND kind = 'CHANGE' AND state = 'OPEN'`,
    [id, told.items, told.newMailAddress, told.reachBy, told.message],
  );
}

/** R19, R28: the address that was entered because of what the person told. */
export async function noteNewAddress(tx: Tx, id: string, addressId: string): Promise<void> {
  await tx.query(
    'UPDATE resident_request SET new_address_id = $2 WHERE fire_hq_id = current_fire_hq() AND id = $1',
    [id, addressId],
  );
}

/** Locked until the transaction ends, so that two who answer follow each other. */
export async function lockRequest(tx: Tx, id: string): Promise<RequestRow | null> {
  await tx.query('SELECT FROM resident_request WHERE fire_hq_id = current_fire_hq() AND id = $1 FOR UPDATE', [
    id,
  ]);
  return findRequest(tx, id);
}

/** False when it was closed already. */
export async function closeRequest(
  tx: Tx,
  id: string,
  close: { state: Exclude<RequestState, 'OPEN'>; at: Instant; by: string; staffNote: string | null },
): Promise<boolean> {
  const rows = await tx.query(
    `UPDATE resident_request SET state = $2, closed_at = $3, closed_by = $4, staff_note = $5, version = version + 1
     WHERE fire_hq_id = current_fire_hq() AND id = $1 AND state = 'OPEN' RETURNING id`,
    [id, close.state, at(close.at), close.by, close.staffNote],
  );
  return rows.length > 0;
}

export interface RequestFilter {
  state?: RequestState | undefined;
  /** Whether it waits for staff; left out: both. */
  open?: boolean | undefined;
  kind?: RequestRow['kind'] | undefined;
  accountId?: string | undefined;
}

/** Newest first, below the cursor; with `oldestFirst` the other way round. */
export async function listRequests(
  tx: Tx,
  {
    state,
    open,
    kind,
    accountId,
    after,
    limit,
    oldestFirst = false,
  }: RequestFilter & {
    after: { createdAt: Instant; id: string } | null;
    limit: number;
    oldestFirst?: boolean | undefined;
  },
): Promise<RequestRow[]> {
  const [beyond, order] = oldestFirst ? ['>', 'ASC'] : ['<', 'DESC'];
  return tx.query<RequestRow>(
    `SELECT ${COLUMNS} FROM resident_request
     WHERE fire_hq_id = current_fire_hq() AND ($1::text IS NULL OR state = $1)
       AND ($5::boolean IS NULL OR (state = 'OPEN') = $5) AND ($6::text IS NULL OR kind = $6)
       AND ($7::uuid IS NULL OR account_id = $7)
       AND ($2::timestamptz IS NULL OR (created_at, id) ${beyond} ($2, $3::uuid))
     ORDER BY created_at ${order}, id ${order} LIMIT $4`,
    [
      state ?? null,
      at(after?.createdAt ?? null),
      after?.id ?? null,
      limit,
      open ?? null,
      kind ?? null,
      accountId ?? null,
    ],
  );
}

/** Requests of one account and kind since an instant, for the limit on a single link. */
export async function countRequestsSince(tx: Tx, accountId: string, since: Instant): Promise<number> {
  const rows = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM resident_request
     WHERE fire_hq_id = current_fire_hq() AND account_id = $1 AND created_at > $2`,
    [accountId, at(since)],
  );
  return rows[0]?.n ?? 0;
}
