/** 運用担当に見せる: open for some hours, see who looked at what, close at once. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { readAllStaff } from '../../../usecases/staff.js';
import type { VendorAccessRow } from '../../../usecases/vendor-access.js';
import {
  VENDOR_ACCESS_HOURS_AT_MOST,
  closeVendorAccess,
  openVendorAccess,
  readVendorAccess,
} from '../../../usecases/vendor-access.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { momentText } from '../shell/dates.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, Once, Select, TextArea } from '../shell/fields.js';
import { Form, sendPage } from '../shell/layout.js';
import { partOf } from '../shell/nav.js';
import { NotHereError } from '../shell/not-here.js';
import { Table } from '../shell/parts.js';
import { PLACES, below, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, lines, once, page, uuid } from '../shell/route.js';
import { commandOf, commandOnce, staffOf, tell } from '../shell/session.js';
import { actorWords } from '../shell/words.js';

interface Opening {
  hours: string;
  reason: string;
}

const NOTHING_TYPED: Opening = { hours: '2', reason: '' };
const HOURS = Array.from({ length: VENDOR_ACCESS_HOURS_AT_MOST }, (_, i) => String(i + 1));

export function vendorAccessRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.vendorAccess),
      who: 'vendor-access.manage',
      handle: ({ req, res }) => show(deps, req, res, NOTHING_TYPED, []),
    }),
    form({
      path: below(PLACES.vendorAccess),
      who: 'vendor-access.manage',
      fields: { key: once, hours: line, reason: lines },
      handle: ({ fields: { key, ...typed }, req, res }) => open(deps, typed, key, req, res),
    }),
    form({
      path: `${below(PLACES.vendorAccess)}/:accessId/close`,
      who: 'vendor-access.manage',
      fields: {},
      async handle({ req, res }) {
        const accessId = uuid.safeParse(req.params['accessId']);
        if (!accessId.success) throw new NotHereError();
        await closeVendorAccess(deps, commandOf(res), accessId.data);
        tell(req, '運用担当は、もう見られません。');
        res.redirect(303, PLACES.vendorAccess);
      },
    }),
  ];
}

async function open(deps: Deps, typed: Opening, key: string, req: Request, res: Response): Promise<void> {
  try {
    const hours = z.coerce.number().safeParse(typed.hours).data ?? 0;
    await openVendorAccess(deps, commandOnce(res, 'vendor-access', key, typed), {
      hours,
      reason: typed.reason,
    });
  } catch (error) {
    if (!isRefused(error, 'validation')) throw error;
    await show(deps, req, res, typed, error.refusal.fields);
    return;
  }
  tell(req, '運用担当が見られるようにしました。');
  res.redirect(303, PLACES.vendorAccess);
}

async function show(deps: Deps, req: Request, res: Response, typed: Opening, faults: Faults): Promise<void> {
  const { fireHqId } = staffOf(res);
  const now = arrivalOf(res).receivedAt;
  const { openings, views, names: vendors } = await readVendorAccess(deps, fireHqId);
  const staff = new Map((await readAllStaff(deps, fireHqId)).map(({ id, displayName }) => [id, displayName]));
  const present = openings.find(({ closedAt, until }) => closedAt === null && until > now);
  sendPage(req, res, {
    status: faults.length === 0 ? 200 : 422,
    title: '運用担当に見せる',
    body: (
      <>
        <FaultList faults={faults} />
        <p>
          困ったことをシステムの運用担当に調べてもらうとき、この消防本部のページを、決めた時間だけ見せられます。運用担当は、「閲覧」の職員と同じページを見るだけで、何も変えられません。見たページは、1つずつ操作履歴に残ります。時間が来ると、ひとりでに閉じます。
        </p>
        {present === undefined ? (
          <Open typed={typed} faults={faults} />
        ) : (
          <Present access={present} by={actorWords(present.openedBy, staff)} />
        )}
        <h2>見たページ</h2>
        {views.length === 0 ? (
          <p>運用担当が見たページは、まだありません。</p>
        ) : (
          <Table
            caption={`運用担当が見たページ（新しい順に${views.length}件。もっと前は操作履歴で）`}
            head={['日時', 'だれが', 'ページ', '利用者']}
            rows={views.map(({ at, actor, page: pattern, accountId }) => [
              momentText(at),
              vendors.get(actor.slice('vendor:'.length)) ?? '運用担当',
              partOf(pattern) ?? 'そのほか',
              accountId === null ? 'なし' : <a href={personPlace(accountId)}>この人のページ</a>,
            ])}
          />
        )}
        <h2>これまでに見せたとき</h2>
        {openings.length === 0 ? (
          <p>ありません。</p>
        ) : (
          <Table
            caption={`これまでに見せたとき（新しい順に${openings.length}回まで）`}
            head={['開いた日時', '終わり', 'だれが開いたか', '理由']}
            rows={openings.map(({ openedAt, openedBy, until, closedAt, reason }) => [
              momentText(openedAt),
              momentText(closedAt ?? until),
              actorWords(openedBy, staff),
              reason,
            ])}
          />
        )}
      </>
    ),
  });
}

function Present({ access, by }: { access: VendorAccessRow; by: string }): VNode {
  return (
    <>
      <h2>今、見せています</h2>
      <p>
        {momentText(access.until)}まで（開いた人：{by}。理由：{access.reason}）
      </p>
      <Form to={`${PLACES.vendorAccess}/${access.id}/close`}>
        <button type="submit">今すぐ閉じる</button>
      </Form>
    </>
  );
}

function Open({ typed, faults }: { typed: Opening; faults: Faults }): VNode {
  return (
    <>
      <h2>見せる</h2>
      <Form to={PLACES.vendorAccess}>
        <Once />
        <Select
          name="hours"
          label="何時間"
          value={typed.hours}
          options={HOURS.map((hours) => [hours, `${hours}時間`] as const)}
          faults={faults}
        />
        <TextArea name="reason" label="理由" value={typed.reason} faults={faults} required maxlength={500} />
        <button type="submit">運用担当に見せる</button>
      </Form>
    </>
  );
}
