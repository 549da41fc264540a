/** What is shown when something is not there, not allowed, or not working; never an English message. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import type { Logger } from '../../../platform/log.js';
import { isUnavailable } from '../../../store/database.js';
import { isRefused } from '../../../usecases/errors.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { FormRefusedError } from '../../middleware/refused-form.js';
import { sendPage, sendPublicPage } from './layout.js';
import { NotHereError } from './not-here.js';
import { PLACES } from './places.js';
import { NotAllowedError } from './session.js';
import { NotOpenError } from './vendor-session.js';

const RETRY_AFTER_SECONDS = '30';

interface Trouble {
  status: number;
  title: string;
  text: string;
}

const NOT_HERE: Trouble = {
  status: 404,
  title: '見つかりません',
  text: 'このページはありません。メニューから、もう一度さがしてください。',
};
const NOT_ALLOWED: Trouble = {
  status: 403,
  title: 'この操作はできません',
  text: 'あなたの役割では、この操作はできません。管理者に相談してください。',
};
/** To 運用担当 alone. */
const NOT_OPEN: Trouble = {
  status: 403,
  title: 'この消防本部のページは見られません',
  text: '見られる時間が終わったか、消防本部の管理者が閉じました。見るには、管理者に開いてもらってください。',
};
const NOT_READ: Omit<Trouble, 'status'> = {
  title: '受け取れませんでした',
  text: '何も変わっていません。ページを開きなおして、もう一度してください。',
};
const TOO_LONG: Trouble = {
  status: 413,
  title: '長すぎます',
  text: '何も変わっていません。短くして、もう一度してください。',
};
const AWAY: Trouble = {
  status: 503,
  title: '今は使えません',
  text: '何も失われていません。しばらくしてから、もう一度してください。緊急通報は、別のしくみなので、今もできます。',
};
/** R17: whoever asks whether 呼び返し works must not wait for us. */
const LOOK_AWAY: Trouble = {
  status: 503,
  title: '今は確認できません',
  text: 'メールの状態を確認できません。呼び返しは試せます。',
};
const BROKEN: Trouble = {
  status: 500,
  title: 'うまくいきませんでした',
  text: 'システムの運用担当に、下の番号を伝えてください。緊急通報は、別のしくみなので、今もできます。',
};

const NOT_SO: Trouble = {
  status: 405,
  title: 'この開き方はできません',
  text: '何も変わっていません。メニューから、もう一度開いてください。',
};

export const showNotHere: RequestHandler = (req, res) => show(req, res, NOT_HERE);

export const refuseMethod: RequestHandler = (req, res) => show(req, res, NOT_SO);

export function answerTrouble(log: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const known = troubleOf(error);
    const trouble = known.status >= 500 && isLook(req) ? { ...LOOK_AWAY, status: known.status } : known;
    const { requestId } = arrivalOf(res);
    const line = { requestId, method: req.method, route: '/admin/*', err: error };
    if (trouble.status === 500) log.error({ event: 'request-failed', ...line });
    if (trouble.status === 503) {
      log.warn({ event: 'database-unavailable', ...line });
      res.set('Retry-After', RETRY_AFTER_SECONDS);
    }
    show(req, res, trouble);
  };
}

function isLook(req: Request): boolean {
  return req.originalUrl.split('?')[0] === PLACES.look;
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof NotHereError || isRefused(error, 'validation') || isRefused(error, 'not-found'))
    return NOT_HERE;
  if (error instanceof NotAllowedError || isRefused(error, 'staff-refused')) return NOT_ALLOWED;
  if (error instanceof NotOpenError) return NOT_OPEN;
  if (error instanceof FormRefusedError) return { status: error.status, ...NOT_READ };
  if (isUnavailable(error)) return AWAY;
  // body-parser, the router and the form token throw http-errors.
  const { status } = (error ?? {}) as { status?: unknown };
  if (status === 413) return TOO_LONG;
  if (typeof status === 'number' && status >= 400 && status < 500) return { status, ...NOT_READ };
  return BROKEN;
}

/** With the menu, where it is known who is asking. */
function show(req: Request, res: Response, { status, title, text }: Trouble): void {
  const send = res.locals['staff'] === undefined ? sendPublicPage : sendPage.bind(null, req);
  send(res, {
    status,
    title,
    body: (
      <>
        <p>{text}</p>
        {status === 500 && <p>番号：{arrivalOf(res).requestId}</p>}
        <p>
          {req.session.vendor === undefined ? (
            <a href={PLACES.people}>利用者管理へ</a>
          ) : (
            <a href={PLACES.vendor}>運用担当のページへ</a>
          )}
        </p>
      </>
    ),
  });
}
