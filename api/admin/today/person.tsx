/** One person on the worklist: why, since when, what to do next, who is on it, and the note that ends it for now. */
import type { VNode } from 'preact';
import type { WorklistPerson } from '../../../usecases/worklist.js';
import { NoteForm } from '../person/note.js';
import { civilDayText, expiryText, momentText } from '../shell/dates.js';
import { Form } from '../shell/layout.js';
import { StatusMark } from '../shell/parts.js';
import { personDeed, personPlace } from '../shell/places.js';
import { REASON_WORDS, bouncedText, nextStep, whyText } from './words.js';

export interface Viewer {
  staffId: string;
  mayNote: boolean;
  now: number;
}

export function Person({ person, viewer }: { person: WorklistPerson; viewer: Viewer }): VNode {
  const { id, name, kana, registrationNumber, note, standing, version } = person;
  const [first, ...others] = standing;
  return (
    <li>
      <h3>
        <a href={personPlace(id)}>{name}</a>
        <small>
          {kana}　登録番号 {registrationNumber}
        </small>
      </h3>
      <p>
        <StatusMark status={person.status} />
        {`　有効期限日時 ${expiryText(person)}`}
      </p>
      {first === undefined ? (
        <p>
          {bouncedText(person, viewer.now)}
          {note === null
            ? 'まだ1回なら、次のメールを待ちます。'
            : `対応の記録があります（次に確認する日 ${civilDayText(note.lookAgainOn)}）。`}
        </p>
      ) : (
        <Why person={person} first={first} others={others} />
      )}
      {note !== null && (
        <p class="hint">
          前の記録（{momentText(note.notedAt)}）：{note.note}
        </p>
      )}
      <Taken person={person} viewer={viewer} />
      {viewer.mayNote && first !== undefined && (
        <details>
          <summary>記録して、次に確認する日を決める</summary>
          <NoteForm accountId={id} version={version} now={viewer.now} from="today" prefix={`${id}-`} />
        </details>
      )}
    </li>
  );
}

type Standing = WorklistPerson['standing'][number];

function Why(props: { person: WorklistPerson; first: Standing; others: readonly Standing[] }): VNode {
  const { person, first, others } = props;
  const { text, word, to } = nextStep(person, first.reason);
  return (
    <>
      <p>
        <strong class="reason">{REASON_WORDS[first.reason]}</strong>　{whyText(person, first)}
      </p>
      {others.length > 0 && (
        <ul class="also">
          {others.map((each) => (
            <li>
              {REASON_WORDS[each.reason]}：{whyText(person, each)}
            </li>
          ))}
        </ul>
      )}
      <p>
        次にすること：{text}　<a href={to}>{word}</a>
      </p>
    </>
  );
}

function Taken({ person: { id, taken }, viewer }: { person: WorklistPerson; viewer: Viewer }): VNode | null {
  const button = (deed: string, word: string) =>
    viewer.mayNote && (
      <Form to={personDeed(id, deed)}>
        <button class="quiet" type="submit">
          {word}
        </button>
      </Form>
    );
  if (taken === null) return <div class="taken">{button('take', 'わたしが対応する')}</div>;
  if (taken.by === viewer.staffId) {
    return (
      <div class="taken">
        <span>あなたが対応しています（{momentText(taken.at)}から）。</span>
        {button('release', '対応をやめる')}
      </div>
    );
  }
  return (
    <div class="taken">
      <span>
        {taken.name}さんが対応しています（{momentText(taken.at)}から）。
        {taken.locked && 'この職員は、今はサインインできません。'}
      </span>
      {taken.locked && button('take', 'わたしが代わりに対応する')}
    </div>
  );
}
