/** Who is signed in, and the session it rests on. Asked anew at each request: a lock counts at once. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';
import session from 'express-session';
import { csrfSync } from 'csrf-sync';
import type { Role } from '../../../domain/roles.js';
import { mayDo } from '../../../domain/roles.js';
import { HOUR, MINUTE } from '../../../domain/calendar.js';
import type { Actor, Command } from '../../../usecases/context.js';
import type { Pending, SignedIn } from '../../../usecases/sign-in.js';
import { arrivalOf } from '../../middleware/arrival.js';
import type { Who } from './route.js';

declare module 'express-session' {
  interface SessionData {
    staff: SignedIn & { since: number };
    /** On the way in: opens nothing but the next step. `to`: the page that was asked for. */
    pending: Pending & { since: number; to: string };
    told: Told;
  }
}

/** Told once, on the next page. Kept in the session: never a name, an address or a word of anybody's. */
export interface Told {
  kind: 'good' | 'bad';
  text: string;
}

export interface SignedInStaff {
  fireHqId: string;
  staffId: string;
  /** 運用担当 to whom a manager opened the pages: reads as VIEWER, writes nothing. */
  isVendor: boolean;
  actor: Actor;
  name: string;
  role: Role;
  hqName: string;
  /** Sentences that stand on every page while they are true. */
  banners: readonly string[];
}

/** Without a request for so long: signed out. */
const IDLE = HOUR;
/** A shift, and a little: then the password is asked for again. */
export const SESSION_AT_MOST = 12 * HOUR;

/** `secure`: the site is reached by https only, so the cookie may carry the strict prefix. */
export function sessions(store: session.Store, secrets: string[], secure: boolean): RequestHandler[] {
  const held = session({
    store,
    secret: secrets,
    name: secure ? '__Host-net119-staff' : 'net119-staff',
    resave: false,
    // Nobody gets a row by looking at the sign-in page.
    saveUninitialized: false,
    rolling: true,
    cookie: { path: '/', httpOnly: true, sameSite: 'lax', secure, maxAge: IDLE },
  });
  return [held, keepBeforeRedirect];
}

/**
 * A browser follows a redirect before the end of its answer: what the next page is told, and that somebody is on the way in,
 * must be kept before. Nobody gets a row by being sent to the sign-in page.
 */
export const keepBeforeRedirect: RequestHandler = (req, res, next) => {
  const redirect = res.redirect.bind(res) as (status: number, to: string) => void;
  res.redirect = ((status: number, to: string) => {
    // After a sign-out there is none.
    const { session: present } = req as { session?: typeof req.session };
    const says = present !== undefined && Object.keys(present).some((name) => name !== 'cookie');
    if (!says) redirect(status, to);
    else present.save((error: unknown) => (error ? next(error) : redirect(status, to)));
  }) as typeof res.redirect;
  next();
};

const { generateToken, csrfSynchronisedProtection } = csrfSync({
  getTokenFromRequest: (req) => {
    const token = (req.body as Record<string, unknown> | undefined)?.['csrf'];
    return typeof token === 'string' ? token : undefined;
  },
});

/** A session on the way in is good for so long. */
export const PENDING_AT_MOST = 15 * MINUTE;

/** Against forms of other pages, after the form was read. */
export const checkFormToken: RequestHandler = csrfSynchronisedProtection;

export function formTokenOf(req: Request): string {
  return generateToken(req);
}

/** What a role may not do is refused, and its button is not there either. */
export class NotAllowedError extends Error {
  constructor() {
    super('the role does not allow it');
    this.name = 'NotAllowedError';
  }
}

export function allow(who: Who): RequestHandler {
  return (_req, res, next) => {
    const { isVendor, role } = staffOf(res);
    const allowed = who === 'SIGNED_IN' ? !isVendor : who !== 'VENDOR' && mayDo(role, who);
    if (!allowed) throw new NotAllowedError();
    next();
  };
}

export function staffOf(res: Response): SignedInStaff {
  return res.locals['staff'] as SignedInStaff;
}

export function commandOf(res: Response): Command {
  const { fireHqId, actor } = staffOf(res);
  return { fireHqId, actor, receivedAt: arrivalOf(res).receivedAt };
}

/**
 * A command that has one effect however often its form is sent: `key` from <Once/>, `said` what the form says. Sent again
 * with other words, after 「戻る」, it is another command.
 */
export function commandOnce(res: Response, what: string, key: string, said: unknown): Command {
  const requestHash = createHash('sha256').update(JSON.stringify(said)).digest();
  const words = requestHash.toString('hex').slice(0, 32);
  return { ...commandOf(res), idempotency: { key: `staff-${what}:${key}:${words}`, requestHash } };
}

/** To be said on the page that the answer leads to. */
export function tell(req: Request, text: string, kind: Told['kind'] = 'good'): void {
  req.session.told = { kind, text };
}

export function takeTold(req: Request): Told | null {
  const { told = null } = req.session;
  if (told !== null) delete (req.session as Partial<{ told: Told }>).told;
  return told;
}

/** Before a redirect to a page that rests on it: express-session would save only while the answer is being sent. */
export async function saveSession(req: Request): Promise<void> {
  await promisify(req.session.save.bind(req.session))();
}

/** A new session id with the sign-in: one that was planted before is worth nothing. */
export async function beginSession(req: Request, signedIn: SignedIn, now: number): Promise<void> {
  await promisify(req.session.regenerate.bind(req.session))();
  req.session.staff = { ...signedIn, since: now };
  await saveSession(req);
}

/** The first step was right; a new session id with it, too. */
export async function beginPending(req: Request, pending: Pending, to: string, now: number): Promise<void> {
  await promisify(req.session.regenerate.bind(req.session))();
  req.session.pending = { ...pending, since: now, to };
}

/** Null: nobody is on the way in here, or not any more. */
export function pendingOf(req: Request, now: number): (Pending & { since: number; to: string }) | null {
  const { pending } = req.session;
  return pending !== undefined && now - pending.since < PENDING_AT_MOST ? pending : null;
}

/** The session goes on after a change that ended all others of the person. */
export function keepSession(req: Request, epoch: number): void {
  if (req.session.staff !== undefined) req.session.staff.epoch = epoch;
}

/** Whose session it is; only behind `requireStaff`. */
export function signedInOf(req: Request): SignedIn {
  const { staff } = req.session;
  if (staff === undefined) throw new Error('nobody is signed in');
  return { fireHqId: staff.fireHqId, staffId: staff.staffId, epoch: staff.epoch };
}

export async function endSession(req: Request): Promise<void> {
  await promisify(req.session.destroy.bind(req.session))();
}

export const IDLE_MINUTES = IDLE / MINUTE;
