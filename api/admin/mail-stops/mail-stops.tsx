/** 自動送信の停止 (R36), and the pauses of the system (R24). */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { addDays, instantInJapan, isCivilDate } from '../../../domain/calendar.js';
import { mayDo } from '../../../domain/roles.js';
import type { Deps } from '../../../usecases/context.js';
import { RefusedError } from '../../../usecases/errors.js';
import type { MailStopView } from '../../../usecases/mail-stop.js';
import {
  countPeopleOfStop,
  createMailStop,
  endMailStop,
  listMailStops,
} from '../../../usecases/mail-stop.js';
import { readAllStaff } from '../../../usecases/staff.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { momentText } from '../shell/dates.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, Once, TextArea, TextField } from '../shell/fields.js';
import { Form, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { Table } from '../shell/parts.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, lines, once, page } from '../shell/route.js';
import { commandOf, commandOnce, staffOf, tell } from '../shell/session.js';
import { actorWords } from '../shell/words.js';

interface NewStop {
  mailDomain: string;
  /** The last day of the stop. */
  until: string;
  reason: string;
}

const STOP_FIELDS = { mailDomain: line, until: line, reason: lines };
const PREVIEW = `${PLACES.mailStops}/preview`;

export function mailStopRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.mailStops),
      who: 'mail-stops.read',
      handle: ({ req, res }) => show(deps, req, res),
    }),
    form({
      path: below(PREVIEW),
      who: 'mail-stops.write',
      fields: STOP_FIELDS,
      handle: ({ fields, req, res }) => preview(deps, fields, req, res),
    }),
    form({
      path: below(PLACES.mailStops),
      who: 'mail-stops.write',
      fields: { ...STOP_FIELDS, key: once },
      handle: ({ fields: { key, ...stop }, req, res }) => create(deps, stop, key, req, res),
    }),
    form({
      path: `${below(PLACES.mailStops)}/:stopId/end`,
      who: 'mail-stops.write',
      fields: {},
      handle: ({ req, res }) => end(deps, req, res),
    }),
  ];
}

async function show(
  deps: Deps,
  req: Request,
  res: Response,
  { draft, faults = [], status = 200 }: { draft?: NewStop; faults?: Faults; status?: number } = {},
): Promise<void> {
  const { fireHqId, role } = staffOf(res);
  const now = arrivalOf(res).receivedAt;
  const [stops, staff] = await Promise.all([listMailStops(deps, fireHqId), readAllStaff(deps, fireHqId)]);
  const names = new Map(staff.map(({ id, displayName }) => [id, displayName]));
  const inForce = stops.filter((stop) => isInForce(stop, now));
  const over = stops.filter((stop) => !isInForce(stop, now));
  const mayWrite = mayDo(role, 'mail-stops.write');
  sendPage(req, res, {
    status,
    title: '自動送信の停止',
    body: (
      <>
        <FaultList faults={faults} />
        <p>
          止めているあいだは、お願いのメールを自動では送りません。更新の手続き、更新できたお知らせ、職員が押す［リマインダーメールを送信する］は、止まりません。有効期限日時も変わりません。緊急通報は、いつもできます。
        </p>
        <h2>今、止めているもの</h2>
        {inForce.length === 0 ? (
          <p>今、止めているものはありません。</p>
        ) : (
          <Table
            caption="今、止めているもの"
            head={['どのメール', 'いつまで', '理由', 'だれが、いつ', '終える']}
            rows={inForce.map((stop) => [
              whichWords(stop),
              stop.until === null ? '終えるまで' : `${momentText(stop.until)}まで`,
              reasonOf(stop),
              `${actorWords(stop.createdBy, names)}　${momentText(stop.createdAt)}`,
              mayWrite && mayEnd(stop) ? <End stop={stop} /> : whoEnds(stop),
            ])}
          />
        )}
        {mayWrite && <New draft={draft} faults={faults} />}
        <h2>これまでに止めたもの</h2>
        {over.length === 0 ? (
          <p>ありません。</p>
        ) : (
          <Table
            caption="これまでに止めたもの（新しい順）"
            head={['どのメール', '始まり', '終わり', '理由']}
            rows={over.map((stop) => [
              whichWords(stop),
              momentText(stop.createdAt),
              momentText(stop.endedAt ?? stop.until ?? stop.createdAt),
              reasonOf(stop),
            ])}
          />
        )}
      </>
    ),
  });
}

function New({ draft, faults }: { draft: NewStop | undefined; faults: Faults }): VNode {
  return (
    <>
      <h2>新しく止める</h2>
      <Form to={PREVIEW}>
        <TextField
          name="mailDomain"
          label="メールの会社（「@」より後ろ）"
          hint="例：docomo.ne.jp。何も入れないと、この消防本部の全員です。"
          value={draft?.mailDomain ?? ''}
          faults={faults}
        />
        <TextField
          name="until"
          type="date"
          label="いつまで（その日の終わりまで）"
          hint="何も入れないと、終えるまで止めます。"
          value={draft?.until ?? ''}
          faults={faults}
        />
        <TextArea name="reason" label="理由" value={draft?.reason ?? ''} faults={faults} required />
        <button type="submit">止まる人数を確かめる</button>
      </Form>
    </>
  );
}

