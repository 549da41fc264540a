/** On top of every tab: what a clerk asks first, and what comes next by itself and when. */
import type { ComponentChildren, VNode } from 'preact';
import { mayDo } from '../../../domain/roles.js';
import type { Role } from '../../../domain/roles.js';
import type { ScheduleStep, ScheduleView } from '../../../usecases/read-account.js';
import type { AccountView } from '../../../usecases/views.js';
import { expiryText, momentText } from '../shell/dates.js';
import { Facts, StatusMark } from '../shell/parts.js';
import { personDeed } from '../shell/places.js';
import { CAUSE_WORDS } from '../shell/words.js';

type Row = [string, ComponentChildren];

export function Header({
  person,
  schedule,
  role,
}: {
  person: AccountView;
  schedule: ScheduleView;
  role: Role;
}): VNode {
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
          ...withdrawalRows(person, role),
          ...(person.withdrawal === null ? comingRows(person, schedule) : []),
          ...holdRows(person),
          ...pendingRows(person),
        ]}
      />
      {person.mailUnconfirmed && (
        <p class="warn">更新済み・メール未確認：メールが届くことは、まだ確認できていません。</p>
      )}
    </div>
  );
}

function comingRows(person: AccountView, { steps }: ScheduleView): Row[] {
  const next = comingEvents(person, steps)[0];
  return [
    ['次の自動送信', nextMailWords(person, steps)],
    ...(next === undefined ? [] : [['次にあること', `${momentText(next.at)}　${next.words}`] as Row]),
  ];
}

function nextMailWords(person: AccountView, steps: readonly ScheduleStep[]): string {
  const next = steps.filter(isAutomaticMail).sort((a, b) => (a.goesAt ?? 0) - (b.goesAt ?? 0))[0];
  if (next?.goesAt !== undefined && next.goesAt !== null) return momentText(next.goesAt);
  if (steps.some(({ reason }) => reason === 'MAIL_PAUSED')) return 'システムがメールを止めています';
  if (person.autoMail === 'HELD') return '止めています';
  return person.autoMail === 'STOPPED' ? 'ありません（自動の送信は終わりました）' : 'ありません';
}

function isAutomaticMail({ what, kind, reason, state, goesAt }: ScheduleStep): boolean {
  const goes = goesAt !== null && (state === 'PLANNED' || state === 'DUE');
  return (
    goes &&
    (what === 'SLOT' || what === 'MAIL') &&
    (kind === 'AUTOMATIC' || kind === 'CATCH_UP' || reason === 'PROBE')
  );
}

/** What happens by itself beside the mails, soonest first. */
function comingEvents(person: AccountView, steps: readonly ScheduleStep[]): { at: number; words: string }[] {
  const opening =
    person.status === 'ACTIVE' ? [{ at: person.windowOpensAt, words: '更新の受付が始まる' }] : [];
  const events = steps.flatMap(({ what, at, state }) => {
    if (state === 'HANDLED') return [];
    if (what === 'LAPSE') return [{ at, words: '更新がなければ、失効中になる' }];
    return what === 'AUTO_STOP' ? [{ at, words: '更新がなければ、自動の送信が終わる' }] : [];
  });
  return [...opening, ...events].sort((a, b) => a.at - b.at);
}

function holdRows({ hold }: AccountView): Row[] {
  return hold === null
    ? []
    : [['保留', `${momentText(hold.until)}まで、自動送信を止めています（理由：${hold.reason}）`]];
}

function withdrawalRows({ id, withdrawal }: AccountView, role: Role): Row[] {
  if (withdrawal === null) return [];
  const { at, reason, undoableUntil } = withdrawal;
  return [
    [
      '廃止',
      <>
        {momentText(at)}（理由：{reason ?? 'なし'}）。メールは送りません。
        {mayDo(role, 'withdrawals.write') ? (
          <a href={personDeed(id, 'withdraw')}>{momentText(undoableUntil)}まで取り消せます</a>
        ) : (
          `${momentText(undoableUntil)}まで取り消せます`
        )}
      </>,
    ],
  ];
}

/** R19: a new address that waits for its check mail to be answered. */
function pendingRows({ pendingAddress }: AccountView): Row[] {
  if (pendingAddress === null) return [];
  const { maskedAddress, until } = pendingAddress;
  return [['新しいメールアドレス', `${maskedAddress}（本人の確認待ち。${momentText(until)}まで）`]];
}
