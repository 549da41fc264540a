/** 利用状況: what works now, what was mailed and what became of it, what comes next, and the button (R17, R22, R23, R29). */
import type { Response } from 'express';
import type { VNode } from 'preact';
import { mayDo } from '../../../domain/roles.js';
import type { Deps } from '../../../usecases/context.js';
import type { Refusal } from '../../../usecases/errors.js';
import type { ScheduleStep } from '../../../usecases/read-account.js';
import { readReminders, readSchedule } from '../../../usecases/read-account.js';
import type { CapabilitiesView, CapabilityView } from '../../../usecases/read-capabilities.js';
import { readCapabilities } from '../../../usecases/read-capabilities.js';
import type { ResendOptions } from '../../../usecases/request-resend.js';
import { readResendOptions } from '../../../usecases/request-resend.js';
import type { AccountView, ReminderView } from '../../../usecases/views.js';
import { onePersonPlace } from '../letters/letter-places.js';
import { dayText, momentText } from '../shell/dates.js';
import { Once } from '../shell/fields.js';
import { Form } from '../shell/layout.js';
import { Facts, Table } from '../shell/parts.js';
import { personDeed } from '../shell/places.js';
import { staffOf } from '../shell/session.js';
import {
  ADDRESS_WORDS,
  CAUSE_WORDS,
  KIND_WORDS,
  NEXT_STEPS,
  OUTCOME_WORDS,
  PURPOSE_WORDS,
  reasonWords,
} from '../shell/words.js';

/** A cycle has a dozen slots; what is older stands in 操作履歴. */
const HISTORY = 50;
const PLANNED = 12;

export async function readUsage(deps: Deps, res: Response, person: AccountView): Promise<VNode> {
  const { fireHqId, role } = staffOf(res);
  const [capabilities, reminders, schedule, options] = await Promise.all([
    readCapabilities(deps, fireHqId, person.id),
    readReminders(deps, fireHqId, person.id, { limit: HISTORY }),
    readSchedule(deps, fireHqId, person.id),
    readResendOptions(deps, fireHqId, person.id),
  ]);
  return (
    <>
      {person.lapseCause !== null && <Cause cause={person.lapseCause} />}
      {person.lapseCause === null && <MailInDoubt person={person} />}
      {mayDo(role, 'reminders.send') ? (
        <Resend person={person} options={options} />
      ) : (
        <p class="hint">リマインダーメールは、担当者か管理者が送れます。</p>
      )}
      {mayDo(role, 'letters.print') && <a href={onePersonPlace(person.id)}>案内書を印刷する</a>}
      <h3>今できること</h3>
      <Capabilities capabilities={capabilities} />
      <Facts
        rows={[
          ['メールアドレスの状態', ADDRESS_WORDS[person.addressState]],
          [
            '本人が最後に答えた日',
            person.lastProvenAt === null ? 'まだありません' : dayText(person.lastProvenAt),
          ],
        ]}
      />
      <h3>リマインダー履歴</h3>
      <History reminders={reminders.items} />
      <h3>これから送るメール</h3>
      {schedule.steps.some(({ reason }) => reason === 'MAIL_PAUSED') && (
        <p class="warn">
          たくさんのメールが届かなかったので、システムがメールを止めています。受け取られるようになったら、また送ります。
        </p>
      )}
      <Planned steps={schedule.steps} />
    </>
  );
}

function Cause({ cause }: { cause: NonNullable<AccountView['lapseCause']> }): VNode {
  return (
    <div class="notice warn">
      <p>
        <strong>失効の原因：{CAUSE_WORDS[cause].word}</strong>　{CAUSE_WORDS[cause].meaning}
      </p>
      <p>次にすること：</p>
      <ol>
        {NEXT_STEPS[cause].map((step) => (
          <li>{step}</li>
        ))}
      </ol>
    </div>
  );
}

/** Not lapsed, and yet mail does not arrive: the time to mend it. */
function MailInDoubt({ person }: { person: AccountView }): VNode | null {
  const { addressState, status } = person;
  if (status === 'WITHDRAWN' || (addressState !== 'SUSPECT' && addressState !== 'UNDELIVERABLE')) return null;
  return (
    <div class="notice warn">
      <p>
        <strong>{ADDRESS_WORDS[addressState]}</strong>
        　有効期限までは、呼び返しとメール管理は使えます。このまま失効すると、使えなくなります。
      </p>
      <p>次にすること：</p>
      <ol>
        <li>FAXか郵送で、メールアドレスと受信設定を確認する</li>
        <li>変わっていたら、登録を直す</li>
        <li>更新の受付期間になったら、［リマインダーメールを送信する］を押す</li>
      </ol>
    </div>
  );
}

