/** サインイン. The same answer for an unknown name, a wrong password and a locked person. */
import type { RequestHandler, Response } from 'express';
import type { VNode } from 'preact';
import type { Deps } from '../../usecases/context.js';
import { signIn } from '../../usecases/staff.js';
import { arrivalOf } from '../middleware/arrival.js';
import { textOf } from './forms.js';
import { Form, Notice, sendPublicPage } from './layout.js';
import type { SignInLimits } from './limits.js';
import { PLACES } from './places.js';
import { IDLE_MINUTES, beginSession, endSession } from './session.js';

export const showSignIn: RequestHandler = (req, res) => {
  if (req.session.staff !== undefined) res.redirect(303, PLACES.people);
  else show(res, 200, null);
};

export function takeSignIn(deps: Deps, limits: SignInLimits): RequestHandler {
  return async (req, res) => {
    // Japanese keyboards: full-width letters, a capital, a stray space.
    const signInName = textOf(req, 'signInName').normalize('NFKC').trim().toLowerCase();
    const password = textOf(req, 'password').normalize('NFKC').trim();
    const client = req.ip ?? 'unknown';
    const wait = await limits.waitFor(signInName, client);
    if (wait !== null) {
      res.set('Retry-After', String(wait));
      show(res, 429, `何回も続けてまちがえたので、少し待ってください（あと${Math.ceil(wait / 60)}分）。`);
      return;
    }
    const signedIn = await signIn(deps, { signInName, password });
    if (signedIn === null) {
      await limits.failed(signInName, client);
      show(res, 403, 'サインインできません。サインイン名かパスワードがちがいます。');
      return;
    }
    await limits.succeeded(signInName, client);
    await beginSession(req, signedIn, arrivalOf(res).receivedAt);
    res.redirect(303, PLACES.people);
  };
}

export const takeSignOut: RequestHandler = async (req, res) => {
  await endSession(req);
  res.redirect(303, PLACES.signIn);
};

function show(res: Response, status: number, trouble: string | null): void {
  sendPublicPage(res, { status, title: 'サインイン', body: <SignIn trouble={trouble} /> });
}

function SignIn({ trouble }: { trouble: string | null }): VNode {
  return (
    <>
      {trouble !== null && <Notice kind="bad">{trouble}</Notice>}
      <Form to={PLACES.signIn}>
        <p class="field">
          <label for="signInName">サインイン名</label>
          <input
            id="signInName"
            name="signInName"
            type="text"
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            required
          />
        </p>
        <p class="field">
          <label for="password">パスワード</label>
          <input id="password" name="password" type="password" autocomplete="current-password" required />
        </p>
        <button type="submit">サインイン</button>
      </Form>
      <p class="hint">{`${IDLE_MINUTES}分のあいだ何もしないと、サインアウトします。パスワードが分からないときは、システムの運用担当に聞いてください。`}</p>
    </>
  );
}
