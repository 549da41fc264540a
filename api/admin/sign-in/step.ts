/** From one step of signing in to the next; each step's page is open only while it is its turn. */
import type { Request, RequestHandler, Response } from 'express';
import type { Step } from '../../../usecases/sign-in.js';
import { arrivalOf } from '../../middleware/arrival.js';
import type { Way } from './way.js';

export interface AtStep<P> {
  pending: P;
  person: { signInName: string; displayName: string; hqName: string };
  /** The page that was asked for in the beginning. */
  to: string;
}

/** `handle` is for somebody whose turn it is at `step`; everybody else is sent where they belong. */
export function atStep<P>(
  way: Way<P>,
  step: Exclude<Step, 'IN'>,
  handle: (req: Request, res: Response, at: AtStep<P>) => Promise<void>,
): RequestHandler {
  return async (req, res) => {
    const held = way.held(req, arrivalOf(res).receivedAt);
    const person = held === null ? null : await way.read(held.pending);
    if (held === null || person === null) {
      res.redirect(303, way.places.start);
      return;
    }
    if (person.step === step) await handle(req, res, { ...held, person });
    else if (person.step === 'IN') await enter(way, req, res, held);
    else res.redirect(303, way.places[person.step]);
  };
}

/** After a step that was right: the page of the next one, or in. */
export async function goOn<P>(
  way: Way<P>,
  req: Request,
  res: Response,
  held: { pending: P; to: string },
): Promise<void> {
  const { pending, to } = held;
  const person = await way.read(pending);
  if (person?.step === 'IN') {
    await enter(way, req, res, held);
    return;
  }
  await way.hold(req, pending, to, arrivalOf(res).receivedAt);
  // A secret that an earlier visitor may have seen is never the one that is set up.
  if (person?.step === 'ENROL') await way.beginSecondFactor(pending);
  res.redirect(303, person === null ? way.places.start : way.places[person.step]);
}

async function enter<P>(
  way: Way<P>,
  req: Request,
  res: Response,
  { pending, to }: { pending: P; to: string },
): Promise<void> {
  await way.enter(req, pending, arrivalOf(res).receivedAt);
  res.redirect(303, to);
}
