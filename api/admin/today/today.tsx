/** 対応が必要な人 (R30): how many for each reason, and each person with why and what to do next. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { mayDo } from '../../../domain/roles.js';
import type { WorklistReason } from '../../../domain/worklist.js';
import type { Deps } from '../../../usecases/context.js';
import { readFirstSteps } from '../../../usecases/first-steps.js';
import type { TodayMail, TodayMails } from '../../../usecases/today-mail.js';
import type { Worklist, WorklistPage } from '../../../usecases/worklist.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { FirstSteps } from '../guide/first-steps.js';
import { sendPage } from '../shell/layout.js';
import { NextPage } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';
import { staffOf } from '../shell/session.js';
import { Person } from './person.js';
import { REASON_WORDS } from './words.js';

/** With a form each, a page stays below 60 KB. */
const A_PAGE = 12;

interface Wanted {
  reason?: WorklistReason | undefined;
  only?: 'recent' | undefined;
}

export async function showToday(
  { deps, worklist, mails }: { deps: Deps; worklist: Worklist; mails: TodayMails },
  { reason, only, cursor }: Wanted & { cursor?: string | undefined },
  req: Request,
  res: Response,
): Promise<void> {
  const { fireHqId, staffId, role } = staffOf(res);
  const wanted: Wanted = only === undefined ? { reason } : { only };
  const [list, mail] = await Promise.all([
    worklist.read(fireHqId, { reason: wanted.reason, recent: only === 'recent', cursor, limit: A_PAGE }),
    mails.read(fireHqId),
  ]);
  // Nobody to be worked for: perhaps nobody is registered at all yet.
  const steps = list.people === 0 ? await readFirstSteps(deps, fireHqId) : null;
  const viewer = { staffId, mayNote: mayDo(role, 'worklist.note'), now: arrivalOf(res).receivedAt };
  if (steps?.people === false) {
    sendPage(req, res, {
      title: '対応が必要な人',
      body: (
        <>
          <p>まだ利用者がいません。利用者が登録されると、対応が必要な人がここに出ます。</p>
          <FirstSteps steps={steps} role={role} />
        </>
      ),
    });
    return;
  }
  sendPage(req, res, {
    title: '対応が必要な人',
    body: (
      <>
        <Mail mail={mail} />
        <Counts list={list} wanted={wanted} />
        {list.items.length === 0 ? (
          <Empty list={list} wanted={wanted} later={cursor !== undefined} />
        ) : (
          <>
            <h2>{captionOf(wanted)}</h2>
            <ol class="worklist">
              {list.items.map((person) => (
                <Person person={person} viewer={viewer} />
              ))}
            </ol>
          </>
        )}
        <NextPage href={list.nextCursor === null ? null : addressOf(wanted, list.nextCursor)} />
      </>
    ),
  });
}

function Mail({ mail: { planned, sent, bounced, failed, waiting, ahead } }: { mail: TodayMail }): VNode {
  const more: [string, number][] = [
    ['失敗（システムの都合）', failed],
    ['送信待ち', waiting],
    ['これから', ahead],
  ];
  return (
    <p class="today-mail">
      本日の自動送信：予定{planned}、送信{sent}
      {bounced > 0 && `（うち不達${bounced}）`}
      {more.filter(([, n]) => n > 0).map(([word, n]) => `、${word}${n}`)}
    </p>
  );
}

/** The first reason of each person, so that the numbers add up. */
function Counts({ list: { counts, people }, wanted }: { list: WorklistPage; wanted: Wanted }): VNode {
  const entries: [string, Wanted, number | null][] = [
    ['全員', {}, people],
    ...counts.map(({ reason, people: n }): [string, Wanted, number] => [REASON_WORDS[reason], { reason }, n]),
    ['きのうからの不達', { only: 'recent' }, null],
  ];
  return (
    <nav class="filters" aria-label="理由で絞り込む">
      <ul>
        {entries.map(([word, each, n]) => {
          const here = each.reason === wanted.reason && each.only === wanted.only;
          return (
            <li>
              <a href={addressOf(each, null)} aria-current={here ? 'page' : undefined}>
                {word}
                {n !== null && ` ${n}人`}
              </a>
            </li>
          );
        })}
      </ul>
      <p class="hint">
        人数は、1人をいちばん急ぐ理由で1回だけ数えたものです。ほかの理由は、それぞれの人の欄に出ます。
      </p>
    </nav>
  );
}

function Empty({ list, wanted, later }: { list: WorklistPage; wanted: Wanted; later: boolean }): VNode {
  if (later) return <p>ここから先には、もういません。</p>;
  if (wanted.only === 'recent') return <p>きのうから今まで、届かなかったメールはありません。</p>;
  if (list.people > 0) return <p>この理由の人はいません。</p>;
  return (
    <div class="notice good">
      <p>
        <strong>今、対応が必要な人はいません。</strong>
      </p>
      <p>新しく何かあれば、ここに出ます。おつかれさまです。</p>
    </div>
  );
}

function captionOf({ reason, only }: Wanted): string {
  if (only === 'recent') return 'きのうからの不達（新しい順）';
  return reason === undefined ? '全員（急ぐ順）' : REASON_WORDS[reason];
}

function addressOf({ reason, only }: Wanted, cursor: string | null): string {
  const query = new URLSearchParams({
    ...(reason && { reason }),
    ...(only && { only }),
    ...(cursor !== null && { cursor }),
  }).toString();
  return query === '' ? PLACES.today : `${PLACES.today}?${query}`;
}
