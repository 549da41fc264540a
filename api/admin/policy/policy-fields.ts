/** The form of a policy: what staff type, and the policy it means. Only for policies in days. */
import type { z } from 'zod';
import { parseDuration } from '../../../domain/duration.js';
import type { PolicyDocument } from '../../../domain/policy.js';
import type { FieldFault } from '../../../usecases/errors.js';
import { choice, line } from '../shell/route.js';

export const POLICY_FIELDS = {
  validityNumber: line,
  validityUnit: choice(['Y', 'M', 'D']),
  remindBefore: line,
  mode: choice(['offsets', 'every']),
  before: line,
  after: line,
  every: line,
  sendAt: line,
  spread: line,
  autoStopAfter: line,
  autoStopFrom: choice(['firstReminder', 'expiry']),
  failures: line,
  retry: line,
  onUndeliverable: choice(['probe', 'stop', 'continue']),
  longNumber: line,
  longUnit: choice(['Y', 'M', 'D']),
};
export type PolicyFields = z.output<z.ZodObject<typeof POLICY_FIELDS>>;

/** Null: the policy says what this form has no field for (it was put by a program). */
export function fieldsOf(policy: PolicyDocument): PolicyFields | null {
  const validity = numberAndUnit(policy.validity);
  const long = numberAndUnit(policy.longUnusedAfter);
  const spread = parseDuration(policy.spreadOver ?? '');
  if (validity === null || long === null || policy.sendAt === undefined || spread === null) return null;
  const offsets = 'offsets' in policy.reminders ? policy.reminders.offsets.map(daysOf) : [];
  const first = daysOf(policy.remindBefore);
  const list = (days: number[]) => days.map(Math.abs).join('、');
  const sorted = offsets.toSorted((a, b) => a - b);
  return {
    validityNumber: validity.number,
    validityUnit: validity.unit,
    remindBefore: String(first),
    mode: 'every' in policy.reminders ? 'every' : 'offsets',
    before: list(sorted.filter((days) => days <= 0 && days !== -first)),
    after: list(sorted.filter((days) => days > 0)),
    every: 'every' in policy.reminders ? String(daysOf(policy.reminders.every)) : '',
    sendAt: policy.sendAt,
    spread: String(spread.time / 60_000),
    autoStopAfter: String(daysOf(policy.autoStopAfter)),
    autoStopFrom: policy.autoStopFrom,
    failures: String(policy.failuresToUndeliverable),
    retry: String(daysOf(policy.retryAfterFailure)),
    onUndeliverable: policy.onUndeliverable,
    longNumber: long.number,
    longUnit: long.unit,
  };
}

/** What was typed as a policy document, not yet checked (parsePolicy), and what is no number at all. */
export function documentOf(fields: PolicyFields): { document: object; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const number = (field: keyof PolicyFields) => {
    const text = String(fields[field])
      .normalize('NFKC')
      .replace(/[^\d]*$/, '');
    if (!/^\d{1,5}$/.test(text))
      faults.push({ field, code: 'not-a-number', message: `${field} must be a number.` });
    return Number(text);
  };
  const days = (field: 'before' | 'after') => {
    const parts = fields[field]
      .normalize('NFKC')
      .split(/[、,\s]+/)
      .filter((part) => part !== '');
    if (parts.some((part) => !/^\d{1,5}$/.test(part)))
      faults.push({ field, code: 'not-numbers', message: `${field} must be numbers of days.` });
    return parts.map(Number);
  };
  const remindBefore = number('remindBefore');
  const reminders =
    fields.mode === 'every'
      ? { every: `P${number('every')}D` }
      : {
          offsets: [
            `-P${remindBefore}D`,
            ...days('before').map((each) => `-P${each}D`),
            ...days('after').map((each) => `P${each}D`),
          ],
        };
  const document = {
    validity: `P${number('validityNumber')}${fields.validityUnit ?? 'Y'}`,
    remindBefore: `P${remindBefore}D`,
    reminders,
    sendAt: fields.sendAt.normalize('NFKC').replace(/^(\d):/, '0$1:'),
    spreadOver: `PT${number('spread')}M`,
    autoStopAfter: `P${number('autoStopAfter')}D`,
    autoStopFrom: fields.autoStopFrom,
    failuresToUndeliverable: number('failures'),
    retryAfterFailure: `P${number('retry')}D`,
    onUndeliverable: fields.onUndeliverable,
    longUnusedAfter: `P${number('longNumber')}${fields.longUnit ?? 'Y'}`,
  };
  return { document, faults };
}

/** Where the fault of a policy's field is mended in the form. */
export function toFormFaults(faults: readonly FieldFault[], fields: PolicyFields): FieldFault[] {
  return faults.map((fault) => {
    const name = fault.field.replace(/^policy\./, '').replace(/[.[].*$/, '');
    return {
      ...fault,
      field: name === 'reminders' ? (fields.mode === 'every' ? 'every' : 'before') : (FIELD_OF[name] ?? name),
    };
  });
}

const FIELD_OF: Readonly<Record<string, keyof PolicyFields>> = {
  validity: 'validityNumber',
  spreadOver: 'spread',
  failuresToUndeliverable: 'failures',
  retryAfterFailure: 'retry',
  longUnusedAfter: 'longNumber',
};

function numberAndUnit(duration: string): { number: string; unit: 'Y' | 'M' | 'D' } | null {
  const parsed = parseDuration(duration);
  if (parsed === null || parsed.hasTimePart) return null;
  const { years, months, days } = parsed;
  if (days > 0) return years + months > 0 ? null : { number: String(days), unit: 'D' };
  if (months === 0) return { number: String(years), unit: 'Y' };
  // Calendar years are twelve calendar months (R2).
  return { number: String(years * 12 + months), unit: 'M' };
}

/** Whole days, negative before the expiry; the document was checked when it was saved. */
function daysOf(duration: string): number {
  const { sign = 1, days = 0 } = parseDuration(duration) ?? {};
  return sign * days;
}
