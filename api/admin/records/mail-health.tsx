/** メールの届き具合 (R35, R37): by mail domain, what arrives, what does not, and what to do about it. */
import type { Request, Response } from 'express';
import type { ComponentChildren, VNode } from 'preact';
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import type { FailureKind, MailHealth, MailHealthView } from '../../../usecases/mail-health.js';
import { FAILURE_KINDS, readMailHealth } from '../../../usecases/mail-health.js';
import type { MailStopView } from '../../../usecases/mail-stop.js';
import { listMailStops } from '../../../usecases/mail-stop.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { dayText, momentText } from '../shell/dates.js';
import { Select } from '../shell/fields.js';
import { FilterForm, Notice, sendPage } from '../shell/layout.js';
import { Table } from '../shell/parts.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { staffOf } from '../shell/session.js';
import { carrierAdvice } from './carrier-advice.js';
import { percent } from './figure-words.js';
import { valueWords } from './field-words.js';

const SPANS = [
  ['7', '7日間'],
  ['30', '30日間'],
  ['90', '90日間'],
  ['366', '1年間'],
] as const;
const USUAL = '30';
const DOMAINS = 30;

export function mailHealthRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.mailHealth),
      who: 'figures.read',
      query: { days: z.enum(['7', '30', '90', '366']) },
      handle: ({ query, req, res }) => show(deps, query.days ?? USUAL, req, res),
    }),
  ];
}

async function show(deps: Deps, days: string, req: Request, res: Response): Promise<void> {
  const { fireHqId } = staffOf(res);
  const [health, stops] = await Promise.all([
    readMailHealth(deps, fireHqId, { days: Number(days), limit: DOMAINS }),
    listMailStops(deps, fireHqId),
  ]);
  const { receivedAt } = arrivalOf(res);
  const inForce = stops.filter(
    ({ endedAt, until }) => endedAt === null && (until === null || until > receivedAt),
  );
  sendPage(req, res, {
    title: 'メールの届き具合',
    body: (
      <>
        <Stops stops={inForce} />
        <FilterForm to={PLACES.mailHealth}>
          <Select name="days" label="期間（今日まで）" value={days} options={SPANS} />
          <p class="field">
            <button type="submit">この期間を見る</button>
          </p>
        </FilterForm>
        <div class="report">
          <p>
            {dayText(health.since)}から{momentText(health.until)}
            までに送ったメールが、今どうなっているかです。お願い・確認・お知らせのすべてを数えます。
          </p>
          <Domains health={health} />
          <h2>届かなかったわけ</h2>
          <Failures health={health} />
          <h2>だまって消されていないか</h2>
          <p>
            メール会社は、エラーの返事をしないで、迷惑メールとして消すことがあります。「受付済み」は、届いたという意味ではありません。そこで、
            {dayText(health.askedSince)}から{dayText(health.askedUntil)}
            までにお願いを送って、受け付けられた人のうち、答えていない人の割合を、ほかのアドレスの人と比べます。
          </p>
          <SilentLoss health={health} />
          <h2>できること</h2>
          <Advice health={health} />
        </div>
      </>
    ),
  });
}

/** R24, R36: while mail rests nothing arrives, and nobody's mailbox is to blame. */
function Stops({ stops }: { stops: readonly MailStopView[] }): VNode {
  if (stops.length === 0) return <p>今、止めているメールはありません。</p>;
  return (
    <Notice kind="warn">
      <p>
        <strong>今、止めているメールがあります。</strong>
      </p>
      <ul>
        {stops.map(({ cause, mailDomain, reason, until, createdAt }) => (
          <li>
            {mailDomain === null ? 'すべてのメール' : `＠${mailDomain} へのメール`}：
            {cause === 'MASS_FAILURE'
              ? 'たくさん届かなかったので、システムが止めています（手動のメールも。10分ごとに1通ためして、受け取られたら再開します）'
              : `職員か運用担当が、自動のメールを止めています（理由：${reason}）`}
            。{momentText(createdAt)}から
            {until === null ? '、終わりは決まっていません' : `${momentText(until)}まで`}。
          </li>
        ))}
      </ul>
      <p>
        <a href={PLACES.mailStops}>自動送信の停止を見る</a>
      </p>
    </Notice>
  );
}

