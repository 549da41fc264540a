/** 保留 (R36): automatic mail of one person rests to a day; the expiry runs on. */
import type { Request, Response } from 'express';
import { addDays, instantInJapan, isCivilDate } from '../../../domain/calendar.js';
import type { Deps } from '../../../usecases/context.js';
import type { FieldFault } from '../../../usecases/errors.js';
import { RefusedError } from '../../../usecases/errors.js';
import { holdAccount, releaseHold } from '../../../usecases/hold-account.js';
import { checkReason } from '../../../usecases/reason.js';
import type { AccountView } from '../../../usecases/views.js';
import { expiryText, momentText } from '../shell/dates.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, Once, TextField } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { Facts } from '../shell/parts.js';
import { personDeed, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, once, page } from '../shell/route.js';
import { tell, commandOnce } from '../shell/session.js';
import { personOf } from './person.js';
import { refusalWords } from './words.js';

interface Typed {
  until: string;
  reason: string;
}

export function holdRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: '/people/:accountId/hold',
      who: 'holds.write',
      async handle({ req, res }) {
        send(req, res, await personOf(deps, req, res), { typed: { until: '', reason: '' } });
      },
    }),
    form({
      path: '/people/:accountId/hold',
      who: 'holds.write',
      fields: { key: once, until: line, reason: line },
      async handle({ fields: { key, ...typed }, req, res }) {
        const person = await personOf(deps, req, res);
        const faults = [...checkDay(typed.until), ...checkReason('reason', typed.reason)];
        if (faults.length > 0) {
          send(req, res, person, { typed, faults, status: 422 });
          return;
        }
        const until = instantInJapan(addDays(typed.until, 1));
        try {
          const command = commandOnce(res, 'hold', key, [person.id, typed]);
          await holdAccount(deps, command, person.id, { until, reason: typed.reason });
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error;
          const { refusal } = error;
          if (refusal.code === 'validation') {
            send(req, res, person, { typed, faults: refusal.fields, status: 422 });
            return;
          }
          const trouble = refusalWords(refusal);
          if (trouble === null) throw error;
          send(req, res, person, { typed, trouble, status: 409 });
          return;
        }
        tell(req, `保留にしました。${momentText(until)}まで、自動のメールを送りません。`);
        res.redirect(303, personPlace(person.id, 'usage'));
      },
    }),
    form({
      path: '/people/:accountId/hold-release',
      who: 'holds.write',
      fields: { key: once },
      async handle({ fields: { key }, req, res }) {
        const { id } = await personOf(deps, req, res);
        await releaseHold(deps, commandOnce(res, 'hold-release', key, id), id);
        tell(req, '保留を終えました。');
        res.redirect(303, personPlace(id, 'usage'));
      },
    }),
  ];
}

function checkDay(until: string): FieldFault[] {
  if (isCivilDate(until)) return [];
  return [{ field: 'until', code: until === '' ? 'required' : 'malformed', message: 'not a day' }];
}

function send(
  req: Request,
  res: Response,
  person: AccountView,
  shown: { typed: Typed; faults?: Faults; trouble?: string; status?: number },
): void {
  const { typed, faults = [], trouble, status = 200 } = shown;
  const { hold } = person;
  sendPage(req, res, {
    status,
    title: `${person.name}さんの自動送信を保留にする`,
    body: (
      <>
        <FaultList faults={faults} />
        {trouble !== undefined && (
          <Notice kind="bad">
            <p>{trouble}</p>
          </Notice>
        )}
        {hold !== null && (
          <Form to={personDeed(person.id, 'hold-release')}>
            <Facts
              rows={[
                ['今の保留', `${momentText(hold.until)}まで`],
                ['理由', hold.reason],
              ]}
            />
            <Once />
            <button type="submit">保留を終える</button>
            <p class="hint">止めているあいだに送る日が過ぎたメールは、いちばん新しいものだけを送ります。</p>
          </Form>
        )}
        <h2>{hold === null ? '保留にする' : '保留を変える'}</h2>
        <ul>
          <li>その日の終わりまで、自動のメールを送りません。手動のメールは送れます。</li>
          <li>有効期限日時（{expiryText(person)}）は変わりません。更新がなければ、失効中になります。</li>
        </ul>
        <Form to={personDeed(person.id, 'hold')}>
          <Once />
          <TextField
            name="until"
            label="いつまで（この日の終わりまで）"
            type="date"
            value={typed.until}
            faults={faults}
            required
          />
          <TextField name="reason" label="理由（例：入院中）" value={typed.reason} faults={faults} required />
          <div class="actions">
            <button type="submit">保留にする</button>
            <a href={personPlace(person.id, 'usage')}>やめる（何も変えません）</a>
          </div>
        </Form>
      </>
    ),
  });
}
