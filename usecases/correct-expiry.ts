/** 有効期限日時の訂正 (R39): D of the open cycle was wrong. Not a renewal: number, links and what was mailed stay. */
import type { Instant } from '../domain/calendar.js';
import { cycleDates } from '../domain/cycle.js';
import type { CycleDates, Expiry } from '../domain/cycle.js';
import { isWaiting } from '../domain/delivery.js';
import type { Purpose } from '../domain/delivery.js';
import type { LapseCause } from '../domain/lapse.js';
import type { Status } from '../domain/status.js';
import { appendAudit } from '../store/audit.js';
import { setCycleExpiry } from '../store/cycles.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { dismissWaiting, insertReminder } from '../store/reminders.js';
import type { NewReminderRow } from '../store/reminders.js';
import type { AccountSnapshot, LedgerRow } from '../store/rows.js';
import { readSnapshot } from '../store/snapshots.js';
import { isProbe } from './address-mail.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import type { FieldFault } from './errors.js';
import { refuse } from './errors.js';
import { refreshLapseCause } from './evidence.js';
import type { ExpiryInput } from './expiry-input.js';
import { checkExpiry } from './expiry-input.js';
import { planAccount, readStoredPolicy } from './life-plan.js';
import { checkReason } from './reason.js';
import { asLedgerRow, unsentSlotRows } from './slot-ledger.js';
import type { AutoMail } from './views.js';
import { autoMailOf, outstandingReminders } from './views.js';

export interface ExpiryCorrectionRequest extends ExpiryInput {
  dryRun: boolean;
  /** Needed unless `dryRun`. */
  reason?: string | undefined;
  /** E as it was when somebody decided on this; another one by now → `expiry-changed`. */
  replaces?: Instant | undefined;
}

/** Where the account stands at the moment of the correction. Instants are epoch ms. */
export interface CorrectedLife extends CycleDates {
  status: Status;
  lapseCause: LapseCause | null;
  autoMail: AutoMail;
  /** Mails that will go as things stand, next first, at most MAILS_SHOWN. */
  reminders: { slot: string | null; at: Instant }[];
}

export interface ExpiryCorrection {
  dryRun: boolean;
  cycle: number;
  before: CorrectedLife;
  after: CorrectedLife;
  /** Mails that wait now and will not be sent any more. */
  dropped: { slot: string | null; purpose: Purpose; dueAt: Instant }[];
}

const MAILS_SHOWN = 50;
const CORRECTED = { outcome: 'SKIPPED', reason: 'EXPIRY_CORRECTED' } as const;

/**
 * Window, slots and stop follow the new D under the cycle's own policy; a slot at or before now is not sent any more, nor
 * is what waits for one. A lapse or an end of automatic mail that the new D undoes was none; one that it brings about the
 * workflow records. `dryRun` writes nothing. Refuses with `account-withdrawn`, `expiry-changed` or `validation`.
 */
export async function correctExpiry(
  deps: Deps,
  command: Command,
  accountId: string,
  request: ExpiryCorrectionRequest,
): Promise<ExpiryCorrection> {
  return runCommand(deps, command, async (tx) => {
    const now = command.receivedAt;
    const before = request.dryRun
      ? ((await readSnapshot(tx, accountId)) ?? refuse({ code: 'not-found' }))
      : await lockedSnapshot(tx, accountId);
    const expiry = checkRequest(before, request, now);
    const correction = underExpiry(before, expiry, now);
    const result = {
      dryRun: request.dryRun,
      cycle: before.cycle.number,
      before: lifeOf(before, now),
      after: lifeOf(correction.after, now),
      dropped: correction.dropped.map(({ slot, purpose, dueAt }) => ({ slot, purpose, dueAt })),
    };
    if (!request.dryRun) await write(tx, command, correction, result, request.reason?.trim() ?? '');
    return result;
  });
}

