/**
 * 利用者の取り込み, second part (R10): a dry run that was looked at is carried out, piece by piece. Each piece is one
 * transaction that also marks its rows done, and holds the run's row meanwhile: two processes never do the same, and one
 * that dies leaves the rest to whoever comes next. The same rules as for one person hold: checkNewAccount, changeWithin.
 */
import type { Instant } from '../domain/calendar.js';
import { checkMailAt } from '../domain/check-mail.js';
import { appendAudit } from '../store/audit.js';
import { isUnavailable, isUniqueViolation } from '../store/database.js';
import type { Tx } from '../store/database.js';
import type { ImportRow } from '../store/import-rows.js';
import { countImportResults, nextImportRows, setImportResults } from '../store/import-rows.js';
import type { ImportRunRow } from '../store/imports.js';
import {
  anyImportRunning,
  findImportRun,
  forgetImports,
  lookupRunningImports,
  setImportEnded,
  setImportRunning,
} from '../store/imports.js';
import {
  appendAudits,
  insertAccounts,
  insertCycles,
  insertPresentAddresses,
} from '../store/many-accounts.js';
import { enqueueLook } from '../store/outbox.js';
import { lockFireHq, readPolicyVersion } from '../store/policies.js';
import { changeWithin } from './change-account.js';
import { runCommand } from './command.js';
import type { Actor, Command, Deps } from './context.js';
import { RefusedError, refuse } from './errors.js';
import { IMPORTS_KEPT } from './import-file-in.js';
import type { AddInput, ChangeInput } from './import-judge.js';
import { readStoredPolicy } from './life-plan.js';
import { mailKey, queueCheck } from './mail-queue.js';
import type { NewAccountRows } from './new-account.js';
import { checkNewAccount } from './new-account.js';

/** Rows of one transaction: it is over within a second, and a lock on a person is held no longer. */
const ROWS_AT_ONCE = 500;
const CHANGES_AT_ONCE = 100;

/** NOT_READY: it runs already, or is over. OTHER_RUNNING: one at a time for a headquarters. */
export type Started = 'STARTED' | 'NOT_READY' | 'OTHER_RUNNING';

/** Refuses with `not-found`. */
export async function startImport(
  deps: Deps,
  command: Command,
  runId: string,
  { checkMail }: { checkMail: boolean },
): Promise<Started> {
  const { receivedAt: now, actor } = command;
  const start = async (tx: Tx): Promise<Started> => {
    const run = (await findImportRun(tx, runId, 'wait')) ?? refuse({ code: 'not-found' });
    if (run.state !== 'READY') return 'NOT_READY';
    if (await anyImportRunning(tx)) return 'OTHER_RUNNING';
    await setImportRunning(tx, runId, { now, by: actor, checkMail });
    await appendAudit(tx, {
      at: now,
      actor,
      action: 'import.started',
      after: { importId: runId, checkMail, ...run.counts.kinds },
    });
    return 'STARTED';
  };
  try {
    return await runCommand(deps, command, start);
  } catch (error) {
    // Two started at the same moment.
    if (isUniqueViolation(error, 'import_run_one_running')) return 'OTHER_RUNNING';
    throw error;
  }
}

/** What was taken over stays; the rest is not. Of one that is over nothing changes. Refuses with `not-found`. */
export async function endImport(deps: Deps, command: Command, runId: string): Promise<void> {
  const { receivedAt: now, actor } = command;
  await runCommand(deps, command, async (tx) => {
    const run = (await findImportRun(tx, runId, 'wait')) ?? refuse({ code: 'not-found' });
    if (run.state === 'READY' || run.state === 'RUNNING')
      await closeRun(tx, run, { state: 'ENDED', now, by: actor });
    return null;
  });
}

async function closeRun(
  tx: Tx,
  run: ImportRunRow,
  end: { state: 'DONE' | 'ENDED'; now: Instant; by: string },
): Promise<void> {
  const { WAITING, ...results } = await countImportResults(tx, run.id);
  await setImportEnded(tx, run.id, { ...end, counts: { ...run.counts, results } });
  await appendAudit(tx, {
    at: end.now,
    actor: end.by,
    action: end.state === 'DONE' ? 'import.done' : 'import.ended',
    after: { importId: run.id, ...results, ...(WAITING !== undefined && { NOT_TAKEN: WAITING }) },
  });
}

/** Goes on with every run of every headquarters until none is left, or `stopping`. Returns how many rows were done. */
export async function carryOutImports(
  deps: Deps,
  {
    stopping = () => false,
    onFailed = () => {},
  }: {
    stopping?: () => boolean;
    onFailed?: (failed: { runId: string; line: number; error: unknown }) => void;
  },
): Promise<number> {
  let done = 0;
  for (const { fireHqId, runId } of await lookupRunningImports(deps.database.lookups)) {
    let most = ROWS_AT_ONCE;
    for (let piece = 1; piece > 0 && !stopping();) {
      try {
        piece = await deps.database.inTenant(fireHqId, (tx) =>
          carryOutPiece(deps, tx, fireHqId, runId, most),
        );
        most = ROWS_AT_ONCE;
      } catch (error) {
        if (isUnavailable(error)) throw error;
        if (most === 1) onFailed({ runId, line: await setAside(deps, fireHqId, runId), error });
        // Something in these rows that no check foresaw: one by one it is found, and told.
        most = 1;
      }
      done += piece;
    }
  }
  return done;
}