async function preview(deps: Deps, stop: NewStop, req: Request, res: Response): Promise<void> {
  const faults = faultsOf(stop);
  if (faults.length > 0) {
    await show(deps, req, res, { draft: stop, faults, status: 422 });
    return;
  }
  const { mailDomain, until } = meant(stop);
  const people = await countPeopleOfStop(deps, staffOf(res).fireHqId, mailDomain ?? null);
  sendPage(req, res, {
    title: '自動送信を止める前に',
    body: (
      <>
        <p>
          {mailDomain === undefined ? 'この消防本部の全員' : `「${mailDomain}」のアドレスの人`}（{people}
          人）への自動送信を、{until === undefined ? '終えるまで' : `${momentText(until)}まで`}止めます。
        </p>
        <p>
          終わったあと、そのあいだに予定の日が来た人には、いちばん新しい1通だけを送ります。長く止めると、お願いのメールが届かないまま期限がすぎる人が出ます。
        </p>
        <Form to={PLACES.mailStops}>
          <Once />
          <input type="hidden" name="mailDomain" value={stop.mailDomain} />
          <input type="hidden" name="until" value={stop.until} />
          <input type="hidden" name="reason" value={stop.reason} />
          <p class="actions">
            <button type="submit">自動送信を止める</button>
            <a href={PLACES.mailStops}>やめる</a>
          </p>
        </Form>
      </>
    ),
  });
}

async function create(deps: Deps, stop: NewStop, key: string, req: Request, res: Response): Promise<void> {
  const faults = faultsOf(stop);
  try {
    if (faults.length > 0) throw new RefusedError({ code: 'validation', fields: [...faults] });
    await createMailStop(deps, commandOnce(res, 'mail-stop', key, stop), meant(stop));
  } catch (error) {
    if (!(error instanceof RefusedError) || error.refusal.code !== 'validation') throw error;
    await show(deps, req, res, { draft: stop, faults: error.refusal.fields, status: 422 });
    return;
  }
  tell(req, '自動送信を止めました。1分のうちに効きます。');
  res.redirect(303, PLACES.mailStops);
}

async function end(deps: Deps, req: Request, res: Response): Promise<void> {
  const stopId = String(req.params['stopId']);
  const stop = (await listMailStops(deps, staffOf(res).fireHqId)).find(({ id }) => id === stopId);
  if (stop === undefined || !mayEnd(stop)) throw new NotHereError();
  await endMailStop(deps, commandOf(res), stop.id);
  tell(req, '停止を終えました。止めているあいだに予定の日が来た人には、いちばん新しい1通を送ります。');
  res.redirect(303, PLACES.mailStops);
}

function End({ stop }: { stop: MailStopView }): VNode {
  return (
    <Form to={`${PLACES.mailStops}/${stop.id}/end`}>
      <button class="quiet" type="submit">
        終える
      </button>
    </Form>
  );
}

function faultsOf({ reason, until }: NewStop): Faults {
  return [
    ...(reason === '' ? [{ field: 'reason', code: 'required', message: 'reason must be given.' }] : []),
    ...(until !== '' && !isCivilDate(until)
      ? [{ field: 'until', code: 'malformed', message: 'until must be a day.' }]
      : []),
  ];
}

function meant({ mailDomain, until, reason }: NewStop): {
  mailDomain: string | undefined;
  until: number | undefined;
  reason: string;
} {
  const domain = mailDomain.normalize('NFKC').replace(/^@/, '').trim();
  return {
    mailDomain: domain === '' ? undefined : domain,
    until: until === '' ? undefined : instantInJapan(addDays(until, 1)),
    reason: reason.slice(0, 500),
  };
}

function isInForce({ endedAt, until }: MailStopView, now: number): boolean {
  return endedAt === null && (until === null || until > now);
}

/** One of all headquarters is the operator's, but for a pause, which each may end for itself (R24). */
function mayEnd({ scope, cause }: MailStopView): boolean {
  return scope !== 'ALL' || cause === 'MASS_FAILURE';
}

function whoEnds(stop: MailStopView): string {
  return mayEnd(stop) ? '管理者が終えられます' : 'システムの運用担当が終えます';
}

function whichWords({ scope, cause, mailDomain }: MailStopView): string {
  const kind = cause === 'MASS_FAILURE' ? 'すべてのメール' : '自動送信';
  if (mailDomain !== null) return `「${mailDomain}」あての${kind}`;
  return scope === 'ALL' ? `全部の消防本部の${kind}` : `この消防本部の${kind}`;
}

function reasonOf({ cause, reason }: MailStopView): string {
  return cause === 'MASS_FAILURE' ? 'たくさんのメールが届かなかったため、システムが止めました' : reason;
}
