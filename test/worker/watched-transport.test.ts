import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { SendResult } from '../../mail/transport.js';
import { createLogger } from '../../platform/log.js';
import { watched } from '../../worker/watched-transport.js';
import { outgoing } from '../mail/given.js';

test('R24: verdicts are counted, and a failure of ours is an ERROR with ids only', async () => {
  const lines: string[] = [];
  let down = false;
  const registry = new Registry();
  let next: SendResult = { verdict: 'ACCEPTED', code: 250, enhanced: '2.0.0', text: '250 2.0.0 Ok' };
  const transport = watched(
    { send: () => Promise.resolve(next) },
    {
      registry,
      log: createLogger('worker', 'info', { write: (line) => void lines.push(line) }),
      isServerDown: () => down,
    },
  );
  expect(await transport.send(outgoing(), 0)).toBe(next);
  expect(lines).toHaveLength(0);
  next = {
    verdict: 'FAILED',
    code: 550,
    enhanced: '5.7.1',
    text: '550 5.7.1 taro@example.jp: you are blocked',
  };
  await transport.send(outgoing(), 0);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'error',
    event: 'mail-failed',
    reminderId: '0b0e7c1e-0000-4000-8000-000000000001',
    code: 550,
    enhanced: '5.7.1',
  });
  expect(lines[0]).not.toContain('@');
  down = true;
  await transport.send(outgoing(), 0);
  down = false;
  await transport.send(outgoing(), 0);
  const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
  // Told once when the server is taken for down, once when it is back.
  expect(events.filter((event) => event !== 'mail-failed')).toEqual(['mail-server-down', 'mail-server-back']);
  down = true;
  const metrics = await registry.metrics();
  expect(metrics).toContain('net119_mail_attempts_total{verdict="ACCEPTED"} 1');
  expect(metrics).toContain('net119_mail_attempts_total{verdict="FAILED"} 3');
  expect(metrics).toContain('net119_mail_server_down 1');
});
