/** What only a browser shows, of every page there is: structure and contrast (axe), narrow and enlarged screens, the font, the keyboard. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { staffRoutes } from '../../api/admin/router.js';
import { TABS } from '../../api/admin/shell/places.js';
import { CONTACT_KINDS } from '../../store/contacts.js';
import { CHANGE_ITEMS } from '../../store/requests.js';
import { recordContact } from '../../usecases/record-contact.js';
import { renewByLink } from '../../usecases/renew-account.js';
import { submitChangeRequest } from '../../usecases/resident-request.js';
import { launchChromium } from '../support/chromium.js';
import { mailedLink, resident } from './mailing.js';
import { inviteStaff } from '../../usecases/invite-staff.js';
import { putSecondFactorRule } from '../../usecases/second-factor.js';
import { totpCode } from '../../platform/totp.js';
import { operatorOf } from './given-staff.js';
import type { World } from './world.js';
import { IN_WINDOW, REGISTERED, createWorld } from './world.js';

const WIDE = { width: 1280, height: 900 };
/** The narrowest phone, and 640 px at 200 %. */
const NARROW = { width: 320, height: 640 };
/** Build output, to be looked at; not in git. */
const SCREENSHOTS = join('.local', 'screenshots');

/** Fifty letters without a place to break, and the characters that fonts lack. */
const LONG_NAME = `${'𠮷髙﨑邉'.repeat(12)}<b>"'`;

let world: World;
let browser: Browser;
let context: BrowserContext;
let emptyContext: BrowserContext;
let person: string;

