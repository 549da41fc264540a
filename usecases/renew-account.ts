/** Renew: by the link, by staff, by a signal sent by hand. One renewal per cycle, whatever comes twice (R7, R8, R18, R27). */
import type { Instant } from '../domain/calendar.js';
import type { Expiry } from '../domain/cycle.js';
import { cycleDates } from '../domain/cycle.js';
import { isWaiting } from '../domain/delivery.js';
import { decideRenewal } from '../domain/renewal.js';
import { setMailUnconfirmed } from '../store/accounts.js';
import { setReplied } from '../store/addresses.js';
import { appendAudit } from '../store/audit.js';
import type { RenewalChannel } from '../store/cycles.js';
import { closeCycle, insertCycle, setLapse } from '../store/cycles.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { readPolicyVersion } from '../store/policies.js';
import { dismissWaiting, setProven } from '../store/reminders.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshot } from '../store/snapshots.js';
import { askWhetherMailArrives } from './check-mail.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';
import { refoldAddress, refreshLapseCause } from './evidence.js';
import { planAccount, readStoredPolicy } from './life-plan.js';
import { mailKey, queueReceipt } from './mail-queue.js';
import { noteFaults } from './notes.js';
import type { Link } from './open-link.js';
import { isLiving, mayAnswerEarly } from './open-link.js';
import { enterUnsentSlots } from './slot-ledger.js';

/** The state after the command: of the cycle that is open now. */
export interface RenewOutcome {
  outcome: 'RENEWED' | 'ALREADY_RENEWED' | 'OTHER_CYCLE' | 'TOO_EARLY' | 'WITHDRAWN';
  cycle: number;
  expiresOn: string | null;
  /** Exclusive. */
  expiresAt: Instant;
  windowOpensAt: Instant;
}

/** STOP_ASKED: ③ stands (R28), so nothing was renewed until it is taken back. */
export type LinkOutcome = Omit<RenewOutcome, 'outcome'> & { outcome: RenewOutcome['outcome'] | 'STOP_ASKED' };

export interface StaffRenewal {
  channel: 'counter' | 'fax' | 'post' | 'proxy' | 'mailReply';
  note: string;
  evidence?: string | undefined;
  /** The cycle that is meant; another one open → nothing happens and the present state is told. */
  cycle?: number | undefined;
  /** R8: before the window; needs `cycle`. */
  early?: boolean | undefined;
}

/** Channels that show that mail reaches the person; all others extend D and prove nothing (R18). */
const PROVES_MAIL: readonly RenewalChannel[] = ['link', 'mailReply'];

export function provesMail(channel: RenewalChannel): boolean {
  return PROVES_MAIL.includes(channel);
}

/** R18: whether mail reaches this address must be asked after a renewal that does not show it. */
export function isInDoubt({ state, replacedAnother }: AccountSnapshot['address']): boolean {
  return state === 'SUSPECT' || state === 'UNDELIVERABLE' || (state === 'UNVERIFIED' && replacedAnother);
}

/**
 * R25–R27: a person's answer on the page of a link. Renews the cycle the link belongs to, from the opening of its window
 * (on paper: from the day it was printed, R8) until it is closed; afterwards tells the present state. An answer on a
 * mailed link also proves that the mail arrived; one on paper proves nothing about mail (R18).
 */
export async function renewByLink(deps: Deps, command: Command, link: Link): Promise<LinkOutcome> {
  return runCommand(deps, command, async (tx) => {
    const snapshot = await lockedSnapshot(tx, link.accountId);
    const open = snapshot.cycle;
    if (snapshot.account.withdrawnAt !== null) return outcomeOf('WITHDRAWN', open);
    if (!(await isLiving(tx, link, snapshot))) return outcomeOf('OTHER_CYCLE', open);
    const older = link.cycle !== open.number;
    if (older && command.receivedAt >= open.windowOpensAt) return outcomeOf('OTHER_CYCLE', open);
    // Asked here, under the account's lock: another tab may still show the question.
    if (snapshot.stopRequested) return outcomeOf('STOP_ASKED', open);
    if (older) {
      if (link.by === 'MAIL') await proveMail(tx, snapshot, link.reminderId, command.receivedAt);
      return outcomeOf('ALREADY_RENEWED', open);
    }
    const renewed = await renew(tx, snapshot, {
      command,
      ...(link.by === 'MAIL' ? { channel: 'link', reminderId: link.reminderId } : { channel: 'paper' }),
      windowIsOpen: mayAnswerEarly(link),
    });
    return renewed ?? outcomeOf('TOO_EARLY', open);
  });
}

