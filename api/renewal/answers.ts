/** POST: what a person tells us. The use cases decide; here only the way to the next page. */
import { createHash } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Command, Deps } from '../../usecases/context.js';
import { confirmByLink } from '../../usecases/confirm-address.js';
import type { RefusedError } from '../../usecases/errors.js';
import { isRefused } from '../../usecases/errors.js';
import { openLink, sourceOf } from '../../usecases/open-link.js';
import { renewByLink } from '../../usecases/renew-account.js';
import { requestCurrentLink } from '../../usecases/request-current-link.js';
import {
  announceChange,
  submitChangeRequest,
  submitStopRequest,
  takeBackStopRequest,
} from '../../usecases/resident-request.js';
import { arrivalOf } from '../middleware/arrival.js';
import { answerPage } from './answer-page.js';
import { CHANGE_FIELDS, MOST_IN_MESSAGE, changesPage } from './change-pages.js';
import type { ChangeForm } from './change-pages.js';
import { readChangeForm, readChoice, readPressed } from './forms.js';
import { sendPage } from './layout.js';
import { commandOf, linkOf, seeOther, viewOf, visitOf } from './link.js';
import type { FormError } from './parts.js';
import { stopPage } from './stop-pages.js';
import { enoughTodayPage } from './trouble-pages.js';

/** When the day's number of requests is used up: the day slides, so an hour may already bring room. */
const ENOUGH_FOR_NOW_SECONDS = '3600';

/** ①②③. Without a choice nothing happens but the question again (R26); ③ is asked once more before it is told. */
export function answerQuestion(deps: Deps): RequestHandler {
  return async (req, res) => {
    const choice = readChoice(req);
    if (choice === null) {
      await askAgain(deps, res);
    } else if (choice === 'stop') {
      seeOther(res, '/stop');
    } else {
      const { outcome } = await renewByLink(deps, commandOf(res), linkOf(res));
      const done = outcome === 'RENEWED' || outcome === 'ALREADY_RENEWED';
      if (done && choice === 'changed') await tellThatSomethingChanged(deps, res);
      // Also when ③ stands (STOP_ASKED): it is taken back first, with 「やっぱり使います」.
      else seeOther(res, outcome === 'RENEWED' ? '/renewed' : '');
    }
  };
}

async function askAgain(deps: Deps, res: Response): Promise<void> {
  const view = await openLink(deps, linkOf(res));
  if (view.state === 'OPEN' && !view.stopRequested) {
    const now = arrivalOf(res).receivedAt;
    sendPage(res, visitOf(res), answerPage(view, { now, chosenNone: true, kept: false, received: false }));
  } else {
    seeOther(res, '');
  }
}

/** R28: staff know from here on; what changed is asked next. */
async function tellThatSomethingChanged(deps: Deps, res: Response): Promise<void> {
  try {
    await announceChange(deps, commandOf(res), linkOf(res));
    seeOther(res, '/changes');
  } catch (error) {
    if (isRefused(error, 'validation')) sendEnoughToday(res);
    else whenDead(res, error);
  }
}

/** What changed, for staff. The same form twice (a double click) is one request. */
export function tellChanges(deps: Deps): RequestHandler {
  return async (req, res) => {
    const form = readChangeForm(req);
    try {
      const { newAddress } = await submitChangeRequest(
        deps,
        { ...commandOf(res), ...onceOnly(res, form) },
        linkOf(res),
        {
          items: form.items,
          newMailAddress: form.newMailAddress === '' ? undefined : form.newMailAddress,
          reachBy: form.reachBy ?? undefined,
          message: form.message,
        },
      );
      seeOther(res, '/changes/sent', newAddress?.state === 'PENDING' ? { check: '1' } : {});
    } catch (error) {
      if (isRefused(error, 'validation')) {
        const tooMany = error.refusal.fields.some((fault) => fault.code === 'too-many');
        if (tooMany) sendEnoughToday(res);
        else sendPage(res, visitOf(res), changesPage(viewOf(res), form, errorsOf(error)));
      } else {
        whenDead(res, error);
      }
    }
  };
}

/** [やめたい], and 「やっぱり使います」 or [やめない]; a form sent without pressing either does nothing. */
export function decideStop(deps: Deps): RequestHandler {
  return async (req, res) => {
    const pressed = readPressed(req, ['stop', 'keep']);
    try {
      if (pressed === 'stop') {
        await submitStopRequest(deps, commandOf(res), linkOf(res));
        seeOther(res, '');
      } else if (pressed === 'keep') {
        await takeBackStopRequest(deps, commandOf(res), linkOf(res));
        seeOther(res, '', { kept: '1' });
      } else if (viewOf(res).stopRequested) {
        seeOther(res, '');
      } else {
        sendPage(res, visitOf(res), stopPage(viewOf(res), { chosenNone: true }));
      }
    } catch (error) {
      whenDead(res, error);
    }
  };
}

/**
 * R18, R19: the button of a check mail's page. Where the window is open the three answers come next; else there is nothing
 * to do.
 */
export function confirmReceived(deps: Deps): RequestHandler {
  return async (req, res) => {
    if (readPressed(req, ['received']) === null) {
      seeOther(res, '');
      return;
    }
    const outcome = await confirmByLink(deps, commandOf(res), linkOf(res));
    const view = outcome === 'CONFIRMED' ? await openLink(deps, linkOf(res)) : null;
    if (view?.state === 'OPEN') seeOther(res, '', { received: '1' });
    else seeOther(res, view === null ? '' : '/received');
  };
}

/** R27: the current link, to the registered address; the same answer whether one goes out or not. */
export function askForNewMail(deps: Deps): RequestHandler {
  return async (req, res) => {
    const view = viewOf(res);
    if (view.state !== 'OLD' || readPressed(req, ['send']) === null) {
      seeOther(res, '');
      return;
    }
    await requestCurrentLink(deps, commandOf(res), linkOf(res));
    seeOther(res, '/new-mail/sent');
  };
}

function sendEnoughToday(res: Response): void {
  res.set('Retry-After', ENOUGH_FOR_NOW_SECONDS);
  sendPage(res, visitOf(res), enoughTodayPage);
}

/** The link died since it was opened (R19): its page says how it stands now. */
function whenDead(res: Response, error: unknown): void {
  if (!isRefused(error, 'not-found')) throw error;
  seeOther(res, '');
}

/** The form's own number and all that was filled in: the same again is a second click, anything else a second request. */
function onceOnly(res: Response, form: ChangeForm): Pick<Command, 'idempotency'> {
  if (form.formId === '') return {};
  const requestHash = createHash('sha256').update(JSON.stringify(form), 'utf8').digest();
  return {
    idempotency: {
      key: `page:${sourceOf(linkOf(res))}:${requestHash.toString('hex')}`,
      requestHash,
    },
  };
}

function errorsOf(error: RefusedError & { refusal: { fields: { field: string }[] } }): FormError[] {
  const fields = new Set(error.refusal.fields.map(({ field }) => field));
  const errors: FormError[] = [];
  if (fields.has('items')) {
    errors.push({ field: CHANGE_FIELDS.items, text: '変わったものを、1つ以上選んでください。' });
  }
  if (fields.has('newMailAddress')) {
    errors.push({
      field: CHANGE_FIELDS.newMailAddress,
      text: 'メールアドレスの書き方を、もう一度確かめてください。',
    });
  }
  if (fields.has('message')) {
    errors.push({ field: CHANGE_FIELDS.message, text: `文は、${MOST_IN_MESSAGE}文字までにしてください。` });
  }
  return errors;
}
