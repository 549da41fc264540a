/** 運用担当 who is signed in, and the headquarters that they may look at just now. Both asked anew at each request. */
import { promisify } from 'node:util';
import type { Request, RequestHandler, Response } from 'express';
import type { Deps } from '../../../usecases/context.js';
import type { VendorLook } from '../../../usecases/vendor-access.js';
import { noteVendorView, readVendorLook } from '../../../usecases/vendor-access.js';
import type { VendorPending, VendorPerson, VendorSignedIn } from '../../../usecases/vendor-sign-in.js';
import { readVendorSignedIn } from '../../../usecases/vendor-sign-in.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { readBanners } from './banners.js';
import { PLACES } from './places.js';
import type { SignedInStaff } from './session.js';
import {
  NotAllowedError,
  PENDING_AT_MOST,
  SESSION_AT_MOST,
  endSession,
  saveSession,
  staffOf,
} from './session.js';

declare module 'express-session' {
  interface SessionData {
    vendor: VendorSignedIn & { since: number; looking?: VendorLook };
    vendorPending: VendorPending & { since: number };
  }
}

/** Nothing of any headquarters is open to this session of 運用担当. */
export class NotOpenError extends Error {
  constructor() {
    super('no headquarters is open');
    this.name = 'NotOpenError';
  }
}

/** Goes on only for 運用担当; `vendorOf` answers from then on. Staff of a headquarters are as unknown as anybody. */
export function requireVendor(deps: Deps): RequestHandler {
  return async (req, res, next) => {
    const person = await readVendor(deps, req, res);
    if (person === null) return;
    res.locals['vendor'] = { vendorId: person.id, name: person.displayName } satisfies SignedInVendor;
    next();
  };
}

export interface SignedInVendor {
  vendorId: string;
  name: string;
}

export function vendorOf(res: Response): SignedInVendor {
  return res.locals['vendor'] as SignedInVendor;
}

/**
 * A page of a headquarters is asked for by 運用担当: `staffOf` answers as for somebody who may read and nothing else. False:
 * answered already. Throws NotOpenError, and NotAllowedError for whatever is no reading.
 */
export async function letVendorLook(deps: Deps, req: Request, res: Response): Promise<boolean> {
  const person = await readVendor(deps, req, res);
  if (person === null) return false;
  const arrival = arrivalOf(res);
  const looking = req.session.vendor?.looking;
  const look = looking === undefined ? null : await readVendorLook(deps, looking, arrival.receivedAt);
  if (looking === undefined || look === null) {
    await lookAt(req, undefined);
    throw new NotOpenError();
  }
  arrival.fireHqId = looking.fireHqId;
  res.locals['staff'] = {
    fireHqId: looking.fireHqId,
    staffId: person.id,
    isVendor: true,
    actor: `vendor:${person.id}`,
    name: person.displayName,
    role: 'VIEWER',
    hqName: look.hqName,
    banners: await readBanners(deps, looking.fireHqId, arrival.receivedAt),
  } satisfies SignedInStaff;
  if (req.method !== 'GET' && req.method !== 'HEAD') throw new NotAllowedError();
  return true;
}

/** Every page of a headquarters that 運用担当 sees is in its trail first. `pattern`: the route's path, without any id. */
export function noteVendor(deps: Deps, pattern: string): RequestHandler {
  return async (req, res, next) => {
    const { isVendor, fireHqId, actor } = staffOf(res);
    if (isVendor) {
      const accountId = String(req.params['accountId'] ?? '');
      await noteVendorView(deps, {
        fireHqId,
        actor,
        at: arrivalOf(res).receivedAt,
        page: pattern,
        accountId: UUID.test(accountId) ? accountId : null,
      });
    }
    next();
  };
}
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Undefined: at none any more. */
export async function lookAt(req: Request, looking: VendorLook | undefined): Promise<void> {
  const { vendor } = req.session;
  if (vendor === undefined) return;
  const { looking: _before, ...rest } = vendor;
  req.session.vendor = looking === undefined ? rest : { ...rest, looking };
  await saveSession(req);
}

/** A new session id, and nothing of whoever was signed in here before. */
export async function beginVendorPending(req: Request, pending: VendorPending, now: number): Promise<void> {
  await promisify(req.session.regenerate.bind(req.session))();
  req.session.vendorPending = { ...pending, since: now };
}

export function vendorPendingOf(req: Request, now: number): VendorPending | null {
  const { vendorPending } = req.session;
  if (vendorPending === undefined || now - vendorPending.since >= PENDING_AT_MOST) return null;
  const { since: _since, ...pending } = vendorPending;
  return pending;
}

export async function beginVendorSession(req: Request, signedIn: VendorSignedIn, now: number): Promise<void> {
  await promisify(req.session.regenerate.bind(req.session))();
  req.session.vendor = { ...signedIn, since: now };
  await saveSession(req);
}

/** Null: answered with the way to the sign-in. */
async function readVendor(deps: Deps, req: Request, res: Response): Promise<VendorPerson | null> {
  const { vendor } = req.session;
  const fresh = vendor !== undefined && arrivalOf(res).receivedAt - vendor.since < SESSION_AT_MOST;
  const person = fresh ? await readVendorSignedIn(deps, vendor) : null;
  if (person === null) {
    if (vendor !== undefined) await endSession(req);
    res.redirect(303, PLACES.vendorSignIn);
  }
  return person;
}
