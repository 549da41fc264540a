/** For a headquarters without people yet: what to do first, in order, each with its place. */
import type { VNode } from 'preact';
import type { Role } from '../../../domain/roles.js';
import type { Action } from '../../../domain/roles.js';
import { mayDo } from '../../../domain/roles.js';
import type { FirstSteps as Steps } from '../../../usecases/first-steps.js';
import { PLACES } from '../shell/places.js';

export function FirstSteps({ steps, role }: { steps: Steps; role: Role }): VNode {
  const all: { done: boolean | null; to: string; who: Action; word: string; why: string }[] = [
    {
      done: steps.policySaved ? true : null,
      to: PLACES.policy,
      who: 'policy.read',
      word: '定期更新の設定を読む',
      why: 'はじめの設定のままでも使えます。送る日や時刻を変えるときは、利用者を入れる前がよいです。',
    },
    {
      done: steps.colleagues,
      to: PLACES.staff,
      who: 'staff.manage',
      word: 'いっしょに使う職員を招待する',
      why: '1人だけだと、その人が異動したときに困ります。管理者は2人以上にしてください。',
    },
    {
      done: steps.people,
      to: PLACES.imports,
      who: 'imports.try',
      word: '利用者を取り込む',
      why: 'ひな形のファイルに入れて、先にためします。ためすだけでは、何も登録されず、メールも送られません。',
    },
    {
      done: steps.people,
      to: PLACES.newPerson,
      who: 'people.edit',
      word: 'または、1人ずつ登録する',
      why: '登録すると、メールアドレスの確認のメールが本人に届きます。',
    },
  ];
  return (
    <section aria-labelledby="first-steps">
      <h2 id="first-steps">はじめにすること</h2>
      <ol>
        {all.map(({ done, to, who, word, why }) => (
          <li>
            <strong>{mayDo(role, who) ? <a href={to}>{word}</a> : word}</strong>
            {done === true && '　✓ 済みました'}
            {done === false && '　まだです'}
            {done !== true && !mayDo(role, who) && '（管理者に頼んでください）'}
            <br />
            {why}
          </li>
        ))}
      </ol>
    </section>
  );
}
