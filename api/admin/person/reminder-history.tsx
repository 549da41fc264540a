/** リマインダー履歴 (R23) by 手続き: the present one open, older ones folded, further ones on a page of their own. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { CycleListRow } from '../../../store/cycles.js';
import type { Deps } from '../../../usecases/context.js';
import { readCycles, readReminders } from '../../../usecases/read-account.js';
import type { ReminderView } from '../../../usecases/views.js';
import { dayText, momentText } from '../shell/dates.js';
import { sendPage } from '../shell/layout.js';
import { NextPage, Table } from '../shell/parts.js';
import { personDeed } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { staffOf } from '../shell/session.js';
import { KIND_WORDS, OUTCOME_WORDS, PURPOSE_WORDS, reasonWords } from '../shell/words.js';
import { PersonHead } from './person-head.js';
import { personOf } from './person.js';
import { CHANNEL_WORDS, dueText } from './words.js';

export const MAILS_A_PAGE = 30;
/** More renewals than a person sees in a life; the page then goes without their dates. */
const CYCLES = 100;

interface Props {
  mails: readonly ReminderView[];
  cycles: readonly CycleListRow[];
  /** The open cycle. */
  present: number;
}

export function ReminderHistory({ mails, cycles, present }: Props): VNode {
  const numbers = [...new Set(mails.map(({ cycle }) => cycle))].filter((number) => number !== present);
  const cycleOf = (number: number) => cycles.find((each) => each.number === number);
  const due = (number: number) => {
    const cycle = cycleOf(number);
    return cycle === undefined ? '前の期限' : dueText(cycle);
  };
  const of = (number: number) => mails.filter(({ cycle }) => cycle === number);
  const now = of(present);
  const title = `今回の手続き（${due(present)}）`;
  return (
    <>
      <h4>{title}</h4>
      {now.length === 0 ? (
        <p>今回の手続きでは、まだメールを送っていません。</p>
      ) : (
        <Mails caption={title} mails={now} />
      )}
      {numbers.map((number) => (
        <details>
          <summary>
            前の手続き（{due(number)}）　{of(number).length}通{renewedText(cycleOf(number))}
          </summary>
          <Mails caption={`前の手続き（${due(number)}）`} mails={of(number)} />
        </details>
      ))}
    </>
  );
}

function renewedText(cycle: CycleListRow | undefined): string {
  if (!cycle?.renewedAt || cycle.renewedChannel === null) return '';
  return `　${dayText(cycle.renewedAt)}に更新（${CHANNEL_WORDS[cycle.renewedChannel]}）`;
}

function Mails({ caption, mails }: { caption: string; mails: readonly ReminderView[] }): VNode {
  return (
    <Table
      caption={caption}
      head={['日時', '内容', '種類', '送り先', '結果', '説明と次にすること']}
      rows={mails.map((mail) => [
        momentText(sentAtOf(mail)),
        PURPOSE_WORDS[mail.purpose],
        mail.kind === null ? '' : KIND_WORDS[mail.kind],
        mail.maskedAddress,
        <strong>{OUTCOME_WORDS[mail.outcome]}</strong>,
        <Explained mail={mail} />,
      ])}
    />
  );
}

/** When it last happened to the mail; of one that was not sent, when it would have been due. */
function sentAtOf({ attempts, dueAt }: ReminderView): number {
  return attempts.length === 0 ? dueAt : Math.max(...attempts.map(({ at }) => at));
}

function Explained({ mail }: { mail: ReminderView }): VNode {
  const bounce = mail.bounce ?? mail.complaint;
  if (bounce === null) return <>{reasonWords(mail.reason) ?? ''}</>;
  const diagnostic = mail.bounce?.diagnostic ?? null;
  return (
    <details>
      <summary>{bounce.label}</summary>
      <p>{bounce.whatHappened}</p>
      <ol>
        {bounce.nextSteps.map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      {diagnostic !== null && (
        <p class="raw">
          相手のサーバの返事（そのまま）：<bdi lang="en">{diagnostic}</bdi>
        </p>
      )}
    </details>
  );
}

export function olderMailsPlace(personId: string, cursor: string | null): string | null {
  if (cursor === null) return null;
  return `${personDeed(personId, 'reminders')}?${new URLSearchParams({ cursor }).toString()}`;
}

/** What the tab has no room for. */
export function olderMailsRoute(deps: Deps): StaffRoute {
  return page({
    path: '/people/:accountId/reminders',
    who: 'people.read',
    query: { cursor: z.string().max(500) },
    handle: ({ query, req, res }) => showOlder(deps, req, res, query.cursor),
  });
}

async function showOlder(deps: Deps, req: Request, res: Response, cursor?: string): Promise<void> {
  const person = await personOf(deps, req, res);
  const { fireHqId } = staffOf(res);
  const [mails, cycles] = await Promise.all([
    readReminders(deps, fireHqId, person.id, { limit: MAILS_A_PAGE, cursor }),
    readCycles(deps, fireHqId, person.id, { limit: CYCLES }),
  ]);
  sendPage(req, res, {
    title: `${person.name}さんのリマインダー履歴`,
    body: (
      <>
        <PersonHead person={person} />
        <h2>リマインダー履歴（新しい順）</h2>
        <h3>{cursor === undefined ? '新しいもの' : '続き'}</h3>
        <ReminderHistory mails={mails.items} cycles={cycles.items} present={person.cycle} />
        <NextPage href={olderMailsPlace(person.id, mails.nextCursor)} />
      </>
    ),
  });
}
