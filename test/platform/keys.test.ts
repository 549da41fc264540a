import { describe, expect, it } from 'vitest';
import {
  findKey,
  linkToken,
  makeApiToken,
  parseKeyRing,
  returnPathCode,
  tokenHash,
} from '../../platform/keys.js';

const secret = (byte: number) => Buffer.alloc(32, byte);
const first = { id: 'k1', secret: secret(1) };
const second = { id: 'k2', secret: secret(2) };
const reminder = '0190f3a0-0000-7000-8000-000000000001';
const other = '0190f3a0-0000-7000-8000-000000000002';

describe('R25 link tokens', () => {
  it('R21 the same row and key always give the same link', () => {
    expect(linkToken(first, reminder)).toBe(linkToken({ ...first }, reminder));
  });

  it('carries at least 128 bits in 24 characters that need no escaping in a URL', () => {
    expect(linkToken(first, reminder)).toMatch(/^[A-Za-z0-9_-]{24}$/);
  });

  it('differs by row, by key and from the return path of the same row', () => {
    const codes = [linkToken(first, reminder), linkToken(first, other), linkToken(second, reminder)];
    expect(new Set(codes).size).toBe(3);
    expect(returnPathCode(first, reminder)).not.toContain(linkToken(first, reminder).toLowerCase());
  });

  it('is stored as SHA-256 only', () => {
    expect(tokenHash('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('return paths', () => {
  it('are 26 lower-case letters and digits, so that folding the case loses nothing', () => {
    expect(returnPathCode(first, reminder)).toMatch(/^[a-z2-7]{26}$/);
  });

  it('R21 never change between releases', () => {
    // Computed once with Python's hmac and base64: a change here would kill every link already mailed.
    expect(returnPathCode(first, reminder)).toBe('n4ivags3pcaegm2kil4vtuetqm');
    expect(linkToken(first, reminder)).toBe('ptVNOkATk1LJ68LoogJabpMm');
  });
});

describe('key rings', () => {
  const text = (id: string, bytes: Uint8Array) => `${id}:${Buffer.from(bytes).toString('base64url')}`;

  it('keep their order, so that the first makes and all are found', () => {
    const ring = parseKeyRing(`${text('k2', second.secret)}, ${text('k1', first.secret)}`);
    expect(ring?.map(({ id }) => id)).toEqual(['k2', 'k1']);
    expect(findKey(ring ?? [], 'k1')?.secret).toEqual(first.secret);
    expect(findKey(ring ?? [], 'k3')).toBeUndefined();
  });

  it.each([
    ['nothing', ''],
    ['no secret', 'k1'],
    ['a secret of 31 bytes', text('k1', Buffer.alloc(31, 1))],
    ['the same id twice', `${text('k1', first.secret)},${text('k1', second.secret)}`],
    ['a third part', `${text('k1', first.secret)}:more`],
    ['a trailing comma', `${text('k1', first.secret)},`],
    ['plain base64', `k1:${'+/'.repeat(22)}`],
  ])('refuse %s', (_what, ring) => {
    expect(parseKeyRing(ring)).toBeNull();
  });
});

describe('API tokens', () => {
  it('have a prefix and 256 random bits', () => {
    expect(makeApiToken()).toMatch(/^n119_[A-Za-z0-9_-]{43}$/);
    expect(makeApiToken()).not.toBe(makeApiToken());
  });
});
