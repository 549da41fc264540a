/** 取り込まなかった行.csv and a reader who does not read. */
import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type { Response } from 'express';
import { expect, test } from 'vitest';
import { writeUntakenRows } from '../../api/admin/imports/csv.js';
import type { ImportRow, ImportRunRow } from '../../usecases/read-import.js';

const RUN = { headers: ['登録番号'] } as ImportRunRow;
const ROW = { cells: ['N-1'], faults: [], result: null, kind: 'FAULT' } as unknown as ImportRow;

/** Takes a piece each time `goOn` is called. */
function reader() {
  let next: () => void = () => undefined;
  const stream = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => (next = done) });
  return {
    res: stream as unknown as Response,
    async goOn() {
      next();
      await turn();
    },
    async leave() {
      stream.destroy();
      await turn();
    },
  };
}

function endlessRows() {
  const asked = { pages: 0, ended: false };
  async function* pages(): AsyncGenerator<ImportRow[]> {
    try {
      for (;;) {
        await turn();
        asked.pages += 1;
        yield [ROW];
      }
    } finally {
      asked.ended = true;
    }
  }
  return { asked, pages: pages() };
}

test('rows are read only as fast as they are taken, and no more when the reader goes away', async () => {
  const { res, goOn, leave } = reader();
  const { asked, pages } = endlessRows();
  const written = writeUntakenRows(res, RUN, pages);
  for (let i = 0; i < 5; i += 1) await turn();
  expect(asked.pages).toBe(0);
  await goOn();
  for (let i = 0; i < 5; i += 1) await turn();
  expect(asked.pages).toBe(1);
  await leave();
  await written;
  expect(asked).toEqual({ pages: 1, ended: true });
});

test('a reader who is gone before: nothing is read for him', async () => {
  const { res, leave } = reader();
  const { asked, pages } = endlessRows();
  await leave();
  await writeUntakenRows(res, RUN, pages);
  expect(asked.pages).toBe(0);
});
