/** What only a browser shows: keyboard, no script, narrow and enlarged screens, focus, contrast and structure (axe). */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listRequests } from '../../usecases/resident-request.js';
import { launchChromium } from '../support/chromium.js';
import { EVERY_PAGE } from './every-page.js';
import type { World } from './world.js';
import { createWorld } from './world.js';

/** 1280 × 1024 at 400 %, and the narrowest phone. */
const NARROW = { width: 320, height: 256 };

let world: World;
let browser: Browser;
beforeAll(async () => {
  [world, browser] = await Promise.all([createWorld(), launchChromium()]);
});
afterAll(async () => {
  await browser.close();
  await world.close();
});

async function withPage(work: (page: Page) => Promise<void>, options = {}): Promise<void> {
  const context = await browser.newContext({ viewport: NARROW, locale: 'ja-JP', ...options });
  try {
    await work(await context.newPage());
    expect(await context.cookies()).toEqual([]);
  } finally {
    await context.close();
  }
}

describe.each(Object.keys(EVERY_PAGE))('%s', (name) => {
  test.each(['', '?ruby=1'])(
    'at 320 px%s: nothing hangs over, all can be hit, focus is seen, axe is content',
    async (ruby) => {
      await withPage(async (page) => {
        const words = await EVERY_PAGE[name]?.(world, page, ruby);
        const text = await page.evaluate(() => {
          const copy = document.body.cloneNode(true) as HTMLElement;
          copy.querySelectorAll('rt').forEach((rt) => rt.remove());
          return copy.textContent;
        });
        expect(text).toContain(words);
        expect(await hangingOver(page)).toEqual([]);
        expect(await tooSmall(page)).toEqual([]);
        // The rest does not depend on ふりがな.
        if (ruby !== '') return;
        expect(await withoutFocus(page)).toEqual([]);
        const { violations } = await new AxeBuilder({ page })
          .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
          .analyze();
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        ).toEqual([]);
      });
    },
  );
});

/** Elements wider than the window, and the window itself if it scrolls sideways. */
function hangingOver(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('body, body *')]
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < 0 || right > document.documentElement.clientWidth + 0.5;
      })
      .map((element) => element.outerHTML.slice(0, 80))
      .concat(document.documentElement.scrollWidth > window.innerWidth ? ['the page scrolls sideways'] : []),
  );
}

/** Targets under 48 px, text under 18 px (ふりがな is an aid beside the word, not text of its own). */
function tooSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const targets = [
      ...document.querySelectorAll('a, button, label.choice, input[type=text], textarea'),
    ].filter((element) => {
      const { height, width } = element.getBoundingClientRect();
      return height < 48 || width < 48;
    });
    const small = [...document.querySelectorAll('body *:not(rt):not(input:not([type=text]))')].filter(
      (element) => parseFloat(getComputedStyle(element).fontSize) < 18,
    );
    return [...targets, ...small].map((element) => element.outerHTML.slice(0, 80));
  });
}

/** Goes through the page with the Tab key: every stop is drawn with a thick outline, and every control is a stop. */
async function withoutFocus(page: Page): Promise<string[]> {
  const stops = await page
    .locator('a[href], button, input:not([type=hidden]):not([type=radio]), textarea')
    .count();
  const groups = await page.evaluate(
    () =>
      new Set([...document.querySelectorAll('input[type=radio]')].map((radio) => radio.getAttribute('name')))
        .size,
  );
  const plain: string[] = [];
  await page.locator('body').evaluate((body) => {
    body.tabIndex = -1;
    body.focus();
    body.removeAttribute('tabindex');
  });
  for (let i = 0; i < stops + groups; i += 1) {
    await page.keyboard.press('Tab');
    const problem = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused === document.body) return 'the Tab key stops nowhere';
      const drawn = focused.closest('.choice') ?? focused;
      const { outlineStyle, outlineWidth } = getComputedStyle(drawn);
      return outlineStyle === 'solid' && parseFloat(outlineWidth) >= 3
        ? null
        : focused.outerHTML.slice(0, 80);
    });
    if (problem !== null) plain.push(problem);
  }
  return plain;
}

describe('keyboard only, without JavaScript', () => {
  /** Tab to the control that fits, from where the focus is. */
  async function tabTo(page: Page, selector: string): Promise<void> {
    for (let i = 0; i < 40; i += 1) {
      await page.keyboard.press('Tab');
      if ((await page.locator(`${selector}:focus`).count()) === 1) return;
    }
    throw new Error(`the Tab key does not reach ${selector}`);
  }
  const pressEnter = async (page: Page) => {
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
  };
  const noScript = { javaScriptEnabled: false };

  test('① from the link to the new date', async () => {
    const person = await world.personWithLink();
    await withPage(async (page) => {
      await page.goto(world.origin + person.link);
      await tabTo(page, '#choice-same');
      await page.keyboard.press('Space');
      await tabTo(page, 'button');
      await pressEnter(page);
      expect(page.url()).toBe(`${world.origin}${person.link}/renewed`);
      expect(await page.locator('main').innerText()).toContain('2028年3月31日');
      await page.goBack();
      expect(await page.locator('h1').innerText()).toBe('更新は終わっています');
    }, noScript);
    expect((await world.read(person)).cycle).toBe(2);
  });

  test('② with ふりがな, an error on the way, and the text kept', async () => {
    const person = await world.personWithLink();
    await withPage(async (page) => {
      await page.goto(world.origin + person.link);
      await tabTo(page, 'header a');
      await pressEnter(page);
      await tabTo(page, '#choice-same');
      await page.keyboard.press('ArrowDown');
      await tabTo(page, 'button');
      await pressEnter(page);
      expect(page.url()).toBe(`${world.origin}${person.link}/changes?ruby=1`);
      await tabTo(page, '#message');
      await page.keyboard.insertText('引っこしました');
      await tabTo(page, 'button');
      await pressEnter(page);
      await tabTo(page, '.errors a');
      await page.keyboard.press('Enter');
      await tabTo(page, '#item-ADDRESS');
      await page.keyboard.press('Space');
      await tabTo(page, 'button');
      await pressEnter(page);
      expect(page.url()).toBe(`${world.origin}${person.link}/changes/sent?ruby=1`);
    }, noScript);
    const { items } = await listRequests(world.deps, person.hq.id, { limit: 50 });
    expect(items.find(({ accountId }) => accountId === person.accountId)).toMatchObject({
      items: ['ADDRESS'],
      message: '引っこしました',
    });
  });

  test('③ and back again', async () => {
    const person = await world.personWithLink();
    await withPage(async (page) => {
      await page.goto(world.origin + person.link);
      await tabTo(page, '#choice-same');
      await page.keyboard.press('ArrowUp');
      await tabTo(page, 'button');
      await pressEnter(page);
      await tabTo(page, 'button[value="stop"]');
      await pressEnter(page);
      expect(await page.locator('main').innerText()).toContain('まだ、やめていません');
      await tabTo(page, 'button[value="keep"]');
      await pressEnter(page);
      expect(await page.locator('main').innerText()).toContain('これからも使います');
    }, noScript);
    expect((await world.read(person)).cycle).toBe(1);
  });
});
