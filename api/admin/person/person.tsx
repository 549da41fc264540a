/** One person: 基本情報, 利用状況, 操作履歴 (R29). */
import type { Request, Response } from 'express';
import type { ComponentChildren, VNode } from 'preact';
import { mayDo } from '../../../domain/roles.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { noteView } from '../../../usecases/note-view.js';
import { readAccount } from '../../../usecases/read-account.js';
import type { AccountView } from '../../../usecases/views.js';
import { expiryText, momentText } from '../shell/dates.js';
import { readHistory } from './history-tab.js';
import { Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { Facts, StatusMark } from '../shell/parts.js';
import type { Tab } from '../shell/places.js';
import { TABS, personPlace } from '../shell/places.js';
import { uuid } from '../shell/route.js';
import { commandOf, staffOf } from '../shell/session.js';
import { readUsage } from './usage-tab.js';
import { AUTO_MAIL_WORDS, CAUSE_WORDS } from '../shell/words.js';

const TAB_WORDS: Readonly<Record<Tab, string>> = {
  basics: '基本情報',
  usage: '利用状況',
  history: '操作履歴',
};

export async function showPerson(deps: Deps, req: Request, res: Response): Promise<void> {
  const tab = TABS.find((each) => each === req.params['tab']);
  if (tab === undefined) throw new NotHereError();
  await sendPerson(deps, req, res, { tab, notice: null });
}

export interface Said {
  kind: 'good' | 'bad';
  status?: number;
  text: string;
  more?: ComponentChildren;
}

/** `notice`: about what was just asked for. */
export async function sendPerson(
  deps: Deps,
  req: Request,
  res: Response,
  { tab, notice }: { tab: Tab; notice: Said | null },
): Promise<void> {
  const person = await personOf(deps, req, res);
  await noteView(deps, commandOf(res), person.id);
  const { role } = staffOf(res);
  const tabs = TABS.filter((each) => each !== 'history' || mayDo(role, 'audit.read'));
  if (!tabs.includes(tab)) throw new NotHereError();
  sendPage(req, res, {
    status: notice?.status ?? 200,
    title: `${person.name}さん`,
    body: (
      <>
        {notice !== null && (
          <Notice kind={notice.kind}>
            <p>{notice.text}</p>
            {notice.more}
          </Notice>
        )}
        <Summary person={person} />
        <Tabs person={person} tabs={tabs} here={tab} />
        <h2>{TAB_WORDS[tab]}</h2>
        {await contentOf(deps, req, res, person, tab)}
      </>
    ),
  });
}

/** The id of the address is looked at before the database is. */
export async function personOf(deps: Deps, req: Request, res: Response): Promise<AccountView> {
  const accountId = String(req.params['accountId']);
  if (!uuid.safeParse(accountId).success) throw new NotHereError();
  try {
    return await readAccount(deps, staffOf(res).fireHqId, accountId);
  } catch (error) {
    throw isRefused(error, 'not-found') ? new NotHereError() : error;
  }
}

async function contentOf(
  deps: Deps,
  req: Request,
  res: Response,
  person: AccountView,
  tab: Tab,
): Promise<VNode> {
  switch (tab) {
    case 'basics':
      return <Basics person={person} />;
    case 'usage':
      return readUsage(deps, res, person);
    case 'history':
      return readHistory(deps, req, res, person);
  }
}

/** On top of every tab: what a clerk asks first, and what comes next by itself. */
function Summary({ person }: { person: AccountView }): VNode {
  const cause = person.lapseCause === null ? '' : `（${CAUSE_WORDS[person.lapseCause].word}）`;
  return (
    <div class="summary">
      <p class="kana">
        {person.kana}　登録番号 {person.registrationNumber}
      </p>
      <Facts
        rows={[
          [
            '利用状況',
            <>
              <StatusMark status={person.status} />
              {cause}
            </>,
          ],
          ['有効期限日時', expiryText(person)],
          ['次のお願いのメール', person.nextReminderAt === null ? 'なし' : momentText(person.nextReminderAt)],
        ]}
      />
      {person.mailUnconfirmed && (
        <p class="warn">更新済み・メール未確認：メールが届くことは、まだ確認できていません。</p>
      )}
    </div>
  );
}

function Tabs({ person, tabs, here }: { person: AccountView; tabs: readonly Tab[]; here: Tab }): VNode {
  return (
    <nav class="tabs" aria-label="利用者の情報">
      <ul>
        {tabs.map((tab) => (
          <li>
            <a href={personPlace(person.id, tab)} aria-current={tab === here ? 'page' : undefined}>
              {TAB_WORDS[tab]}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** R19: a new address that waits for its check mail to be answered. */
function pendingRows({ pendingAddress }: AccountView): [string, string][] {
  if (pendingAddress === null) return [];
  const { maskedAddress, until } = pendingAddress;
  return [
    [
      '新しいメールアドレス',
      `${maskedAddress}（本人の確認を待っています。${momentText(until)}までに確認がなければ、変わりません）`,
    ],
  ];
}

function Basics({ person }: { person: AccountView }): VNode {
  const { hold, withdrawal } = person;
  return (
    <>
      <Facts
        rows={[
          ['氏名', person.name],
          ['かな', person.kana],
          ['メールアドレス', person.mailAddress],
          ...pendingRows(person),
          ['携帯電話番号', person.mobileNumber],
          ['FAX', person.fax],
          ['住所', person.postalAddress],
          ['市町村', person.municipality],
          ['登録した日', momentText(person.registeredAt)],
          ['最後に通報した日', person.lastActivityAt === null ? 'なし' : momentText(person.lastActivityAt)],
          ['自動送信', AUTO_MAIL_WORDS[person.autoMail]],
          ...(hold === null
            ? []
            : [['保留', `${momentText(hold.until)}まで（${hold.reason}）`] as [string, string]]),
          ...(withdrawal === null
            ? []
            : [['廃止', `${momentText(withdrawal.at)}（${withdrawal.reason ?? ''}）`] as [string, string]]),
        ]}
      />
      <h3>緊急連絡先</h3>
      {person.emergencyContacts.length === 0 ? (
        <p>なし</p>
      ) : (
        <ul>
          {person.emergencyContacts.map(({ name, relation, phone, mail, fax }) => (
            <li>{[`${name}（${relation}）`, phone, mail, fax].filter(Boolean).join('　')}</li>
          ))}
        </ul>
      )}
    </>
  );
}
