/** A one-time code, in the answer to the form itself: it is kept nowhere, so there is no page to be sent on to. */
import type { Request, Response } from 'express';
import type { OneTimeCode } from '../../../usecases/one-time-code.js';
import { momentText } from '../shell/dates.js';
import { Notice, sendPage } from '../shell/layout.js';
import { Facts } from '../shell/parts.js';
import { staffPlace } from './state.js';

export function sendCode(
  req: Request,
  res: Response,
  person: { id: string; displayName: string; signInName: string },
  oneTime: OneTimeCode | null,
): void {
  const { id, displayName, signInName } = person;
  sendPage(req, res, {
    title: `${displayName}さんに渡す番号`,
    body: (
      <>
        {oneTime === null ? (
          <Notice kind="warn">
            <p>
              番号は、もう作ってあります。一度しか表示できないので、ここには出ません。控えがないときは、この人のページで「新しい番号を出す」を押してください。
            </p>
          </Notice>
        ) : (
          <>
            <Notice kind="warn">
              <p>
                <strong>表示するのは今だけです。印刷するか書き写して、本人に手渡してください。</strong>
                メールでは送らないでください。
              </p>
            </Notice>
            <Facts
              rows={[
                ['サインイン名', <code class="to-type">{signInName}</code>],
                ['番号', <code class="to-type">{oneTime.code}</code>],
                ['使える期限', `${momentText(oneTime.until)}まで、1回だけ`],
              ]}
            />
            <h2>受け取った人がすること</h2>
            <ol>
              <li>サインインのページを開き、サインイン名と、パスワードの所にこの番号を入れます。</li>
              <li>自分のパスワードを決めます（12文字以上）。</li>
              <li>2段階の確認の案内が出たら、認証アプリを用意して進みます。</li>
            </ol>
          </>
        )}
        <p class="actions">
          <a class="button" href={staffPlace(id)}>
            {displayName}さんのページへ
          </a>
        </p>
      </>
    ),
  });
}
