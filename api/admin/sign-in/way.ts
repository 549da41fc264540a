/** Two ways in, by the same steps: of staff, and of 運用担当. */
import type { Request } from 'express';
import type { Deps } from '../../../usecases/context.js';
import {
  beginSecondFactor,
  confirmSecondFactor,
  giveCode,
  readSecondFactorSetup,
} from '../../../usecases/second-factor.js';
import type { Pending, PendingPerson } from '../../../usecases/sign-in.js';
import { completeSignIn, readPending } from '../../../usecases/sign-in.js';
import type { NewPassword } from '../../../usecases/staff-password.js';
import { choosePassword } from '../../../usecases/staff-password.js';
import type { VendorPending } from '../../../usecases/vendor-sign-in.js';
import {
  beginVendorSecondFactor,
  chooseVendorPassword,
  completeVendorSignIn,
  confirmVendorSecondFactor,
  giveVendorCode,
  readVendorPending,
  readVendorSecondFactorSetup,
} from '../../../usecases/vendor-sign-in.js';
import type { CodeVerdict } from '../../../usecases/weigh-code.js';
import { PLACES } from '../shell/places.js';
import { beginSession, pendingOf, saveSession } from '../shell/session.js';
import { beginVendorSession, vendorPendingOf } from '../shell/vendor-session.js';

/** `P`: what the session holds of somebody on the way in. */
export interface Way<P> {
  /** Where it begins, and the page of each step. */
  places: { start: string; CODE: string; PASSWORD: string; ENROL: string };
  /** For who has neither authenticator nor recovery codes. */
  lost: string;
  /** With the page that was asked for in the beginning. Null: nobody is on the way in here, or not any more. */
  held(req: Request, now: number): { pending: P; to: string } | null;
  /** Kept before the answer: the browser may be at the next page before the answer's end. */
  hold(req: Request, pending: P, to: string, now: number): Promise<void>;
  read(pending: P): Promise<Pick<PendingPerson, 'step' | 'signInName' | 'displayName' | 'hqName'> | null>;
  giveCode(pending: P, typed: string): Promise<{ verdict: CodeVerdict; pending: P }>;
  choosePassword(pending: P, chosen: NewPassword): Promise<P>;
  beginSecondFactor(pending: P): Promise<void>;
  readSecondFactorSetup(pending: P): Promise<string | null>;
  /** Its code is the second step of this sign-in. */
  confirmSecondFactor(pending: P, typed: string): Promise<{ codes: string[]; pending: P } | null>;
  /** The sign-in is whole: a session of its own. */
  enter(req: Request, pending: P, now: number): Promise<void>;
}

export function staffWay(deps: Deps): Way<Pending> {
  return {
    places: {
      start: PLACES.signIn,
      CODE: PLACES.signInCode,
      PASSWORD: PLACES.signInPassword,
      ENROL: PLACES.signInSecondFactor,
    },
    lost: '自分の消防本部の管理者に、2段階の確認をやり直せるようにしてもらってください。管理者が入れないときは、システムの運用担当に聞いてください。',
    held(req, now) {
      const held = pendingOf(req, now);
      if (held === null) return null;
      const { since: _since, to, ...pending } = held;
      return { pending, to };
    },
    hold(req, pending, to, now) {
      req.session.pending = { ...pending, since: now, to };
      return saveSession(req);
    },
    read: (pending) => readPending(deps, pending),
    giveCode: (pending, typed) => giveCode(deps, pending, typed),
    choosePassword: (pending, chosen) => choosePassword(deps, pending, chosen),
    beginSecondFactor: (pending) => beginSecondFactor(deps, pending),
    readSecondFactorSetup: (pending) => readSecondFactorSetup(deps, pending),
    async confirmSecondFactor(pending, typed) {
      const codes = await confirmSecondFactor(deps, pending, typed);
      return codes && { codes, pending: { ...pending, codeGiven: true } };
    },
    enter: async (req, pending, now) => beginSession(req, await completeSignIn(deps, pending), now),
  };
}

export function vendorWay(deps: Deps): Way<VendorPending> {
  return {
    places: {
      start: PLACES.vendorSignIn,
      CODE: PLACES.vendorSignInCode,
      PASSWORD: PLACES.vendorSignInPassword,
      ENROL: PLACES.vendorSignInSecondFactor,
    },
    lost: '運用のコマンドで、やり直せるようにしてもらってください。',
    held(req, now) {
      const pending = vendorPendingOf(req, now);
      return pending && { pending, to: PLACES.vendor };
    },
    hold(req, pending, _to, now) {
      req.session.vendorPending = { ...pending, since: now };
      return saveSession(req);
    },
    async read(pending) {
      const person = await readVendorPending(deps, pending);
      return person && { ...person, hqName: 'システムの運用担当' };
    },
    giveCode: (pending, typed) => giveVendorCode(deps, pending, typed),
    choosePassword: (pending, chosen) => chooseVendorPassword(deps, pending, chosen),
    beginSecondFactor: (pending) => beginVendorSecondFactor(deps, pending),
    readSecondFactorSetup: (pending) => readVendorSecondFactorSetup(deps, pending),
    async confirmSecondFactor(pending, typed) {
      const codes = await confirmVendorSecondFactor(deps, pending, typed);
      return codes && { codes, pending: { ...pending, codeGiven: true } };
    },
    enter: async (req, pending, now) =>
      beginVendorSession(req, await completeVendorSignIn(deps, pending), now),
  };
}
