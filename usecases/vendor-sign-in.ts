/**
 * サインイン of 運用担当, by the same steps as staff (sign-in.ts), of no headquarters. The second factor is always asked for.
 * What happens is in their own trail (`vendor_event`), which the application cannot read.
 */
import { bareCode, hashPassword, isPassword } from '../platform/passwords.js';
import { seal, unseal } from '../platform/sealed.js';
import { checkTotp, makeTotpSecret } from '../platform/totp.js';
import type { Tx } from '../store/database.js';
import type { VendorOperatorRow } from '../store/vendor-operators.js';
import {
  appendVendorEvent,
  changeVendorOperator,
  findVendorOperator,
  findVendorOperatorByName,
} from '../store/vendor-operators.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';
import { oneTimeHash } from './one-time-code.js';
import type { Pending, Step } from './sign-in.js';
import type { NewPassword } from './staff-password.js';
import { refuseBadPassword } from './staff-password.js';
import type { CodeVerdict } from './weigh-code.js';
import { makeRecoveryCodes, weighCode } from './weigh-code.js';

/** Whose session it is; of another epoch than the person's own it is signed out. */
export interface VendorSignedIn {
  vendorId: string;
  epoch: number;
}

/** On the way in. It opens nothing but the next step. */
export interface VendorPending extends VendorSignedIn, Pick<Pending, 'proof' | 'codeGiven'> {}

export type VendorPerson = Pick<VendorOperatorRow, 'id' | 'signInName' | 'displayName'>;

/**
 * The first step. Null for an unknown name, a wrong password and a locked person alike, after the same work; `failed`:
 * whose name it was.
 */
export async function beginVendorSignIn(
  deps: Deps,
  { signInName, password }: { signInName: string; password: string },
): Promise<{ pending: VendorPending } | { pending: null; failed: string | null }> {
  const known = await deps.database.withoutTenant((tx) => findVendorOperatorByName(tx, signInName));
  const oneTime =
    (known?.oneTimeHash?.equals(oneTimeHash(password)) ?? false) &&
    (known?.oneTimeUntil ?? 0) > deps.clock.now();
  const byPassword = await isPassword(known?.passwordHash ?? null, password);
  if (known === null || known.lockedAt !== null || !(byPassword || oneTime))
    return { pending: null, failed: known?.id ?? null };
  const proof = byPassword ? 'PASSWORD' : 'ONE_TIME_CODE';
  return { pending: { vendorId: known.id, epoch: known.epoch, proof, codeGiven: false } };
}

/** Of an unknown name nothing is kept. */
export async function noteFailedVendorSignIn(deps: Deps, vendorId: string | null): Promise<void> {
  if (vendorId === null) return;
  const now = deps.clock.now();
  await deps.database.withoutTenant((tx) => appendVendorEvent(tx, vendorId, 'sign-in-failed', now));
}

/** What is to be done next; null: locked or changed meanwhile, to begin again. */
export async function readVendorPending(
  deps: Deps,
  pending: VendorPending,
): Promise<(VendorPerson & { step: Step }) | null> {
  const person = await deps.database.withoutTenant((tx) => findVendorOperator(tx, pending.vendorId));
  if (person === null || !stands(person, pending)) return null;
  return { ...bare(person), step: stepOf(person, pending) };
}

/** Asked at every request. Null: to be signed out; also somebody without a second factor. */
export async function readVendorSignedIn(deps: Deps, signedIn: VendorSignedIn): Promise<VendorPerson | null> {
  const person = await deps.database.withoutTenant((tx) => findVendorOperator(tx, signedIn.vendorId));
  return person !== null && stands(person, signedIn) && person.sealed !== null ? bare(person) : null;
}

function stepOf({ sealed }: VendorOperatorRow, { proof, codeGiven }: VendorPending): Step {
  if (sealed !== null && !codeGiven) return 'CODE';
  if (proof === 'ONE_TIME_CODE') return 'PASSWORD';
  return sealed === null ? 'ENROL' : 'IN';
}

/** As `giveCode` of staff. */
export async function giveVendorCode(
  deps: Deps,
  pending: VendorPending,
  typed: string,
): Promise<{ verdict: CodeVerdict; pending: VendorPending }> {
  const { vendorId } = pending;
  const verdict = await deps.database.withoutTenant(async (tx): Promise<CodeVerdict> => {
    const person = await lockVendor(tx, pending);
    const now = deps.clock.now();
    const weighed = weighCode(deps.keys, person, { ownerId: vendorId, typed, now });
    if (weighed.verdict === 'WRONG') {
      await changeVendorOperator(tx, vendorId, { wrongCodes: person.wrongCodes + 1, wrongCodeAt: now });
      await appendVendorEvent(tx, vendorId, 'code-refused', now);
    }
    if (weighed.verdict !== 'RIGHT') return weighed;
    if (weighed.by === 'AUTHENTICATOR') {
      const { step, sealed } = weighed;
      await changeVendorOperator(tx, vendorId, { step, sealed, wrongCodes: 0 });
    } else {
      const recoveryHashes = person.recoveryHashes.filter((each) => !each.equals(weighed.hash));
      await changeVendorOperator(tx, vendorId, { recoveryHashes, wrongCodes: 0 });
      await appendVendorEvent(tx, vendorId, 'recovery-code-used', now);
    }
    return { verdict: 'RIGHT' };
  });
  return { verdict, pending: { ...pending, codeGiven: pending.codeGiven || verdict.verdict === 'RIGHT' } };
}

