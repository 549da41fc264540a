/** Parts as processes: ready, dead, started again, ended in time. */
import { readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isRunning, recordOf } from '../../local/process-identity.js';
import type { Part, Supervisor } from '../../local/supervisor.js';
import { createSupervisor } from '../../local/supervisor.js';
import { testFolder, until } from './folder.js';

interface Stage {
  folder: string;
  said: string[];
  supervisor: Supervisor;
  /** A part that runs the script and is ready when it has written the file `ready`. */
  part(script: string, more?: Partial<Part>): Part;
}

async function stage(): Promise<Stage> {
  const folder = await testFolder();
  const said: string[] = [];
  const supervisor = createSupervisor({
    logFolder: join(folder, 'logs'),
    say: (line) => said.push(line),
    onChange: () => {},
  });
  onTestFinished(async () => {
    supervisor.close();
    await supervisor.stop(['part']);
  });
  return {
    folder,
    said,
    supervisor,
    part: (script, more = {}) => ({
      name: 'part',
      command: process.execPath,
      args: ['-e', script],
      env: { ...process.env, READY: join(folder, 'ready') },
      isReady: () => Promise.resolve(existsSync(join(folder, 'ready'))),
      stopSignal: 'SIGTERM',
      stopWithinMs: 5_000,
      ...more,
    }),
  };
}

const BECOMES_READY = "require('node:fs').writeFileSync(process.env.READY, '');";
const STAYS = 'setInterval(() => {}, 1000);';

describe('the supervisor', () => {
  it('waits until a part is ready, and keeps what it prints', async () => {
    const { supervisor, part, folder } = await stage();
    await supervisor.start(part(`console.log('one'); console.error('two'); ${BECOMES_READY} ${STAYS}`));
    expect(supervisor.processes()).toHaveProperty('part');
    expect(await logOf(folder)).toBe('one\ntwo\n');
  });

  it('tells the end of the log of a part that ends before it was ever ready', async () => {
    const { supervisor, part, said } = await stage();
    const starting = supervisor.start(part("console.log('the port is taken'); process.exit(3)"));
    await expect(starting).rejects.toThrow(/part did not become ready[^]*the port is taken/);
    expect(said[0]).toBe('part ended (code 3); starting it again in 0.2 s');
  });

  it('tells about a program that is not there', async () => {
    const { supervisor, part, said } = await stage();
    const starting = supervisor.start(part('', { command: '/nowhere/program' }));
    await expect(starting).rejects.toThrow('part did not become ready');
    expect(said[0]).toContain('ENOENT');
  });

  it('starts a part again that was killed, under its new number', async () => {
    const { supervisor, part, said } = await stage();
    await supervisor.start(part(`${BECOMES_READY} ${STAYS}`));
    const first = supervisor.processes()['part']?.pid ?? 0;
    process.kill(first, 'SIGKILL');
    await until('it is back', () => said.some((line) => line.startsWith('part is back')));
    const second = supervisor.processes()['part']?.pid;
    expect(second).not.toBe(first);
    expect(said).toEqual([
      'part ended (signal SIGKILL); starting it again in 0.2 s',
      `part is back (pid ${second})`,
    ]);
  });

  it('ends a part by its signal and does not start it again', async () => {
    const { supervisor, part, folder, said } = await stage();
    const script = `process.on('SIGTERM', () => { console.log('good bye'); process.exit(0); }); ${BECOMES_READY} ${STAYS}`;
    await supervisor.start(part(script));
    supervisor.close();
    await supervisor.stop(['part', 'one that was never started']);
    expect(await logOf(folder)).toBe('good bye\n');
    expect(supervisor.processes()).toEqual({});
    expect(said).toEqual([]);
  });

  it('kills a part that does not end in time, with the children it started', async () => {
    const { supervisor, part, folder } = await stage();
    const script = `process.on('SIGTERM', () => {});
      const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
      require('node:fs').writeFileSync(process.env.READY, String(child.pid)); ${STAYS}`;
    await supervisor.start(part(script, { stopWithinMs: 200 }));
    const child = Number(await readFile(join(folder, 'ready'), 'utf8'));
    supervisor.close();
    await supervisor.stop(['part']);
    await until('the child is gone', () => recordOf(child) === null);
    expect(supervisor.processes()).toEqual({});
  });

  it('starts nothing once it is closed', async () => {
    const { supervisor, part } = await stage();
    supervisor.close();
    await expect(supervisor.start(part(STAYS))).rejects.toThrow('being stopped');
    expect(supervisor.processes()).toEqual({});
  });

  it('records when the process was started, so that another starter knows it again', async () => {
    const { supervisor, part, folder } = await stage();
    await writeFile(join(folder, 'ready'), '');
    await supervisor.start(part(STAYS));
    const record = supervisor.processes()['part'];
    expect(record && isRunning(record)).toBe(true);
  });
});

function logOf(folder: string): Promise<string> {
  return readFile(join(folder, 'logs/part.log'), 'utf8');
}
