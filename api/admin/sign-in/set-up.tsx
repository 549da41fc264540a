/** Setting up the second factor, and the recovery codes that come with it: while signing in and at one's own page. */
import type { VNode } from 'preact';
import { totpUri } from '../../../platform/totp.js';
import type { Faults } from '../shell/fields.js';
import { TextField } from '../shell/fields.js';
import { Form, Notice } from '../shell/layout.js';
import { QrCode } from './qr.js';

/** Shown in the authenticator beside the name. */
const ISSUER = 'NET119 管理サイト';

/** `to`: where the form with the code goes. */
export function SetUp({
  secret,
  signInName,
  to,
  faults,
}: {
  secret: string;
  signInName: string;
  to: string;
  faults: Faults;
}): VNode {
  return (
    <>
      <h2>1. 認証アプリを用意する</h2>
      <p>
        スマートフォンやタブレットに認証アプリ（Google Authenticator、Microsoft
        Authenticatorなど）を入れて、「追加」を押します。
      </p>
      <h2>2. この四角をアプリで読む</h2>
      <QrCode
        text={totpUri(secret, { issuer: ISSUER, label: signInName })}
        label="認証アプリで読むための二次元コード。読めないときは、下の文字をアプリに入れてください。"
      />
      <p>
        読めないときは、次の文字をアプリに入れてください（種類は「時間ベース」）：
        <br />
        <code class="to-type">{(secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
      </p>
      <h2>3. アプリに出た数字を入れる</h2>
      <Form to={to}>
        <TextField
          name="code"
          label="確認コード"
          value=""
          autocomplete="one-time-code"
          inputmode="numeric"
          maxlength={10}
          size={10}
          required
          faults={faults}
          hint="アプリに出ている、6けたの数字です。"
        />
        <button type="submit">確認して使いはじめる</button>
      </Form>
    </>
  );
}

/** Shown once. */
export function RecoveryCodes({ codes, next }: { codes: readonly string[]; next: string }): VNode {
  return (
    <>
      <Notice kind="warn">
        <p>
          <strong>
            回復用の番号です。表示するのは今だけです。印刷するか書き写して、鍵のかかる所にしまってください。
          </strong>
        </p>
      </Notice>
      <p>認証アプリが使えないとき、確認コードのかわりに入れます。1つの番号は1回だけ使えます。</p>
      <ol class="codes">
        {codes.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <p class="actions">
        <a class="button" href={next}>
          しまったので、次へ
        </a>
      </p>
    </>
  );
}

export const WRONG_CODE: Faults = [
  { field: 'code', code: 'wrong', message: 'This is not a code of the secret that is shown.' },
];
