/** A file put in, looked at and carried out, as the staff site does. */
import type { ImportRow, RowFilter } from '../../store/import-rows.js';
import { listImportRows } from '../../store/import-rows.js';
import type { ImportRunRow } from '../../store/imports.js';
import { findImportRun } from '../../store/imports.js';
import { takeImportFile } from '../../usecases/import-file-in.js';
import { carryOutImports, startImport } from '../../usecases/import-run.js';
import type { World } from './world.js';

export const HEADS = '登録番号,氏名,かな,メールアドレス';

export interface Tried {
  run: ImportRunRow;
  rows(show: RowFilter): Promise<ImportRow[]>;
}

export async function tryFile(world: World, content: string | Buffer, hq = world.hq): Promise<Tried> {
  // Two uploads are never of one instant.
  world.setNow(world.now() + 1_000);
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const runId = await takeImportFile(world.deps, world.command(hq), {
    name: 'mihon.csv',
    content: { bytes },
  });
  return tried(world, runId, hq);
}

export async function tried(world: World, runId: string, hq = world.hq): Promise<Tried> {
  const run = await world.deps.database.inTenant(hq, (tx) => findImportRun(tx, runId));
  if (run === null) throw new Error('no such run');
  return {
    run,
    rows: (show) =>
      world.deps.database.inTenant(hq, (tx) =>
        listImportRows(tx, runId, { show, afterLine: 0, limit: 1000 }),
      ),
  };
}

export async function carryOut(
  world: World,
  { run }: Tried,
  { checkMail = false, hq = world.hq }: { checkMail?: boolean; hq?: string } = {},
): Promise<Tried> {
  const started = await startImport(world.deps, world.command(hq), run.id, { checkMail });
  if (started !== 'STARTED') throw new Error(started);
  await carryOutImports(world.deps, {
    onFailed: ({ line, error }) => {
      throw new Error(`line ${line}`, { cause: error });
    },
  });
  return tried(world, run.id, hq);
}
