/**
 * サインイン, step by step: password or one-time code, code of the second factor, a password of one's own, setting up the
 * second factor. Before the last step nothing is open but the next one.
 */
import type { Role } from '../domain/roles.js';
import type { SecondFactorRule } from '../domain/second-factor.js';
import { mustHaveSecondFactor } from '../domain/second-factor.js';
import { MINUTE } from '../domain/calendar.js';
import type { Instant } from '../domain/calendar.js';
import { isPassword } from '../platform/passwords.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { readPassword } from '../store/staff-secrets.js';
import {
  endSessions,
  findStaff,
  findStaffOfHq,
  lookupStaff,
  setSignedIn,
  tellFailure,
} from '../store/staff.js';
import type { StaffRow } from '../store/staff.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { findOpenAccess } from '../store/vendor-access.js';
import type { MailStopView } from './mail-stop.js';
import { mailStopsInForce } from './mail-stop.js';
import { oneTimeHash } from './one-time-code.js';

/** Whose session it is; of another epoch than the person's own it is signed out. */
export interface SignedIn {
  fireHqId: string;
  staffId: string;
  epoch: number;
}

/** Somebody on the way in. It opens nothing but the next step. */
export interface Pending extends SignedIn {
  proof: 'PASSWORD' | 'ONE_TIME_CODE';
  codeGiven: boolean;
}

export type Step = 'CODE' | 'PASSWORD' | 'ENROL' | 'IN';

export interface PendingPerson {
  step: Step;
  signInName: string;
  displayName: string;
  role: Role;
  hqName: string;
}

/** Somebody whose name was given, but not the password. */
export interface FailedSignIn {
  fireHqId: string;
  staffId: string;
}

/** No headquarters and nobody: for an unknown name the same is looked up. */
const NOBODY = {
  fireHqId: '00000000-0000-4000-8000-000000000000',
  staffId: '00000000-0000-4000-8000-000000000000',
};

/**
 * The first step, with the password or the one-time code of an invitation or a reset. Null with `failed` for an unknown
 * name, a wrong password and a locked person alike, after the same work; writes nothing.
 */
export async function beginSignIn(
  deps: Deps,
  { signInName, password }: { signInName: string; password: string },
): Promise<{ pending: Pending } | { pending: null; failed: FailedSignIn }> {
  const failed = (await lookupStaff(deps.database.lookups, signInName)) ?? NOBODY;
  const { fireHqId, staffId } = failed;
  const known = await deps.database.inTenant(fireHqId, (tx) => readPassword(tx, staffId));
  const hash = oneTimeHash(password);
  const oneTime =
    (known?.oneTimeHash?.equals(hash) ?? false) && (known?.oneTimeUntil ?? 0) > deps.clock.now();
  const byPassword = await isPassword(known?.passwordHash ?? null, password);
  if (known === null || known.lockedAt !== null || !(byPassword || oneTime)) return { pending: null, failed };
  return {
    pending: {
      fireHqId,
      staffId,
      epoch: known.sessionEpoch,
      proof: byPassword ? 'PASSWORD' : 'ONE_TIME_CODE',
      codeGiven: false,
    },
  };
}

/** At most one line in so long says that somebody tried a person's name. */
const TELL_EVERY = 15 * MINUTE;

/** Into the audit trail of the headquarters whose name was tried; of an unknown name nothing is kept. */
export async function noteFailedSignIn(deps: Deps, { fireHqId, staffId }: FailedSignIn): Promise<void> {
  const now = deps.clock.now();
  await deps.database.inTenant(fireHqId, async (tx) => {
    if (!(await tellFailure(tx, staffId, now, now - TELL_EVERY))) return;
    await appendAudit(tx, { at: now, actor: 'system', action: 'staff.sign-in-failed', after: { staffId } });
  });
}

/** What is to be done next; null: locked or changed meanwhile, to begin again. */
export async function readPending(deps: Deps, pending: Pending): Promise<PendingPerson | null> {
  const person = await readSignedIn(deps, pending);
  return person === null ? null : { ...person, step: stepOf(person, pending) };
}

