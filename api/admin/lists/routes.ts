/** 更新の一覧と一括送信 (R33, R22 for many): the lists, their CSV, and mails to many at once. */
import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { dayInJapan } from '../../../domain/calendar.js';
import { BULK_OF_A_CLERK, mayDo } from '../../../domain/roles.js';
import { ITEM_VIEWS } from '../../../store/bulk-items.js';
import { MOST_AT_ONCE, prepareBulkSend, startBulkSend, stopBulkSend } from '../../../usecases/bulk-send.js';
import type { Started } from '../../../usecases/bulk-send.js';
import type { Deps } from '../../../usecases/context.js';
import { exportPeople } from '../../../usecases/export-people.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, form, line, once, page, ticked, uuids } from '../shell/route.js';
import { commandOf, commandOnce, staffOf, tell } from '../shell/session.js';
import { sendCsv } from './csv.js';
import type { SaidFilter } from './filter.js';
import { readFilter } from './filter.js';
import { showList } from './list.js';
import { showOverview } from './overview.js';
import { CHOOSE, csvPlace, sendPlace } from './places.js';
import { mostOf, sendOf, showSend } from './send.js';
import { LIST_WORDS } from './words.js';
import type { ListName } from './words.js';

const LISTS = Object.keys(LIST_WORDS) as [ListName, ...ListName[]];
const FILTER = { cause: line, from: line, to: line, domain: line, address: line, municipality: line };
const SEND = below(sendPlace(':sendId'));

export function listsRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.lists),
      who: 'people.read',
      handle: ({ req, res }) => showOverview(deps, req, res),
    }),
    form({
      path: below(CHOOSE),
      who: 'reminders.send',
      fields: { key: once, list: z.enum(LISTS), who: choice(['chosen', 'all']), person: uuids, ...FILTER },
      handle: ({ fields, req, res }) => choose(deps, fields, req, res),
    }),
    page({
      path: SEND,
      who: 'people.read',
      query: { view: z.enum(ITEM_VIEWS), after: z.coerce.number().int().min(0).max(MOST_AT_ONCE) },
      handle: ({ query, req, res }) => showSend(deps, req, res, query),
    }),
    form({
      path: `${SEND}/start`,
      who: 'reminders.send',
      fields: { confirm: ticked, when: choice(['now', 'morning']) },
      handle: ({ fields, req, res }) => start(deps, fields, req, res),
    }),
    form({
      path: `${SEND}/stop`,
      who: 'reminders.send',
      fields: {},
      handle: ({ req, res }) => stop(deps, req, res),
    }),
    ...LISTS.flatMap((list) => [listPage(deps, list), csvForm(deps, list)]),
  ];
}

function listPage(deps: Deps, list: ListName): StaffRoute {
  return page({
    path: below(`${PLACES.lists}/${list}`),
    who: 'people.read',
    query: { ...FILTER, cursor: z.string() },
    handle: ({ query: { cursor, ...said }, req, res }) =>
      showList(deps, req, res, { ...readFilter(list, said), cursor }),
  });
}

/** Also without addresses it is taken out of the house: so a deed, with the form's token, and in the trail. */
function csvForm(deps: Deps, list: ListName): StaffRoute {
  return form({
    path: below(csvPlace(list)),
    who: 'people.export',
    fields: { addresses: ticked, ...FILTER },
    async handle({ fields: { addresses, ...said }, res }) {
      const command = commandOf(res);
      const withAddresses = addresses && mayDo(staffOf(res).role, 'people.export-addresses');
      const people = exportPeople(deps, command, readFilter(list, said).filter, { withAddresses });
      const fileName = `net119-${list}-${dayInJapan(command.receivedAt)}.csv`;
      await sendCsv(res, people, { fileName, withAddresses });
    },
  });
}

interface Choice extends SaidFilter {
  key: string;
  list: ListName;
  who?: 'chosen' | 'all' | undefined;
  person: string[];
}

async function choose(deps: Deps, said: Choice, req: Request, res: Response): Promise<void> {
  const { key, list, who = 'chosen', person, ...filterSaid } = said;
  const { filter, unread } = readFilter(list, filterSaid);
  const trouble = (text: string) => showList(deps, req, res, { filter, unread, trouble: text });
  // What cannot be read must never become "everybody".
  if (unread.length > 0) return trouble('条件が読めませんでした。もう一度しぼりこんでください。');
  const accountIds = who === 'all' ? undefined : person;
  // Whoever goes back and chooses others gets another preview; the same choice twice, the same.
  const chosen = createHash('sha256')
    .update(JSON.stringify([filter, accountIds]))
    .digest('hex');
  const command = commandOnce(res, `bulk-choose-${chosen}`, key, chosen);
  const most = mostOf(staffOf(res).role);
  const prepared = await prepareBulkSend(deps, command, { filter, accountIds }, most);
  if ('id' in prepared) return res.redirect(303, sendPlace(prepared.id));
  if (prepared.not === 'NOBODY')
    return trouble('だれも選ばれていません。送る人の「選ぶ」に印をつけてください。');
  return trouble(tooMany(most));
}

async function start(
  deps: Deps,
  { confirm, when = 'morning' }: { confirm: boolean; when?: 'now' | 'morning' | undefined },
  req: Request,
  res: Response,
): Promise<void> {
  const { id } = await sendOf(deps, req, res);
  const most = mostOf(staffOf(res).role);
  const started = await startBulkSend(deps, commandOf(res), id, { confirmed: confirm, when }, most);
  const trouble: Partial<Record<Started, string>> = {
    TOO_MANY: tooMany(most),
    TOO_OLD: '確認してから時間がたちました。一覧に戻って、もう一度選んでください。何も送っていません。',
  };
  const text = trouble[started];
  if (text !== undefined) return showSend(deps, req, res, { trouble: text });
  tell(
    req,
    started === 'STARTED' ? '送信を始めました。' : 'この送信は、もう始まっています。2回は送りません。',
  );
  res.redirect(303, sendPlace(id));
}

async function stop(deps: Deps, req: Request, res: Response): Promise<void> {
  const { id } = await sendOf(deps, req, res);
  const stopped = await stopBulkSend(deps, commandOf(res), id);
  tell(req, stopped ? '残りは送りません。' : 'もう終わっていました。', stopped ? 'good' : 'bad');
  res.redirect(303, sendPlace(id));
}

function tooMany(most: number): string {
  return most === BULK_OF_A_CLERK
    ? `担当者が一度に送れるのは${most}人までです。人数をへらすか、管理者に頼んでください。何も送っていません。`
    : `一度に送れるのは${most.toLocaleString('ja-JP')}人までです。しぼりこんでください。何も送っていません。`;
}
