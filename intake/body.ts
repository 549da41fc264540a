/** Collects a message in memory, within bounds that hold for all connections together. */
import type { Readable } from 'node:stream';

/** Messages under way hold as much as they may: this one is to come again later. */
export class NoRoomError extends Error {}

export interface Room {
  /** Reads to the end, also past a limit; null when there was more than `largest`. Throws NoRoomError. */
  collect(stream: Readable, largest: number): Promise<Collected | null>;
}

export interface Collected {
  raw: Buffer;
  /** Once the message is no longer needed. */
  release: () => void;
}

const FIRST = 64 * 1024;

/** `total` bytes at most are held at once. */
export function createRoom(total: number): Room {
  let held = 0;
  return {
    async collect(stream, largest) {
      // One buffer that grows: a list of chunks would cost a hundred times its content when a sender makes them tiny.
      let buffer = Buffer.alloc(0);
      let length = 0;
      let fault: 'NO_ROOM' | 'TOO_LARGE' | null = null;
      const resize = (size: number) => {
        held += size - buffer.length;
        const next = Buffer.allocUnsafe(size);
        buffer.copy(next, 0, 0, length);
        buffer = next;
      };
      const release = () => {
        held -= buffer.length;
        buffer = Buffer.alloc(0);
      };
      try {
        for await (const chunk of stream as AsyncIterable<Buffer>) {
          if (fault !== null) continue;
          const needed = length + chunk.length;
          const size = needed <= buffer.length ? buffer.length : sizeFor(needed, buffer.length, largest);
          if (needed > largest) fault = 'TOO_LARGE';
          else if (held - buffer.length + size > total) fault = 'NO_ROOM';
          if (fault !== null) {
            release();
            continue;
          }
          if (size > buffer.length) resize(size);
          chunk.copy(buffer, length);
          length = needed;
        }
      } catch (error) {
        release();
        throw error;
      }
      if (fault === 'NO_ROOM') throw new NoRoomError();
      return fault === 'TOO_LARGE' ? null : { raw: buffer.subarray(0, length), release };
    },
  };
}

function sizeFor(needed: number, present: number, largest: number): number {
  return Math.min(largest, Math.max(needed, 2 * present, FIRST));
}
