/**
 * 利用者の取り込み, first part (R10): a file is read into rows that are kept aside, each with what would become of it.
 * Nobody's data changes. Read in short transactions, so that the site stays quick beside it.
 */
import { randomUUID } from 'node:crypto';
import { DAY, HOUR } from '../domain/calendar.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import {
  countImportRows,
  dropImportRows,
  faultRepeatedNumbers,
  insertImportRows,
  readRegistered,
} from '../store/import-rows.js';
import { forgetImports, insertImportRun, setImportHeads, setImportRead } from '../store/imports.js';
import { readPolicyVersion } from '../store/policies.js';
import type { Command, Deps } from './context.js';
import { readCells } from './import-cells.js';
import type { ColumnKey } from './import-columns.js';
import { matchHeads } from './import-columns.js';
import type { FileFault, FileRecord } from './import-file.js';
import { FileRefusedError, IMPORT_LIMITS, readRecords } from './import-file.js';
import type { FileRow } from './import-judge.js';
import { createJudge } from './import-judge.js';
import { readStoredPolicy } from './life-plan.js';

const ROWS_AT_ONCE = 500;
/** The preview tells the first mails of so many days, and sums the rest up. */
const DAYS_OF_FIRST_MAILS = 400;
/** Of lines with the same number. */
const LINES_NAMED = 5;
const LONGEST_FILE_NAME = 100;
/** Files whose rows are kept; older ones are forgotten with the next upload. */
const FILES_KEPT = 5;

/** How long rows are kept; see forgetImports. */
export const IMPORTS_KEPT = { week: 7 * DAY, hour: HOUR } as const;

export interface UploadedFile {
  name: string;
  /** What was wrong with it before it was read to its end; else its bytes, at most IMPORT_LIMITS.bytes. */
  content: { bytes: Buffer } | { fault: FileFault };
}

/** Returns the run's id, also when the file cannot be taken: its page then says why. */
export async function takeImportFile(deps: Deps, command: Command, file: UploadedFile): Promise<string> {
  const runId = randomUUID();
  const { receivedAt: now, actor } = command;
  const inTenant = <T>(work: (tx: Tx) => Promise<T>) => deps.database.inTenant(command.fireHqId, work);
  await inTenant(async (tx) => {
    await forgetImports(tx, { now, ...IMPORTS_KEPT, keep: FILES_KEPT - 1 });
    const fileName = [...file.name.replace(/\p{C}/gu, '')].slice(0, LONGEST_FILE_NAME).join('');
    await insertImportRun(tx, { id: runId, fileName, createdAt: now, createdBy: actor });
  });
  try {
    if ('fault' in file.content) throw new FileRefusedError(file.content.fault);
    await readRows(deps, command, runId, file.content.bytes);
    await inTenant(async (tx) => {
      const counts = await countImportRows(tx, runId, DAYS_OF_FIRST_MAILS);
      await setImportRead(tx, runId, { state: 'READY', counts });
      await appendAudit(tx, {
        at: now,
        actor,
        action: 'import.tried',
        after: { importId: runId, ...counts.kinds },
      });
    });
  } catch (error) {
    if (!(error instanceof FileRefusedError)) throw error;
    const refusal = error.fault;
    await inTenant(async (tx) => {
      await dropImportRows(tx, runId);
      await setImportRead(tx, runId, { state: 'REFUSED', refusal, now });
    });
  }
  return runId;
}

async function readRows(deps: Deps, command: Command, runId: string, bytes: Buffer): Promise<void> {
  const inTenant = <T>(work: (tx: Tx) => Promise<T>) => deps.database.inTenant(command.fireHqId, work);
  const { document } = await inTenant((tx) => readPolicyVersion(tx));
  const judge = createJudge(readStoredPolicy(document), command.receivedAt);
  let keys: (ColumnKey | null)[] | null = null;
  const linesOf = new Map<string, number[]>();
  let count = 0;
  let waiting: FileRow[] = [];
  const keep = async () => {
    const rows = waiting;
    waiting = [];
    if (rows.length === 0) return;
    await inTenant(async (tx) => {
      const numbers = rows.flatMap(({ input, numberAsWritten }) => [
        input.registrationNumber,
        numberAsWritten,
      ]);
      const registered = await readRegistered(tx, [...new Set(numbers)]);
      const byNumber = new Map(registered.map((person) => [person.registrationNumber, person]));
      await insertImportRows(
        tx,
        runId,
        rows.map((row) => judge(row, byNumber)),
      );
    });
  };
  for await (const { line, cells } of readRecords(bytes)) {
    if (keys === null) {
      keys = await takeHeads(cells, inTenant, runId);
    } else if (!isRemark(cells)) {
      count += 1;
      if (count > IMPORT_LIMITS.rows) throw new FileRefusedError({ code: 'too-many-rows' });
      const row = { line, cells, ...readCells(keys, cells) };
      const { registrationNumber } = row.input;
      if (registrationNumber !== '') linesUnder(linesOf, registrationNumber).push(line);
      waiting.push(row);
      if (waiting.length === ROWS_AT_ONCE) await keep();
    }
  }
  await keep();
  if (keys === null) throw new FileRefusedError({ code: 'empty' });
  if (count === 0) throw new FileRefusedError({ code: 'no-rows' });
  const repeated = [...linesOf.values()].filter((lines) => lines.length > 1).flatMap(namingEachOther);
  for (let from = 0; from < repeated.length; from += ROWS_AT_ONCE)
    await inTenant((tx) => faultRepeatedNumbers(tx, runId, repeated.slice(from, from + ROWS_AT_ONCE)));
}

function linesUnder(linesOf: Map<string, number[]>, registrationNumber: string): number[] {
  const lines = linesOf.get(registrationNumber) ?? [];
  if (lines.length === 0) linesOf.set(registrationNumber, lines);
  return lines;
}

function namingEachOther(lines: readonly number[]): { line: number; hint: string }[] {
  const hint = `${lines.slice(0, LINES_NAMED).join('、')}${lines.length > LINES_NAMED ? '…' : ''}`;
  return lines.map((line) => ({ line, hint }));
}

async function takeHeads(
  heads: FileRecord['cells'],
  inTenant: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  runId: string,
): Promise<(ColumnKey | null)[]> {
  const { keys, unknown, twice } = matchHeads(heads);
  if (!keys.includes('registrationNumber')) throw new FileRefusedError({ code: 'no-number-column' });
  if (twice.length > 0) throw new FileRefusedError({ code: 'columns-twice', names: twice });
  await inTenant((tx) => setImportHeads(tx, runId, { headers: heads, unknownColumns: unknown }));
  return keys;
}

/** The template's own rows of explanation. */
function isRemark(cells: readonly string[]): boolean {
  return /^[（(](説明|例)[)）]/.test(cells[0] ?? '');
}
