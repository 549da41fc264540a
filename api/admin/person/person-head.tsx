/** Whom a page beside the tabs is about. */
import type { VNode } from 'preact';
import type { AccountView } from '../../../usecases/views.js';
import { expiryText } from '../shell/dates.js';
import { Facts, StatusMark } from '../shell/parts.js';
import { personPlace } from '../shell/places.js';
import { CAUSE_WORDS } from '../shell/words.js';

export function PersonHead({ person }: { person: AccountView }): VNode {
  const cause = person.lapseCause === null ? '' : `（${CAUSE_WORDS[person.lapseCause].word}）`;
  return (
    <div class="summary">
      <Facts
        rows={[
          [
            '利用者',
            <>
              <a href={personPlace(person.id)}>{person.name}さん</a>（{person.kana}　登録番号{' '}
              {person.registrationNumber}）
            </>,
          ],
          [
            '利用状況',
            <>
              <StatusMark status={person.status} />
              {cause}
            </>,
          ],
          ['有効期限日時', expiryText(person)],
        ]}
      />
    </div>
  );
}
