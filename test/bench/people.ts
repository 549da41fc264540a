/** Fictional people by the thousand, filled in by SQL as owner of the tables, as if they had been registered a year ago. */
import { DAY, MINUTE, addDays, dayInJapan, instantInJapan } from '../../domain/calendar.js';
import type { Instant } from '../../domain/calendar.js';
import { linkToken, tokenHash } from '../../platform/keys.js';
import { createHeadquarters } from '../../usecases/headquarters.js';
import type { Stack } from './stack.js';

export interface Dates {
  expiresOn: string | null;
  expiresAt: Instant;
  windowOpensAt: Instant;
  autoStopsAt: Instant;
}

/** Under the ordinary policy; expiry on the day `days` from today. */
export function datesIn(days: number): Dates & { expiresOn: string } {
  const expiresOn = addDays(dayInJapan(Date.now()), days);
  const at = (offset: number) => instantInJapan(addDays(expiresOn, offset), 0);
  return { expiresOn, expiresAt: at(1), windowOpensAt: at(-90), autoStopsAt: at(91) };
}

export function makeHq({ deps }: Stack, code: string, policy: unknown): Promise<string> {
  return createHeadquarters(deps, {
    code,
    displayName: `${code}消防本部`,
    shortName: code.slice(0, 6),
    replyTo: `${code}@example.jp`,
    fax: '000-000-0000',
    counter: '指令課',
    policy,
  });
}

const FAMILIES = ['見本', '架空', '例示', '試験', '仮名', '練習', '想定', '模擬'];
const KANA = ['みほん', 'かくう', 'れいじ', 'しけん', 'かめい', 'れんしゅう', 'そうてい', 'もぎ'];

/**
 * Returns the ids. With `spreadDays` the accounts expire on that many days in a row from `dates` on, as many on each;
 * only a stack without workflows can take such.
 */
export async function addPeople(
  { owner }: Stack,
  hq: string,
  people: { count: number; dates: Dates; spreadDays?: number },
): Promise<string[]> {
  const { count, dates, spreadDays = 1 } = people;
  const createdAt = new Date(Date.now() - 365 * DAY);
  await owner.query(
    `INSERT INTO account (fire_hq_id, id, registration_number, name, kana, mobile_number, emergency_contacts,
       registered_at, created_at, version)
     SELECT $1, gen_random_uuid(), 'B-' || lpad(n::text, 6, '0'), ($3::text[])[1 + n % 8] || ' 第' || n,
       ($4::text[])[1 + n % 8] || ' だい' || n, '000-' || lpad(n::text, 8, '0'), '[]', $5, $5, 1
     FROM generate_series(1, $2::int) AS n`,
    [hq, count, FAMILIES, KANA, createdAt],
  );
  await owner.query(
    `INSERT INTO mail_address (fire_hq_id, id, account_id, role, address, address_key, state, failures,
       replaced_another, created_at)
     SELECT fire_hq_id, gen_random_uuid(), id, 'PRESENT', lower(registration_number) || '@example.jp',
       lower(registration_number) || '@example.jp', 'UNVERIFIED', 0, false, created_at
     FROM account WHERE fire_hq_id = $1`,
    [hq],
  );
  await owner.query(
    `INSERT INTO renewal_cycle (fire_hq_id, account_id, number, policy_version, expires_on, expires_at,
       window_opens_at, auto_stops_at, opened_at)
     SELECT fire_hq_id, id, 1, 1, $2::date + later, $3::timestamptz + later * interval '1 day',
       $4::timestamptz + later * interval '1 day', $5::timestamptz + later * interval '1 day', created_at
     FROM account, LATERAL (SELECT right(registration_number, 6)::int % $6::int AS later) AS spread
     WHERE fire_hq_id = $1`,
    [
      hq,
      dates.expiresOn,
      new Date(dates.expiresAt),
      new Date(dates.windowOpensAt),
      new Date(dates.autoStopsAt),
      spreadDays,
    ],
  );
  const { rows } = await owner.query<{ id: string }>(
    'SELECT id FROM account WHERE fire_hq_id = $1 ORDER BY registration_number',
    [hq],
  );
  return rows.map(({ id }) => id);
}

/** The first mail of the window was accepted by each person's mail server, and has a link. */
export async function addFirstMails(
  { owner, deps }: Stack,
  hq: string,
  { expiresOn }: { expiresOn: string },
): Promise<{ accountId: string; token: string }[]> {
  const key = deps.keys[0];
  if (!key) throw new Error('there is no key');
  const slot = addDays(expiresOn, -90);
  const sentAt = new Date(instantInJapan(slot, 10 * 60) + MINUTE);
  const { rows } = await owner.query<{ id: string; accountId: string }>(
    `INSERT INTO reminder (fire_hq_id, id, account_id, cycle, address_id, purpose, kind, slot, dedupe_key, key_id,
       created_at, requested_by, due_at, attempts, outcome, accepted_at, conclusive)
     SELECT fire_hq_id, gen_random_uuid(), account_id, 1, id, 'REMINDER', 'AUTOMATIC', $2, 'auto:1:' || $2, $3,
       $4, 'system', $4, 1, 'ACCEPTED', $4, false
     FROM mail_address WHERE fire_hq_id = $1 RETURNING id, account_id AS "accountId"`,
    [hq, slot, key.id, sentAt],
  );
  const mails = rows.map(({ id, accountId }) => ({ id, accountId, token: linkToken(key, id) }));
  await owner.query(
    `UPDATE reminder SET link_hash = made.hash FROM unnest($1::uuid[], $2::bytea[]) AS made (id, hash)
     WHERE reminder.id = made.id AND fire_hq_id = $3`,
    [mails.map(({ id }) => id), mails.map(({ token }) => tokenHash(token)), hq],
  );
  // As autovacuum would have done by the time it matters.
  await owner.query('ANALYZE');
  return mails;
}

/** One in fifty addresses does not take mail any more, one in fifty may not; lapses are recorded as the workflow would. */
export async function spoilAddresses({ owner }: Stack, hq: string): Promise<void> {
  await owner.query(
    `UPDATE mail_address SET state = CASE WHEN place % 50 = 1 THEN 'UNDELIVERABLE' ELSE 'SUSPECT' END, failures = 2,
       last_failed_at = now() - interval '2 days'
     FROM (SELECT id, row_number() OVER (ORDER BY address) AS place FROM mail_address WHERE fire_hq_id = $1) AS each
     WHERE mail_address.id = each.id AND fire_hq_id = $1 AND place % 50 IN (1, 2)`,
    [hq],
  );
  await owner.query(
    `UPDATE renewal_cycle c SET lapse_recorded_at = c.expires_at,
       lapse_cause = CASE m.state WHEN 'UNDELIVERABLE' THEN 'UNDELIVERABLE' ELSE 'NO_RESPONSE' END
     FROM mail_address m
     WHERE c.fire_hq_id = $1 AND m.fire_hq_id = $1 AND m.account_id = c.account_id AND c.expires_at <= now()`,
    [hq],
  );
  await owner.query('ANALYZE');
}