function stepOf(
  { hasSecondFactor, role, secondFactorRule }: StaffRow & { secondFactorRule: SecondFactorRule },
  { proof, codeGiven }: Pending,
): Step {
  if (hasSecondFactor && !codeGiven) return 'CODE';
  if (proof === 'ONE_TIME_CODE') return 'PASSWORD';
  // Given without one of ours: the headquarters' own authentication asked for a second factor, and is trusted with it.
  return !hasSecondFactor && !codeGiven && mustHaveSecondFactor(secondFactorRule, role) ? 'ENROL' : 'IN';
}

/** The last step. Refuses with `not-found` when one is left, or somebody locked or changed the person meanwhile. */
export async function completeSignIn(deps: Deps, pending: Pending): Promise<SignedIn> {
  const { fireHqId, staffId, epoch } = pending;
  const now = deps.clock.now();
  return deps.database.inTenant(fireHqId, async (tx) => {
    const person = await findStaffOfHq(tx, staffId);
    const stands = person !== null && person.lockedAt === null && person.sessionEpoch === epoch;
    if (!stands || stepOf(person, pending) !== 'IN') refuse({ code: 'not-found' });
    await setSignedIn(tx, staffId, now);
    await appendAudit(tx, {
      at: now,
      actor: `staff:${staffId}`,
      action: 'staff.signed-in',
      after: { staffId },
    });
    return { fireHqId, staffId, epoch };
  });
}

/** Asked at every request: a lock, another role or a new password counts from the next one on. Null: to be signed out. */
export async function readSignedIn(
  deps: Deps,
  { fireHqId, staffId, epoch }: SignedIn,
): Promise<(StaffRow & { hqName: string; secondFactorRule: SecondFactorRule }) | null> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    const person = await findStaffOfHq(tx, staffId);
    return person === null || person.lockedAt !== null || person.sessionEpoch !== epoch ? null : person;
  });
}

/** What every page needs, in one transaction: the person, and what its banners tell. Null: to be signed out. */
export async function readVisitor(
  deps: Deps,
  { fireHqId, staffId, epoch }: SignedIn,
  now: Instant,
): Promise<{
  person: StaffRow & { hqName: string };
  mailStops: MailStopView[];
  /** 運用担当 may look until then. */
  vendorUntil: Instant | null;
} | null> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    const [person, mailStops, open] = await Promise.all([
      findStaffOfHq(tx, staffId),
      mailStopsInForce(tx, now),
      findOpenAccess(tx, now),
    ]);
    if (person === null || person.lockedAt !== null || person.sessionEpoch !== epoch) return null;
    return { person, mailStops, vendorUntil: open?.until ?? null };
  });
}

export async function noteSignOut(deps: Deps, { fireHqId, actor, receivedAt }: Command): Promise<void> {
  await deps.database.inTenant(fireHqId, (tx) =>
    appendAudit(tx, { at: receivedAt, actor, action: 'staff.signed-out' }),
  );
}

/** For the steps in between: the person, locked, still as when the step began. Refuses with `not-found`. */
export async function lockPending(tx: Tx, { staffId, epoch }: SignedIn): Promise<StaffRow> {
  const person = await findStaff(tx, staffId, { lock: true });
  if (person === null || person.lockedAt !== null || person.sessionEpoch !== epoch)
    refuse({ code: 'not-found' });
  return person;
}

/** ほかの画面をすべてサインアウトする: by oneself. The epoch of the session that goes on. */
export async function endOwnSessions(deps: Deps, command: Command, signedIn: SignedIn): Promise<number> {
  const { staffId } = signedIn;
  return deps.database.inTenant(command.fireHqId, async (tx) => {
    await lockPending(tx, signedIn);
    const epoch = await endSessions(tx, staffId);
    const { receivedAt: at, actor } = command;
    await appendAudit(tx, { at, actor, action: 'staff.sessions-ended', after: { staffId } });
    return epoch;
  });
}