/** Refuses with `renewal-too-early`, `renewal-nothing-gained`, `account-withdrawn` or `validation`. */
export async function renewByStaff(
  deps: Deps,
  command: Command,
  accountId: string,
  request: StaffRenewal,
): Promise<RenewOutcome> {
  const faults = [
    ...noteFaults('note', request.note, { required: true }),
    ...noteFaults('evidence', request.evidence, { required: false }),
  ];
  if (request.early && request.cycle === undefined) {
    faults.push({
      field: 'cycle',
      code: 'required',
      message: 'An early renewal must name the cycle it renews.',
    });
  }
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  return runCommand(deps, command, async (tx) => {
    const snapshot = await lockedSnapshot(tx, accountId);
    const open = snapshot.cycle;
    if (snapshot.account.withdrawnAt !== null) refuse({ code: 'account-withdrawn' });
    if (request.cycle !== undefined && request.cycle !== open.number) {
      return outcomeOf(request.cycle < open.number ? 'ALREADY_RENEWED' : 'OTHER_CYCLE', open);
    }
    const renewed = await renew(tx, snapshot, {
      command,
      channel: request.channel,
      note: request.note,
      evidence: request.evidence ?? null,
      early: request.early === true,
    });
    if (renewed) return renewed;
    // A second click without naming the cycle finds the next one, not yet open: what was asked for is done.
    if (request.cycle === undefined && open.number > 1) return outcomeOf('ALREADY_RENEWED', open);
    return refuse({ code: 'renewal-too-early', windowOpensAt: open.windowOpensAt });
  });
}

/**
 * The `renew` signal sent by hand: renews the cycle it finds, once per request id (kept as Idempotency-Key); before
 * the window it changes nothing and leaves an audit event.
 */
export async function renewBySignal(
  deps: Deps,
  command: Command,
  accountId: string,
): Promise<RenewOutcome | null> {
  return runCommand(deps, command, async (tx) => {
    const snapshot = await readSnapshot(tx, accountId, { lock: true });
    if (!snapshot) return null;
    const withdrawn = snapshot.account.withdrawnAt !== null;
    const renewed = withdrawn
      ? null
      : await renew(tx, snapshot, { command, channel: 'signal', wakes: false });
    if (renewed) return renewed;
    const outcome = outcomeOf(withdrawn ? 'WITHDRAWN' : 'TOO_EARLY', snapshot.cycle);
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'renewal.refused',
      accountId,
      after: { reason: outcome.outcome },
    });
    return outcome;
  });
}

interface Renewal {
  command: Command;
  channel: RenewalChannel;
  reminderId?: string;
  note?: string | null;
  evidence?: string | null;
  early?: boolean;
  /** R8: whatever the cycle says; D′ is then the same as in the window. */
  windowIsOpen?: boolean;
  /** False when the workflow itself runs it: it looks again anyway. */
  wakes?: boolean;
}

/** Closes the open cycle and opens the next; null when it is too early. */
async function renew(tx: Tx, snapshot: AccountSnapshot, renewal: Renewal): Promise<RenewOutcome | null> {
  const { command, channel } = renewal;
  const { account, cycle } = snapshot;
  const receivedAt = command.receivedAt;
  const version = await readPolicyVersion(tx, receivedAt);
  const policy = readStoredPolicy(version.document);
  const opensAt = renewal.windowIsOpen === true ? receivedAt : cycle.windowOpensAt;
  const current = { ...cycle, windowOpensAt: Math.min(opensAt, cycle.windowOpensAt) };
  const decided = decideRenewal({ policy, current, receivedAt, early: renewal.early === true });
  if (decided.decision === 'TOO_EARLY') return null;
  if (decided.decision === 'NOTHING_GAINED') refuse({ code: 'renewal-nothing-gained' });

  await undoLapseOfTheMeantime(tx, snapshot, receivedAt);
  await enterUnsentSlots(tx, planAccount(snapshot, receivedAt), {
    until: receivedAt,
    rest: { outcome: 'SKIPPED', reason: 'RENEWED' },
    now: receivedAt,
  });
  await closeCycle(tx, account.id, cycle.number, {
    at: receivedAt,
    channel,
    by: command.actor,
    note: renewal.note ?? null,
    evidence: renewal.evidence ?? null,
  });
  const next = {
    accountId: account.id,
    number: cycle.number + 1,
    policyVersion: version.version,
    ...cycleDates(policy, decided.next),
    slotsAfter: receivedAt,
    openedAt: receivedAt,
  };
  await insertCycle(tx, next);
  const waiting = snapshot.mails.filter((mail) => mail.purpose === 'REMINDER' && isWaiting(mail));
  await dismissWaiting(
    tx,
    waiting.map((mail) => mail.id),
    'SKIPPED',
    'RENEWED',
  );
  await noteProof(tx, snapshot, renewal);
  await queueReceipt(tx, {
    accountId: account.id,
    cycle: cycle.number,
    addressId: snapshot.address.id,
    key: mailKey.receipt(cycle.number),
    purpose: 'RECEIPT',
    now: receivedAt,
    by: command.actor,
  });
  await appendAudit(tx, {
    at: receivedAt,
    actor: command.actor,
    action: 'account.renewed',
    accountId: account.id,
    before: expiryOf(cycle.number, cycle),
    after: {
      ...expiryOf(next.number, next),
      channel,
      ...(renewal.note ? { note: renewal.note } : {}),
      ...(renewal.evidence ? { evidence: renewal.evidence } : {}),
    },
  });
  if (renewal.wakes !== false) await enqueueLook(tx, [account.id], receivedAt);
  return outcomeOf('RENEWED', next);
}

