/** The stack of one machine behind `npm start`: everything the product needs, and something to look at. */
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '../operator/migrate.js';
import { parseKeyRing } from '../platform/keys.js';
import { openDatabase } from '../store/database.js';
import { ensureDatabase, postgresFolder, postgresPart } from './database.js';
import type { DemoAccess } from './demo/load.js';
import { loadDemo } from './demo/load.js';
import { localFolder } from './folders.js';
import { endLeftOvers, keepProcesses } from './left-overs.js';
import type { Lock } from './lock.js';
import { takeLock } from './lock.js';
import { apiPart, intakePart, mailPart, workerPart } from './services.js';
import type { Settings } from './settings.js';
import { keepAccess, readSettings } from './settings.js';
import { removeStackFile, writeStackFile } from './stack-file.js';
import { summary } from './summary.js';
import type { Supervisor } from './supervisor.js';
import { createSupervisor } from './supervisor.js';
import { findTemporalCli } from './temporal-binary.js';
import { prepareNamespace, temporalPart } from './temporal.js';

const USAGE =
  'npm start [-- --fresh]\n  --fresh   begin anew: delete the data of earlier runs (the ports are kept)';
/** What --fresh deletes. */
const DATA = [
  'postgres',
  'temporal.db',
  'temporal.db-wal',
  'temporal.db-shm',
  'mail',
  'logs',
  'secrets.json',
];
/** Ended together; those further down serve those above. */
const STOP_ORDER = [['worker', 'api', 'intake'], ['mail', 'temporal'], ['postgres']];

const say = (line: string) => console.log(line);

export async function main(args: readonly string[]): Promise<void> {
  const unknown = args.filter((arg) => arg !== '--fresh');
  if (unknown.length > 0) {
    say(USAGE);
    process.exitCode = unknown.includes('--help') ? 0 : 1;
    return;
  }
  const began = performance.now();
  const folder = localFolder();
  process.umask(0o022);
  await mkdir(folder, { recursive: true });
  // The account of the database server must be able to walk through; what is secret in it has its own mode.
  await chmod(folder, 0o755);
  const lock = await takeLock(join(folder, 'starter.lock'));
  if ('heldBy' in lock) {
    say(
      `Another npm start (pid ${lock.heldBy}) is running on ${folder}. Its addresses are in stack.json there.`,
    );
    process.exitCode = 1;
    return;
  }
  await run(folder, lock, { fresh: args.includes('--fresh'), began });
}

async function run(
  folder: string,
  lock: Lock,
  { fresh, began }: { fresh: boolean; began: number },
): Promise<void> {
  removeStackFile(folder);
  let onChange = () => {};
  const supervisor = createSupervisor({ logFolder: join(folder, 'logs'), say, onChange: () => onChange() });
  const stop = stopOnce(supervisor, lock);
  // npm passes Ctrl-C on to us though the terminal has done so already: the second one means nothing.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  // The reader of our lines may leave first.
  process.stdout.on('error', () => {});
  try {
    const left = await endLeftOvers(folder);
    if (left.length > 0) say(`Ended what an earlier start left behind: ${left.join(', ')}`);
    if (fresh) await deleteData(folder);
    const settings = await readSettings(folder, process.env, say);
    if (fresh && settings.given.database) say('--fresh leaves the database of DATABASE_URL as it is.');
    let access: DemoAccess | null = null;
    onChange = () => {
      const processes = supervisor.processes();
      keepProcesses(folder, processes);
      if (access === null) return;
      const pids = Object.fromEntries(Object.entries(processes).map(([name, { pid }]) => [name, pid]));
      writeStackFile(settings, access, pids);
    };
    access = await startParts(supervisor, settings);
    onChange();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    say(summary(settings, access, seconds));
  } catch (error) {
    if (stop.begun()) return;
    say(`\nThe stack could not be started.\n${error instanceof Error ? error.message : String(error)}`);
    await stop(1);
  }
}

/** Starts everything; returns what the demonstration headquarters are entered with. */
async function startParts(supervisor: Supervisor, settings: Settings): Promise<DemoAccess> {
  const [access] = await Promise.all([
    startDatabase(supervisor, settings),
    startTemporal(supervisor, settings),
    settings.mailInboxUrl === null ? null : step('mail catcher', () => supervisor.start(mailPart(settings))),
  ]);
  await Promise.all([
    step('API', () => supervisor.start(apiPart(settings))),
    step('worker', () => supervisor.start(workerPart(settings))),
    step('intake', () => supervisor.start(intakePart(settings))),
  ]);
  return access;
}

async function startDatabase(supervisor: Supervisor, settings: Settings): Promise<DemoAccess> {
  if (!settings.given.database) {
    await step('PostgreSQL', async () => supervisor.start(await postgresPart(settings)));
    await ensureDatabase(settings);
  }
  await step('tables', () => migrate(settings.databaseOwnerUrl, settings.databaseUrl));
  const access = await step('demonstration data', () => demonstrate(settings));
  keepAccess(settings, access);
  return access;
}

async function demonstrate(settings: Settings): Promise<DemoAccess> {
  const keys = parseKeyRing(settings.secrets.linkKeys);
  if (keys === null)
    throw new Error('LINK_KEYS is malformed: id:secret[,id:secret…], secrets of 32 bytes or more');
  const database = openDatabase(settings.databaseUrl, { max: 8 });
  try {
    return await loadDemo({
      database,
      keys,
      publicBaseUrl: settings.residentBaseUrl,
      bounceDomain: settings.bounceDomain,
      tokens: settings.secrets.tokens,
      signIns: settings.secrets.signIns,
      now: Date.now(),
      report: say,
    });
  } finally {
    await database.close();
  }
}

async function startTemporal(supervisor: Supervisor, settings: Settings): Promise<void> {
  if (!settings.given.temporal) {
    const cli = await findTemporalCli((line) => say(`  ${line}`));
    await step('Temporal', () => supervisor.start(temporalPart(settings, cli)));
  }
  await prepareNamespace(settings);
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  say(`… ${name}`);
  const result = await work();
  say(`✓ ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return result;
}

async function deleteData(folder: string): Promise<void> {
  const paths = [await postgresFolder(folder), ...DATA.map((name) => join(folder, name))];
  for (const path of paths) await rm(path, { recursive: true, force: true });
  say('Beginning anew: the data of earlier runs is deleted.');
}

/** Ends the parts in order and then this process. */
function stopOnce(supervisor: Supervisor, lock: Lock): { (code: number): Promise<void>; begun(): boolean } {
  let begun = false;
  const stop = async (code: number) => {
    if (begun) return;
    begun = true;
    say('\nStopping …');
    supervisor.close();
    for (const names of STOP_ORDER) await supervisor.stop(names);
    lock.release();
    say('Stopped. The data stays; npm start goes on with it.');
    process.exit(code);
  };
  return Object.assign(stop, { begun: () => begun });
}
