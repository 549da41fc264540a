/**
 * The plan of one cycle's reminders, and why each step is what it is (R3, R4, R6, R9–R12, R14).
 * Pure and total: workflow, API preview and staff timeline all call planReminders.
 */
import type { CivilDate, Instant } from './calendar.js';
import { DAY, addDays, dayInJapan, instantInJapan } from './calendar.js';
import type { CycleDates } from './cycle.js';
import { beforeStop, firstMailInstant } from './mail-hours.js';
import type { Policy } from './policy.js';
import { stableHash } from './stable-hash.js';

export type ReminderKind = 'AUTOMATIC' | 'MANUAL' | 'CATCH_UP';
export type StepState = 'PLANNED' | 'DUE' | 'HANDLED' | 'SKIPPED' | 'SUPERSEDED';

export type StepReason =
  | 'ON_SCHEDULE'
  | 'LATE'
  | 'HELD'
  | 'OUTSIDE_MAIL_HOURS'
  | 'HANDLED'
  | 'BEFORE_CREATION'
  | 'OLDER_THAN_HANDLED'
  | 'NEWER_SLOT_DUE'
  | 'MANUAL_MAIL_WITHIN_24_HOURS'
  | 'AFTER_STOP'
  | 'RENEWED'
  | 'ADDRESS_UNDELIVERABLE';

/** One planned reminder. */
export interface Step {
  /** The slot's name: its planned day in Japan, or its instant (ISO, UTC) under a time-based policy (R4, R12). */
  slot: string;
  kind: ReminderKind;
  /** Planned instant without spread. */
  at: Instant;
  /** `at` plus the whole spread: the last instant at which an undisturbed mail goes. */
  latestAt: Instant;
  state: StepState;
  reason: StepReason;
  /** When this account's mail goes, spread, mail hours and holds included; null when none will go. */
  goesAt: Instant | null;
}

/** A mail that was dealt with; `slot` null is a manual mail that was accepted. */
export interface HandledMail {
  slot: string | null;
  kind: ReminderKind;
  at: Instant;
}

export interface PlanInput {
  policy: Policy;
  dates: CycleDates;
  now: Instant;
  /** R10, R13, R15: slots at or before this instant are SKIPPED; null when the account is older than its window. */
  slotsAfter: Instant | null;
  handled: readonly HandledMail[];
  renewedAt?: Instant | null;
  /**
   * R36: automatic mail rests, or rested last, until then; Infinity when no end is set (then no step has a moment to go).
   */
  heldUntil?: Instant | null;
  /** R11: the account's id; without it nothing is spread. */
  spreadKey?: string;
  /** R37: the present address takes no automatic reminders. */
  addressClosed?: boolean;
}

export interface Plan {
  /** One per slot, oldest first. */
  steps: Step[];
  /** The step that is due at `now`, `goesAt` being the first moment it may go. */
  due: Step | null;
}

interface Slot {
  name: string;
  at: Instant;
}

/** A slot's name and planned instant, oldest first. */
export function slotsOf(policy: Policy, dates: CycleDates): Slot[] {
  if (policy.basis === 'time') {
    return policy.offsets.map((offset) => {
      const at = dates.expiresAt + offset;
      return { name: new Date(at).toISOString(), at };
    });
  }
  return policy.offsets.map((offset) => {
    const day = addDays(dates.expiresOn as CivilDate, offset);
    return { name: day, at: instantInJapan(day, policy.sendAtMinutes) };
  });
}

/** R11: where in the spread this account's mail of that slot lies, in ms; the same inputs give the same answer. */
export function spreadOffset(policy: Policy, spreadKey: string | undefined, slot: string): number {
  if (policy.basis === 'time' || policy.spreadOver === 0 || spreadKey === undefined) return 0;
  return stableHash(`${spreadKey}:${slot}`) % policy.spreadOver;
}

/** R14. Asked twice with the same facts it gives the same plan; `steps` never leave window and stop (R3, R6). */
export function planReminders(input: PlanInput): Plan {
  const { policy, dates, now } = input;
  const handled = new Map(
    input.handled.flatMap((mail) => (mail.slot === null ? [] : [[mail.slot, mail] as const])),
  );
  const manualAt = input.handled.flatMap((mail) => (mail.slot === null ? [mail.at] : []));
  const slots = slotsOf(policy, dates);
  const newestHandled = Math.max(
    -Infinity,
    ...slots.flatMap((slot) => (handled.has(slot.name) ? [slot.at] : [])),
  );

  const steps = slots.map((slot): Step => {
    const mail = handled.get(slot.name);
    if (mail) return step(policy, slot, 'HANDLED', 'HANDLED', mail.kind);
    if (input.slotsAfter !== null && slot.at <= input.slotsAfter)
      return step(policy, slot, 'SKIPPED', 'BEFORE_CREATION');
    if (slot.at < newestHandled) return step(policy, slot, 'SUPERSEDED', 'OLDER_THAN_HANDLED');
    const heldForGood = input.heldUntil === Infinity;
    const timing = heldForGood ? null : whenItGoes(input, slot);
    const goesAt = timing?.goesAt ?? Math.max(now, slot.at);
    if (renewedBefore(input.renewedAt, goesAt)) return step(policy, slot, 'SKIPPED', 'RENEWED');
    if (closeAfterManual(policy, slot, manualAt))
      return step(policy, slot, 'SUPERSEDED', 'MANUAL_MAIL_WITHIN_24_HOURS');
    const state = slot.at <= now ? 'DUE' : 'PLANNED';
    if (!beforeStop(policy, dates, slot.at, timing ? goesAt : now))
      return step(policy, slot, 'SKIPPED', 'AFTER_STOP');
    if (!timing) return step(policy, slot, state, 'HELD');
    return { ...step(policy, slot, state, timing.reason, timing.kind), goesAt };
  });
  letTheLatestTakeTheirPlace(steps, now, input.heldUntil === Infinity);
  if (input.addressClosed) {
    for (const open of steps.filter(isOpen)) {
      // Kept with its moment: the slot is entered in the ledger as not sent when that moment comes (R37).
      open.state = 'SKIPPED';
      open.reason = 'ADDRESS_UNDELIVERABLE';
    }
  }
  return { steps, due: steps.find((each) => each.state === 'DUE') ?? null };
}