beforeAll(async () => {
  [world, browser] = await Promise.all([
    createWorld(),
    launchChromium(),
    mkdir(SCREENSHOTS, { recursive: true }),
  ]);
  world.setNow(REGISTERED);
  for (let i = 0; i < 12; i += 1) await world.register(world.hq);
  person = await world.register(world.hq, {
    name: LONG_NAME,
    kana: 'よしたか'.repeat(12),
    mailAddress: `${'a'.repeat(60)}@${'b'.repeat(60)}.example.jp`,
    postalAddress: '見本県見本市見本町1-2-3 '.repeat(8),
    emergencyContacts: [{ name: LONG_NAME, relation: '妻', phone: '090-0000-0000' }],
  });
  world.setNow(IN_WINDOW);
  context = await contextOf(world.hq);
  emptyContext = await contextOf(world.otherHq);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function contextOf(hq: World['hq']): Promise<BrowserContext> {
  const { cookie } = await world.signedIn('MANAGER', hq);
  const [name = '', value = ''] = (cookie ?? '').split('=');
  const made = await browser.newContext({ viewport: WIDE, locale: 'ja-JP' });
  await made.addCookies([{ name, value, url: world.origin }]);
  return made;
}

const PAGES = staffRoutes(new Proxy({}, {}) as World['deps'])
  .filter(({ method, path }) => method === 'get' && !path.includes(':'))
  .map(({ path }) => path);

async function look(page: Page, path: string, name: string): Promise<void> {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const answer = await page.goto(`${world.origin}/admin${path}`).catch((error: unknown) => {
    if (String(error).includes('Download is starting')) return null;
    throw error;
  });
  // A file to download is no page.
  if (answer?.headers()['content-type']?.startsWith('text/html') !== true) return;
  expect(answer.status()).toBe(200);
  await page.evaluate(() => document.fonts.ready);
  expect(await page.evaluate(() => [...document.fonts].some(({ status }) => status === 'loaded'))).toBe(true);
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`),
  ).toEqual([]);
  await page.setViewportSize(NARROW);
  expect(await hangingOver(page)).toEqual([]);
  await page.screenshot({ path: join(SCREENSHOTS, `${name}-narrow.png`), fullPage: true });
  expect(errors).toEqual([]);
}

/** Elements that stand out of a narrow window, but for what scrolls in a box of its own. */
function hangingOver(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => {
        if (element.closest('.skip, .scroll thead, .scroll caption, svg') !== null) return false;
        const { left, right, width } = element.getBoundingClientRect();
        return width > 0 && (left < -1 || right > document.documentElement.clientWidth + 1);
      })
      .map((element) => element.outerHTML.slice(0, 120))
      .slice(0, 5)
      .concat(document.documentElement.scrollWidth > window.innerWidth ? ['the page scrolls sideways'] : []),
  );
}

async function onPage(of: BrowserContext, work: (page: Page) => Promise<void>): Promise<void> {
  const page = await of.newPage();
  try {
    await work(page);
  } finally {
    await page.close();
  }
}

const nameOf = (path: string) => path.slice(1).replaceAll('/', '-') || 'root';

describe.each(PAGES)('%s', (path) => {
  test('full, with a long name: axe is content, nothing hangs over at 320 px', async () => {
    await onPage(context, (page) => look(page, path, nameOf(path)));
  });

  test('empty: the same', async () => {
    await onPage(emptyContext, (page) => look(page, path, `${nameOf(path)}-empty`));
  });
});

describe('one of the staff, and what can be done', () => {
  test.each(['', '/role', '/code', '/second-factor', '/lock'])('%s', async (deed) => {
    const path = `/staff/${world.staffId(world.hq, 'CLERK')}${deed}`;
    await onPage(context, (page) => look(page, path, `staff-one${deed.replace('/', '-')}`));
  });
});

describe.each([
  ...TABS,
  'edit',
  'hold',
  'withdraw',
  'expiry',
  'expiry?to=2028-03-31',
  'contacts',
  'renewal',
  'reminders',
])('%s of a person', (tab) => {
  test('axe is content, nothing hangs over at 320 px', async () => {
    await onPage(context, (page) =>
      look(page, `/people/${person}/${tab}`, nameOf(`/person/${tab.split('?').join('-')}`)),
    );
  });
});

test('本人からの連絡, with all that a person can tell, and with everything unfolded', async () => {
  const link = await mailedLink(world, world.hq, person);
  await renewByLink(world.deps, resident(world, world.hq), link);
  const told = await submitChangeRequest(world.deps, resident(world, world.hq), link, {
    items: [...CHANGE_ITEMS],
    newMailAddress: `${'c'.repeat(60)}@${'d'.repeat(60)}.example.jp`,
    reachBy: 'FAX',
    message: '𠮷'.repeat(1_000),
  });
  const command = { ...resident(world, world.hq), actor: 'operator' as const };
  for (const kind of CONTACT_KINDS)
    await recordContact(world.deps, command, person, { kind, said: 'CHANGED', note: 'あ'.repeat(300) });
  await onPage(context, (page) => look(page, `/requests/${told.id}`, 'request'));
  for (const deed of ['usage', 'contacts'])
    await onPage(context, async (page) => {
      await look(page, `/people/${person}/${deed}`, `person-${deed}-full`);
      await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
      expect(await hangingOver(page)).toEqual([]);
    });
});

test('signing in and finding nothing', async () => {
  const stranger = await browser.newContext({ viewport: WIDE, locale: 'ja-JP' });
  await onPage(stranger, (page) => look(page, '/sign-in', 'sign-in'));
  await stranger.close();
});

test('every step of signing in for the first time', async () => {
  const { deps, hq } = world;
  const signInName = 'mihon.newcomer';
  const person = { signInName, displayName: LONG_NAME.slice(0, 38), role: 'CLERK' } as const;
  const { code } = await inviteStaff(deps, operatorOf(deps, hq.id), person);
  await putSecondFactorRule(deps, operatorOf(deps, hq.id), 'WRITERS');
  const stranger = await browser.newContext({ viewport: WIDE, locale: 'ja-JP' });
  await onPage(stranger, async (page) => {
    await page.goto(`${world.origin}/admin/sign-in`);
    await page.fill('#signInName', signInName);
    await page.fill('#password', code?.code ?? '');
    await page.click('main button');
    await look(page, '/sign-in/password', 'sign-in-password');
    for (const field of ['#password', '#passwordAgain']) await page.fill(field, '水曜日は本を三冊よんで寝た');
    await page.click('main button');
    await look(page, '/sign-in/second-factor', 'sign-in-second-factor');
    const secret = ((await page.textContent('code')) ?? '').replaceAll(' ', '');
    await page.fill('#code', totpCode(secret, deps.clock.now()));
    await page.click('main button');
    expect(await page.textContent('h1')).toBe('2段階の確認を始めました');
  });
  await stranger.close();
  const returned = await browser.newContext({ viewport: WIDE, locale: 'ja-JP' });
  await onPage(returned, async (page) => {
    await page.goto(`${world.origin}/admin/sign-in`);
    await page.fill('#signInName', signInName);
    await page.fill('#password', '水曜日は本を三冊よんで寝た');
    await page.click('main button');
    await look(page, '/sign-in/code', 'sign-in-code');
  });
  await returned.close();
  await putSecondFactorRule(deps, operatorOf(deps, hq.id), 'NOBODY');
});

test('by keyboard alone: the menu is passed by, every stop is seen', async () => {
  await onPage(context, async (page) => {
    await page.goto(`${world.origin}/admin/people/${person}/usage`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).hash).toBe('#main');
    for (let i = 0; i < 15; i += 1) {
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(() => {
        const focused = document.activeElement;
        if (focused === null || focused === document.body) return 'nowhere';
        const { outlineStyle, outlineWidth } = getComputedStyle(focused);
        return outlineStyle === 'solid' && parseFloat(outlineWidth) >= 3
          ? 'seen'
          : focused.outerHTML.slice(0, 100);
      });
      expect(['seen', 'nowhere']).toContain(seen);
    }
  });
});
