/** A wire between the intake and a server: it can be listened to, and go silent as a network does, without a word. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { until } from '../local/folder.js';

export interface Wire {
  port: number;
  /** All that the client has said. */
  said(): string;
  /** From now on what matches does not get through, nor anything after it on that connection. */
  holdAt(pattern: RegExp): void;
  /** Connections of the present carry nothing more and stay open. */
  goSilent(): void;
  /** Resolves once something was held. */
  held(): Promise<void>;
  connections(): number;
}

/** `host`: where it can be reached, an address of this machine. */
export async function wireTo(port: number, host = '127.0.0.1'): Promise<Wire> {
  let said = '';
  let pattern: RegExp | null = null;
  let held = false;
  let opened = 0;
  const pairs: { near: Socket; far: Socket; silent: boolean }[] = [];
  const server = createServer((near) => {
    opened += 1;
    const far = connect(port, '127.0.0.1');
    const pair = { near, far, silent: false };
    pairs.push(pair);
    near.on('data', (chunk) => {
      said += chunk.toString('latin1');
      if (pattern?.test(chunk.toString('latin1'))) {
        held = true;
        pair.silent = true;
      }
      if (!pair.silent) far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (!pair.silent) near.write(chunk);
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => {
        if (!pair.silent) other.destroy();
      });
    }
  });
  server.listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
  });
  return {
    port: (server.address() as AddressInfo).port,
    said: () => said,
    holdAt: (what) => void (pattern = what),
    goSilent() {
      for (const pair of pairs) pair.silent = true;
    },
    held: () => until('something is held on the wire', () => held),
    connections: () => opened,
  };
}
