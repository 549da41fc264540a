/** Writing 対応の記録 and taking it back (R30). */
import type { Request, Response } from 'express';
import type { Deps } from '../../../usecases/context.js';
import { RefusedError } from '../../../usecases/errors.js';
import type { AccountView } from '../../../usecases/views.js';
import type { NewNote } from '../../../usecases/worklist-note.js';
import { noteOnWorklist, readNotes, undoNote } from '../../../usecases/worklist-note.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { civilDayText, momentText } from '../shell/dates.js';
import { FaultList } from '../shell/fields.js';
import { Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { PLACES, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, form, line, lines, once, uuid } from '../shell/route.js';
import { commandOnce, staffOf, tell } from '../shell/session.js';
import type { From } from './note.js';
import { FROM, NoteForm } from './note.js';
import { personOf } from './person.js';

/** `changed`: the person's place on the worklist is another one now. */
export function noteRoutes(deps: Deps, changed: (fireHqId: string) => void): StaffRoute[] {
  return [
    form({
      path: '/people/:accountId/note',
      who: 'worklist.note',
      fields: {
        key: once,
        note: lines,
        lookAgainOn: line,
        version: line,
        seenUntil: line,
        from: choice(FROM),
      },
      async handle({ fields, req, res }) {
        const person = await personOf(deps, req, res);
        const { key, note, lookAgainOn, from = 'person' } = fields;
        const given = {
          note,
          lookAgainOn,
          version: count(fields.version),
          seenUntil: count(fields.seenUntil),
        };
        try {
          const command = commandOnce(res, 'note', key, [person.id, given]);
          await noteOnWorklist(deps, command, person.id, given);
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error;
          await showRefused(deps, req, res, { person, given, from, refusal: error.refusal });
          return;
        }
        changed(staffOf(res).fireHqId);
        tell(req, '記録しました。次に確認する日まで、「対応が必要な人」から外れます。');
        res.redirect(303, from === 'today' ? PLACES.today : personPlace(person.id, 'usage'));
      },
    }),
    form({
      path: '/people/:accountId/note-undo',
      who: 'worklist.note',
      fields: { noteId: uuid },
      async handle({ fields: { noteId }, req, res }) {
        const { id } = await personOf(deps, req, res);
        await undoNote(deps, commandOnce(res, 'note-undo', noteId, [id, noteId]), id, noteId);
        changed(staffOf(res).fireHqId);
        tell(req, '記録を取り消しました。その前の記録があれば、それが生きています。');
        res.redirect(303, personPlace(id, 'usage'));
      },
    }),
  ];
}

/** A number that the form carries; anything else fits nothing. */
function count(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : -1;
}

/** The form again as it was typed: with its faults, or with what a colleague wrote meanwhile. */
async function showRefused(
  deps: Deps,
  req: Request,
  res: Response,
  refused: { person: AccountView; given: NewNote; from: From; refusal: RefusedError['refusal'] },
): Promise<void> {
  const { person, given, from, refusal } = refused;
  const { fireHqId } = staffOf(res);
  if (refusal.code === 'not-found') throw new NotHereError();
  const { notes, version } = await readNotes(deps, fireHqId, person.id);
  const faults = refusal.code === 'validation' ? refusal.fields : [];
  const [latest] = notes;
  sendPage(req, res, {
    status: faults.length > 0 ? 422 : 409,
    title: `${person.name}さんの対応の記録`,
    body: (
      <>
        <FaultList faults={faults} />
        {refusal.code === 'version-conflict' && (
          <Notice kind="warn">
            <p>
              まだ保存していません。ほかの職員が、先に記録を変えました。下の記録を見て、それでもよければ、もう一度押してください。
            </p>
            {latest !== undefined && (
              <p>
                {momentText(latest.notedAt)}：{latest.note}（
                {latest.undoneAt === null
                  ? `次に確認する日 ${civilDayText(latest.lookAgainOn)}`
                  : '取り消されています'}
                ）
              </p>
            )}
          </Notice>
        )}
        {refusal.code === 'account-withdrawn' ? (
          <Notice kind="bad">
            <p>廃止された利用者なので、記録できません。</p>
          </Notice>
        ) : (
          <NoteForm
            accountId={person.id}
            version={version}
            now={arrivalOf(res).receivedAt}
            from={from}
            typed={given}
            faults={faults}
          />
        )}
        <p>
          <a href={personPlace(person.id, 'usage')}>利用状況へもどる</a>
          {'　'}
          <a href={PLACES.today}>対応が必要な人へ</a>
        </p>
      </>
    ),
  });
}
