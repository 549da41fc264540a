/** 引き継ぎ, for April: what stands open, what rests until when, and who still has access. Made to be printed. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { mayDo } from '../../../domain/roles.js';
import type { Deps } from '../../../usecases/context.js';
import type { Handover } from '../../../usecases/handover.js';
import { readHandover } from '../../../usecases/handover.js';
import type { Worklist, WorklistPage } from '../../../usecases/worklist.js';
import { createWorklist } from '../../../usecases/worklist.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { dayText, momentText } from '../shell/dates.js';
import { sendPage } from '../shell/layout.js';
import { Facts, Table } from '../shell/parts.js';
import { PLACES, below, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { staffOf } from '../shell/session.js';
import { ROLE_WORDS } from '../shell/words.js';
import { REASON_WORDS } from '../today/words.js';
import { lastSignInText, secondFactorText, staffPlace, stateText } from '../staff/state.js';

export function handoverRoutes(deps: Deps): StaffRoute[] {
  const worklist = createWorklist(deps);
  return [
    page({
      path: below(PLACES.handover),
      who: 'people.read',
      handle: ({ req, res }) => show(deps, worklist, req, res),
    }),
  ];
}

async function show(deps: Deps, worklist: Worklist, req: Request, res: Response): Promise<void> {
  const { fireHqId, role, hqName } = staffOf(res);
  const now = arrivalOf(res).receivedAt;
  const [handover, { people, counts }] = await Promise.all([
    readHandover(deps, fireHqId, now),
    worklist.read(fireHqId, { limit: 1 }),
  ]);
  sendPage(req, res, {
    title: '引き継ぎ',
    body: (
      <>
        <p>
          {hqName}、{momentText(now)}のようすです。印刷して、次の担当の人に渡せます。
        </p>
        <OpenWork people={people} counts={counts} />
        <OpenRequests handover={handover} />
        <Holds handover={handover} />
        <MailStops handover={handover} />
        {mayDo(role, 'staff.manage') && <Access handover={handover} now={now} />}
        {mayDo(role, 'tokens.manage') && <Tokens handover={handover} />}
        <ToDo isManager={mayDo(role, 'staff.manage')} />
      </>
    ),
  });
}

/** Everybody under the first reason, as the worklist counts. */
function OpenWork({ people, counts }: Pick<WorklistPage, 'people' | 'counts'>): VNode {
  return (
    <>
      <h2>対応が必要な人</h2>
      {people === 0 ? (
        <p>いません。</p>
      ) : (
        <Table
          caption={`対応が必要な人　全部で${people}人`}
          head={['理由', '人数']}
          rows={counts
            .filter((each) => each.people > 0)
            .map((each) => [
              <a href={`${PLACES.today}?reason=${each.reason}`}>{REASON_WORDS[each.reason]}</a>,
              `${each.people}人`,
            ])}
        />
      )}
    </>
  );
}

function OpenRequests({ handover: { requests } }: { handover: Handover }): VNode {
  const { change, stop, oldest } = requests;
  return (
    <>
      <h2>本人からの連絡</h2>
      <Facts
        rows={[
          ['変わったこと', `${change}件`],
          ['もう使わない', `${stop}件`],
          ...(oldest === null ? [] : [['いちばん古い連絡', dayText(oldest)] as [string, string]]),
        ]}
      />
      <p>
        <a href={PLACES.requests}>本人からの連絡を開く</a>
      </p>
    </>
  );
}

function Holds({ handover: { holds, moreHolds } }: { handover: Handover }): VNode {
  return (
    <>
      <h2>保留にしている人</h2>
      {holds.length === 0 ? (
        <p>いません。</p>
      ) : (
        <Table
          caption="保留にしている人"
          head={['氏名', '登録番号', 'いつまで', '理由']}
          rows={holds.map(({ accountId, name, registrationNumber, until, reason }) => [
            <a href={personPlace(accountId)}>{name}</a>,
            registrationNumber,
            momentText(until),
            reason,
          ])}
        />
      )}
      {moreHolds && <p>このほかにもいます。ここには、早く終わる100人を出しています。</p>}
    </>
  );
}

function MailStops({ handover: { mailStops } }: { handover: Handover }): VNode {
  return (
    <>
      <h2>自動送信の停止</h2>
      {mailStops.length === 0 ? (
        <p>止めていません。</p>
      ) : (
        <Table
          caption="今の自動送信の停止"
          head={['止めている宛先', 'いつから', 'いつまで', '理由']}
          rows={mailStops.map(({ mailDomain, createdAt, until, reason, cause }) => [
            mailDomain === null ? 'すべて' : `＠${mailDomain}`,
            momentText(createdAt),
            until === null ? '決まっていません' : momentText(until),
            cause === 'MASS_FAILURE' ? 'たくさん届かなかったため（システムが止めました）' : reason,
          ])}
        />
      )}
    </>
  );
}

function Access({ handover: { staff }, now }: { handover: Handover; now: number }): VNode {
  return (
    <>
      <h2>サインインできる人と、招待中の人</h2>
      <Table
        caption="サインインできる人と、招待中の人"
        head={['表示名', '役割', '最後のサインイン', '今のようす', '2段階の確認']}
        rows={staff.map((person) => [
          <a href={staffPlace(person.id)}>{person.displayName}</a>,
          ROLE_WORDS[person.role],
          lastSignInText(person),
          stateText(person, now),
          secondFactorText(person),
        ])}
      />
    </>
  );
}

function Tokens({ handover: { tokens } }: { handover: Handover }): VNode {
  return (
    <>
      <h2>連携システムの鍵</h2>
      {tokens.length === 0 ? (
        <p>ありません。</p>
      ) : (
        <Table
          caption="使える鍵"
          head={['名前', '作った日', 'いつまで']}
          rows={tokens.map(({ label, createdAt, expiresAt }) => [
            label,
            dayText(createdAt),
            expiresAt === null ? '終わりなし' : momentText(expiresAt),
          ])}
        />
      )}
    </>
  );
}

function ToDo({ isManager }: { isManager: boolean }): VNode {
  return (
    <>
      <h2>引き継ぎですること</h2>
      <ol>
        {isManager && (
          <>
            <li>新しい人を招待する（職員のページ）。管理者が、いつも2人以上いるようにします。</li>
            <li>新しい人が入れたことをたしかめてから、異動する人のサインインを止める。</li>
            <li>使っていない連携システムの鍵を止める。</li>
          </>
        )}
        <li>保留と自動送信の停止が、今も必要かをたしかめる。</li>
        <li>本人からの連絡を、終わりにするか、次の人に伝える。</li>
        <li>異動する人は、認証アプリからこのサイトを消し、回復用の番号を捨てる。</li>
      </ol>
    </>
  );
}
