/** What the ledger, the accounts and the mail server's journal say of each other: every breach of a rule, in words. */
import { tokenHash } from '../../platform/keys.js';
import type { Hq, Life } from './people.js';
import type { Stack } from './stack.js';
import type { TakenMail } from './sink.js';

export interface Mail {
  id: string;
  accountId: string;
  cycle: number;
  purpose: string;
  kind: string | null;
  /** Epoch ms under a time-based policy; NaN: none. */
  slot: number;
  outcome: string;
  reason: string | null;
  messageId: string | null;
  linkHash: Buffer | null;
  address: string;
  createdAt: number;
  acceptedAt: number | null;
  attempts: { at: number; verdict: string }[];
}

export interface Cycle {
  accountId: string;
  number: number;
  expiresAt: number;
  lapseRecordedAt: number | null;
  lapseCause: string | null;
  stopRecordedAt: number | null;
  renewedAt: number | null;
  lapseEvents: number;
}

const WAITING = ['QUEUED', 'SENDING', 'DELAYED'];
/** R5: a lapse is recorded within this of E. */
const LAPSE_WITHIN = 60_000;

/** Oldest first. */
export async function mailsOf({ deps }: Stack, hq: Hq): Promise<Mail[]> {
  const rows = await deps.database.inTenant(hq.id, (tx) =>
    tx.query<Omit<Mail, 'slot'> & { slot: string | null }>(
      `SELECT r.id, r.account_id AS "accountId", r.cycle, r.purpose, r.kind, r.slot, r.outcome, r.reason,
         r.message_id AS "messageId", r.link_hash AS "linkHash", m.address, r.created_at AS "createdAt",
         r.accepted_at AS "acceptedAt",
         coalesce((SELECT json_agg(json_build_object('at', epoch_ms(t.at), 'verdict', t.verdict) ORDER BY t.at)
           FROM reminder_attempt t WHERE t.fire_hq_id = r.fire_hq_id AND t.reminder_id = r.id), '[]') AS attempts
       FROM reminder r JOIN mail_address m ON m.fire_hq_id = r.fire_hq_id AND m.id = r.address_id
       WHERE r.fire_hq_id = current_fire_hq() ORDER BY r.created_at, r.id`,
    ),
  );
  return rows.map((row) => ({ ...row, slot: Date.parse(row.slot ?? '') }));
}

export async function mailsTo(stack: Stack, { hq, id }: Life): Promise<Mail[]> {
  return (await mailsOf(stack, hq)).filter((mail) => mail.accountId === id);
}

export function cyclesOf({ deps }: Stack, hq: Hq): Promise<Cycle[]> {
  return deps.database.inTenant(hq.id, (tx) =>
    tx.query<Cycle>(
      `SELECT account_id AS "accountId", number, expires_at AS "expiresAt", lapse_recorded_at AS "lapseRecordedAt",
         lapse_cause AS "lapseCause", auto_stop_recorded_at AS "stopRecordedAt", renewed_at AS "renewedAt",
         (SELECT count(*)::int FROM audit_event a WHERE a.fire_hq_id = c.fire_hq_id AND a.account_id = c.account_id
            AND a.action = 'account.lapsed' AND a.after ->> 'cycle' = c.number::text) AS "lapseEvents"
       FROM renewal_cycle c WHERE c.fire_hq_id = current_fire_hq() ORDER BY account_id, number`,
    ),
  );
}

/** Nothing is under way or still to come: no mail waits, and each life's automatic mail has ended. */
export async function isOver(stack: Stack, lives: readonly Life[]): Promise<boolean> {
  for (const hq of new Set(lives.map((life) => life.hq))) {
    const ids = lives.filter((life) => life.hq === hq).map(({ id }) => id);
    const [mails, cycles] = [await mailsOf(stack, hq), await cyclesOf(stack, hq)];
    if (mails.some(({ accountId, outcome }) => ids.includes(accountId) && WAITING.includes(outcome)))
      return false;
    if (cycles.some(({ accountId, stopRecordedAt }) => ids.includes(accountId) && stopRecordedAt === null))
      return false;
  }
  return true;
}

