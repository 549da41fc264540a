/** リマインダー履歴 (R23) as readers get it: each mail with its attempts and what became of it. */
import type { Instant } from '../domain/calendar.js';
import type { Failure, Outcome, Purpose } from '../domain/delivery.js';
import type { ReminderKind } from '../domain/schedule.js';
import { at } from './database.js';
import type { Tx } from './database.js';
import type { FailureColumns } from './failure-columns.js';
import { FAILURE_COLUMNS, failureOf } from './failure-columns.js';

export interface ReminderListRow {
  id: string;
  cycle: number;
  slot: string | null;
  purpose: Purpose;
  kind: ReminderKind | null;
  outcome: Outcome;
  reason: string | null;
  createdAt: Instant;
  dueAt: Instant;
  nextAttemptAt: Instant | null;
  acceptedAt: Instant | null;
  failure: Failure | null;
  complainedAt: Instant | null;
  address: string;
  messageId: string | null;
  attempts: AttemptJson[] | null;
}

type ReminderListColumns = Omit<ReminderListRow, 'failure'> & FailureColumns;

/** Instants as epoch ms. */
export interface AttemptJson {
  at: number;
  verdict: string;
  code: number | null;
  enhanced: string | null;
  text: string | null;
}

const LIST_COLUMNS = `r.id, r.cycle, r.slot, r.purpose, r.kind, r.outcome, r.reason, r.created_at AS "createdAt",
  r.due_at AS "dueAt", r.next_attempt_at AS "nextAttemptAt", r.accepted_at AS "acceptedAt", ${FAILURE_COLUMNS},
  r.complained_at AS "complainedAt", m.address, r.message_id AS "messageId",
  (SELECT json_agg(json_build_object('at', epoch_ms(t.at), 'verdict', t.verdict, 'code', t.code,
      'enhanced', t.enhanced, 'text', t.reply) ORDER BY t.at)
    FROM reminder_attempt t WHERE t.fire_hq_id = r.fire_hq_id AND t.reminder_id = r.id) AS attempts`;

/** リマインダー履歴, newest first, below the cursor. */
export async function listReminders(
  tx: Tx,
  {
    accountId,
    cycle,
    before,
    limit,
  }: {
    accountId: string;
    /** Left out: of all. */
    cycle?: number | undefined;
    before: { createdAt: Instant; id: string } | null;
    limit: number;
  },
): Promise<ReminderListRow[]> {
  const rows = await tx.query<ReminderListColumns>(
    `SELECT ${LIST_COLUMNS} FROM reminder r
     JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id
     WHERE r.fire_hq_id = current_fire_hq() AND r.account_id = $1
       AND ($2::timestamptz IS NULL OR (r.created_at, r.id) < ($2, $3::uuid))
       AND ($5::integer IS NULL OR r.cycle = $5)
     ORDER BY r.created_at DESC, r.id DESC LIMIT $4`,
    [accountId, at(before?.createdAt ?? null), before?.id ?? null, limit, cycle ?? null],
  );
  return rows.map(toListRow);
}

export async function findReminder(
  tx: Tx,
  accountId: string,
  reminderId: string,
): Promise<ReminderListRow | null> {
  const rows = await tx.query<ReminderListColumns>(
    `SELECT ${LIST_COLUMNS} FROM reminder r
     JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id
     WHERE r.fire_hq_id = current_fire_hq() AND r.account_id = $1 AND r.id = $2`,
    [accountId, reminderId],
  );
  return rows[0] ? toListRow(rows[0]) : null;
}

function toListRow(columns: ReminderListColumns): ReminderListRow {
  return { ...columns, failure: failureOf(columns) };
}
