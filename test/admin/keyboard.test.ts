/** By keyboard alone and without script: a day of a clerk, from the worklist to letters. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAccount, readReminders } from '../../usecases/read-account.js';
import { launchChromium } from '../support/chromium.js';
import { mailedLink } from './mailing.js';
import type { World } from './world.js';
import { IN_WINDOW, REGISTERED, createWorld } from './world.js';

const AFTER_E = IN_WINDOW + 90 * 86_400_000;

let world: World;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let person: string;
beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), launchChromium()]);
  world.setNow(REGISTERED);
  for (let i = 0; i < 3; i += 1) {
    person = await world.register(world.hq, { postalAddress: '見本県見本市1-2-3', fax: '000-000-0000' });
  }
  world.setNow(IN_WINDOW);
  await mailedLink(world, world.hq, person);
  context = await browser.newContext({ locale: 'ja-JP', javaScriptEnabled: false });
  page = await context.newPage();
  await signInAt(IN_WINDOW);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

/** A session does not last from one month to another. */
async function signInAt(now: number): Promise<void> {
  world.setNow(now);
  const { cookie } = await world.signedIn('MANAGER');
  const [name = '', value = ''] = (cookie ?? '').split('=');
  await context.addCookies([{ name, value, url: world.origin }]);
}

const MOST_STOPS = 200;

/** Tab to the control that fits, from where the focus is. */
async function tabTo(selector: string): Promise<void> {
  for (let i = 0; i < MOST_STOPS; i += 1) {
    await page.keyboard.press('Tab');
    if ((await page.locator(`:focus`).and(page.locator(selector)).count()) === 1) return;
  }
  throw new Error(`the Tab key does not reach ${selector} on ${page.url()}`);
}

async function enter(selector: string): Promise<void> {
  await tabTo(selector);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}

async function type(selector: string, text: string): Promise<void> {
  await tabTo(selector);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

const go = (path: string) => page.goto(`${world.origin}/admin${path}`);
const text = async () => (await page.textContent('main')) ?? '';

test('2: data put right; the reminder sent by hand', async () => {
  await go(`/people/${person}/basics`);
  await enter('a:has-text("登録を直す")');
  await type('input#mobileNumber', '090-1111-2222');
  await enter('form[action$="/edit"] button[type=submit]:not(.quiet)');
  expect((await readAccount(world.deps, world.hq.id, person)).mobileNumber).toBe('090-1111-2222');
  await go(`/people/${person}/usage`);
  await enter('form[action$="/reminders"] button');
  const { items } = await readReminders(world.deps, world.hq.id, person, { limit: 10 });
  expect(items.filter(({ kind }) => kind === 'MANUAL')).toHaveLength(1);
});

test('3: two chosen out of a list, looked over, sent to', async () => {
  await go('/lists/pending');
  await tabTo('input[name=person]');
  await page.keyboard.press('Space');
  await tabTo('input[name=person]');
  await page.keyboard.press('Space');
  await enter('button[name=who][value=chosen]');
  expect(page.url()).toContain('/lists/sends/');
  await enter('form[action$="/start"] button');
  expect(await text()).toContain('送');
});

test('4: two letters looked over and made', async () => {
  await go('/letters');
  await tabTo('input[name=id]');
  await page.keyboard.press('Space');
  await tabTo('input[name=id]');
  await page.keyboard.press('Space');
  await enter('button:has-text("だれに送るかを確かめる")');
  expect(await text()).toContain('2人の案内書を作る');
  await enter('button:has-text("2人の案内書を作る")');
  expect(await page.locator('a[download]').count()).toBe(1);
});

test('1: from the worklist to a person, a note with a day, off the list', async () => {
  await signInAt(AFTER_E);
  await go('/today');
  expect(await text()).toContain('見本 太郎');
  await enter(`a[href^="/admin/people/"]`);
  const of = /people\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? '';
  await go(`/people/${of}/usage`);
  await type('textarea#note', 'FAXを送った。返事を待つ');
  await tabTo('input#lookAgainOn');
  // Month, day and year, as the field takes them.
  await page.keyboard.type('05202027');
  await enter('button:has-text("記録して")');
  expect(await text()).toContain('FAXを送った。返事を待つ');
  await go('/today');
  expect(await page.locator(`a[href*="${of}"]`).count()).toBe(0);
});
