/** リマインダー履歴 (R23) by 手続き: the present one open, older ones folded. */
import type { VNode } from 'preact';
import type { CycleListRow } from '../../../store/cycles.js';
import type { ReminderView } from '../../../usecases/views.js';
import { dayText, momentText } from '../shell/dates.js';
import { Table } from '../shell/parts.js';
import { personDeed } from '../shell/places.js';
import { KIND_WORDS, OUTCOME_WORDS, PURPOSE_WORDS, reasonWords } from '../shell/words.js';
import { CHANNEL_WORDS, dueText } from './words.js';

export const MAILS_A_PAGE = 30;
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
