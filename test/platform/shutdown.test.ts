import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

/** Runs a process with these steps, sends the signals once it stands, and tells its exit code and its events. */
async function stopProcess(steps: string, signals: NodeJS.Signals[], deadlineMs = 5_000) {
  const program = `
    import { createLogger } from './platform/log.ts';
    import { stopOnSignal } from './platform/shutdown.ts';
    import { setTimeout as sleep } from 'node:timers/promises';
    const log = createLogger('test', 'info');
    const told = (event) => async () => { log.info({ event }); };
    stopOnSignal(log, ${deadlineMs}, [${steps}]);
    setInterval(() => {}, 1_000);
    log.info({ event: 'up' });`;
  const child = spawn('node', ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const wasUp = output.includes('"up"');
    output += chunk.toString();
    if (!wasUp && output.includes('"up"')) for (const signal of signals) child.kill(signal);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const events = output
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { event: string }).event);
  return { code, events };
}

const step = (name: string, stop = `told('${name}')`) => `{ name: '${name}', stop: ${stop} },`;

describe('an orderly end', () => {
  it('runs the steps in order and ends with 0', async () => {
    const { code, events } = await stopProcess(
      step('server', `async () => { await sleep(50); await told('server')(); }`) + step('pool'),
      ['SIGTERM'],
    );
    expect(events).toEqual(['up', 'stopping', 'server', 'pool', 'stopped']);
    expect(code).toBe(0);
  });

  it('runs them once, however many signals come', async () => {
    const { code, events } = await stopProcess(step('pool', `async () => { await sleep(300); }`), [
      'SIGINT',
      'SIGTERM',
    ]);
    expect(events).toEqual(['up', 'stopping', 'stopped']);
    expect(code).toBe(0);
  });

  it('goes on after a step that fails, and ends with 1', async () => {
    const { code, events } = await stopProcess(
      step('server', `async () => { throw new Error('x'); }`) + step('pool'),
      ['SIGINT'],
    );
    expect(events).toEqual(['up', 'stopping', 'stop-step-failed', 'pool', 'stopped']);
    expect(code).toBe(1);
  });

  it('does not wait longer than it was given', async () => {
    const { code, events } = await stopProcess(
      step('server', `() => new Promise(() => {})`),
      ['SIGTERM'],
      200,
    );
    expect(events).toEqual(['up', 'stopping', 'stop-took-too-long']);
    expect(code).toBe(1);
  });
});
