/** R8, R18, R25–R28, R31: a letter's own link, from the day it was printed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAccount } from '../../usecases/read-account.js';
import type { Press } from '../../usecases/print-letters.js';
import { previewLetters, printLetters, voidLetters } from '../../usecases/print-letters.js';
import { fetchLetters } from '../../usecases/read-letters.js';
import { jst } from '../domain/given.js';
import type { Person, World } from './world.js';
import { NAME, REGISTERED, createWorld } from './world.js';

const BEFORE = jst('2026-12-10 12:00');
const IN_WINDOW = jst('2027-02-01 12:00');
const ANYTHING: Press = { unprintable: () => [], fitsWindow: () => true };

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function printedFor(person: Person): Promise<{ batchId: string; link: string }> {
  const { deps } = world;
  const selection = { by: 'IDS', accountIds: [person.accountId] } as const;
  const { digest } = await previewLetters(deps, person.hq.id, ANYTHING, selection, 'POST');
  const request = { selection, kind: 'POST', large: false, ruby: false, digest } as const;
  const printed = await printLetters(deps, world.command(person.hq), ANYTHING, request);
  if (printed.outcome !== 'PRINTED') throw new Error(printed.outcome);
  const fetched = await fetchLetters(deps, world.command(person.hq), ANYTHING, printed.batchId);
  return { batchId: printed.batchId, link: `/r/${fetched?.letters[0]?.token}` };
}

async function personWithLetter(at: number): Promise<Person & { batchId: string; link: string }> {
  world.setNow(REGISTERED);
  const person = await world.register(world.hq, { postalAddress: '見本県見本市1-2-3' });
  world.setNow(at);
  return { ...person, ...(await printedFor(person)) };
}

const mailsOf = (person: Person, purpose: string) =>
  world.sql(`SELECT id FROM reminder WHERE account_id = $1 AND purpose = $2`, [person.accountId, purpose]);
const channelOf = async ({ accountId }: Person) =>
  (
    await world.sql<{ channel: string }>(
      'SELECT renewed_channel AS channel FROM renewal_cycle WHERE account_id = $1 AND number = 1',
      [accountId],
    )
  )[0]?.channel;

describe('R8: from the day it was printed', () => {
  it('before the window ① renews, counted from D; twice is once; one receipt', async () => {
    const person = await personWithLetter(BEFORE);
    const page = await world.pages.get(person.link);
    expect(page.status).toBe(200);
    expect(page.html).toContain('3つの答えから選んでください');
    expect(page.html).not.toContain(NAME);
    expect((await world.read(person)).expiresOn).toBe('2027-03-31');
    const first = await world.pages.post(person.link, { choice: 'same' });
    expect(first.status).toBe(303);
    const second = await world.pages.post(person.link, { choice: 'same' });
    expect(second.status).toBe(303);
    expect((await world.read(person)).expiresOn).toBe('2028-03-31');
    expect(await channelOf(person)).toBe('paper');
    expect(await mailsOf(person, 'RECEIPT')).toHaveLength(1);
    expect((await world.pages.get(person.link)).html).toContain('更新は終わっています');
  });

  it('GET and a form without a choice change nothing (R26)', async () => {
    const person = await personWithLetter(BEFORE);
    await world.pages.get(person.link);
    expect((await world.pages.post(person.link, {})).status).toBe(422);
    expect((await world.read(person)).expiresOn).toBe('2027-03-31');
  });
});

describe('R18: it proves nothing about mail', () => {
  it('the address stays as it was; where it is in doubt a check mail asks', async () => {
    const person = await personWithLetter(IN_WINDOW);
    await world.sql(`UPDATE mail_address SET state = 'UNDELIVERABLE', failures = 2 WHERE account_id = $1`, [
      person.accountId,
    ]);
    await world.pages.post(person.link, { choice: 'same' });
    const after = await world.read(person);
    expect(after).toMatchObject({ addressState: 'UNDELIVERABLE', mailUnconfirmed: true, lastProvenAt: null });
    expect(await mailsOf(person, 'CHECK')).toHaveLength(1);
  });

  it('bound to person and cycle: it lives on when the mail address changes', async () => {
    const person = await personWithLetter(IN_WINDOW);
    await world.sql(
      `UPDATE mail_address SET address = 'neu@example.jp', address_key = 'neu@example.jp' WHERE account_id = $1`,
      [person.accountId],
    );
    expect((await world.pages.get(person.link)).html).toContain('3つの答えから選んでください');
  });
});

describe('R28: ② and ③', () => {
  it('② renews and makes one request, whose items are filled in on the same link', async () => {
    const person = await personWithLetter(IN_WINDOW);
    const answer = await world.pages.post(person.link, { choice: 'changed' });
    expect(answer.headers.get('location')).toContain('/changes');
    const form = await world.pages.get(`${person.link}/changes`);
    const formId = /name="formId" value="([^"]*)"/.exec(form.html)?.[1] ?? '';
    await world.pages.post(`${person.link}/changes`, { formId, items: 'ADDRESS', message: '引っ越しました' });
    const requests = await world.sql<{ items: string[]; by_mail: boolean; letter: boolean }>(
      `SELECT items, reminder_id IS NOT NULL AS by_mail, letter_id IS NOT NULL AS letter FROM resident_request
       WHERE account_id = $1`,
      [person.accountId],
    );
    expect(requests).toEqual([{ items: ['ADDRESS'], by_mail: false, letter: true }]);
    expect((await world.read(person)).expiresOn).toBe('2028-03-31');
    expect((await world.read(person)).lastProvenAt).toBeNull();
  });

  it('③ is asked once more, holds, and can be taken back', async () => {
    const person = await personWithLetter(BEFORE);
    expect((await world.pages.post(person.link, { choice: 'stop' })).headers.get('location')).toContain(
      '/stop',
    );
    await world.pages.post(`${person.link}/stop`, { answer: 'stop' });
    expect((await world.pages.get(person.link)).html).toContain('やっぱり使います');
    await world.pages.post(person.link, { choice: 'same' });
    expect((await world.read(person)).expiresOn).toBe('2027-03-31');
    await world.pages.post(`${person.link}/stop`, { answer: 'keep' });
    await world.pages.post(person.link, { choice: 'same' });
    expect((await world.read(person)).expiresOn).toBe('2028-03-31');
  });
});

describe('R25, R27: dead and older ones', () => {
  it('once the next window is open: the friendly page of an old letter, and nothing is renewed', async () => {
    const person = await personWithLetter(IN_WINDOW);
    await world.pages.post(person.link, { choice: 'same' });
    world.setNow(jst('2028-02-01 12:00'));
    const page = await world.pages.get(person.link);
    expect([page.status, page.html.includes('これは、前の手紙です')]).toEqual([200, true]);
    expect(page.html).not.toContain('山');
    await world.pages.post(person.link, { choice: 'same' });
    expect((await readAccount(world.deps, person.hq.id, person.accountId)).expiresOn).toBe('2028-03-31');
  });

  it('told not to have been sent: it can do nothing any more', async () => {
    const person = await personWithLetter(BEFORE);
    await voidLetters(world.deps, world.command(person.hq), person.batchId);
    expect((await world.pages.get(person.link)).html).toContain('これは、前の手紙です');
    await world.pages.post(person.link, { choice: 'same' });
    await world.pages.post(`${person.link}/stop`, { answer: 'stop' });
    expect((await world.read(person)).expiresOn).toBe('2027-03-31');
    expect(await world.sql('SELECT FROM resident_request WHERE account_id = $1', [person.accountId])).toEqual(
      [],
    );
  });

  it('廃止: the page says so', async () => {
    const person = await personWithLetter(IN_WINDOW);
    await world.sql('UPDATE account SET withdrawn_at = $2 WHERE id = $1', [
      person.accountId,
      new Date(IN_WINDOW),
    ]);
    expect((await world.pages.get(person.link)).html).toContain('登録は、終わっています');
  });

  it('only the hash of it is in the database, and it is in no log line', async () => {
    const person = await personWithLetter(IN_WINDOW);
    await world.pages.get(person.link);
    const token = person.link.slice(3);
    expect(token).toMatch(/^[a-z2-7]{26}$/);
    const rows = await world.sql<{ row: string }>(
      'SELECT l::text || b::text AS row FROM letter l, letter_batch b',
    );
    expect(rows.some(({ row }) => row.includes(token))).toBe(false);
    expect(JSON.stringify(world.logLines)).not.toContain(token);
  });
});
