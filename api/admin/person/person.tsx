/** One person: 基本情報, 利用状況, 操作履歴 (R29). */
import type { Request, Response } from 'express';
import type { ComponentChildren, VNode } from 'preact';
import { mayDo } from '../../../domain/roles.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import type { OpenedPerson } from '../../../usecases/open-person.js';
import { openPerson } from '../../../usecases/open-person.js';
import { readAccount } from '../../../usecases/read-account.js';
import type { AccountView } from '../../../usecases/views.js';
import { Acts } from './acts.js';
import { Basics } from './basics-tab.js';
import { Header } from './header.js';
import { readHistory } from './history-tab.js';
import { MAILS_A_PAGE } from './reminder-history.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import type { Tab } from '../shell/places.js';
import { TABS, personPlace } from '../shell/places.js';
import { uuid } from '../shell/route.js';
import { commandOf, staffOf } from '../shell/session.js';
import { Usage } from './usage-tab.js';

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
  const { role } = staffOf(res);
  const tabs = TABS.filter((each) => each !== 'history' || mayDo(role, 'audit.read'));
  if (!tabs.includes(tab)) throw new NotHereError();
  const opened = await orNotHere(
    openPerson(deps, commandOf(res), idOf(req), { mails: tab === 'usage' ? MAILS_A_PAGE : null }),
  );
  const { person, schedule } = opened;
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
        <Header person={person} schedule={schedule} role={role} />
        <Tabs person={person} tabs={tabs} here={tab} />
        <h2>{TAB_WORDS[tab]}</h2>
        {await contentOf(deps, req, res, opened, tab)}
      </>
    ),
  });
}

export async function personOf(deps: Deps, req: Request, res: Response): Promise<AccountView> {
  return orNotHere(readAccount(deps, staffOf(res).fireHqId, idOf(req)));
}

/** The id of the address is looked at before the database is. */
function idOf(req: Request): string {
  const accountId = String(req.params['accountId']);
  if (!uuid.safeParse(accountId).success) throw new NotHereError();
  return accountId;
}

async function orNotHere<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch (error) {
    throw isRefused(error, 'not-found') ? new NotHereError() : error;
  }
}

async function contentOf(
  deps: Deps,
  req: Request,
  res: Response,
  opened: OpenedPerson,
  tab: Tab,
): Promise<VNode> {
  const { person, usage } = opened;
  const { role } = staffOf(res);
  switch (tab) {
    case 'basics':
      return <Basics person={person} role={role} />;
    case 'usage':
      return (
        <>
          {usage !== null && (
            <Usage opened={opened} usage={usage} role={role} now={arrivalOf(res).receivedAt} />
          )}
          <Acts person={person} role={role} />
        </>
      );
    case 'history':
      return readHistory(deps, req, res, person);
  }
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
