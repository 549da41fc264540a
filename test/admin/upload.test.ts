/** Places for files under way: one a person, two a headquarters, four in all; who sends nothing loses his. */
import { PassThrough } from 'node:stream';
import type { Request, Response } from 'express';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SlowUploadError, withUpload } from '../../api/admin/shell/upload.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => vi.useRealTimers());

/** Begins a file that goes on only by `send`; `ended` says how it ended. */
function begin(staffId: string, fireHqId: string) {
  const req = Object.assign(new PassThrough(), {
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    is: () => 'multipart/form-data',
    complete: false,
  });
  const res = { locals: { staff: { staffId, fireHqId } } };
  let outcome: unknown = 'UNDER_WAY';
  const ended = withUpload(req as unknown as Request, res as unknown as Response, 1_000_000, () =>
    Promise.resolve('DONE'),
  ).then(
    (done) => (outcome = done),
    (error: unknown) => (outcome = error),
  );
  return {
    ended,
    outcome: () => outcome,
    send: (bytes: number) => new Promise((sent) => req.write('-'.repeat(bytes), sent)),
    leave: () => req.destroy(),
  };
}

const settled = () => new Promise((turn) => setImmediate(turn));

test('nobody takes the places of others', async () => {
  const taken = [begin('a', 'hq-1'), begin('b', 'hq-1'), begin('c', 'hq-2')];
  expect(await begin('a', 'hq-1').ended).toMatchObject({ whose: 'OWN' });
  expect(await begin('d', 'hq-1').ended).toMatchObject({ whose: 'OTHERS' });
  taken.push(begin('d', 'hq-2'));
  expect(await begin('e', 'hq-3').ended).toMatchObject({ whose: 'OTHERS' });
  expect(taken.map(({ outcome }) => outcome())).toEqual(Array.from(taken, () => 'UNDER_WAY'));
  taken[0]?.leave();
  await taken[0]?.ended;
  const next = begin('e', 'hq-3');
  await settled();
  expect(next.outcome()).toBe('UNDER_WAY');
  for (const each of [...taken, next]) each.leave();
  await Promise.all([...taken, next].map(({ ended }) => ended));
});

test('a file that does not get on is ended, one that does is not, and the place is free again', async () => {
  const [still, slow, steady] = [begin('a', 'hq-1'), begin('b', 'hq-1'), begin('c', 'hq-2')];
  await slow.send(9_000);
  await steady.send(20_000);
  await settled();
  vi.advanceTimersByTime(10_000);
  expect([await still.ended, await slow.ended]).toEqual([new SlowUploadError(), new SlowUploadError()]);
  await settled();
  expect(steady.outcome()).toBe('UNDER_WAY');
  vi.advanceTimersByTime(10_000);
  expect(await steady.ended).toEqual(new SlowUploadError());
  const again = begin('a', 'hq-1');
  await settled();
  expect(again.outcome()).toBe('UNDER_WAY');
  again.leave();
  await again.ended;
});
