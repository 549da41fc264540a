/** 管理サイト, the staff site under /admin. Every route names the action that a role must have (domain/roles.ts). */
import { Router } from 'express';
import type { RequestHandler } from 'express';
import type session from 'express-session';
import type { Logger } from '../../platform/log.js';
import type { Deps } from '../../usecases/context.js';
import { ownFormsOnly, readForm } from './forms.js';
import { sendStyle, setPageHeaders } from './layout.js';
import { createSignInLimits } from './limits.js';
import { searchPeople, showPeople } from './people.js';
import { showPerson } from './person.js';
import { PLACES, ROOT } from './places.js';
import { takeResend } from './resend.js';
import { allow, checkFormToken, requireStaff, sessions } from './session.js';
import { showSignIn, takeSignIn, takeSignOut } from './sign-in.js';
import { answerTrouble, showNotHere } from './trouble.js';

export interface StaffSite {
  deps: Deps;
  log: Logger;
  store: session.Store;
  /** The first signs cookies, the others are still believed. */
  secrets: string[];
  /** Reached by https only. */
  secure: boolean;
}

export function createAdminRouter({ deps, log, store, secrets, secure }: StaffSite): Router {
  const router = Router();
  const path = (place: string) => place.slice(ROOT.length);
  const form: RequestHandler[] = [ownFormsOnly, readForm];
  const signedIn = requireStaff(deps);
  const person = `${path(PLACES.people)}/:accountId`;
  router.use(setPageHeaders);
  router.get(path(PLACES.style), sendStyle);
  router.use(sessions(store, secrets, secure));
  router.get(path(PLACES.signIn), showSignIn);
  router.post(path(PLACES.signIn), form, takeSignIn(deps, createSignInLimits()));
  router.post(path(PLACES.signOut), form, signedIn, checkFormToken, takeSignOut);
  router.get('/', (_req, res) => res.redirect(303, PLACES.people));
  router.get(path(PLACES.people), signedIn, allow('people.read'), showPeople(deps));
  router.post(path(PLACES.search), form, signedIn, checkFormToken, allow('people.read'), searchPeople(deps));
  router.post(
    `${person}/reminders`,
    form,
    signedIn,
    checkFormToken,
    allow('reminders.send'),
    takeResend(deps),
  );
  router.get(`${person}/:tab`, signedIn, allow('people.read'), showPerson(deps));
  router.use(signedIn, showNotHere);
  router.use(answerTrouble(log));
  return router;
}
