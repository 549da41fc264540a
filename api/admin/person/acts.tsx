/** 手続き: what staff do with the account itself. What the role may not do is not there. */
import type { VNode } from 'preact';
import type { Action, Role } from '../../../domain/roles.js';
import { mayDo } from '../../../domain/roles.js';
import type { AccountView } from '../../../usecases/views.js';
import { personDeed } from '../shell/places.js';

export function Acts({ person, role }: { person: AccountView; role: Role }): VNode | null {
  const withdrawn = person.status === 'WITHDRAWN';
  const acts: { who: Action; deed: string; word: string; hint: string; there: boolean }[] = [
    {
      who: 'people.edit',
      deed: 'edit',
      word: '登録を直す',
      hint: 'メールアドレス、住所、緊急連絡先など',
      there: true,
    },
    {
      who: 'holds.write',
      deed: 'hold',
      word: person.hold === null ? '保留にする' : '保留を変える・終える',
      hint: '入院などで、自動のメールを、決めた日まで止める',
      there: !withdrawn || person.hold !== null,
    },
    {
      who: 'expiry.correct',
      deed: 'expiry',
      word: '有効期限日時を訂正する',
      hint: '入力のまちがいを直す（更新ではありません）',
      there: !withdrawn,
    },
    {
      who: 'withdrawals.write',
      deed: 'withdraw',
      word: withdrawn ? '廃止を取り消す' : '廃止する',
      hint: withdrawn ? '廃止から30日のあいだできます' : '転出や、本人がやめたとき。30日のあいだ取り消せます',
      there: true,
    },
  ];
  const shown = acts.filter(({ who, there }) => there && mayDo(role, who));
  if (shown.length === 0) return null;
  return (
    <>
      <h3>手続き</h3>
      <ul class="acts">
        {shown.map(({ deed, word, hint }) => (
          <li>
            <a href={personDeed(person.id, deed)}>{word}</a>
            <small>{hint}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
