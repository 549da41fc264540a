/** From one step of signing in to the next; each step's page is open only while it is its turn. */
import type { Request, RequestHandler, Response } from 'express';
import type { Deps } from '../../../usecases/context.js';
import { beginSecondFactor } from '../../../usecases/second-factor.js';
import type { Pending, PendingPerson, Step } from '../../../usecases/sign-in.js';
import { completeSignIn, readPending } from '../../../usecases/sign-in.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { PLACES } from '../shell/places.js';
import { beginSession, pendingOf } from '../shell/session.js';

const PAGE_OF: Record<Exclude<Step, 'IN'>, string> = {
  CODE: PLACES.signInCode,
  PASSWORD: PLACES.signInPassword,
  ENROL: PLACES.signInSecondFactor,
};

export interface AtStep {
  pending: Pending;
  person: PendingPerson;
  /** The page that was asked for in the beginning. */
  to: string;
}

/** `handle` is for somebody whose turn it is at `step`; everybody else is sent where they belong. */
export function atStep(
  deps: Deps,
  step: Exclude<Step, 'IN'>,
  handle: (req: Request, res: Response, at: AtStep) => Promise<void>,
): RequestHandler {
  return async (req, res) => {
    const held = pendingOf(req, arrivalOf(res).receivedAt);
    const person = held === null ? null : await readPending(deps, held);
    if (held === null || person === null) {
      res.redirect(303, PLACES.signIn);
      return;
    }
    const { since: _since, to, ...pending } = held;
    if (person.step === step) await handle(req, res, { pending, person, to });
    else if (person.step === 'IN') await enter(deps, req, res, pending, to);
    else res.redirect(303, PAGE_OF[person.step]);
  };
}

/** After a step that was right: the page of the next one, or in. */
export async function goOn(
  deps: Deps,
  req: Request,
  res: Response,
  { pending, to }: { pending: Pending; to: string },
): Promise<void> {
  const person = await readPending(deps, pending);
  if (person?.step === 'IN') {
    await enter(deps, req, res, pending, to);
    return;
  }
  req.session.pending = { ...pending, since: arrivalOf(res).receivedAt, to };
  // A secret that an earlier visitor may have seen is never the one that is set up.
  if (person?.step === 'ENROL') await beginSecondFactor(deps, pending);
  res.redirect(303, person === null ? PLACES.signIn : PAGE_OF[person.step]);
}

/** The sign-in is whole: a session of its own. */
async function enter(deps: Deps, req: Request, res: Response, pending: Pending, to: string): Promise<void> {
  await beginSession(req, await completeSignIn(deps, pending), arrivalOf(res).receivedAt);
  res.redirect(303, to);
}
