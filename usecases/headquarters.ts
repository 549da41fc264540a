/** Headquarters and their API tokens, made by the operator. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import type { Scope, VendorScope } from '../domain/scopes.js';
import { parseMailAddress } from '../mail/addresses.js';
import { makeApiToken, tokenHash } from '../platform/keys.js';
import { appendAudit } from '../store/audit.js';
import { isUniqueViolation } from '../store/database.js';
import type { Database } from '../store/database.js';
import { insertFireHq, lookupFireHq } from '../store/fire-hq.js';
import { insertPolicyVersion } from '../store/policies.js';
import type { FireHqRow } from '../store/rows.js';
import { insertApiToken, listApiTokens, revokeApiToken } from '../store/tokens.js';
import type { TokenListRow } from '../store/tokens.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';
import { parsedOrRefused } from './policy.js';

export interface NewHeadquarters extends Omit<FireHqRow, 'id'> {
  policy: unknown;
}

/** The tenant with its first policy. Refuses with `validation`. */
export async function createHeadquarters(deps: Deps, hq: NewHeadquarters): Promise<string> {
  const now = deps.clock.now();
  const policy = parsedOrRefused(hq.policy, 'policy');
  const faults = checkHeadquarters(hq);
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  const { policy: _policy, ...row } = hq;
  const id = randomUUID();
  try {
    await deps.database.inTenant(id, async (tx) => {
      await insertFireHq(tx, { ...row, id, createdAt: now });
      await insertPolicyVersion(tx, {
        version: 1,
        basis: policy.basis,
        document: policy.document,
        reason: 'first policy',
        createdBy: 'operator',
        createdAt: now,
      });
      await appendAudit(tx, {
        at: now,
        actor: 'operator',
        action: 'headquarters.created',
        after: { ...row, policy: policy.document },
      });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    refuse({
      code: 'validation',
      fields: [{ field: 'code', code: 'taken', message: 'There is a headquarters with this code.' }],
    });
  }
  return id;
}

/** Refuses with `not-found`. */
export async function findHeadquarters(deps: Deps, code: string): Promise<string> {
  return (await deps.database.withoutTenant((tx) => lookupFireHq(tx, code))) ?? refuse({ code: 'not-found' });
}

export interface NewToken {
  label: string;
  scopes: readonly Scope[];
  expiresAt: Instant | null;
}

/** By the operator: the token itself is returned once and stored nowhere. */
export async function createApiToken(
  deps: Deps,
  fireHqId: string,
  token: NewToken,
): Promise<{ id: string; token: string }> {
  const { id, token: made } = await issueApiToken(
    deps,
    { fireHqId, actor: 'operator', receivedAt: deps.clock.now() },
    token,
  );
  // Without an Idempotency-Key nothing is a repeat.
  if (made === null) throw new Error('a token that was just made is known');
  return { id, token: made };
}

/** `token`: once only; null for a repeat of the same command, since it is stored nowhere. */
export async function issueApiToken(
  deps: Deps,
  command: Command,
  token: NewToken,
): Promise<{ id: string; token: string | null }> {
  let made: string | null = null;
  const id = await runCommand(deps, command, async (tx) => {
    made = makeApiToken();
    const { fireHqId, receivedAt, actor } = command;
    const row = { id: randomUUID(), fireHqId, hash: tokenHash(made), createdAt: receivedAt, ...token };
    await insertApiToken(tx, row);
    await appendAudit(tx, {
      at: receivedAt,
      actor,
      action: 'api-token.created',
      after: { id: row.id, label: token.label, scopes: token.scopes, expiresAt: token.expiresAt },
    });
    return row.id;
  });
  return { id, token: made };
}

/** As createApiToken, for the vendor. `ownerDatabase` is opened with the login that owns the tables. */
export async function createVendorToken(
  { database: ownerDatabase, clock }: Pick<Deps, 'database' | 'clock'>,
  token: { label: string; scopes: readonly VendorScope[]; expiresAt: Instant | null },
): Promise<{ id: string; token: string }> {
  const made = makeApiToken();
  const id = randomUUID();
  await ownerDatabase.withoutTenant((tx) =>
    insertApiToken(tx, { id, fireHqId: null, hash: tokenHash(made), createdAt: clock.now(), ...token }),
  );
  return { id, token: made };
}

export async function listVendorTokens(ownerDatabase: Database): Promise<TokenListRow[]> {
  return ownerDatabase.withoutTenant(listApiTokens);
}

/** Effective at once. Refuses with `not-found`. */
export async function revokeVendorToken(
  { database: ownerDatabase, clock }: Pick<Deps, 'database' | 'clock'>,
  tokenId: string,
): Promise<void> {
  const revoked = await ownerDatabase.withoutTenant((tx) => revokeApiToken(tx, tokenId, clock.now()));
  if (!revoked) refuse({ code: 'not-found' });
}

export async function listTokens(deps: Deps, fireHqId: string): Promise<TokenListRow[]> {
  return deps.database.inTenant(fireHqId, listApiTokens);
}

/** Effective at once. Refuses with `not-found`. */
export async function revokeToken(
  deps: Deps,
  { fireHqId, actor, receivedAt }: Command,
  tokenId: string,
): Promise<void> {
  await deps.database.inTenant(fireHqId, async (tx) => {
    if (!(await revokeApiToken(tx, tokenId, receivedAt))) refuse({ code: 'not-found' });
    await appendAudit(tx, {
      at: receivedAt,
      actor,
      action: 'api-token.revoked',
      after: { id: tokenId },
    });
  });
}

function checkHeadquarters(hq: NewHeadquarters): FieldFault[] {
  const faults: FieldFault[] = [];
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(hq.code)) {
    faults.push({ field: 'code', code: 'malformed', message: 'code must be 1 to 31 of a–z, 0–9 and "-".' });
  }
  if (!parseMailAddress(hq.replyTo).ok) {
    faults.push({
      field: 'replyTo',
      code: 'malformed',
      message: 'replyTo must be a mail address that people read.',
    });
  }
  const most = { displayName: 30, shortName: 6, fax: 20, counter: 60 } as const;
  for (const field of ['displayName', 'shortName', 'fax', 'counter'] as const) {
    const length = [...hq[field].trim()].length;
    if (length === 0 || length > most[field] || /\p{Cc}/u.test(hq[field])) {
      faults.push({ field, code: 'malformed', message: `${field} must be 1 to ${most[field]} characters.` });
    }
  }
  return faults;
}