function checkRequest(
  { account, cycle, policy }: AccountSnapshot,
  request: ExpiryCorrectionRequest,
  now: Instant,
): Expiry {
  if (account.withdrawnAt !== null) refuse({ code: 'account-withdrawn' });
  if (request.replaces !== undefined && request.replaces !== cycle.expiresAt)
    refuse({ code: 'expiry-changed' });
  const faults: FieldFault[] = request.dryRun ? [] : checkReason('reason', request.reason);
  const expiry = checkExpiry(readStoredPolicy(policy), request, now, faults);
  if (expiry?.expiresAt === cycle.expiresAt) {
    const field = expiry.expiresOn === null ? 'expiresAt' : 'expiresOn';
    faults.push({ field, code: 'unchanged', message: `${field} must differ from the present one.` });
  }
  return expiry === null || faults.length > 0 ? refuse({ code: 'validation', fields: faults }) : expiry;
}

interface Correction {
  after: AccountSnapshot;
  /** Slots that fell due under the old D and never got a row. */
  unsent: NewReminderRow[];
  dropped: LedgerRow[];
}

/** The account as it will be: also what the preview shows. */
function underExpiry(before: AccountSnapshot, expiry: Expiry, now: Instant): Correction {
  const { cycle } = before;
  const dates = cycleDates(readStoredPolicy(before.policy), expiry);
  const unsent = unsentSlotRows(planAccount(before, now), { until: now, rest: CORRECTED, now });
  const dropped = before.mails.filter((mail) => isDropped(mail, cycle.number, dates.windowOpensAt > now));
  const lapses = dates.expiresAt <= now;
  const after: AccountSnapshot = {
    ...before,
    cycle: {
      ...cycle,
      ...dates,
      slotsAfter: Math.max(cycle.slotsAfter ?? -Infinity, now),
      lapseRecordedAt: lapses ? cycle.lapseRecordedAt : null,
      lapseCause: lapses ? cycle.lapseCause : null,
      autoStopRecordedAt: dates.autoStopsAt <= now ? cycle.autoStopRecordedAt : null,
    },
    mails: [
      ...before.mails.map((mail) => (dropped.includes(mail) ? { ...mail, ...CORRECTED } : mail)),
      ...unsent.map(asLedgerRow),
    ],
  };
  return { after, unsent, dropped };
}

/**
 * A slot's mail goes with its slot. Any other reminder, and a probe, still makes sense while the window is open. One that
 * is being sent is its sender's; should it come back, the plan dismisses it (life-plan.ts).
 */
function isDropped(mail: LedgerRow, cycle: number, windowAhead: boolean): boolean {
  if (!isWaiting(mail) || mail.outcome === 'SENDING' || mail.cycle !== cycle) return false;
  return mail.slot !== null || (windowAhead && (mail.purpose === 'REMINDER' || isProbe(mail)));
}

function lifeOf(snapshot: AccountSnapshot, now: Instant): CorrectedLife {
  const plan = planAccount(snapshot, now);
  const { expiresOn, expiresAt, windowOpensAt, autoStopsAt } = snapshot.cycle;
  return {
    status: plan.status,
    lapseCause: plan.lapseCause,
    expiresOn,
    expiresAt,
    windowOpensAt,
    autoStopsAt,
    autoMail: autoMailOf(plan),
    reminders: outstandingReminders(plan).slice(0, MAILS_SHOWN),
  };
}

async function write(
  tx: Tx,
  command: Command,
  { after, unsent, dropped }: Correction,
  result: ExpiryCorrection,
  reason: string,
): Promise<void> {
  const now = command.receivedAt;
  const { account, cycle } = after;
  for (const row of unsent) await insertReminder(tx, row);
  await dismissWaiting(
    tx,
    dropped.map(({ id }) => id),
    CORRECTED.outcome,
    CORRECTED.reason,
  );
  await setCycleExpiry(tx, account.id, cycle.number, cycle);
  await appendAudit(tx, {
    at: now,
    actor: command.actor,
    action: 'account.expiry-corrected',
    accountId: account.id,
    before: auditedOf(result.cycle, result.before),
    after: { ...auditedOf(result.cycle, result.after), reason },
  });
  await refreshLapseCause(tx, (await readSnapshot(tx, account.id)) ?? after, now);
  await enqueueLook(tx, [account.id], now);
}

function auditedOf(cycle: number, life: CorrectedLife): object {
  const { reminders: _reminders, autoMail: _autoMail, ...dates } = life;
  return { cycle, ...dates };
}
