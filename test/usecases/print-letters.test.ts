import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LetterSelection, Press } from '../../usecases/print-letters.js';
import { previewLetters, printLetters, recordSending, voidLetters } from '../../usecases/print-letters.js';
import { fetchLetters, listLetterBatches, listLetterCandidates } from '../../usecases/read-letters.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

const IN_WINDOW = jst('2027-02-01 12:00');
const PRESS: Press = {
  unprintable: (text) => (text.includes('😀') ? ['😀'] : []),
  fitsWindow: ({ postalAddress }) => postalAddress.length < 50,
};

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function register(fireHqId: string, more: object = {}): Promise<string> {
  world.setNow(jst('2026-06-01 12:00'));
  const { id } = await world.register(fireHqId, {
    expiresOn: '2027-03-31',
    postalAddress: '見本市1-2-3',
    ...more,
  });
  world.setNow(IN_WINDOW);
  return id;
}

async function print(fireHqId: string, ids: readonly string[], large = false): Promise<string> {
  const selection: LetterSelection = { by: 'IDS', accountIds: ids };
  const { digest } = await previewLetters(world.deps, fireHqId, PRESS, selection, 'POST');
  const request = { selection, kind: 'POST', large, ruby: false, digest } as const;
  const printed = await printLetters(world.deps, world.command(fireHqId), PRESS, request);
  if (printed.outcome !== 'PRINTED') throw new Error(printed.outcome);
  return printed.batchId;
}

const fetched = (fireHqId: string, batchId: string) =>
  fetchLetters(world.deps, world.command(fireHqId), PRESS, batchId);

describe('R31: printing letters', () => {
  it('every letter has a link of its own, the same at each fetch; fetching is in the trail', async () => {
    const ids = [await register(world.hq), await register(world.hq)];
    const batchId = await print(world.hq, ids);
    const [one, two] = [await fetched(world.hq, batchId), await fetched(world.hq, batchId)];
    const tokens = one?.letters.map(({ token }) => token) ?? [];
    expect(new Set(tokens).size).toBe(2);
    expect(two?.letters.map(({ token }) => token)).toEqual(tokens);
    const other = await fetched(world.hq, await print(world.hq, ids));
    expect(other?.letters.some(({ token }) => tokens.includes(token))).toBe(false);
    const trail = await world.sql(
      `SELECT FROM audit_event WHERE action = 'letters.fetched' AND after->>'batchId' = $1`,
      [batchId],
    );
    expect(trail).toHaveLength(2);
  });

  it('who has renewed, is 廃止 or cannot be printed any more is left out of a later fetch, and told', async () => {
    const [stays, leaves, changed] = [
      await register(world.hq),
      await register(world.hq),
      await register(world.hq),
    ];
    const batchId = await print(world.hq, [stays, leaves, changed]);
    await withdrawAccount(world.deps, world.command(world.hq), leaves, { reason: '転出' });
    await world.sql(`UPDATE account SET name = '😀' WHERE id = $1`, [changed]);
    const printed = await fetched(world.hq, batchId);
    expect(printed?.letters).toHaveLength(1);
    expect(printed?.gone.map(({ why }) => why)).toEqual(
      expect.arrayContaining([
        { reason: 'WITHDRAWN' },
        { reason: 'UNPRINTABLE', field: 'name', letters: ['😀'] },
      ]),
    );
  });

  it('a key that is gone: no file; the key that makes new links is another', async () => {
    const batchId = await print(world.hq, [await register(world.hq)]);
    const { keys } = world.deps;
    const fresh = { id: 'fresh', secret: new Uint8Array(32).fill(3) };
    try {
      world.deps.keys = [fresh, ...keys];
      expect(await fetched(world.hq, batchId)).not.toBeNull();
      world.deps.keys = [fresh];
      expect(await fetched(world.hq, batchId)).toBeNull();
    } finally {
      world.deps.keys = keys;
    }
  });

  it('another headquarters prints nobody of ours, and its batches are its own', async () => {
    const ours = await register(world.hq);
    const selection: LetterSelection = { by: 'IDS', accountIds: [ours] };
    const preview = await previewLetters(world.deps, world.otherHq, PRESS, selection, 'POST');
    expect([preview.included, preview.leftOut]).toEqual([[], []]);
    const request = { selection, kind: 'POST', large: false, ruby: false, digest: preview.digest } as const;
    expect(await printLetters(world.deps, world.command(world.otherHq), PRESS, request)).toEqual({
      outcome: 'NOBODY',
    });
    const batchId = await print(world.hq, [ours]);
    for (const doing of [voidLetters, recordSending])
      await expect(doing(world.deps, world.command(world.otherHq), batchId)).rejects.toThrow('not-found');
    await expect(fetched(world.otherHq, batchId)).rejects.toThrow('not-found');
    expect((await listLetterBatches(world.deps, world.otherHq, { limit: 10 })).items).toEqual([]);
  });

  it('recorded once, also when asked twice; then not taken back; and the other way round', async () => {
    const id = await register(world.hq);
    const sent = await print(world.hq, [id]);
    const command = world.command(world.hq);
    expect(await recordSending(world.deps, command, sent)).toBe(true);
    expect(await recordSending(world.deps, command, sent)).toBe(true);
    expect(await voidLetters(world.deps, command, sent)).toBe(false);
    expect(
      await world.sql(`SELECT FROM contact_record WHERE account_id = $1 AND kind = 'POST_SENT'`, [id]),
    ).toHaveLength(1);
    const unsent = await print(world.hq, [id]);
    expect(await voidLetters(world.deps, command, unsent)).toBe(true);
    expect(await recordSending(world.deps, command, unsent)).toBe(false);
    expect(await fetched(world.hq, unsent)).toBeNull();
  });

  it('a list is read page by page, each person once', async () => {
    for (let i = 0; i < 5; i += 1) await register(world.otherHq, { name: `頁 ${i}` });
    const filter = { show: 'pending', fresh: true } as const;
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listLetterCandidates(world.deps, world.otherHq, { filter, limit: 2, cursor });
      seen.push(...page.items.map(({ accountId }) => accountId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect([seen.length, new Set(seen).size]).toEqual([5, 5]);
  });
});