/** Whether the step still leads to an act of ours at its `goesAt`: a mail, or an entry that none was sent. */
export function isOutstanding(each: Step): each is Step & { goesAt: Instant } {
  return each.goesAt !== null && (isOpen(each) || each.reason === 'ADDRESS_UNDELIVERABLE');
}

function isOpen(each: Step): boolean {
  return each.state === 'DUE' || each.state === 'PLANNED';
}

/**
 * R9: of several slots that could go at one moment only the latest goes. So a step yields to a later one that is due
 * by the moment the earlier could go: after an outage, at the next sendAt after a night, at the end of a hold.
 */
function letTheLatestTakeTheirPlace(steps: Step[], now: Instant, heldWithoutEnd: boolean): void {
  for (const [i, earlier] of steps.entries()) {
    // R12: in its minute of grace the slot on the stop takes the place of those that the stop has just cut off.
    const cutOff = earlier.reason === 'AFTER_STOP';
    if (!isOpen(earlier) && !cutOff) continue;
    const later = steps.slice(i + 1).find((each) => {
      if (cutOff) return each.state === 'DUE';
      return takesPlaces(each) && each.at <= (heldWithoutEnd ? now : (earlier.goesAt ?? -Infinity));
    });
    if (!later) continue;
    earlier.state = 'SUPERSEDED';
    earlier.reason = 'NEWER_SLOT_DUE';
    earlier.goesAt = null;
  }
}

/** Also a slot whose own place a manual mail has taken: the older ones before it are not revived by that. */
function takesPlaces(each: Step): boolean {
  return isOpen(each) || each.reason === 'MANUAL_MAIL_WITHIN_24_HOURS';
}

/** R9, R11, R12, R36: the moment, and whether it is 自動 or 自動（遅れて送信） by then. */
function whenItGoes(
  { policy, now, heldUntil, spreadKey }: PlanInput,
  slot: Slot,
): { goesAt: Instant; kind: ReminderKind; reason: StepReason } {
  const spread = spreadOffset(policy, spreadKey, slot.name);
  const planned = slot.at + spread;
  // R11: those that rested together do not all go in the moment the rest ends.
  const rested = heldUntil !== null && heldUntil !== undefined && heldUntil > slot.at;
  const held = rested ? heldUntil + spread : planned;
  const asked = Math.max(held, now);
  const goesAt = firstMailInstant(policy, asked, spread);
  const kind = kindAt(policy, slot, goesAt);
  if (goesAt === planned) return { goesAt, kind, reason: 'ON_SCHEDULE' };
  if (rested && held >= now) return { goesAt, kind, reason: 'HELD' };
  return { goesAt, kind, reason: goesAt > asked ? 'OUTSIDE_MAIL_HOURS' : 'LATE' };
}

/** R9, R12: 自動, or 自動（遅れて送信） when the slot's own day in Japan is over, or over 60 s late under exact time. */
export function kindAt(policy: Policy, slot: Slot, at: Instant): 'AUTOMATIC' | 'CATCH_UP' {
  const late = policy.basis === 'date' ? dayInJapan(at) > slot.name : at - slot.at > 60_000;
  return late ? 'CATCH_UP' : 'AUTOMATIC';
}

function renewedBefore(renewedAt: Instant | null | undefined, goesAt: Instant): boolean {
  return renewedAt !== null && renewedAt !== undefined && renewedAt <= goesAt;
}

/** R9: a slot whose instant is less than 24 h after an accepted manual mail; not under exact time (R12). */
function closeAfterManual(policy: Policy, slot: Slot, manualAt: readonly Instant[]): boolean {
  return policy.basis === 'date' && manualAt.some((at) => slot.at >= at && slot.at - at < DAY);
}

function step(
  policy: Policy,
  slot: Slot,
  state: StepState,
  reason: StepReason,
  kind: ReminderKind = 'AUTOMATIC',
): Step {
  const latestAt = slot.at + (policy.basis === 'date' ? policy.spreadOver : 0);
  return { slot: slot.name, kind, at: slot.at, latestAt, state, reason, goesAt: null };
}
