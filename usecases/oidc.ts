/** 庁内の認証でサインイン: staff of a headquarters that has its own authentication prove themselves there. Nobody is made by it. */
import type { OidcAnswer, OidcChecks, OidcClient } from '../platform/oidc.js';
import { beginOidc, finishOidc, isIssuer } from '../platform/oidc.js';
import { seal, unseal } from '../platform/sealed.js';
import { appendAudit } from '../store/audit.js';
import { lookupFireHq, readFireHq } from '../store/fire-hq.js';
import type { OidcSettingRow } from '../store/oidc-settings.js';
import { deleteOidcSetting, putOidcSetting, readOidcSetting } from '../store/oidc-settings.js';
import { readPassword } from '../store/staff-secrets.js';
import { listStaff } from '../store/staff.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';
import type { Pending } from './sign-in.js';

export type { OidcChecks } from '../platform/oidc.js';

export interface OidcWanted {
  issuer: string;
  clientId: string;
  clientSecret: string;
  claim: string;
  trustsMfa: boolean;
}

/** By the operator. Null: staff sign in with their passwords only. Refuses with `validation`. */
export async function putOidc(deps: Deps, command: Command, wanted: OidcWanted | null): Promise<void> {
  const faults = wanted === null ? [] : faultsOf(wanted);
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  await runCommand(deps, command, async (tx) => {
    const { fireHqId, receivedAt: at, actor } = command;
    if (wanted === null) await deleteOidcSetting(tx);
    else {
      const { clientSecret, ...setting } = wanted;
      await putOidcSetting(tx, { ...setting, secretSealed: seal(deps.keys, clientSecret, fireHqId) }, at);
    }
    const action = wanted === null ? 'headquarters.oidc-ended' : 'headquarters.oidc-put';
    await appendAudit(tx, { at, actor, action });
  });
}

export interface OidcHq {
  fireHqId: string;
  hqName: string;
}

/** Null: no such headquarters, or it has no authentication of its own here. */
export async function findOidcHq(deps: Deps, code: string): Promise<OidcHq | null> {
  const fireHqId = await deps.database.withoutTenant((tx) => lookupFireHq(tx, code));
  if (fireHqId === null) return null;
  return deps.database.inTenant(fireHqId, async (tx) =>
    (await readOidcSetting(tx)) === null ? null : { fireHqId, hqName: (await readFireHq(tx)).displayName },
  );
}

/** Where to send the browser. Null: it is not set up any more, or the provider does not answer. */
export async function beginOidcSignIn(
  deps: Deps,
  { fireHqId, redirectUri }: { fireHqId: string; redirectUri: string },
): Promise<{ url: string; checks: OidcChecks } | null> {
  const found = await clientOf(deps, fireHqId, redirectUri);
  return found && beginOidc(found.client);
}

/** `UNKNOWN`: proven there, and nobody here, or somebody locked: told alike. */
export type OidcOutcome = { pending: Pending } | { pending: null; why: 'UNKNOWN' | 'REFUSED' | 'AWAY' };

/** The browser is back with `query`. The steps that are left (second factor) are those of every sign-in. */
export async function finishOidcSignIn(
  deps: Deps,
  back: { fireHqId: string; redirectUri: string; query: string; checks: OidcChecks },
): Promise<OidcOutcome> {
  const found = await clientOf(deps, back.fireHqId, back.redirectUri);
  if (found === null) return { pending: null, why: 'REFUSED' };
  const answer = await finishOidc(found.client, back.query, back.checks);
  if (answer.verdict !== 'PROVEN') return { pending: null, why: answer.verdict };
  const pending = await pendingOf(deps, back.fireHqId, found.setting, answer);
  return pending === null ? { pending, why: 'UNKNOWN' } : { pending };
}

async function pendingOf(
  deps: Deps,
  fireHqId: string,
  { claim, trustsMfa }: OidcSettingRow,
  { claims, amr }: OidcAnswer & { verdict: 'PROVEN' },
): Promise<Pending | null> {
  const said = claims[claim];
  const signInName = typeof said === 'string' ? said.normalize('NFKC').trim().toLowerCase() : '';
  const at = deps.clock.now();
  return deps.database.inTenant(fireHqId, async (tx) => {
    const person = (await listStaff(tx)).find((each) => each.signInName === signInName);
    const staffId = person?.id ?? null;
    const known = staffId === null ? null : await readPassword(tx, staffId);
    if (staffId === null || known === null || known.lockedAt !== null) {
      // Whom the provider named is not kept: it may be nobody of ours.
      await appendAudit(tx, {
        at,
        actor: 'system',
        action: 'staff.oidc-refused',
        after: staffId === null ? {} : { staffId },
      });
      return null;
    }
    await appendAudit(tx, { at, actor: `staff:${staffId}`, action: 'staff.oidc-proven', after: { staffId } });
    const codeGiven = trustsMfa && amr.includes('mfa');
    return { fireHqId, staffId, epoch: known.sessionEpoch, proof: 'PASSWORD', codeGiven };
  });
}

async function clientOf(
  deps: Deps,
  fireHqId: string,
  redirectUri: string,
): Promise<{ setting: OidcSettingRow; client: OidcClient } | null> {
  const setting = await deps.database.inTenant(fireHqId, readOidcSetting);
  const clientSecret = setting === null ? null : unseal(deps.keys, setting.secretSealed, fireHqId);
  if (setting === null || clientSecret === null) return null;
  const { issuer, clientId } = setting;
  return { setting, client: { issuer, clientId, clientSecret, redirectUri } };
}

function faultsOf({ issuer, clientId, clientSecret, claim }: OidcWanted): FieldFault[] {
  const checks: [boolean, string, string][] = [
    [isIssuer(issuer), 'issuer', 'issuer must be an https address (http on loopback only).'],
    [
      /^[\x21-\x7e]{1,200}$/.test(clientId),
      'clientId',
      'clientId must be 1 to 200 visible ASCII characters.',
    ],
    [
      /^[\x21-\x7e]{8,500}$/.test(clientSecret),
      'clientSecret',
      'the secret must be 8 to 500 visible characters.',
    ],
    [
      /^[A-Za-z_]\w{0,39}$/.test(claim),
      'claim',
      'claim must be the name of a claim, like preferred_username.',
    ],
  ];
  return checks
    .filter(([right]) => !right)
    .map(([, field, message]) => ({ field, code: 'malformed', message }));
}