/** The one button of the customer's document; where it cannot be pressed, it says why and from when on it can. */
function Resend({ person, options }: { person: AccountView; options: ResendOptions }): VNode {
  const { refusal, morning } = options;
  const closed = refusal !== null && refusal.code !== 'resend-needs-confirm';
  return (
    <Form to={personDeed(person.id, 'reminders')}>
      <Once />
      {refusal?.code === 'resend-needs-confirm' && (
        <p class="field">
          <label>
            <input type="checkbox" name="confirm" value="yes" /> {refusalText(refusal)}
          </label>
        </p>
      )}
      {morning !== null && !closed && (
        <fieldset>
          <legend>今は夜です。いつ送りますか。</legend>
          <label>
            <input type="radio" name="when" value="morning" checked /> 朝8時に送る（{momentText(morning)}）
          </label>
          <label>
            <input type="radio" name="when" value="now" /> 今すぐ送る
          </label>
        </fieldset>
      )}
      <button type="submit" disabled={closed} aria-describedby={closed ? 'resend-why' : undefined}>
        リマインダーメールを送信する
      </button>
      {closed && (
        <p class="hint" id="resend-why">
          {refusalText(refusal)}
        </p>
      )}
    </Form>
  );
}

/** Of the refusals that a resend can meet. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.code) {
    case 'resend-not-in-this-status':
      return refusal.status === 'WITHDRAWN'
        ? '廃止された利用者なので送れません。'
        : `更新の受付期間の前なので送れません（${dayText(refusal.windowOpensAt)}から送れます）。`;
    case 'resend-already-waiting':
      return '前に頼んだメールが、まだ送信待ちです。リマインダー履歴を見てください。';
    case 'resend-too-soon':
      return `前のメールを頼んだばかりです。${momentText(refusal.nextAllowedAt)}から送れます。`;
    case 'resend-needs-confirm':
      return `24時間以内（${momentText(refusal.lastRequestedAt)}）に1回送っています。それでも、もう1回送る`;
    default:
      return '送れませんでした。';
  }
}

const CAPABILITY_WORDS: readonly [keyof Omit<CapabilitiesView, 'lastProvenAt'>, string][] = [
  ['emergencyReport', '緊急通報（本人から）'],
  ['practiceReport', '練習通報（本人から）'],
  ['callback', '呼び返し（消防から）'],
  ['mailManagement', 'メール管理（消防から）'],
];
const LEVEL_WORDS: Readonly<Record<CapabilityView['level'], string>> = {
  ok: '○ 使えます',
  warn: '△ 注意',
  blocked: '× 使えません',
};

function Capabilities({ capabilities }: { capabilities: CapabilitiesView }): VNode {
  const { alternatives } = capabilities.callback;
  return (
    <>
      <Table
        caption="今できること"
        head={['機能', '使えるか', '説明']}
        rows={CAPABILITY_WORDS.map(([name, word]) => {
          const { level, text } = capabilities[name];
          return [word, <strong class={`level ${level}`}>{LEVEL_WORDS[level]}</strong>, text];
        })}
      />
      {alternatives.length > 0 && (
        <>
          <h4>ほかの連絡の方法</h4>
          <ol>
            {alternatives.map(({ label, value }) => (
              <li>{value === null ? label : `${label}：${value}`}</li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function History({ reminders }: { reminders: readonly ReminderView[] }): VNode {
  if (reminders.length === 0) return <p>まだメールを送っていません。</p>;
  return (
    <Table
      caption="リマインダー履歴（新しい順）"
      head={['日時', '内容', '種類', '送り先', '結果', '説明と次にすること']}
      rows={reminders.map((mail) => [
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
  return attempts.reduce((latest, { at }) => Math.max(latest, at), -Infinity) > 0
    ? Math.max(...attempts.map(({ at }) => at))
    : dueAt;
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

function Planned({ steps }: { steps: readonly ScheduleStep[] }): VNode {
  const next = steps
    .filter((step) => step.goesAt !== null && (step.state === 'PLANNED' || step.state === 'DUE'))
    .slice(0, PLANNED);
  if (next.length === 0) return <p>予定はありません。</p>;
  return (
    <Table
      caption="これからの予定"
      head={['日時', 'すること']}
      rows={next.map((step) => [step.goesAt === null ? '' : momentText(step.goesAt), plannedWords(step)])}
    />
  );
}

/** Mails outside the slots, by the first part of their key. */
const PLANNED_WORDS: Readonly<Record<string, string>> = {
  PROBE: 'メールが届くかを確かめるメールを送る',
  CHECK: 'メールアドレスの確認のメールを送る',
  RETRY: '届かなかったので、もう一度送る',
  TRIAL: '届かなかったので、もう一度送る',
};

function plannedWords({ what, kind, reason }: ScheduleStep): string {
  if (what === 'LAPSE') return '更新がなければ、失効中になる';
  if (what === 'AUTO_STOP') return '自動の送信が終わる';
  const words = PLANNED_WORDS[reason ?? ''];
  if (words !== undefined) return words;
  return kind === null ? 'メールを送る' : `お願いのメールを送る（${KIND_WORDS[kind]}）`;
}