/** One row that the database refuses must not hold up the others for ever. Returns its line. */
async function setAside(deps: Deps, fireHqId: string, runId: string): Promise<number> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    const run = await findImportRun(tx, runId, 'wait');
    if (run?.state !== 'RUNNING') return 0;
    const rows = await nextImportRows(tx, runId, 1);
    await setImportResults(tx, runId, 'FAILED', rows);
    return rows[0]?.line ?? 0;
  });
}

/** 0: nothing is left to do here, or somebody else is at it. */
async function carryOutPiece(
  deps: Deps,
  tx: Tx,
  fireHqId: string,
  runId: string,
  most: number,
): Promise<number> {
  const run = await findImportRun(tx, runId, 'skip');
  if (run?.state !== 'RUNNING') return 0;
  const now = deps.clock.now();
  const command: Command = { fireHqId, actor: (run.startedBy ?? 'system') as Actor, receivedAt: now };
  const rows = await nextImportRows(tx, runId, most);
  if (rows.length === 0) {
    await closeRun(tx, run, { state: 'DONE', now, by: command.actor });
    return 0;
  }
  const adds = rows.filter(({ kind }) => kind === 'ADD');
  const changes = rows.filter(({ kind }) => kind === 'CHANGE').slice(0, CHANGES_AT_ONCE);
  await lockFireHq(tx, 'SHARE');
  const added = await addPeople(tx, command, run, adds);
  const changed = await changePeople(tx, command, changes);
  await enqueueLook(tx, [...added.accountIds, ...changed.accountIds], now, 'of many');
  await setImportResults(tx, runId, 'DONE', [...added.done, ...changed.done]);
  await setImportResults(tx, runId, 'CONFLICT', [...added.conflicts, ...changed.conflicts]);
  return adds.length + changes.length;
}

interface Outcome {
  accountIds: string[];
  done: ImportRow[];
  conflicts: ImportRow[];
}

/** Checked once more, for the policy may be another by now; who was registered meanwhile is left as he is. */
async function addPeople(
  tx: Tx,
  command: Command,
  run: ImportRunRow,
  rows: readonly ImportRow[],
): Promise<Outcome> {
  const outcome: Outcome = { accountIds: [], done: [], conflicts: [] };
  if (rows.length === 0) return outcome;
  const now = command.receivedAt;
  const { version, document } = await readPolicyVersion(tx);
  const policy = readStoredPolicy(document);
  const people: { row: ImportRow; rows: NewAccountRows }[] = [];
  for (const row of rows) {
    const checked = checkNewAccount(policy, row.input as AddInput, now);
    if (checked.faults === null) people.push({ row, rows: checked.rowsFor(version, command) });
    else outcome.conflicts.push(row);
  }
  const written = await insertAccounts(
    tx,
    people.map((each) => each.rows.account),
  );
  const ours = people.filter((each) => written.has(each.rows.account.id)).map((each) => each.rows);
  await insertPresentAddresses(
    tx,
    ours.map(({ address }) => address),
  );
  await insertCycles(
    tx,
    ours.map(({ cycle }) => cycle),
  );
  await appendAudits(
    tx,
    ours.map(({ audit }) => audit),
  );
  if (run.checkMail) {
    const dueAt = checkMailAt(policy, now, false);
    for (const { account, address } of ours) {
      const mail = { accountId: account.id, cycle: 1, addressId: address.id, now, by: command.actor };
      await queueCheck(tx, { ...mail, dueAt, key: mailKey.check(address.id) });
    }
  }
  for (const each of people)
    (written.has(each.rows.account.id) ? outcome.done : outcome.conflicts).push(each.row);
  outcome.accountIds = ours.map(({ account }) => account.id);
  return outcome;
}

/** Who was edited since the dry run is left as he is, and told. A refusal has written nothing. */
async function changePeople(tx: Tx, command: Command, rows: readonly ImportRow[]): Promise<Outcome> {
  const outcome: Outcome = { accountIds: [], done: [], conflicts: [] };
  // In the order of their ids, as everybody who locks several: two never wait for each other.
  const inOrder = [...rows].sort((a, b) => (a.accountId ?? '').localeCompare(b.accountId ?? ''));
  for (const row of inOrder) {
    const { accountId, version, input } = row;
    if (accountId === null || version === null) throw new Error('a change without a person');
    try {
      await changeWithin(tx, command, accountId, version, input as ChangeInput);
      outcome.done.push(row);
      outcome.accountIds.push(accountId);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      outcome.conflicts.push(row);
    }
  }
  return outcome;
}

/** Part of the hourly reconcile: data of people is not kept longer than it is of use. */
export async function pruneImports(tx: Tx, now: Instant): Promise<void> {
  await forgetImports(tx, { now, ...IMPORTS_KEPT, keep: Number.MAX_SAFE_INTEGER });
}
