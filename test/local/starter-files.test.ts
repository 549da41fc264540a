/** What one starter leaves for the next: the lock, the processes, the ports. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endLeftOvers, keepProcesses } from '../../local/left-overs.js';
import { takeLock } from '../../local/lock.js';
import type { Lock } from '../../local/lock.js';
import { choosePorts } from '../../local/ports.js';
import { isRunning, recordOf } from '../../local/process-identity.js';
import type { ProcessRecord } from '../../local/process-identity.js';
import { testFolder, until } from './folder.js';

/** A process that waits; ended with the test at the latest. */
function sleeper(script = 'setInterval(() => {}, 1000)'): ChildProcess {
  const child = spawn(process.execPath, ['-e', script], { stdio: 'ignore', detached: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

function recordOfChild({ pid = 0 }: ChildProcess): ProcessRecord {
  const record = recordOf(pid);
  if (!record) throw new Error('the child does not run');
  return record;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function listen(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Free at the moment of asking. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('process identity', () => {
  it('knows a process, and sees that it has ended', async () => {
    const child = sleeper();
    const record = recordOfChild(child);
    expect(isRunning(record)).toBe(true);
    child.kill('SIGKILL');
    await ended(child);
    expect(isRunning(record)).toBe(false);
  });

  it('does not take another process that got the number for the one that had it', () => {
    const record = recordOfChild(sleeper());
    expect(isRunning({ ...record, startedAt: 'an earlier boot:1' })).toBe(false);
  });
});

describe('the lock of a folder', () => {
  it('lets one starter in and tells the second who has it', async () => {
    const path = join(await testFolder(), 'starter.lock');
    const first = await takeLock(path);
    expect(first).toHaveProperty('release');
    expect(await takeLock(path)).toEqual({ heldBy: process.pid });
    (first as Lock).release();
    expect(await takeLock(path)).toHaveProperty('release');
  });

  it('takes over the lock of a starter that was killed', async () => {
    const path = join(await testFolder(), 'starter.lock');
    const child = sleeper();
    writeFileSync(path, JSON.stringify(recordOfChild(child)));
    expect(await takeLock(path)).toEqual({ heldBy: child.pid });
    child.kill('SIGKILL');
    await ended(child);
    expect(await takeLock(path)).toHaveProperty('release');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('does not release a lock that somebody else has by now', async () => {
    const path = join(await testFolder(), 'starter.lock');
    const mine = (await takeLock(path)) as Lock;
    const other = recordOfChild(sleeper());
    writeFileSync(path, JSON.stringify(other));
    mine.release();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(other);
  });
});

describe('left-over parts', () => {
  it('ends what a killed starter left behind, and leaves alone who only has the number now', async () => {
    const folder = await testFolder();
    const worker = sleeper();
    const stranger = sleeper();
    keepProcesses(folder, {
      worker: recordOfChild(worker),
      api: { ...recordOfChild(stranger), startedAt: 'another life' },
    });
    expect(await endLeftOvers(folder)).toEqual(['worker']);
    await ended(worker);
    expect(worker.signalCode).toBe('SIGTERM');
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });

  it('kills one that does not listen', async () => {
    const folder = await testFolder();
    const deaf = sleeper(
      "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); process.title = 'deaf'",
    );
    await until('the child listens', () => readFileSync(`/proc/${deaf.pid}/comm`, 'utf8').trim() === 'deaf');
    keepProcesses(folder, { mail: recordOfChild(deaf) });
    expect(await endLeftOvers(folder)).toEqual(['mail']);
    await ended(deaf);
    expect(deaf.signalCode).toBe('SIGKILL');
  });

  it('has nothing to do on a new folder', async () => {
    expect(await endLeftOvers(await testFolder())).toEqual([]);
  });
});

describe('ports', () => {
  const silent = () => {};

  it('takes the environment first, then the last run', async () => {
    const [given, last] = [await freePort(), await freePort()];
    const env = { PORT: String(given) };
    const chosen = await choosePorts(env, { PORT: last, SMTP_PORT: last }, ['PORT', 'SMTP_PORT'], silent);
    expect(chosen).toEqual({ PORT: given, SMTP_PORT: last });
  });

  it('goes on to a free one and says so when that of the last run is taken', async () => {
    const taken = await listen();
    const lines: string[] = [];
    const chosen = await choosePorts({}, { PORT: taken }, ['PORT'], (line) => lines.push(line));
    expect(chosen.PORT).toBeGreaterThanOrEqual(8119);
    expect(chosen.PORT).not.toBe(taken);
    expect(lines.join()).toContain(`${taken} is taken`);
  });

  it('refuses ports of the environment that are taken, used twice or no ports, all at once', async () => {
    const taken = await listen();
    const free = String(await freePort());
    const env = { PORT: String(taken), SMTP_PORT: 'mail', METRICS_PORT: free, TEMPORAL_PORT: free };
    const choosing = choosePorts(env, {}, ['PORT', 'SMTP_PORT', 'METRICS_PORT', 'TEMPORAL_PORT'], silent);
    await expect(choosing).rejects.toThrow(
      `PORT: port ${taken} is taken by another program\n` +
        'SMTP_PORT must be a port, 1 to 65535\n' +
        `TEMPORAL_PORT: port ${free} is taken by another program`,
    );
  });

  it('never gives one port to two parts', async () => {
    const last = await freePort();
    const chosen = await choosePorts({}, { PORT: last, SMTP_PORT: last }, ['PORT', 'SMTP_PORT'], silent);
    expect(chosen.PORT).toBe(last);
    expect(chosen.SMTP_PORT).not.toBe(last);
  });
});
