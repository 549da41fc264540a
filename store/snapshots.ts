/** One read that gathers all facts about an account, so that every decision is made on one consistent picture. */
import type { AccountSnapshot, LedgerRow, SnapshotStop } from './rows.js';
import type { Tx } from './database.js';

const LEDGER_JSON = `json_build_object(
  'id', r.id, 'cycle', r.cycle, 'addressId', r.address_id, 'purpose', r.purpose, 'kind', r.kind, 'slot', r.slot,
  'dedupeKey', r.dedupe_key, 'createdAt', epoch_ms(r.created_at), 'requestedBy', r.requested_by,
  'dueAt', epoch_ms(r.due_at),
  'nextAttemptAt', epoch_ms(r.next_attempt_at), 'giveUpAt', epoch_ms(r.give_up_at), 'claimToken', r.claim_token,
  'leaseUntil', epoch_ms(r.lease_until), 'attempts', r.attempts, 'outcome', r.outcome, 'reason', r.reason,
  'acceptedAt', epoch_ms(r.accepted_at), 'bouncedAt', epoch_ms(r.bounced_at), 'conclusive', r.conclusive,
  'excusedAt', epoch_ms(r.excused_at), 'provenAt', epoch_ms(r.proven_at))`;

const PENDING_JSON = `json_build_object(
  'id', n.id, 'address', n.address, 'addressKey', n.address_key, 'since', epoch_ms(n.created_at),
  'until', epoch_ms(n.pending_until),
  'checkMail', (SELECT json_build_object('reminderId', r.id, 'outcome', r.outcome) FROM reminder r
    WHERE r.fire_hq_id = n.fire_hq_id AND r.address_id = n.id AND r.purpose = 'CHECK'
    ORDER BY r.created_at DESC, r.id DESC LIMIT 1))`;

/**
 * `chosen` is `= $1` or `= ANY ($1)`: with a list PostgreSQL cannot tell how many rows to expect, and would plan this
 * statement anew at each call, which takes five times as long as running it.
 */
const snapshotSql = (chosen: string) => `
  SELECT
    h.id AS "hqId", h.code AS "hqCode", h.display_name AS "hqDisplayName", h.short_name AS "hqShortName",
    h.reply_to AS "hqReplyTo", h.fax AS "hqFax", h.counter AS "hqCounter",
    a.id, a.registration_number AS "registrationNumber", a.name, a.kana, a.mobile_number AS "mobileNumber", a.fax,
    a.postal_address AS "postalAddress", a.municipality, a.emergency_contacts AS "emergencyContacts",
    a.registered_at AS "registeredAt", a.created_at AS "createdAt", a.withdrawn_at AS "withdrawnAt",
    a.withdrawal_reason AS "withdrawalReason", a.hold_until AS "holdUntil", a.hold_reason AS "holdReason",
    a.mail_unconfirmed_since AS "mailUnconfirmedSince", a.last_activity_at AS "lastActivityAt", a.version,
    c.number AS "cycleNumber", c.policy_version AS "policyVersion", c.expires_on AS "expiresOn",
    c.expires_at AS "expiresAt", c.window_opens_at AS "windowOpensAt", c.auto_stops_at AS "autoStopsAt",
    c.slots_after AS "slotsAfter", c.opened_at AS "openedAt", c.lapse_recorded_at AS "lapseRecordedAt",
    c.lapse_cause AS "lapseCause", c.auto_stop_recorded_at AS "autoStopRecordedAt", c.renewed_at AS "renewedAt",
    c.prior_cause AS "priorCause",
    p.document AS policy,
    m.id AS "addressId", m.address, m.address_key AS "addressKey", m.state AS "addressState", m.failures,
    m.last_proven_at AS "lastProvenAt", m.last_failed_at AS "lastFailedAt",
    m.last_failed_reminder_id AS "lastFailedReminderId", m.replied_at AS "repliedAt",
    m.replaced_another AS "replacedAnother", coalesce(m.present_since, m.created_at) AS "presentSince",
    (SELECT ${PENDING_JSON} FROM mail_address n
      WHERE n.fire_hq_id = a.fire_hq_id AND n.account_id = a.id AND n.role = 'PENDING') AS pending,
    (SELECT json_agg(${LEDGER_JSON} ORDER BY r.created_at, r.id) FROM reminder r
      WHERE r.fire_hq_id = a.fire_hq_id AND r.account_id = a.id
        AND (r.cycle = c.number OR r.outcome IN ('QUEUED', 'SENDING', 'DELAYED'))) AS mails,
    (SELECT json_agg(json_build_object('id', s.id, 'cause', s.cause, 'fireHqId', s.fire_hq_id,
        'mailDomain', s.mail_domain, 'reason', s.reason, 'until', epoch_ms(s.until), 'createdBy', s.created_by,
        'createdAt', epoch_ms(s.created_at), 'endedAt', epoch_ms(least(s.ended_at, t.ended_at)),
        'onTrial', coalesce(s.trial_account_id = a.id AND s.trial_reminder_id IS NULL, false)))
      FROM mail_stop s LEFT JOIN mail_pause_tenant t ON t.fire_hq_id = a.fire_hq_id AND t.mail_stop_id = s.id
      WHERE (s.ended_at IS NULL OR s.ended_at > c.window_opens_at) AND (s.mail_domain IS NULL OR s.mail_domain = split_part(m.address_key, '@', 2))) AS stops,
    EXISTS (SELECT FROM resident_request q WHERE q.fire_hq_id = a.fire_hq_id AND q.account_id = a.id
      AND q.kind = 'STOP' AND q.state = 'OPEN') AS "stopRequested"
  FROM account a
  JOIN fire_hq h ON h.id = a.fire_hq_id
  JOIN renewal_cycle c ON c.fire_hq_id = a.fire_hq_id AND c.account_id = a.id AND c.renewed_at IS NULL
  JOIN policy_version p ON p.fire_hq_id = a.fire_hq_id AND p.version = c.policy_version
  JOIN mail_address m ON m.fire_hq_id = a.fire_hq_id AND m.account_id = a.id AND m.role = 'PRESENT'
  WHERE a.fire_hq_id = current_fire_hq() AND a.id ${chosen}`;
