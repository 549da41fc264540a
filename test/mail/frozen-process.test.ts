/** R21 with a process that is really stopped and woken: what an injected clock alone would not show. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import type { SendResult } from '../../mail/transport.js';
import { politely, startRawServer } from './smtp-sink.js';
import type { RawServer } from './smtp-sink.js';

const SENDER = fileURLToPath(new URL('frozen-sender.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let server: RawServer;
afterEach(() => server.close());

/** Stops the sender when it has said `at`, answers it meanwhile, and wakes it after its deadline. */
async function frozenAt(at: RegExp): Promise<SendResult> {
  let frozen = false;
  server = await startRawServer(
    politely((line) => {
      if (!frozen && at.test(line)) {
        frozen = true;
        process.kill(sender.pid ?? 0, 'SIGSTOP');
      }
      return undefined;
    }),
  );
  const sender = spawn(process.execPath, ['--import', 'tsx', SENDER, server.url], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => sender.once('close', resolve));
  let said = '';
  sender.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  try {
    const isOver = () => frozen && Date.now() > Number(said.split('\n')[0]);
    await vi.waitFor(() => expect(isOver()).toBe(true), {
      timeout: 20_000,
      interval: 50,
    });
    sender.kill('SIGCONT');
    await ended;
    return JSON.parse(said.split('\n')[1] ?? '') as SendResult;
  } finally {
    sender.kill('SIGKILL');
  }
}

test('R21: frozen while the server opens the message, a woken sender does not complete it', async () => {
  const result = await frozenAt(/^DATA/);
  expect(result.verdict).toBe('EXPIRED');
  expect(server.heard).not.toContain('.');
});

test('R23: frozen after the message, a woken sender still reads the reply that waits for it', async () => {
  const result = await frozenAt(/^\.$/);
  expect(result).toMatchObject({ verdict: 'ACCEPTED', text: '250 2.0.0 Ok: queued as 7Q1' });
});
