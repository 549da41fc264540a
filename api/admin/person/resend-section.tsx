/** The one button of the customer's document (R22, R29): what it sends, what limits it, and why it cannot be pressed. */
import type { VNode } from 'preact';
import { HOUR, MINUTE, SECOND } from '../../../domain/calendar.js';
import type { MailPreview, ResendOptions } from '../../../usecases/request-resend.js';
import { momentText } from '../shell/dates.js';
import { Once, Tick } from '../shell/fields.js';
import { Form } from '../shell/layout.js';
import { Facts } from '../shell/parts.js';
import { personDeed } from '../shell/places.js';
import { actorWords } from '../shell/words.js';
import { refusalText } from './words.js';

interface Props {
  personId: string;
  options: ResendOptions;
  staff: ReadonlyMap<string, string>;
}

export function ResendSection({ personId, options, staff }: Props): VNode {
  const { refusal, morning, waiting, paused, preview } = options;
  const closed = refusal !== null && refusal.code !== 'resend-needs-confirm';
  return (
    <>
      <h3 id="resend">リマインダーメール</h3>
      {preview !== null && <Preview mail={preview} />}
      {paused && (
        <p class="warn">
          今は、システムがメールを止めています（たくさんのメールが届かなかったため）。頼んだメールは、また送れるようになってから送ります。
        </p>
      )}
      <Form to={personDeed(personId, 'reminders')}>
        <Once />
        {refusal?.code === 'resend-needs-confirm' && <Tick name="confirm" label={refusalText(refusal)} />}
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
      {waiting !== null && (
        <p>
          送信待ちのメール：{actorWords(waiting.requestedBy, staff)}が{momentText(waiting.requestedAt)}
          に頼みました。送る予定は{momentText(waiting.goesAt)}です。
        </p>
      )}
      <Limits limits={options.limits} />
    </>
  );
}

function Limits({ limits: { apart, byCalendar, keptFor } }: { limits: ResendOptions['limits'] }): VNode {
  const pause = apart >= MINUTE ? `${apart / MINUTE}分` : `${apart / SECOND}秒`;
  return (
    <details>
      <summary>送るときの決まり</summary>
      <ul>
        <li>
          送れるのは、更新の受付期間に入ってからです。期限のあとや、自動の送信が終わったあとも送れます。
        </li>
        <li>1回送ったら、次は{pause}あとから送れます。送信待ちのメールがあるあいだは、送れません。</li>
        {byCalendar && <li>24時間以内の2回目は、四角に印をつけてから送ります。</li>}
        {byCalendar && <li>夜21時から朝8時までは、「朝8時に送る」か「今すぐ送る」を選べます。</li>}
        <li>
          自動のメールより先に送ります。自動の予定はなくなりません（24時間以内の分は、このメールにまとめます）。
        </li>
        <li>{keptFor / HOUR}時間たっても送れないときは、やめて、リマインダー履歴に出します。</li>
      </ul>
    </details>
  );
}

function Preview({ mail }: { mail: MailPreview }): VNode {
  return (
    <details class="mail-preview">
      <summary>送る内容を見る</summary>
      <Facts
        rows={[
          ['差出人', mail.fromName],
          ['件名', mail.subject],
          ['返信先', mail.replyTo],
        ]}
      />
      <p class="mail">{mail.text.trimEnd()}</p>
      <p class="hint">今送ると、この文になります。ここには、本人だけのリンクは出ません。</p>
    </details>
  );
}
