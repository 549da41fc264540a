/** 保留 (R36): automatic mail of one person rests to a day; the expiry runs on. */
import type { Request, Response } from 'express';
import { addDays, instantInJapan, isCivilDate } from '../../../domain/calendar.js';
import type { Deps } from '../../../usecases/context.js';
import type { FieldFault } from '../../../usecases/errors.js';
import { RefusedError, isRefused } from '../../../usecases/errors.js';
import type { HoldAct } from '../../../usecases/hold-account.js';
import { holdAccount, holdSeen, lastHoldAct, releaseHold } from '../../../usecases/hold-account.js';
import { checkReason } from '../../../usecases/reason.js';
import { readAllStaff } from '../../../usecases/staff.js';
import type { AccountView } from '../../../usecases/views.js';
import { expiryText, momentText } from '../shell/dates.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, Once, TextField } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { Facts } from '../shell/parts.js';
import { personDeed, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, once, page } from '../shell/route.js';
import { tell, commandOnce, staffOf } from '../shell/session.js';
import { actorWords } from '../shell/words.js';
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
      fields: { key: once, seen: line, until: line, reason: line },
      async handle({ fields: { key, seen, ...typed }, req, res }) {
        const person = await personOf(deps, req, res);
        const faults = [...checkDay(typed.until), ...checkReason('reason', typed.reason)];
        if (faults.length > 0) {
          send(req, res, person, { typed, seen, faults, status: 422 });
          return;
        }
        const until = instantInJapan(addDays(typed.until, 1));
        try {
          const command = commandOnce(res, 'hold', key, [person.id, seen, typed]);
          await holdAccount(deps, command, person.id, { until, reason: typed.reason }, { seen });
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error;
          const { refusal } = error;
          if (refusal.code === 'hold-changed') {
            await sendChanged(deps, req, res, typed);
            return;
          }
          if (refusal.code === 'validation') {
            send(req, res, person, { typed, seen, faults: refusal.fields, status: 422 });
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
      fields: { key: once, seen: line },
      async handle({ fields: { key, seen }, req, res }) {
        const { id } = await personOf(deps, req, res);
        try {
          await releaseHold(deps, commandOnce(res, 'hold-release', key, [id, seen]), id, { seen });
        } catch (error) {
          if (!isRefused(error, 'hold-changed')) throw error;
          await sendChanged(deps, req, res, { until: '', reason: '' });
          return;
        }
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

/** A colleague was first: their hold is shown, and what was typed is kept, so that one more press goes on. */
async function sendChanged(deps: Deps, req: Request, res: Response, typed: Typed): Promise<void> {
  const { fireHqId } = staffOf(res);
  const person = await personOf(deps, req, res);
  const [act, staff] = await Promise.all([
    lastHoldAct(deps, fireHqId, person.id),
    readAllStaff(deps, fireHqId),
  ]);
  const names = new Map(staff.map(({ id, displayName }) => [id, displayName]));
  const trouble = refusalWords({ code: 'hold-changed' }) ?? '';
  const last = act === null ? undefined : actText(act, names);
  send(req, res, person, { typed, trouble, ...(last === undefined ? {} : { last }), status: 409 });
}

function actText({ hold, at, actor }: HoldAct, names: ReadonlyMap<string, string>): string {
  const who = `${actorWords(actor, names)}　${momentText(at)}`;
  return hold === null ? `${who}に、保留を終えました` : `${who}に、保留にしました`;
}

function send(
  req: Request,
  res: Response,
  person: AccountView,
  shown: {
    typed: Typed;
    /** Of the hold that the clerk has seen; left out: the present one, which this page shows. */
    seen?: string;
    faults?: Faults;
    trouble?: string;
    /** Who changed the hold last, and when. */
    last?: string;
    status?: number;
  },
): void {
  const { hold } = person;
  const { typed, seen = holdSeen(hold), faults = [], trouble, last, status = 200 } = shown;
  sendPage(req, res, {
    status,
    title: `${person.name}さんの自動送信を保留にする`,
    body: (
      <>
        <FaultList faults={faults} />
        {trouble !== undefined && (
          <Notice kind="bad">
            <p>{trouble}</p>
            {last !== undefined && <p>{last}。</p>}
            {hold === null && <p>今の保留：なし</p>}
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
            <input type="hidden" name="seen" value={seen} />
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
          <input type="hidden" name="seen" value={seen} />
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
