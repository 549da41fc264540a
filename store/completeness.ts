/** Cycles with what the ledger has of their slots, in pages: for the sums of R38, which read every one of them. */
import type { Instant } from '../domain/calendar.js';
import type { CycleFacts, SlotRow } from '../domain/completeness.js';
import { at } from './database.js';
import type { Tx } from './database.js';

export interface CycleWithSlots extends CycleFacts {
  accountId: string;
  registrationNumber: string;
  name: string;
  number: number;
  policyVersion: number;
  rows: SlotRow[];
}

/** Where a page ended: its last cycle. */
export interface CyclePlace {
  expiresAt: Instant;
  accountId: string;
  number: number;
}

const COLUMNS = `c.account_id AS "accountId", a.registration_number AS "registrationNumber", a.name, c.number,
  c.policy_version AS "policyVersion", c.expires_on AS "expiresOn", c.expires_at AS "expiresAt",
  c.window_opens_at AS "windowOpensAt", c.auto_stops_at AS "autoStopsAt", c.slots_after AS "slotsAfter",
  c.lapse_recorded_at AS "lapseRecordedAt", c.lapse_cause AS "lapseCause", c.renewed_at AS "renewedAt",
  a.withdrawn_at AS "withdrawnAt",
  (SELECT json_agg(json_build_object('slot', r.slot, 'dueAt', epoch_ms(r.due_at), 'outcome', r.outcome,
      'reason', r.reason, 'acceptedAt', epoch_ms(r.accepted_at)))
    FROM reminder r WHERE r.fire_hq_id = c.fire_hq_id AND r.account_id = c.account_id AND r.cycle = c.number
      AND r.slot IS NOT NULL) AS rows`;
const FROM = 'renewal_cycle c JOIN account a ON a.fire_hq_id = c.fire_hq_id AND a.id = c.account_id';

type Columns = Omit<CycleWithSlots, 'rows'> & { rows: SlotRow[] | null };

function toCycles(rows: readonly Columns[]): CycleWithSlots[] {
  return rows.map((row) => ({ ...row, rows: row.rows ?? [] }));
}

/**
 * Cycles whose E lies in the span (after `from`, up to and including `until`: the last valid instant decides), and those
 * that were running in it, for their mails.
 */
export async function cyclesOfSpan(
  tx: Tx,
  { from, until, after, limit }: { from: Instant; until: Instant; after: CyclePlace | null; limit: number },
): Promise<CycleWithSlots[]> {
  const rows = await tx.query<Columns>(
    `SELECT ${COLUMNS} FROM ${FROM}
     WHERE c.fire_hq_id = current_fire_hq()
       AND ((c.expires_at > $1 AND c.expires_at <= $2)
         OR (c.opened_at < $2 AND (c.renewed_at IS NULL OR c.renewed_at >= $1)))
       AND ($3::timestamptz IS NULL OR (c.expires_at, c.account_id, c.number) > ($3, $4::uuid, $5::int))
     ORDER BY c.expires_at, c.account_id, c.number LIMIT $6`,
    [
      at(from),
      at(until),
      at(after?.expiresAt ?? null),
      after?.accountId ?? null,
      after?.number ?? null,
      limit,
    ],
  );
  return toCycles(rows);
}

/**
 * For the machine's look: cycles that ended since then, by renewal or withdrawal, and those whose lapse nobody recorded
 * although E was before `lapsedBefore`. Open ones it sees elsewhere.
 */
export async function endedCycles(
  tx: Tx,
  {
    since,
    lapsedBefore,
    after,
    limit,
  }: {
    since: Instant;
    lapsedBefore: Instant;
    after: Pick<CyclePlace, 'accountId' | 'number'> | null;
    limit: number;
  },
): Promise<CycleWithSlots[]> {
  const rows = await tx.query<Columns>(
    `SELECT ${COLUMNS} FROM ${FROM}
     WHERE c.fire_hq_id = current_fire_hq()
       AND (c.renewed_at >= $1 OR (c.renewed_at IS NULL AND (a.withdrawn_at >= $1
         OR (a.withdrawn_at IS NULL AND c.lapse_recorded_at IS NULL AND c.expires_at <= $2))))
       AND ($3::uuid IS NULL OR (c.account_id, c.number) > ($3, $4::int))
     ORDER BY c.account_id, c.number LIMIT $5`,
    [at(since), at(lapsedBefore), after?.accountId ?? null, after?.number ?? null, limit],
  );
  return toCycles(rows);
}

export interface PersonRow {
  accountId: string;
  registrationNumber: string;
  name: string;
}

const WITHOUT_CYCLE = `a.fire_hq_id = current_fire_hq() AND a.withdrawn_at IS NULL AND NOT EXISTS (SELECT FROM renewal_cycle c
  WHERE c.fire_hq_id = a.fire_hq_id AND c.account_id = a.id AND c.renewed_at IS NULL)`;

/** People who are not withdrawn, and how many of them have no running cycle: nobody would ever remind these. */
export async function countRegistered(tx: Tx): Promise<{ people: number; withoutCycle: number }> {
  const [row] = await tx.query<{ people: number; withoutCycle: number }>(
    `SELECT (SELECT count(*)::int FROM account a WHERE a.fire_hq_id = current_fire_hq() AND a.withdrawn_at IS NULL) AS people,
       (SELECT count(*)::int FROM account a WHERE ${WITHOUT_CYCLE}) AS "withoutCycle"`,
  );
  return row ?? { people: 0, withoutCycle: 0 };
}

export async function peopleWithoutCycle(
  tx: Tx,
  { afterId, limit }: { afterId: string | null; limit: number },
): Promise<PersonRow[]> {
  return tx.query<PersonRow>(
    `SELECT a.id AS "accountId", a.registration_number AS "registrationNumber", a.name FROM account a
     WHERE ${WITHOUT_CYCLE} AND ($1::uuid IS NULL OR a.id > $1) ORDER BY a.id LIMIT $2`,
    [afterId, limit],
  );
}
