/** Once for a whole test run: the workflow bundle, and one PostgreSQL server with the migrated template database. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWorkflowBundle } from '../../worker/bundle.js';
import { startPostgres } from './postgres.js';

/** Test files find the bundle as the worker does: by WORKFLOW_BUNDLE. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'net119-bundle-'));
  const [postgres] = await Promise.all([startPostgres(), writeBundle(join(folder, 'workflow-bundle.js'))]);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true });
  };
}

async function writeBundle(path: string): Promise<void> {
  const { code } = await buildWorkflowBundle();
  await writeFile(path, code);
  process.env['WORKFLOW_BUNDLE'] = path;
}
