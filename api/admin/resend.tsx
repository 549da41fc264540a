/** [リマインダーメールを送信する] (R22, R29). */
import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Deps } from '../../usecases/context.js';
import type { Refusal } from '../../usecases/errors.js';
import { RefusedError } from '../../usecases/errors.js';
import { requestResend } from '../../usecases/request-resend.js';
import { isUuid, textOf } from './forms.js';
import { personOf, sendPerson } from './person.js';
import { personPlace } from './places.js';
import { commandOf } from './session.js';
import { refusalText } from './usage-tab.js';

/** Says which of the mails asked for is meant: a reload or a double click repeats nothing. */
export function takeResend(deps: Deps): RequestHandler {
  return async (req, res) => {
    const { id } = await personOf(deps, req, res);
    const key = textOf(req, 'key');
    const choice = {
      confirm: textOf(req, 'confirm') === 'yes',
      when: textOf(req, 'when') === 'now' ? ('now' as const) : ('morning' as const),
    };
    const idempotency = {
      key: `staff-resend:${key}`,
      requestHash: createHash('sha256')
        .update(JSON.stringify([id, choice]))
        .digest(),
    };
    try {
      await requestResend(deps, { ...commandOf(res), ...(isUuid(key) && { idempotency }) }, id, choice);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      await sendPerson(deps, req, res, {
        tab: 'usage',
        notice: { kind: 'bad', status: 409, text: trouble(error.refusal) },
      });
      return;
    }
    req.session.done = 'RESEND';
    res.redirect(303, personPlace(id, 'usage'));
  };
}

function trouble(refusal: Refusal): string {
  if (refusal.code === 'resend-needs-confirm') {
    return '24時間以内に1回送っています。もう1回送るときは、下の四角に印をつけてから押してください。';
  }
  return refusalText(refusal);
}
