/** Messages in memory: exact, and within what all of them may hold together. */
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { NoRoomError, createRoom } from '../../intake/body.js';

const LARGEST = 200_000;

function sliced(content: Buffer, size: number): Readable {
  const chunks: Buffer[] = [];
  for (let at = 0; at < content.length; at += size) chunks.push(content.subarray(at, at + size));
  return Readable.from(chunks, { objectMode: false });
}

function noise(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, n) => (n * 31 + (n >> 8)) % 256));
}

describe('a message', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, LARGEST])('of %i bytes is kept as it came', async (length) => {
    const content = noise(length);
    const collected = await createRoom(1_000_000).collect(sliced(content, 4_099), LARGEST);
    expect(collected?.raw.equals(content)).toBe(true);
  });

  it('that is larger than allowed is read to its end and not kept', async () => {
    const room = createRoom(LARGEST);
    const stream = sliced(noise(LARGEST + 1), 5_000);
    expect(await room.collect(stream, LARGEST)).toBeNull();
    expect(stream.readableEnded).toBe(true);
    // Its room is free again.
    expect((await room.collect(sliced(noise(LARGEST), 5_000), LARGEST))?.raw.length).toBe(LARGEST);
  });

  it('finds no room while others hold it, and does when they are done', async () => {
    const room = createRoom(LARGEST + 50_000);
    const first = await room.collect(sliced(noise(LARGEST), 5_000), LARGEST);
    const late = sliced(noise(LARGEST), 5_000);
    await expect(room.collect(late, LARGEST)).rejects.toThrow(NoRoomError);
    expect(late.readableEnded).toBe(true);
    first?.release();
    expect((await room.collect(sliced(noise(LARGEST), 5_000), LARGEST))?.raw.length).toBe(LARGEST);
  });

  it('that breaks off gives its room back', async () => {
    const room = createRoom(LARGEST);
    const stream = new PassThrough();
    const broken = room.collect(stream, LARGEST);
    stream.write(noise(150_000));
    stream.destroy(new Error('the line was cut'));
    await expect(broken).rejects.toThrow('the line was cut');
    expect((await room.collect(sliced(noise(LARGEST), 5_000), LARGEST))?.raw.length).toBe(LARGEST);
  });
});
