/** What staff answer to 本人からの連絡: each form has one effect, and tells a second clerk what the first one did. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import type { FieldFault } from '../../../usecases/errors.js';
import { RefusedError } from '../../../usecases/errors.js';
import { switchToPending, takeBackPending } from '../../../usecases/pending-address.js';
import { recordContact } from '../../../usecases/record-contact.js';
import type { RequestView } from '../../../usecases/resident-request.js';
import { closeRequest } from '../../../usecases/resident-request.js';
import { settleStopRequest } from '../../../usecases/settle-stop-request.js';
import { requestPlace } from '../person/requests-of-person.js';
import { NotHereError } from '../shell/not-here.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, form, line, lines, once, uuid } from '../shell/route.js';
import { commandOnce, tell } from '../shell/session.js';
import { REPLIES } from './answer-forms.js';
import { requestOf, sendRequest } from './one.js';

const ONE = `${below(PLACES.requests)}/:requestId`;
const WHO = 'requests.answer';
const version = z.coerce.number().int().min(1).max(1_000_000_000);

export function answerRoutes(deps: Deps): StaffRoute[] {
  return [
    form({
      path: `${ONE}/close`,
      who: WHO,
      fields: { key: once, version, state: choice(['DONE', 'DECLINED']), staffNote: lines },
      handle: ({ fields: { key, version: expectedVersion, ...typed }, req, res }) =>
        answer(deps, req, res, typed, async ({ id }) => {
          const { state, staffNote } = typed;
          const unexplained = state === 'DECLINED' && staffNote === '';
          need({ state, ...(unexplained ? { staffNote } : {}) });
          if (state === undefined) return '';
          const command = commandOnce(res, 'request-close', key, [id, expectedVersion, typed]);
          await closeRequest(deps, command, id, { state, staffNote, expectedVersion });
          return 'この連絡を終わりにしました。';
        }),
    }),
    form({
      path: `${ONE}/stop`,
      who: WHO,
      fields: { key: once, version, wish: choice(['WITHDRAW', 'KEEP']), checked: lines },
      handle: ({ fields: { key, version: expectedVersion, ...typed }, req, res }) =>
        answer(deps, req, res, typed, async ({ id }) => {
          const { wish, checked } = typed;
          need({ checked, wish });
          if (wish === undefined) return '';
          const command = commandOnce(res, 'request-stop', key, [id, expectedVersion, typed]);
          await settleStopRequest(deps, command, id, { expectedVersion, checked, wish });
          return wish === 'WITHDRAW'
            ? '廃止しました。メールはもう送りません。30日以内なら、利用者のページで取り消せます。'
            : '使い続けることにしました。自動のメールが、また始まります。';
        }),
    }),
    form({
      path: `${ONE}/address/switch`,
      who: WHO,
      fields: { key: once, addressId: uuid, reason: line },
      handle: ({ fields: { key, addressId, reason }, req, res }) =>
        answer(deps, req, res, { reason }, async ({ id, accountId }) => {
          need({ reason });
          const command = commandOnce(res, 'request-switch', key, [id, addressId, reason]);
          await switchToPending(deps, command, accountId, { addressId, reason });
          return '新しいメールアドレスに切り替えました。';
        }),
    }),
    form({
      path: `${ONE}/address/take-back`,
      who: WHO,
      fields: { key: once, addressId: uuid },
      handle: ({ fields: { key, addressId }, req, res }) =>
        answer(deps, req, res, {}, async ({ id, accountId }) => {
          const command = commandOnce(res, 'request-take-back', key, [id, addressId]);
          await takeBackPending(deps, command, accountId, addressId);
          return '新しいメールアドレスを取り消しました。今のアドレスのままです。';
        }),
    }),
    form({
      path: `${ONE}/replies`,
      who: WHO,
      fields: { key: once, kind: choice(REPLIES), note: lines },
      handle: ({ fields: { key, ...typed }, req, res }) =>
        answer(deps, req, res, typed, async ({ id, accountId }) => {
          const { kind, note } = typed;
          need({ kind });
          if (kind === undefined) return '';
          const command = commandOnce(res, 'request-reply', key, [id, typed]);
          await recordContact(deps, command, accountId, { kind, note: note || undefined });
          return '返事を記録しました。';
        }),
    }),
  ];
}

/** `work` returns what is told on the next page; what it is refused is told on the page of the request, as it stands now. */
async function answer(
  deps: Deps,
  req: Request,
  res: Response,
  typed: Readonly<Record<string, string | undefined>>,
  work: (request: RequestView) => Promise<string>,
): Promise<void> {
  const request = await requestOf(deps, req, res);
  try {
    tell(req, await work(request));
    res.redirect(303, requestPlace(request.id));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (error.refusal.code === 'not-found') throw new NotHereError();
    const kept = Object.entries(typed).map(([name, value]) => [name, value ?? '']);
    await sendRequest(deps, req, res, {
      refusal: error.refusal,
      typed: Object.fromEntries(kept) as Record<string, string>,
    });
  }
}

/** What must not be left out. */
function need(fields: Readonly<Record<string, string | undefined>>): void {
  const faults = Object.entries(fields).flatMap(([field, value]): FieldFault[] =>
    value === undefined || value === '' ? [{ field, code: 'required', message: `${field} is missing.` }] : [],
  );
  if (faults.length > 0) throw new RefusedError({ code: 'validation', fields: faults });
}
