/** What people see of a run in the Web UI: search attributes, and a line in plain words. No personal data. */
import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { LifeStep } from '../activities/account.js';

const ACCOUNT_PHASE = { name: 'AccountPhase', type: 'KEYWORD' } as const;
const EXPIRES_AT = { name: 'ExpiresAt', type: 'DATETIME' } as const;
const FIRE_HQ = { name: 'FireHq', type: 'KEYWORD' } as const;

/** An event of the history each time, hence only what changed; they outlive continue-as-new by themselves. */
export function showPhase({ phase, expiresAt, fireHqCode, summary }: LifeStep): void {
  setCurrentDetails(summary);
  const { typedSearchAttributes: shown } = workflowInfo();
  const changed = [
    ...(shown.get(ACCOUNT_PHASE) === phase ? [] : [{ key: ACCOUNT_PHASE, value: phase }]),
    ...(shown.get(EXPIRES_AT)?.getTime() === expiresAt
      ? []
      : [{ key: EXPIRES_AT, value: new Date(expiresAt) }]),
    ...(shown.get(FIRE_HQ) === fireHqCode ? [] : [{ key: FIRE_HQ, value: fireHqCode }]),
  ];
  if (changed.length > 0) upsertSearchAttributes(changed);
}