/** R20, R21: the journal and the ledger of these headquarters agree. Empty: they do. */
export async function mailBreaches(stack: Stack, hqs: readonly Hq[]): Promise<string[]> {
  const mails = (await Promise.all(hqs.map((hq) => mailsOf(stack, hq)))).flat();
  const rows = new Map(mails.map((mail) => [mail.messageId, mail]));
  const copies = new Map<string, TakenMail[]>();
  for (const taken of stack.sink.journal)
    copies.set(taken.messageId, [...(copies.get(taken.messageId) ?? []), taken]);
  return [
    ...[...copies].flatMap(([messageId, taken]) => copyBreaches(messageId, rows.get(messageId), taken)),
    ...mails
      .filter(({ acceptedAt, messageId }) => acceptedAt !== null && !copies.has(messageId ?? ''))
      .map(({ id }) => `R20: the ledger says accepted, the server never had it: ${id}`),
  ];
}

function copyBreaches(messageId: string, row: Mail | undefined, copies: TakenMail[]): string[] {
  if (row === undefined) return [`R20: sent without a row in the ledger: ${messageId}`];
  const breaches: string[] = [];
  for (const { at, to, link } of copies) {
    if (row.createdAt > at) breaches.push(`R20: row written after sending: ${row.id}`);
    if (to.length !== 1 || to[0] !== row.address) breaches.push(`R20: to somebody else: ${row.id}`);
    const hash = link === null ? null : tokenHash(link.split('/r/')[1] ?? '');
    if (hash === null ? row.linkHash !== null : row.linkHash?.equals(hash) !== true)
      breaches.push(`R21: another link than the ledger's: ${row.id}`);
  }
  // The one double that is allowed: nobody had recorded the reply to an earlier copy when the next one was sent.
  for (const { at } of copies.slice(1)) {
    if (row.attempts.some((attempt) => attempt.verdict === 'ACCEPTED' && attempt.at < at))
      breaches.push(`R21: sent again after its reply was recorded: ${row.id}`);
  }
  return breaches;
}

/** R5, R9, R16, R38 for lives that are over: `offsets` are their slots, ms from E. Empty: all is as it should be. */
export async function lifeBreaches(
  stack: Stack,
  lives: readonly Life[],
  offsets: readonly number[],
): Promise<string[]> {
  const breaches: string[] = [];
  for (const life of lives) {
    const mails = (await mailsTo(stack, life)).filter(
      ({ cycle, purpose }) => cycle === 1 && purpose === 'REMINDER',
    );
    for (const offset of offsets) {
      const row = mails.find(({ slot }) => slot === life.expiresAt + offset);
      if (row === undefined) breaches.push(`R38: slot ${offset} of ${life.to} has no row`);
      else if (WAITING.includes(row.outcome))
        breaches.push(`R23: ${row.outcome} for ever: ${offset} of ${life.to}`);
    }
    const cycle = (await cyclesOf(stack, life.hq)).find(({ accountId }) => accountId === life.id);
    if (cycle === undefined || cycle.lapseEvents !== 1)
      breaches.push(`R5: ${cycle?.lapseEvents} lapses of ${life.to}`);
    const late = (cycle?.lapseRecordedAt ?? Infinity) - life.expiresAt;
    if (late < 0 || late > LAPSE_WITHIN) breaches.push(`R5: lapse of ${life.to} recorded ${late} ms after E`);
    const cause = mails.some(({ acceptedAt }) => acceptedAt !== null) ? 'NO_RESPONSE' : 'NOT_SENT';
    if (cycle?.lapseCause !== cause)
      breaches.push(`R16: ${cycle?.lapseCause} instead of ${cause}: ${life.to}`);
  }
  return breaches;
}

/** Waiting signals. */
export async function outboxOf({ deps }: Stack): Promise<number> {
  const [row] = await deps.database.withoutTenant((tx) =>
    tx.query<{ count: number }>('SELECT count(*)::int AS count FROM signal_outbox'),
  );
  return row?.count ?? -1;
}
