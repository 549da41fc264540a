/** 2段階の確認: codes of an authenticator and recovery codes, set up by the person. */
import type { SecondFactorRule } from '../domain/second-factor.js';
import { bareCode } from '../platform/passwords.js';
import { seal, unseal } from '../platform/sealed.js';
import { checkTotp, makeTotpSecret } from '../platform/totp.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import {
  countWrongCode,
  lockSecondFactor,
  readNextSecondFactor,
  removeRecoveryHash,
  setCodeTaken,
  setNextSecondFactor,
  setRecoveryHashes,
  takeNextSecondFactor,
} from '../store/staff-secrets.js';
import type { SecondFactorRow } from '../store/staff-secrets.js';
import { readSecondFactorRule, setSecondFactorRule } from '../store/staff.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import type { Pending, SignedIn } from './sign-in.js';
import { lockPending } from './sign-in.js';
import type { CodeVerdict } from './weigh-code.js';
import { makeRecoveryCodes, weighCode } from './weigh-code.js';

/**
 * A code of the authenticator, or a recovery code, which is used up by it. The person goes on from the step that is next.
 * Refuses with `not-found` when somebody locked or changed the person meanwhile.
 */
export async function giveCode(
  deps: Deps,
  pending: Pending,
  typed: string,
): Promise<{ verdict: CodeVerdict; pending: Pending }> {
  const { fireHqId, staffId } = pending;
  const verdict = await deps.database.inTenant(fireHqId, async (tx): Promise<CodeVerdict> => {
    await lockPending(tx, pending);
    const factor = await factorOf(tx, staffId);
    const now = deps.clock.now();
    const weighed = weighCode(deps.keys, factor, { ownerId: staffId, typed, now });
    if (weighed.verdict === 'WRONG') {
      await countWrongCode(tx, staffId, factor.wrongCodes + 1, now);
      await appendAudit(tx, { at: now, actor: 'system', action: 'staff.code-refused', after: { staffId } });
    }
    if (weighed.verdict !== 'RIGHT') return weighed;
    if (weighed.by === 'AUTHENTICATOR') await setCodeTaken(tx, staffId, weighed);
    else {
      await removeRecoveryHash(tx, staffId, weighed.hash);
      const after = { staffId, left: factor.recoveryHashes.length - 1 };
      const actor = `staff:${staffId}`;
      await appendAudit(tx, { at: now, actor, action: 'staff.recovery-code-used', after });
    }
    return { verdict: 'RIGHT' };
  });
  return { verdict, pending: { ...pending, codeGiven: pending.codeGiven || verdict.verdict === 'RIGHT' } };
}

/** A new secret, to be shown until a code of it is given; the present second factor goes on meanwhile. */
export async function beginSecondFactor(deps: Deps, signedIn: SignedIn): Promise<void> {
  const { fireHqId, staffId } = signedIn;
  await deps.database.inTenant(fireHqId, async (tx) => {
    await lockPending(tx, signedIn);
    await setNextSecondFactor(tx, staffId, seal(deps.keys, makeTotpSecret(), staffId));
  });
}

/** The secret being set up, in base32; null: none is. */
export async function readSecondFactorSetup(
  deps: Deps,
  { fireHqId, staffId }: SignedIn,
): Promise<string | null> {
  const sealed = await deps.database.inTenant(fireHqId, (tx) => readNextSecondFactor(tx, staffId));
  return sealed === null ? null : unseal(deps.keys, sealed, staffId);
}

/**
 * With a code of the secret being set up it becomes the second factor. The recovery codes are returned once and stored
 * nowhere; earlier ones are worth nothing. Null: the code is wrong. Refuses with `not-found` when nothing is set up.
 */
export async function confirmSecondFactor(
  deps: Deps,
  signedIn: SignedIn,
  typed: string,
): Promise<string[] | null> {
  const { fireHqId, staffId } = signedIn;
  return deps.database.inTenant(fireHqId, async (tx) => {
    await lockPending(tx, signedIn);
    const { nextSealed } = await factorOf(tx, staffId);
    const secret = nextSealed === null ? null : unseal(deps.keys, nextSealed, staffId);
    if (secret === null) refuse({ code: 'not-found' });
    const now = deps.clock.now();
    const found = checkTotp(secret, { code: bareCode(typed), now, lastStep: null });
    if (found.verdict !== 'RIGHT') return null;
    const { codes, hashes } = makeRecoveryCodes(staffId);
    await takeNextSecondFactor(tx, staffId, { step: found.step, recoveryHashes: hashes });
    const actor = `staff:${staffId}`;
    await appendAudit(tx, { at: now, actor, action: 'staff.second-factor-set', after: { staffId } });
    return codes;
  });
}

/** New recovery codes, returned once and stored nowhere; earlier ones are worth nothing. */
export async function renewRecoveryCodes(deps: Deps, signedIn: SignedIn): Promise<string[]> {
  const { fireHqId, staffId } = signedIn;
  const { codes, hashes } = makeRecoveryCodes(staffId);
  const now = deps.clock.now();
  await deps.database.inTenant(fireHqId, async (tx) => {
    if (!(await lockPending(tx, signedIn)).hasSecondFactor) refuse({ code: 'not-found' });
    await setRecoveryHashes(tx, staffId, hashes);
    const actor = `staff:${staffId}`;
    await appendAudit(tx, { at: now, actor, action: 'staff.recovery-codes-made', after: { staffId } });
  });
  return codes;
}

/** Who must have one in this headquarters. Only the operator sets or lifts `NOBODY`; else refuses with `not-allowed`. */
export async function putSecondFactorRule(
  deps: Deps,
  command: Command,
  rule: SecondFactorRule,
): Promise<void> {
  await runCommand(deps, command, async (tx) => {
    const before = await readSecondFactorRule(tx);
    if (before === rule) return;
    if (command.actor !== 'operator' && (rule === 'NOBODY' || before === 'NOBODY'))
      refuse({ code: 'staff-refused', why: 'not-allowed' });
    await setSecondFactorRule(tx, rule);
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'staff.second-factor-rule-set',
      before: { rule: before },
      after: { rule },
    });
  });
}

/** Who must have one in this headquarters. */
export async function readSecondFactorPolicy(deps: Deps, fireHqId: string): Promise<SecondFactorRule> {
  return deps.database.inTenant(fireHqId, readSecondFactorRule);
}

async function factorOf(tx: Tx, staffId: string): Promise<SecondFactorRow> {
  return (await lockSecondFactor(tx, staffId)) ?? refuse({ code: 'not-found' });
}
