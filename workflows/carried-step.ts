/** The step a run hands to the next one, so that a fresh run goes to sleep without asking the database again. */
import type { LifeStep } from '../activities/account.js';

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isText: Check = (value) => typeof value === 'string';
const isOneOf =
  (...names: string[]): Check =>
  (value) =>
    names.includes(value as string);
const isNullOr =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const hasAll =
  (checks: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(checks).every(([name, check]) => check((value as Record<string, unknown>)[name]));

const isStep = hasAll({
  cycle: isNumber,
  phase: isOneOf('SLEEPING', 'REMINDING', 'LAPSED', 'STOPPED', 'WITHDRAWN'),
  expiresAt: isNumber,
  fireHqCode: isText,
  mail: isNullOr(hasAll({ key: isText, at: isNumber, priority: isNumber })),
  deed: isNullOr(hasAll({ do: isOneOf('recordLapse', 'recordAutoStop', 'end'), at: isNumber })),
  summary: isText,
});

/** Null for whatever a person or another version of this code wrote there: then the run looks for itself. */
export function carriedStep(value: unknown): LifeStep | null {
  return isStep(value) ? (value as LifeStep) : null;
}