function Domains({ health: { total, domains, rest } }: { health: MailHealthView }): VNode {
  const row = (name: ComponentChildren, { people, mails }: MailHealth): ComponentChildren[] => [
    name,
    `${people.all}人`,
    `${people.suspect + people.undeliverable}人`,
    `${mails.sent}通`,
    `${mails.answered}通`,
    `${mails.accepted}通`,
    `${mails.delayed + mails.underWay}通`,
    `${mails.failed}通`,
    percent(mails.failureRate),
  ];
  return (
    <Table
      caption="アドレスの種類ごとのメール"
      head={[
        '＠より後ろ',
        '人',
        '届かない・疑いの人',
        '送った',
        '届いた（本人が答えた）',
        '受付済み（届いたかは不明）',
        '再送中・送信中',
        '届かなかった',
        '不達率',
      ]}
      rows={[
        ...domains.map((domain) => row(`＠${domain.mailDomain}`, domain)),
        ...(rest.domains > 0 || rest.mails.sent > 0
          ? [row(rest.domains === 0 ? '今は使っていないアドレス' : `そのほか（${rest.domains}種類）`, rest)]
          : []),
        row(<strong>合計</strong>, total),
      ]}
    />
  );
}

function Failures({ health: { total, domains } }: { health: MailHealthView }): VNode {
  const kinds = FAILURE_KINDS.filter((kind) => total.mails.failedBy[kind] > 0);
  if (kinds.length === 0) return <p>この期間に、届かなかったメールはありません。</p>;
  return (
    <Table
      caption="届かなかったわけと通数"
      head={['わけ', '通数', '多いアドレス', 'だれが直すか']}
      rows={kinds.map((kind) => [
        failureWords(kind),
        `${total.mails.failedBy[kind]}通`,
        domains
          .filter(({ mails }) => mails.failedBy[kind] > 0)
          .sort((a, b) => b.mails.failedBy[kind] - a.mails.failedBy[kind])
          .slice(0, 3)
          .map(({ mailDomain, mails }) => `＠${mailDomain}（${mails.failedBy[kind]}通）`)
          .join('、'),
        whoMends(kind),
      ])}
    />
  );
}

function failureWords(kind: FailureKind): string {
  return kind === 'GIVEN_UP' ? '何日も送れなかった' : valueWords('bounceClass', kind);
}

function whoMends(kind: FailureKind): string {
  switch (kind) {
    case 'SENDER_BLOCKED':
    case 'GIVEN_UP':
      return 'システムの運用担当。本人のせいではありません。';
    case 'MAILBOX_FULL':
      return '本人。メールボックスのいらないメールを消してもらいます。';
    case 'UNKNOWN_ADDRESS':
    case 'DOMAIN_NOT_FOUND':
      return '職員。FAXか郵送で、新しいアドレスを聞きます。';
    case 'REFUSED':
      return '本人。受信設定を直してもらいます。';
    case 'UNKNOWN_OR_REFUSED':
      return '職員と本人。FAXか郵送で、アドレスと受信設定を確かめます。';
    case 'EXPIRED':
    case 'OTHER':
      return '続くときは、職員がFAXか郵送で確かめます。';
  }
}

function SilentLoss({ health: { domains } }: { health: MailHealthView }): VNode {
  const asked = domains.filter(({ silentLoss }) => silentLoss.asked > 0);
  if (asked.length === 0) return <p>この期間にお願いを送った人はいません。</p>;
  return (
    <Table
      caption="お願いに答えていない人の割合"
      head={['＠より後ろ', 'お願いした人', '答えていない人', '割合', 'ほかのアドレスの割合', 'どう読むか']}
      rows={asked.map(({ mailDomain, silentLoss }) => [
        `＠${mailDomain}`,
        `${silentLoss.asked}人`,
        `${silentLoss.unanswered}人`,
        percent(silentLoss.share),
        percent(silentLoss.othersShare),
        silentLoss.verdict === 'NOTICEABLE' ? <strong>{silentLoss.text}</strong> : silentLoss.text,
      ])}
    />
  );
}

/** Only where something goes wrong: the rest would be noise. */
function Advice({ health: { domains } }: { health: MailHealthView }): VNode {
  const troubled = domains.filter(
    ({ people, mails, silentLoss }) =>
      mails.failed > 0 || people.suspect + people.undeliverable > 0 || silentLoss.verdict === 'NOTICEABLE',
  );
  if (troubled.length === 0) return <p>気になるアドレスはありません。</p>;
  return (
    <>
      <ul>
        {troubled.map(({ mailDomain }) => (
          <li>
            ＠{mailDomain}　{carrierAdvice(mailDomain)}
          </li>
        ))}
      </ul>
      <p>
        受信の設定を直してもらったら、その人の「利用状況」で［リマインダーメールを送信する］を押してください。
        <a href={`${PLACES.people}?lapseCause=UNDELIVERABLE`}>失効中（不達）の人を見る</a>
      </p>
    </>
  );
}
