/** How to come to every page that a resident can see: what only a browser shows is looked at on each of them. */
import type { Page } from 'playwright-core';
import { openDatabase } from '../../store/database.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { jst } from '../domain/given.js';
import type { World } from './world.js';

/** Opens the page and returns the words by which it is known; `ruby` is '' or '?ruby=1'. */
type Visit = (world: World, page: Page, ruby: string) => Promise<string>;

async function renewed(world: World, page: Page, ruby: string): Promise<string> {
  const { link } = await world.personWithLink();
  await page.goto(world.origin + link + ruby);
  await page.locator('#choice-same').check();
  await page.locator('form button').click();
  return link;
}

async function stopTold(world: World, page: Page, ruby: string): Promise<string> {
  const { link } = await world.personWithLink();
  await page.goto(`${world.origin}${link}/stop${ruby}`);
  await page.locator('button[value="stop"]').click();
  return link;
}

async function old(world: World, page: Page, ruby: string): Promise<string> {
  const link = await renewed(world, page, ruby);
  world.setNow(jst('2028-01-05 12:00'));
  await page.goto(world.origin + link + ruby);
  return link;
}

/** A new account's check mail; without a date the window opens much later. */
async function checkMail(world: World, page: Page, ruby: string, expiresOn = '2027-03-31'): Promise<string> {
  const { link } = await world.personWithCheckMail(expiresOn);
  await page.goto(world.origin + link + ruby);
  return link;
}

export const EVERY_PAGE: Readonly<Record<string, Visit>> = {
  question: async (world, page, ruby) => {
    const { link } = await world.personWithLink();
    await page.goto(world.origin + link + ruby);
    return '前と同じですか';
  },
  'question without an answer': async (world, page, ruby) => {
    const { link } = await world.personWithLink();
    await page.goto(world.origin + link + ruby);
    await page.locator('form button').click();
    return '1つ選んでから';
  },
  'question after the date': async (world, page, ruby) => {
    const { link } = await world.personWithLink();
    world.setNow(jst('2027-05-01 12:00'));
    await page.goto(world.origin + link + ruby);
    return 'がすぎました';
  },
  'question in exact time': async (world, page, ruby) => {
    const { link } = await world.personWithLink(world.minutesHq);
    await page.goto(world.origin + link + ruby);
    return '12時10分';
  },
  renewed: async (world, page, ruby) => {
    await renewed(world, page, ruby);
    return '更新できました';
  },
  done: async (world, page, ruby) => {
    const link = await renewed(world, page, ruby);
    await page.goto(world.origin + link + ruby);
    return '更新は終わっています';
  },
  'too early': async (world, page, ruby) => {
    const { link } = await world.personWithLink();
    world.setNow(jst('2026-12-30 12:00'));
    await page.goto(world.origin + link + ruby);
    return 'まだ更新しなくて';
  },
  changes: async (world, page, ruby) => {
    const { link } = await world.personWithLink();
    await page.goto(world.origin + link + ruby);
    await page.locator('#choice-changed').check();
    await page.locator('form button').click();
    return '何が変わりましたか';
  },
  'changes with faults': async (world, page, ruby) => {
    const link = await renewed(world, page, ruby);
    await page.goto(`${world.origin}${link}/changes${ruby}`);
    await page.locator('#new-mail-address').fill('taro');
    await page.locator('form button').click();
    return 'メールアドレスの書き方';
  },
  'changes told': async (world, page, ruby) => {
    const link = await renewed(world, page, ruby);
    await page.goto(`${world.origin}${link}/changes${ruby}`);
    await page.locator('#item-FAX').check();
    await page.locator('form button').click();
    return '消防本部に伝えました';
  },
  'changes told, with a new address': async (world, page, ruby) => {
    const link = await renewed(world, page, ruby);
    await page.goto(`${world.origin}${link}/changes${ruby}`);
    await page.locator('#new-mail-address').fill('shin@example.jp');
    await page.locator('form button').click();
    return '確認のメールを送ります';
  },
  'check mail': async (world, page, ruby) => {
    await checkMail(world, page, ruby);
    return 'このメールを受け取りました';
  },
  'check mail answered': async (world, page, ruby) => {
    await checkMail(world, page, ruby);
    await page.locator('form button').click();
    return 'ありがとうございます';
  },
  'check mail answered in the window': async (world, page, ruby) => {
    await checkMail(world, page, ruby, '2026-07-31');
    await page.locator('form button').click();
    return '次に、下の答えを1つ選んでください';
  },
  'check mail that is over': async (world, page, ruby) => {
    const person = await world.personWithCheckMail();
    await withdrawAccount(world.deps, world.command(person.hq), person.accountId, { reason: '転居' });
    await page.goto(world.origin + person.link + ruby);
    return 'もう使えません';
  },
  'stop?': async (world, page, ruby) => {
    const { link } = await world.personWithLink();
    await page.goto(world.origin + link + ruby);
    await page.locator('#choice-stop').check();
    await page.locator('form button').click();
    return 'やめますか';
  },
  'stop told': async (world, page, ruby) => {
    await stopTold(world, page, ruby);
    return 'まだ、やめていません';
  },
  'stop taken back': async (world, page, ruby) => {
    await stopTold(world, page, ruby);
    await page.locator('button[value="keep"]').click();
    return 'これからも使います';
  },
  'old mail': async (world, page, ruby) => {
    await old(world, page, ruby);
    return '前のメールです';
  },
  'new mail asked for': async (world, page, ruby) => {
    await old(world, page, ruby);
    await page.locator('form button').click();
    return '受けつけました';
  },
  withdrawn: async (world, page, ruby) => {
    const person = await world.personWithLink();
    await withdrawAccount(world.deps, world.command(person.hq), person.accountId, { reason: '転居' });
    await page.goto(world.origin + person.link + ruby);
    return '登録は、終わっています';
  },
  'unknown link': async (world, page, ruby) => {
    await page.goto(`${world.origin}/r/torn${ruby}`);
    return '切れているようです';
  },
  'form from elsewhere': async (world, page, ruby) => {
    const { link } = await world.personWithLink();
    await page.setContent(
      `<form method="post" action="${world.origin}${link}${ruby}"><button name="choice" value="same">x</button></form>`,
    );
    await page.locator('button').click();
    return 'まだ届いていません';
  },
  'database away': async (world, page, ruby) => {
    const { link } = await world.personWithLink();
    const away = openDatabase('postgres://nobody@127.0.0.1:1/nothing');
    await world.withDatabase(away, async () => {
      await page.goto(world.origin + link + ruby);
    });
    await away.close();
    return '手続きができません';
  },
};
