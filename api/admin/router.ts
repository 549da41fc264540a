/** 管理サイト, the staff site under /admin. Every route names the action that a role must have (domain/roles.ts). */
import { Router } from 'express';
import type { RequestHandler } from 'express';
import type session from 'express-session';
import type { Logger } from '../../platform/log.js';
import { guideRoutes } from './guide/guide.js';
import { lookRoutes } from './look/routes.js';
import { listsRoutes } from './lists/routes.js';
import { lettersRoutes } from './letters/routes.js';
import { mailStopRoutes } from './mail-stops/mail-stops.js';
import { importRoutes } from './imports/routes.js';
import { peopleRoutes } from './people/people.js';
import { personRoutes } from './person/routes.js';
import { policyRoutes } from './policy/routes.js';
import { requestRoutes } from './requests/routes.js';
import { handoverRoutes } from './handover/handover.js';
import { meRoutes } from './me/me.js';
import { recordsRoutes } from './records/routes.js';
import { createAssetRouter } from './shell/assets.js';
import { ownFormsOnly, readForm } from './shell/forms.js';
import { setPageHeaders } from './shell/layout.js';
import { PLACES, below } from './shell/places.js';
import type { StaffRoute } from './shell/route.js';
import { requireStaff } from './shell/require-staff.js';
import { allow, checkFormToken, sessions } from './shell/session.js';
import { answerTrouble, refuseMethod, showNotHere } from './shell/trouble.js';
import { noteVendor, requireVendor } from './shell/vendor-session.js';
import { createClientLimit, createSignInLimits } from './sign-in/limits.js';
import { finishOidc, showOidc, startOidc } from './sign-in/oidc.js';
import type { StaffDeps } from './router-deps.js';
import { showCodeStep, takeCodeStep } from './sign-in/code-step.js';
import { showEnrolStep, takeEnrolStep } from './sign-in/enrol-step.js';
import { showPasswordStep, takePasswordStep } from './sign-in/password-step.js';
import { showSignIn, takeSignIn, takeSignOut } from './sign-in/sign-in.js';
import type { Way } from './sign-in/way.js';
import { staffWay, vendorWay } from './sign-in/way.js';
import { todayRoutes } from './today/routes.js';
import { tokenRoutes } from './tokens/tokens.js';
import { staffAreaRoutes } from './staff/routes.js';
import { vendorAccessRoutes } from './vendor-access/vendor-access.js';
import { vendorRoutes } from './vendor/routes.js';
import { showVendorSignIn, takeVendorSignIn } from './vendor/sign-in.js';

export type { StaffDeps } from './router-deps.js';

export interface StaffSite {
  deps: StaffDeps;
  log: Logger;
  store: session.Store;
  /** The first signs cookies, the others are still believed. */
  secrets: string[];
  /** Reached by https only. */
  secure: boolean;
}

/** Every page and deed that needs somebody who is signed in. The first that fits an address takes it. */
export function staffRoutes(deps: StaffDeps): StaffRoute[] {
  return [
    ...todayRoutes(deps),
    ...lookRoutes(deps),
    ...peopleRoutes(deps),
    ...personRoutes(deps),
    ...requestRoutes(deps),
    ...listsRoutes(deps),
    ...policyRoutes(deps),
    ...mailStopRoutes(deps),
    ...importRoutes(deps),
    ...lettersRoutes(deps),
    ...guideRoutes(deps),
    ...tokenRoutes(deps),
    ...staffAreaRoutes(deps),
    ...handoverRoutes(deps),
    ...meRoutes(deps),
    ...recordsRoutes(deps),
    ...vendorAccessRoutes(deps),
    ...vendorRoutes(deps),
  ];
}

export function createAdminRouter({ deps, log, store, secrets, secure }: StaffSite): Router {
  const router = Router();
  const form: RequestHandler[] = [ownFormsOnly, readForm];
  const signedIn = requireStaff(deps);
  router.use(setPageHeaders);
  router.use(below(PLACES.assets), createAssetRouter());
  router.use(sessions(store, secrets, secure));
  router.get(below(PLACES.signIn), showSignIn);
  router.post(below(PLACES.signIn), form, takeSignIn(deps, createSignInLimits()));
  router.get(below(PLACES.signInOidc), showOidc(deps));
  router.get(below(PLACES.signInOidcStart), startOidc(deps, createClientLimit()));
  router.get(below(PLACES.signInOidcBack), finishOidc(deps));
  router.get(below(PLACES.vendorSignIn), showVendorSignIn);
  router.post(below(PLACES.vendorSignIn), form, takeVendorSignIn(deps, createSignInLimits()));
  for (const [place, show, take] of [...stepsOf(staffWay(deps)), ...stepsOf(vendorWay(deps))]) {
    router.get(below(place), show);
    router.post(below(place), form, checkFormToken, take);
  }
  router.post(below(PLACES.signOut), form, signedIn, checkFormToken, takeSignOut(deps));
  router.get('/', (_req, res) => res.redirect(303, PLACES.today));
  const routes = staffRoutes(deps);
  for (const { method, path, who, body, handle } of routes) {
    const vendor = who === 'VENDOR';
    const person = vendor ? requireVendor(deps) : signedIn;
    const guards = {
      NONE: [person],
      FORM: [...form, person, checkFormToken],
      FILE: [ownFormsOnly, person],
    };
    router[method](path, guards[body], vendor ? [] : [allow(who), noteVendor(deps, path)], handle);
  }
  for (const { path, who } of routes)
    router.all(path, who === 'VENDOR' ? requireVendor(deps) : signedIn, refuseMethod);
  router.use(signedIn, showNotHere);
  router.use(answerTrouble(log));
  return router;
}

/** Each step of a way in: where it is, how it is shown and taken. */
function stepsOf<P>(way: Way<P>): [string, RequestHandler, RequestHandler][] {
  return [
    [way.places.CODE, showCodeStep(way), takeCodeStep(way)],
    [way.places.PASSWORD, showPasswordStep(way), takePasswordStep(way)],
    [way.places.ENROL, showEnrolStep(way), takeEnrolStep(way)],
  ];
}
