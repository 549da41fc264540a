/** 更新の一覧と一括送信: the lists with how many are in each, and what was sent to many last. */
import type { Request, Response } from 'express';
import { mayDo } from '../../../domain/roles.js';
import type { Deps } from '../../../usecases/context.js';
import { countLists } from '../../../usecases/people-lists.js';
import { readBulkSends } from '../../../usecases/read-bulk-send.js';
import { readAllStaff } from '../../../usecases/staff.js';
import { momentText } from '../shell/dates.js';
import { sendPage } from '../shell/layout.js';
import { Table } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';
import { staffOf } from '../shell/session.js';
import { actorWords } from '../shell/words.js';
import { sendPlace } from './places.js';
import { LIST_WORDS, countText, filterText, peopleText } from './words.js';
import type { ListName } from './words.js';

const SENDS = 20;

const STATE_WORDS = {
  DRAFT: '準備中',
  RUNNING: '送っています',
  STOPPED: '途中でやめました',
  DONE: '終わりました',
};

export async function showOverview(deps: Deps, req: Request, res: Response): Promise<void> {
  const { fireHqId, role } = staffOf(res);
  const [counts, sends, staff] = await Promise.all([
    countLists(deps, fireHqId),
    readBulkSends(deps, fireHqId, SENDS),
    readAllStaff(deps, fireHqId),
  ]);
  const names = new Map(staff.map(({ id, displayName }) => [id, displayName]));
  sendPage(req, res, {
    title: '更新の一覧と一括送信',
    body: (
      <>
        <Table
          caption="一覧"
          head={['一覧', '人数', '入っている人']}
          rows={(Object.keys(LIST_WORDS) as ListName[]).map((list) => [
            <a href={`${PLACES.lists}/${list}`}>{LIST_WORDS[list].word}</a>,
            peopleText(counts.get(list) ?? 0),
            LIST_WORDS[list].about,
          ])}
        />
        <h2>最近の一括送信</h2>
        {sends.length === 0 ? (
          <p>
            まだありません。
            {mayDo(role, 'reminders.send') && '上の一覧で人を選ぶと、リマインダーメールをまとめて送れます。'}
          </p>
        ) : (
          <Table
            caption="最近の一括送信（新しい順）"
            head={['始めた日時', 'だれが', 'どの一覧から', '選んだ人', '今のようす']}
            rows={sends.map(({ id, startedAt, startedBy, filter, people, state }) => [
              <a href={sendPlace(id)}>{momentText(startedAt ?? 0)}</a>,
              actorWords(startedBy ?? '', names),
              filterText(filter),
              countText(people),
              STATE_WORDS[state],
            ])}
          />
        )}
      </>
    ),
  });
}
