/** 呼び返しの確認, at three in the morning: the field has the focus, the answer stands below it in large letters. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { Level } from '../../../domain/capabilities.js';
import type { Found, LookedAt } from '../../../usecases/look.js';
import { dayText } from '../shell/dates.js';
import { Form, sendPage } from '../shell/layout.js';
import { Facts, StatusMark } from '../shell/parts.js';
import { PLACES, personPlace } from '../shell/places.js';

/** Word, sign and colour: each of them alone says it. */
const CALLBACK: Readonly<Record<Level, { sign: string; word: string }>> = {
  ok: { sign: '○', word: '呼び返しできます' },
  warn: { sign: '△', word: '注意：呼び返しできますが、届かないおそれがあります' },
  blocked: { sign: '×', word: '呼び返しできません' },
};
const MAIL_MANAGEMENT: Readonly<Record<Level, string>> = {
  ok: '○ 使えます',
  warn: '△ 使えますが、届かないおそれがあります',
  blocked: '× 使えません',
};

export function sendLook(
  req: Request,
  res: Response,
  { typed, found }: { typed: string; found: Found | null },
): void {
  sendPage(req, res, {
    title: '呼び返しの確認',
    scripts: ['live-search'],
    body: (
      <>
        <Form to={PLACES.look} id="look">
          <p class="field look">
            <label for="q">登録番号・氏名・かな・携帯電話番号</label>
            <input id="q" name="q" type="search" value={typed} autocomplete="off" autofocus />
            <button type="submit">さがす</button>
          </p>
        </Form>
        <p class="hint" id="slow" role="status" />
        <div id="found" aria-live="polite">
          {found !== null && <Answer found={found} typed={typed} />}
        </div>
      </>
    ),
  });
}

function Answer({ found, typed }: { found: Found; typed: string }): VNode {
  switch (found.what) {
    case 'NOBODY':
      return (
        <div class="notice warn">
          <p>
            <strong>この消防本部には、当てはまる人がいません。</strong>
          </p>
          <p>番号や名前を見直してください。呼び返しは試せます。</p>
        </div>
      );
    case 'SEVERAL':
      return <Several people={found.people} more={found.more} typed={typed} />;
    case 'ONE':
      return <One looked={found} />;
  }
}

function Several({
  people,
  more,
  typed,
}: Pick<Extract<Found, { what: 'SEVERAL' }>, 'people' | 'more'> & { typed: string }): VNode {
  return (
    <>
      <h2>どの人ですか</h2>
      <ul class="choose">
        {people.map(({ id, name, kana, registrationNumber, municipality, status }) => (
          <li>
            <Form to={PLACES.look}>
              <input type="hidden" name="q" value={typed} />
              <input type="hidden" name="person" value={id} />
              <button class="quiet" type="submit">
                {name}（{kana}）
              </button>
            </Form>
            <span>
              登録番号 {registrationNumber}　{municipality}　<StatusMark status={status} />
            </span>
          </li>
        ))}
      </ul>
      {more && <p>ほかにもいます。もう少し長く入れてください。</p>}
    </>
  );
}

function One({ looked: { person, capabilities, otherWays } }: { looked: LookedAt }): VNode {
  const { level, text } = capabilities.callback;
  const { sign, word } = CALLBACK[level];
  return (
    <section class={`answer ${level}`} aria-labelledby="answer">
      <h2 id="answer">
        <span aria-hidden="true">{sign}</span>{' '}
        {person.status === 'WITHDRAWN' ? '注意：廃止された利用者です' : word}
      </h2>
      <p class="who-is">
        <strong>{person.name}</strong>（{person.kana}）　登録番号 {`${person.registrationNumber}　`}
        <StatusMark status={person.status} />
      </p>
      <p>{text}</p>
      <h3>{level === 'ok' ? '返事がないとき' : 'ほかの方法（上から順に）'}</h3>
      <ol class="ways">
        {otherWays.map(({ label, value }) => (
          <li>
            {label}
            {value !== null && <strong> {value}</strong>}
          </li>
        ))}
      </ol>
      <Facts
        rows={[
          ['メール管理', MAIL_MANAGEMENT[capabilities.mailManagement.level]],
          ['最後の不達', capabilities.lastFailedAt === null ? 'なし' : dayText(capabilities.lastFailedAt)],
          [
            '本人が最後にメールに答えた日',
            capabilities.lastProvenAt === null ? 'まだありません' : dayText(capabilities.lastProvenAt),
          ],
        ]}
      />
      <p>
        <a href={personPlace(person.id)}>この人の利用状況を開く</a>
      </p>
    </section>
  );
}
