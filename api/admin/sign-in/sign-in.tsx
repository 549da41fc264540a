/** サインイン. The same answer for an unknown name, a wrong password and a locked person. */
import type { Request, RequestHandler, Response } from 'express';
import type { VNode } from 'preact';
import type { Deps } from '../../../usecases/context.js';
import { signIn } from '../../../usecases/staff.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { line } from '../shell/route.js';
import { Form, Notice, sendPublicPage } from '../shell/layout.js';
import type { SignInLimits } from './limits.js';
import { PLACES, isOwnPlace } from '../shell/places.js';
import { IDLE_MINUTES, beginSession, endSession } from '../shell/session.js';

export const showSignIn: RequestHandler = (req, res) => {
  if (req.session.staff !== undefined) res.redirect(303, PLACES.today);
  else show(req, res, 200, req.query['again'] === '1' ? AGAIN : null);
};

export function takeSignIn(deps: Deps, limits: SignInLimits): RequestHandler {
  return async (req, res) => {
    // Japanese keyboards: full-width letters, a capital, a stray space.
    const signInName = textOf(req, 'signInName').normalize('NFKC').trim().toLowerCase();
    const password = textOf(req, 'password').normalize('NFKC').trim();
    const client = req.ip ?? 'unknown';
    const wait = await limits.begin(signInName, client);
    if (wait !== null) {
      res.set('Retry-After', String(wait));
      show(
        req,
        res,
        429,
        `何回も続けてまちがえたので、少し待ってください（あと${Math.ceil(wait / 60)}分）。`,
      );
      return;
    }
    const signedIn = await signIn(deps, { signInName, password });
    if (signedIn === null) {
      show(req, res, 403, 'サインインできません。サインイン名かパスワードがちがいます。');
      return;
    }
    await limits.succeeded(signInName, client);
    await beginSession(req, signedIn, arrivalOf(res).receivedAt);
    res.redirect(303, placeAfterSignIn(req));
  };
}

export const takeSignOut: RequestHandler = async (req, res) => {
  await endSession(req);
  res.redirect(303, PLACES.signIn);
};

const AGAIN =
  'サインアウトしていたので、今の操作はできませんでした。何も送られていません。サインインして、もう一度してください。';

function show(req: Request, res: Response, status: number, trouble: string | null): void {
  const to = placeAfterSignIn(req);
  sendPublicPage(res, { status, title: 'サインイン', body: <SignIn trouble={trouble} to={to} /> });
}

/** The page that a colleague's link led to; never one of another site. */
function placeAfterSignIn(req: Request): string {
  const to = textOf(req, 'to') || (typeof req.query['to'] === 'string' ? req.query['to'] : '');
  return isOwnPlace(to) ? to : PLACES.today;
}

/** One field; empty when it is not there or comes twice. */
function textOf(req: Request, name: string): string {
  const said = line.safeParse((req.body as Record<string, unknown> | undefined)?.[name]);
  return said.success ? said.data : '';
}

function SignIn({ trouble, to }: { trouble: string | null; to: string }): VNode {
  return (
    <>
      {trouble !== null && <Notice kind="bad">{trouble}</Notice>}
      <Form to={PLACES.signIn}>
        <input type="hidden" name="to" value={to} />
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
