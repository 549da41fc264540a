/** Pauses after many failures at once (R24): stops of all headquarters that the system sets, tries and ends. */
import type { Instant } from '../domain/calendar.js';
import type { PauseScope, SentCount } from '../domain/mass-failure.js';
import { at } from './database.js';
import type { Tx } from './database.js';

/** True when nobody else holds the watch; it is held until this transaction ends. */
export async function takeWatch(tx: Tx): Promise<boolean> {
  const rows = await tx.query<{ taken: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtext('net119:mass-failures')) AS taken`,
  );
  return rows[0]?.taken === true;
}

/** Around failures heard of in this span, over all tenants. */
export async function countSentAroundFailures(
  tx: Tx,
  heardSince: Instant,
  heardUntil: Instant,
): Promise<SentCount[]> {
  return tx.query<SentCount>(
    `SELECT mail_domain AS "mailDomain", paused, sent_from AS "sentFrom", person, results, failures
     FROM count_sent_around_failures($1, $2)`,
    [at(heardSince), at(heardUntil)],
    'count-sent-around-failures',
  );
}

/** Pauses of all headquarters that ended since then: by themselves, or by a person. */
export async function listEndedPauses(
  tx: Tx,
  since: Instant,
  now: Instant,
): Promise<{ scope: PauseScope; endedAt: Instant; endedBy: string }[]> {
  return tx.query(
    `SELECT mail_domain AS scope, ended_at AS "endedAt", ended_by AS "endedBy" FROM mail_stop
     WHERE cause = 'MASS_FAILURE' AND ended_at > $1 AND ended_at <= $2`,
    [at(since), at(now)],
  );
}

export interface NewPause {
  id: string;
  scope: PauseScope;
  reason: string;
  failuresSince: Instant;
  nextTrialAt: Instant;
  createdAt: Instant;
}

/** False when there is one of this scope already. */
export async function insertPause(tx: Tx, pause: NewPause): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO mail_stop (id, fire_hq_id, mail_domain, reason, created_by, created_at, cause, failures_since, next_trial_at)
     VALUES ($1, NULL, $2, $3, 'system', $4, 'MASS_FAILURE', $5, $6)
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      pause.id,
      pause.scope,
      pause.reason,
      at(pause.createdAt),
      at(pause.failuresSince),
      at(pause.nextTrialAt),
    ],
  );
  return rows.length > 0;
}

export interface PauseRow {
  id: string;
  scope: PauseScope;
  reason: string;
  failuresSince: Instant;
  createdAt: Instant;
  nextTrialAt: Instant;
  announcedAt: Instant | null;
  endedAt: Instant | null;
  endedBy: string | null;
}

/** In force, or ended and not yet told to everybody; oldest first. */
export async function listOpenPauses(tx: Tx): Promise<PauseRow[]> {
  return tx.query<PauseRow>(
    `SELECT id, mail_domain AS scope, reason, failures_since AS "failuresSince", created_at AS "createdAt",
       next_trial_at AS "nextTrialAt", announced_at AS "announcedAt", ended_at AS "endedAt", ended_by AS "endedBy"
     FROM mail_stop WHERE cause = 'MASS_FAILURE' AND woken_at IS NULL ORDER BY created_at, id`,
    [],
    'list-open-pauses',
  );
}

/**
 * Under a tenant: false when it knows of the beginning already. One that itself ended such a pause, or one of all, since
 * `letBeSince` is not bound by this one.
 */
export async function announcePause(
  tx: Tx,
  pause: PauseRow,
  letBeSince: Instant,
  now: Instant,
): Promise<'BOUND' | 'NOT_BOUND' | 'KNOWN'> {
  const rows = await tx.query<{ bound: boolean }>(
    `INSERT INTO mail_pause_tenant AS t (fire_hq_id, mail_stop_id, announced_at, ended_at, ended_by, woken_at)
     SELECT current_fire_hq(), $1, $2, own.since, own.by, CASE WHEN own.by IS NOT NULL THEN $2::timestamptz END
     FROM (SELECT CASE WHEN count(*) > 0 THEN $3::timestamptz END AS since, CASE WHEN count(*) > 0 THEN 'system' END AS by
       FROM mail_pause_tenant e JOIN mail_stop s ON s.id = e.mail_stop_id
       WHERE e.fire_hq_id = current_fire_hq() AND e.ended_by <> 'system' AND e.ended_at > $4 AND e.ended_at <= $5
         AND (s.mail_domain IS NULL OR s.mail_domain = $6)) own
     ON CONFLICT (fire_hq_id, mail_stop_id) DO UPDATE SET announced_at = excluded.announced_at WHERE t.announced_at IS NULL
     RETURNING t.ended_at IS NULL AS bound`,
    [pause.id, at(now), at(pause.failuresSince), at(letBeSince), at(pause.createdAt), pause.scope],
  );
  if (!rows[0]) return 'KNOWN';
  return rows[0].bound ? 'BOUND' : 'NOT_BOUND';
}

export async function setAnnounced(tx: Tx, id: string, now: Instant): Promise<void> {
  await tx.query('UPDATE mail_stop SET announced_at = $2 WHERE id = $1', [id, at(now)]);
}

/** Under a tenant: false when it was told of the end already. */
export async function noteWoken(tx: Tx, id: string, now: Instant): Promise<boolean> {
  const rows = await tx.query(
    `INSERT INTO mail_pause_tenant AS t (fire_hq_id, mail_stop_id, woken_at) VALUES (current_fire_hq(), $1, $2)
     ON CONFLICT (fire_hq_id, mail_stop_id) DO UPDATE SET woken_at = excluded.woken_at WHERE t.woken_at IS NULL
     RETURNING t.mail_stop_id`,
    [id, at(now)],
  );
  return rows.length > 0;
}

export async function setWoken(tx: Tx, id: string, now: Instant): Promise<void> {
  await tx.query('UPDATE mail_stop SET woken_at = $2 WHERE id = $1', [id, at(now)]);
}

/** Failures that a pause covers and that still count; ids only, over all tenants. */
export async function listFailuresToExcuse(
  tx: Tx,
  pauseId: string,
  atMost: number,
): Promise<{ fireHqId: string; accountId: string; reminderId: string }[]> {
  return tx.query(
    `SELECT fire_hq_id AS "fireHqId", account_id AS "accountId", reminder_id AS "reminderId"
     FROM list_failures_to_excuse($1, $2)`,
    [pauseId, atMost],
  );
}

/** Under a tenant: whether a pause covers a mail of this domain that was sent then, or whose failure was heard of then. */
export async function isCoveredByPause(
  tx: Tx,
  mail: { mailDomain: string; sentAt: Instant | null; heardAt: Instant },
): Promise<boolean> {
  const rows = await tx.query(
    `SELECT FROM mail_stop s
     LEFT JOIN mail_pause_tenant t ON t.mail_stop_id = s.id AND t.fire_hq_id = current_fire_hq()
     CROSS JOIN LATERAL (SELECT coalesce(least(s.ended_at, t.ended_at), 'infinity') AS ends) e
     WHERE s.cause = 'MASS_FAILURE' AND (s.mail_domain IS NULL OR s.mail_domain = $1) AND e.ends > s.failures_since
       AND ($2::timestamptz BETWEEN s.failures_since AND e.ends OR $3::timestamptz BETWEEN s.failures_since AND e.ends)
     LIMIT 1`,
    [mail.mailDomain, at(mail.sentAt), at(mail.heardAt)],
    'is-covered-by-pause',
  );
  return rows.length > 0;
}

/** Whose mail may be tried: those that have waited longest for their turn first; ids only, over all tenants. */
export async function listTrialCandidates(
  tx: Tx,
  pauseId: string,
  now: Instant,
  atMost: number,
): Promise<{ fireHqId: string; accountId: string }[]> {
  return tx.query(
    `SELECT fire_hq_id AS "fireHqId", account_id AS "accountId" FROM list_trial_candidates($1, $2, $3)`,
    [pauseId, at(now), atMost],
  );
}

/** It is this account's turn. */
export async function setTrial(
  tx: Tx,
  pauseId: string,
  accountId: string,
  nextTrialAt: Instant,
): Promise<void> {
  await tx.query(
    `UPDATE mail_stop SET trial_account_id = $2, trial_reminder_id = NULL, next_trial_at = $3
     WHERE id = $1 AND ended_at IS NULL`,
    [pauseId, accountId, at(nextTrialAt)],
  );
}

/** In the transaction that claims the mail: the turn is used. */
export async function useTrial(tx: Tx, accountId: string, reminderId: string): Promise<void> {
  await tx.query(
    `UPDATE mail_stop SET trial_reminder_id = $2
     WHERE cause = 'MASS_FAILURE' AND ended_at IS NULL AND trial_account_id = $1 AND trial_reminder_id IS NULL`,
    [accountId, reminderId],
  );
}

/** The mail that was tried was accepted. */
export async function endPauseByTrial(tx: Tx, reminderId: string, endedAt: Instant): Promise<void> {
  await tx.query(
    `UPDATE mail_stop SET ended_at = $2, ended_by = 'system'
     WHERE cause = 'MASS_FAILURE' AND ended_at IS NULL AND trial_reminder_id = $1`,
    [reminderId, at(endedAt)],
  );
}

/** Nobody's mail waits any more. */
export async function endPause(tx: Tx, id: string, endedAt: Instant): Promise<void> {
  await tx.query(
    `UPDATE mail_stop SET ended_at = $2, ended_by = 'system' WHERE id = $1 AND ended_at IS NULL`,
    [id, at(endedAt)],
  );
}