const ONE_SNAPSHOT = snapshotSql('= $1');
const SNAPSHOTS = snapshotSql('= ANY ($1)');

/**
 * The account's snapshot, or null when this tenant has no such account. `lock` holds the account's row until the
 * transaction ends, so that two commands on one person follow each other.
 */
export async function readSnapshot(
  tx: Tx,
  accountId: string,
  { lock = false }: { lock?: boolean } = {},
): Promise<AccountSnapshot | null> {
  // Locked first and alone: the statement that then reads starts after the wait, and so sees what the other wrote.
  if (lock) await lockAccount(tx, accountId);
  const rows = await tx.query<SnapshotColumns>(ONE_SNAPSHOT, [accountId], 'snapshot');
  return rows[0] ? toSnapshot(rows[0]) : null;
}

/** Holds the account's row until the transaction ends. False when this tenant has no such account. */
export async function lockAccount(tx: Tx, accountId: string): Promise<boolean> {
  const rows = await tx.query(
    'SELECT FROM account WHERE fire_hq_id = current_fire_hq() AND id = $1 FOR UPDATE',
    [accountId],
    'lock-account',
  );
  return rows.length > 0;
}

/** Several at once, in no particular order; unknown ids are left out. */
export async function readSnapshots(tx: Tx, accountIds: readonly string[]): Promise<AccountSnapshot[]> {
  const rows = await tx.query<SnapshotColumns>(SNAPSHOTS, [accountIds], 'snapshots');
  return rows.map(toSnapshot);
}

type Flat<Prefix extends string, T> = { [K in keyof T as `${Prefix}${Capitalize<string & K>}`]: T[K] };
type SnapshotColumns = Flat<'hq', AccountSnapshot['fireHq']> &
  AccountSnapshot['account'] &
  Omit<AccountSnapshot['cycle'], 'number'> & { cycleNumber: number } & Omit<
    AccountSnapshot['address'],
    'id' | 'domain' | 'state'
  > & {
    addressId: string;
    addressState: AccountSnapshot['address']['state'];
    pending: AccountSnapshot['pending'];
    policy: AccountSnapshot['policy'];
    mails: LedgerRow[] | null;
    stops: SnapshotStop[] | null;
    stopRequested: boolean;
  };

function toSnapshot(row: SnapshotColumns): AccountSnapshot {
  return {
    fireHq: {
      id: row.hqId,
      code: row.hqCode,
      displayName: row.hqDisplayName,
      shortName: row.hqShortName,
      replyTo: row.hqReplyTo,
      fax: row.hqFax,
      counter: row.hqCounter,
    },
    account: {
      id: row.id,
      registrationNumber: row.registrationNumber,
      name: row.name,
      kana: row.kana,
      mobileNumber: row.mobileNumber,
      fax: row.fax,
      postalAddress: row.postalAddress,
      municipality: row.municipality,
      emergencyContacts: row.emergencyContacts,
      registeredAt: row.registeredAt,
      createdAt: row.createdAt,
      withdrawnAt: row.withdrawnAt,
      withdrawalReason: row.withdrawalReason,
      holdUntil: row.holdUntil,
      holdReason: row.holdReason,
      mailUnconfirmedSince: row.mailUnconfirmedSince,
      lastActivityAt: row.lastActivityAt,
      version: row.version,
    },
    cycle: {
      number: row.cycleNumber,
      policyVersion: row.policyVersion,
      expiresOn: row.expiresOn,
      expiresAt: row.expiresAt,
      windowOpensAt: row.windowOpensAt,
      autoStopsAt: row.autoStopsAt,
      slotsAfter: row.slotsAfter,
      openedAt: row.openedAt,
      lapseRecordedAt: row.lapseRecordedAt,
      lapseCause: row.lapseCause,
      autoStopRecordedAt: row.autoStopRecordedAt,
      renewedAt: row.renewedAt,
      priorCause: row.priorCause,
    },
    policy: row.policy,
    address: {
      id: row.addressId,
      address: row.address,
      addressKey: row.addressKey,
      domain: row.addressKey.slice(row.addressKey.lastIndexOf('@') + 1),
      state: row.addressState,
      failures: row.failures,
      lastProvenAt: row.lastProvenAt,
      lastFailedAt: row.lastFailedAt,
      lastFailedReminderId: row.lastFailedReminderId,
      repliedAt: row.repliedAt,
      replacedAnother: row.replacedAnother,
      presentSince: row.presentSince,
    },
    pending: row.pending,
    mails: row.mails ?? [],
    stops: row.stops ?? [],
    stopRequested: row.stopRequested,
  };
}
