/** Who may send a form, in what shape, how often; and what a log may tell. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { World } from './world.js';
import { ADDRESS, NAME, createWorld } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const FORM = 'application/x-www-form-urlencoded';

describe('forms from elsewhere', () => {
  test.each([
    ['cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['same-site', { 'Sec-Fetch-Site': 'same-site' }],
    ['a foreign origin', { Origin: 'https://example.com' }],
    ['an origin that is none', { Origin: 'nonsense' }],
    ['cross-site without an origin', { 'Sec-Fetch-Site': 'cross-site', Origin: 'null' }],
  ])('%s: refused with a friendly page, nothing renewed', async (_name, headers) => {
    const person = await world.personWithLink();
    const page = await world.pages.post(person.link, { choice: 'same' }, headers);
    expect(page.status).toBe(403);
    expect(page.text).toContain('答えは、まだ届いていません');
    expect(page.text).toContain('メールの青い文字を、もう一度押してください。');
    expect(await world.read(person)).toMatchObject({ cycle: 1 });
  });

  test.each([
    ['an old phone that says nothing', () => ({})],
    ['a browser under our no-referrer', () => ({ Origin: 'null', 'Sec-Fetch-Site': 'same-origin' })],
    ['a browser that only says Origin: null', () => ({ Origin: 'null' })],
    ['our own origin', () => ({ Origin: world.origin })],
    ['an address typed by hand', () => ({ 'Sec-Fetch-Site': 'none' })],
  ])('%s: works', async (_name, headers) => {
    const person = await world.personWithLink();
    const answer = await world.pages.post(person.link, { choice: 'same' }, headers());
    expect(answer.location).toBe(`${person.link}/renewed`);
  });
});

describe('forms that cannot be read', () => {
  test.each([
    ['JSON', 415, 'application/json', '{"choice":"same"}'],
    ['multipart', 415, 'multipart/form-data; boundary=x', '--x\r\n\r\n--x--'],
    ['plain text', 415, 'text/plain', 'choice=same'],
    ['an unknown character set', 415, `${FORM}; charset=klingon`, 'choice=same'],
    ['far too much', 413, FORM, `choice=same&message=${'a'.repeat(65_536)}`],
    ['a thousand fields', 413, FORM, 'x=1&'.repeat(1_001) + 'choice=same'],
  ])('%s: %i, friendly, nothing renewed', async (_name, status, type, body) => {
    const person = await world.personWithLink();
    const page = await world.pages.send(person.link, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
    });
    expect(page.status).toBe(status);
    expect(await world.read(person)).toMatchObject({ cycle: 1 });
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('%s: 405 with what is allowed', async (method) => {
    const { link } = await world.personWithLink();
    const page = await world.pages.send(link, { method });
    expect(page.status).toBe(405);
    expect(page.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    const renewed = await world.pages.send(`${link}/renewed`, { method });
    expect(renewed.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
  });

  test('OPTIONS tells the methods', async () => {
    const { link } = await world.personWithLink();
    expect(await world.pages.send(link, { method: 'OPTIONS' })).toMatchObject({ status: 204 });
  });

  test('no body at all is a form without a choice', async () => {
    const { link } = await world.personWithLink();
    expect((await world.pages.send(link, { method: 'POST' })).status).toBe(422);
  });
});

describe('limits', () => {
  test('one link may be answered far oftener than people do; then it asks to wait, and others go on', async () => {
    const busy = await world.personWithLink();
    const other = await world.personWithLink();
    for (let i = 0; i < 30; i += 1) expect((await world.pages.post(busy.link)).status).toBe(422);
    const page = await world.pages.post(busy.link, { choice: 'same' });
    expect(page.status).toBe(429);
    expect(page.text).toContain('少し待ってください');
    expect((await world.read(busy)).cycle).toBe(1);
    expect((await world.pages.get(busy.link)).status).toBe(200);
    expect((await world.pages.post(other.link, { choice: 'same' })).status).toBe(303);
  });

  test('whoever searches for links is told to wait; a neighbour behind the same address still gets through', async () => {
    const from = { 'X-Forwarded-For': '192.0.2.7' };
    const { link } = await world.personWithLink();
    for (let i = 0; i < 60; i += 1) {
      expect((await world.pages.get(`/r/${String(i).padStart(24, 'x')}`, from)).status).toBe(404);
    }
    expect((await world.pages.get(`/r/${'y'.repeat(24)}`, from)).status).toBe(429);
    expect((await world.pages.post('/r/torn', {}, from)).status).toBe(429);
    expect((await world.pages.get(`/r/${'y'.repeat(24)}`, { 'X-Forwarded-For': '192.0.2.8' })).status).toBe(
      404,
    );
    expect((await world.pages.get(link, from)).status).toBe(200);
    expect((await world.pages.post(link, { choice: 'same' }, from)).status).toBe(303);
  });
});

test('the log tells patterns and ids, never a link or a person', async () => {
  const person = await world.personWithLink();
  world.logLines.length = 0;
  await world.pages.postAndFollow(person.link, { choice: 'changed' });
  await world.pages.post(`${person.link}/changes`, { items: 'NAME', message: NAME, newMailAddress: ADDRESS });
  await world.pages.get(`${person.link}/no-such-page`);
  await world.pages.post(person.link, { choice: 'same' }, { Origin: 'https://example.com' });
  expect(world.logLines.map(({ method, route, status }) => [method, route, status])).toEqual([
    ['POST', '/r/:token', 303],
    ['GET', '/r/:token/changes', 200],
    ['POST', '/r/:token/changes', 303],
    ['GET', '/r/*', 404],
    ['POST', '/r/:token', 403],
  ]);
  expect(world.logLines[0]).toMatchObject({ event: 'request', fireHqId: person.hq.id });
  const everything = JSON.stringify(world.logLines);
  for (const secret of [person.link.slice(3), '@', NAME, person.accountId]) {
    expect(everything).not.toContain(secret);
  }
});