/** R7: a lapse recorded between the arrival (before E) and this commit never was. */
async function undoLapseOfTheMeantime(
  tx: Tx,
  { account, cycle }: AccountSnapshot,
  receivedAt: Instant,
): Promise<void> {
  if (cycle.lapseRecordedAt === null || receivedAt >= cycle.expiresAt) return;
  await setLapse(tx, account.id, cycle.number, null, null);
  await appendAudit(tx, {
    at: receivedAt,
    actor: 'system',
    action: 'lapse.cancelled',
    accountId: account.id,
    before: { lapsedAt: cycle.expiresAt, cause: cycle.lapseCause },
  });
}

/**
 * R18: a mailed link or a reply proves the address; another way leaves a doubt standing where there is one, and a check
 * mail asks.
 */
async function noteProof(tx: Tx, snapshot: AccountSnapshot, renewal: Renewal): Promise<void> {
  const { account, address } = snapshot;
  const receivedAt = renewal.command.receivedAt;
  if (!provesMail(renewal.channel)) {
    if (!isInDoubt(address)) return;
    await setMailUnconfirmed(tx, account.id, receivedAt);
    const renewed = await lockedSnapshot(tx, account.id);
    await askWhetherMailArrives(tx, renewed, address.id, renewal.command, renewed.cycle.number);
    return;
  }
  if (renewal.reminderId !== undefined) {
    await proveMail(tx, snapshot, renewal.reminderId, receivedAt);
    return;
  }
  await proveByReply(tx, snapshot, receivedAt);
}

/** R25, R37: the mail's own link was used by a person who chose an answer. */
export async function proveMail(
  tx: Tx,
  snapshot: AccountSnapshot,
  reminderId: string,
  provenAt: Instant,
): Promise<void> {
  await setProven(tx, reminderId, provenAt);
  await noteAnswer(tx, snapshot, provenAt);
}

/** R32: a reply to our mail was read by staff: a proof that belongs to no single mail. */
export async function proveByReply(tx: Tx, snapshot: AccountSnapshot, repliedAt: Instant): Promise<void> {
  await setReplied(tx, snapshot.address.id, repliedAt);
  await noteAnswer(tx, snapshot, repliedAt);
}

async function noteAnswer(tx: Tx, snapshot: AccountSnapshot, at: Instant): Promise<void> {
  await refoldAddress(tx, snapshot, snapshot.address.id);
  await clearMailUnconfirmed(tx, snapshot);
  if (snapshot.cycle.lapseRecordedAt === null) return;
  // After a renewal this reads the new cycle, which has not lapsed.
  await refreshLapseCause(tx, (await readSnapshot(tx, snapshot.account.id)) ?? snapshot, at);
}

async function clearMailUnconfirmed(tx: Tx, { account }: AccountSnapshot): Promise<void> {
  if (account.mailUnconfirmedSince !== null) await setMailUnconfirmed(tx, account.id, null);
}

function expiryOf(cycle: number, expiry: Expiry): { cycle: number } & Expiry {
  return { cycle, expiresOn: expiry.expiresOn, expiresAt: expiry.expiresAt };
}

function outcomeOf<Outcome extends LinkOutcome['outcome']>(
  outcome: Outcome,
  cycle: Expiry & { number: number; windowOpensAt: Instant },
): Omit<RenewOutcome, 'outcome'> & { outcome: Outcome } {
  return { outcome, ...expiryOf(cycle.number, cycle), windowOpensAt: cycle.windowOpensAt };
}
