/** サインイン, the first step. The same answer for an unknown name, a wrong password and a locked person. */
import type { Request, RequestHandler, Response } from 'express';
import type { VNode } from 'preact';
import { typedPassword } from '../../../domain/password.js';
import type { Command, Deps } from '../../../usecases/context.js';
import { beginSignIn, noteFailedSignIn, noteSignOut } from '../../../usecases/sign-in.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { line } from '../shell/route.js';
import { Form, Notice, sendPublicPage } from '../shell/layout.js';
import type { SignInLimits } from './limits.js';
import { goOn } from './step.js';
import { staffWay } from './way.js';
import { PLACES, isOwnPlace } from '../shell/places.js';
import { IDLE_MINUTES, beginPending, commandOf, endSession } from '../shell/session.js';

export const showSignIn: RequestHandler = (req, res) => {
  if (req.session.staff !== undefined) res.redirect(303, PLACES.today);
  else show(req, res, 200, req.query['again'] === '1' ? AGAIN : null);
};

export function takeSignIn(deps: Deps, limits: SignInLimits): RequestHandler {
  const way = staffWay(deps);
  return async (req, res) => {
    // Japanese keyboards: full-width letters, a capital, a stray space.
    const signInName = textOf(req, 'signInName').normalize('NFKC').trim().toLowerCase();
    const password = typedPassword(textOf(req, 'password'));
    const client = req.ip ?? 'unknown';
    const wait = await limits.begin(signInName, client);
    if (wait !== null) {
      res.set('Retry-After', String(wait));
      const minutes = Math.ceil(wait / 60);
      show(req, res, 429, `何回も続けてまちがえたので、少し待ってください（あと${minutes}分）。`);
      return;
    }
    const begun = await beginSignIn(deps, { signInName, password });
    if (begun.pending === null) {
      show(req, res, 403, REFUSED);
      // After the answer, so that it takes as long for a name that nobody has.
      await noteFailedSignIn(deps, begun.failed).catch(() => {
        // The answer is out; the next one that fails is noted.
      });
      return;
    }
    await limits.succeeded(signInName, client);
    const to = placeAfterSignIn(req);
    await beginPending(req, begun.pending, to, arrivalOf(res).receivedAt);
    await goOn(way, req, res, { pending: begun.pending, to });
  };
}

export function takeSignOut(deps: Deps): RequestHandler {
  return async (req, res) => {
    const command: Command = commandOf(res);
    await endSession(req);
    await noteSignOut(deps, command);
    res.redirect(303, PLACES.signIn);
  };
}

const REFUSED =
  'サインインできません。サインイン名かパスワードがちがいます。もう一度たしかめても入れないときは、自分の消防本部の管理者に「新しい番号」を出してもらってください。';
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
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            aria-describedby="password-hint"
            required
          />
        </p>
        <p class="hint" id="password-hint">
          はじめての人と、パスワードを新しくする人は、管理者から受け取った番号をここに入れてください。
        </p>
        <button type="submit">サインイン</button>
      </Form>
      <p>
        <a href={PLACES.signInOidc}>庁内の認証でサインイン</a>
      </p>
      <p class="hint">{`${IDLE_MINUTES}分のあいだ何もしないと、サインアウトします。パスワードが分からないときは、自分の消防本部の管理者に聞いてください。管理者が入れないときは、システムの運用担当に聞いてください。`}</p>
    </>
  );
}
