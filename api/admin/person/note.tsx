/** 対応の記録 (R30): a note and the day to look again, written on the worklist and on the person's page. */
import type { VNode } from 'preact';
import type { Instant } from '../../../domain/calendar.js';
import { addDays, dayInJapan } from '../../../domain/calendar.js';
import type { FieldFault } from '../../../usecases/errors.js';
import type { AccountView } from '../../../usecases/views.js';
import type { PersonNotes } from '../../../usecases/worklist-note.js';
import { civilDayText, momentText } from '../shell/dates.js';
import { Once } from '../shell/fields.js';
import { faultText } from '../shell/fault-words.js';
import { Form } from '../shell/layout.js';
import { Table } from '../shell/parts.js';
import { personDeed } from '../shell/places.js';
import { actorWords } from '../shell/words.js';

/** Two weeks: a letter has gone and an answer can have come. */
const USUAL_DAYS = 14;
export const FROM = ['today', 'person'] as const;
export type From = (typeof FROM)[number];

interface FormProps {
  accountId: string;
  version: number;
  now: number;
  from: From;
  /** Ids of fields begin with it, so that a page may hold several. */
  prefix?: string;
  typed?: { note: string; lookAgainOn: string };
  faults?: readonly FieldFault[];
}

export function NoteForm(props: FormProps): VNode {
  const { accountId, version, now, from, prefix = '', typed, faults = [] } = props;
  const usual = addDays(dayInJapan(now), USUAL_DAYS);
  const fault = (field: string) => faults.find((each) => each.field === field) ?? null;
  const described = (field: string) => (fault(field) === null ? undefined : `${prefix}${field}-fault`);
  const Fault = ({ field }: { field: string }) => {
    const found = fault(field);
    return found === null ? null : (
      <p class="fault" id={`${prefix}${field}-fault`}>
        {faultText(found)}
      </p>
    );
  };
  return (
    <Form to={personDeed(accountId, 'note')}>
      <Once />
      <input type="hidden" name="version" value={version} />
      <input type="hidden" name="seenUntil" value={now} />
      <input type="hidden" name="from" value={from} />
      <div class="field">
        <label for={`${prefix}note`}>したこと・分かったこと</label>
        <Fault field="note" />
        <textarea
          id={`${prefix}note`}
          name="note"
          rows={2}
          maxlength={1000}
          aria-required
          aria-invalid={fault('note') === null ? undefined : 'true'}
          aria-describedby={described('note')}
        >
          {typed?.note ?? ''}
        </textarea>
      </div>
      <div class="field">
        <label for={`${prefix}lookAgainOn`}>次に確認する日（1年以内）</label>
        <Fault field="lookAgainOn" />
        <input
          id={`${prefix}lookAgainOn`}
          name="lookAgainOn"
          {...({ type: 'date' } as object)}
          value={typed?.lookAgainOn ?? usual}
          aria-required
          aria-invalid={fault('lookAgainOn') === null ? undefined : 'true'}
          aria-describedby={described('lookAgainOn')}
        />
      </div>
      <button type="submit">記録して、その日まで一覧から外す</button>
    </Form>
  );
}

/** On the person's page: what was noted, the newest first, and the form. */
export function NoteSection({
  person,
  notes: { notes, countingId, version },
  names,
  may,
  now,
}: {
  person: AccountView;
  notes: PersonNotes;
  names: ReadonlyMap<string, string>;
  may: boolean;
  now: Instant;
}): VNode {
  return (
    <>
      <h3 id="notes">対応の記録</h3>
      <p class="hint">
        記録すると、次に確認する日まで「対応が必要な人」に出ません。新しい不達や本人からの連絡があれば、すぐに出ます。
      </p>
      {notes.length > 0 && (
        <Table
          caption="対応の記録（新しい順）"
          head={['日時', 'だれが', 'したこと・分かったこと', '次に確認する日', '']}
          rows={notes.map((each) => [
            momentText(each.notedAt),
            actorWords(each.notedBy, names),
            each.note,
            each.undoneAt === null ? civilDayText(each.lookAgainOn) : '取り消しました',
            each.id === countingId && may ? (
              <Form to={personDeed(person.id, 'note-undo')}>
                <input type="hidden" name="noteId" value={each.id} />
                <button class="quiet" type="submit">
                  この記録を取り消す
                </button>
              </Form>
            ) : (
              ''
            ),
          ])}
        />
      )}
      {may && person.status !== 'WITHDRAWN' && (
        <NoteForm accountId={person.id} version={version} now={now} from="person" />
      )}
    </>
  );
}
