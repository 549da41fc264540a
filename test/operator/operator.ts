/** The operator's command line in a process of its own, as a person types it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { TestDatabase } from '../support/postgres.js';

const run = promisify(execFile);

/** Exit code and output; everything the process is given is named here. */
export async function runOperator(
  database: Pick<TestDatabase, 'databaseUrl' | 'ownerUrl'>,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  const given = {
    PATH: process.env['PATH'] ?? '',
    DATABASE_URL: database.databaseUrl,
    DATABASE_OWNER_URL: database.ownerUrl,
    NET119_LOCAL_STACK: '1',
    ...env,
  };
  try {
    const { stdout, stderr } = await run('node', ['--import', 'tsx', 'operator/main.ts', ...args], {
      env: given,
    });
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, err: stderr };
  }
}