/** As `choosePassword` of staff. */
export async function chooseVendorPassword(
  deps: Deps,
  pending: VendorPending,
  chosen: NewPassword,
): Promise<VendorPending> {
  const { vendorId, proof, codeGiven } = pending;
  const person = await deps.database.withoutTenant((tx) => findVendorOperator(tx, vendorId));
  if (person === null || proof !== 'ONE_TIME_CODE' || (person.sealed !== null && !codeGiven))
    refuse({ code: 'not-found' });
  refuseBadPassword(chosen, person.signInName);
  const passwordHash = await hashPassword(chosen.password);
  const epoch = pending.epoch + 1;
  await deps.database.withoutTenant(async (tx) => {
    await lockVendor(tx, pending);
    await changeVendorOperator(tx, vendorId, { passwordHash, oneTimeHash: null, oneTimeUntil: null, epoch });
    await appendVendorEvent(tx, vendorId, 'password-chosen', deps.clock.now());
  });
  return { ...pending, epoch, proof: 'PASSWORD' };
}

/** A new secret, to be shown until a code of it is given. It counts only with that code. */
export async function beginVendorSecondFactor(deps: Deps, pending: VendorPending): Promise<void> {
  await deps.database.withoutTenant(async (tx) => {
    const { id } = await lockVendor(tx, pending);
    await changeVendorOperator(tx, id, { nextSealed: seal(deps.keys, makeTotpSecret(), id) });
  });
}

/** The secret being set up, in base32; null: none is. */
export async function readVendorSecondFactorSetup(
  deps: Deps,
  { vendorId }: VendorPending,
): Promise<string | null> {
  const person = await deps.database.withoutTenant((tx) => findVendorOperator(tx, vendorId));
  const sealed = person?.nextSealed ?? null;
  return sealed === null ? null : unseal(deps.keys, sealed, vendorId);
}

/** As `confirmSecondFactor` of staff. Refuses with `not-found` where there is a second factor already. */
export async function confirmVendorSecondFactor(
  deps: Deps,
  pending: VendorPending,
  typed: string,
): Promise<string[] | null> {
  const { vendorId } = pending;
  return deps.database.withoutTenant(async (tx) => {
    const { nextSealed, sealed } = await lockVendor(tx, pending);
    const secret = nextSealed === null ? null : unseal(deps.keys, nextSealed, vendorId);
    if (secret === null || sealed !== null) refuse({ code: 'not-found' });
    const now = deps.clock.now();
    const found = checkTotp(secret, { code: bareCode(typed), now, lastStep: null });
    if (found.verdict !== 'RIGHT') return null;
    const { codes, hashes } = makeRecoveryCodes(vendorId);
    await changeVendorOperator(tx, vendorId, {
      sealed: nextSealed,
      nextSealed: null,
      step: found.step,
      recoveryHashes: hashes,
      wrongCodes: 0,
    });
    await appendVendorEvent(tx, vendorId, 'second-factor-set', now);
    return codes;
  });
}

/** The last step. Refuses with `not-found` when one is left, or somebody locked or changed the person meanwhile. */
export async function completeVendorSignIn(deps: Deps, pending: VendorPending): Promise<VendorSignedIn> {
  const { vendorId, epoch } = pending;
  const now = deps.clock.now();
  await deps.database.withoutTenant(async (tx) => {
    const person = await lockVendor(tx, pending);
    if (stepOf(person, pending) !== 'IN') refuse({ code: 'not-found' });
    await changeVendorOperator(tx, vendorId, { lastSignedInAt: now });
    await appendVendorEvent(tx, vendorId, 'signed-in', now);
  });
  return { vendorId, epoch };
}

export async function noteVendorSignOut(deps: Deps, vendorId: string): Promise<void> {
  const now = deps.clock.now();
  await deps.database.withoutTenant((tx) => appendVendorEvent(tx, vendorId, 'signed-out', now));
}

async function lockVendor(tx: Tx, signedIn: VendorSignedIn): Promise<VendorOperatorRow> {
  const person = await findVendorOperator(tx, signedIn.vendorId, { lock: true });
  if (person === null || !stands(person, signedIn)) refuse({ code: 'not-found' });
  return person;
}

function stands(person: VendorOperatorRow, { epoch }: VendorSignedIn): boolean {
  return person.lockedAt === null && person.epoch === epoch;
}

function bare({ id, signInName, displayName }: VendorOperatorRow): VendorPerson {
  return { id, signInName, displayName };
}
