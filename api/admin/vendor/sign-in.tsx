/** サインイン of 運用担当: its own page, by the steps of all. The same answer for an unknown name, a wrong password, a lock. */
import type { Request, RequestHandler, Response } from 'express';
import { typedPassword } from '../../../domain/password.js';
import type { Deps } from '../../../usecases/context.js';
import { beginVendorSignIn, noteFailedVendorSignIn } from '../../../usecases/vendor-sign-in.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { TextField } from '../shell/fields.js';
import { Form, Notice, sendPublicPage } from '../shell/layout.js';
import { PLACES } from '../shell/places.js';
import { line } from '../shell/route.js';
import { beginVendorPending } from '../shell/vendor-session.js';
import type { SignInLimits } from '../sign-in/limits.js';
import { goOn } from '../sign-in/step.js';
import { vendorWay } from '../sign-in/way.js';

export const showVendorSignIn: RequestHandler = (req, res) => {
  if (req.session.vendor !== undefined) res.redirect(303, PLACES.vendor);
  else show(res, 200, null);
};

export function takeVendorSignIn(deps: Deps, limits: SignInLimits): RequestHandler {
  const way = vendorWay(deps);
  return async (req, res) => {
    const signInName = textOf(req, 'signInName').normalize('NFKC').trim().toLowerCase();
    const password = typedPassword(textOf(req, 'password'));
    const client = req.ip ?? 'unknown';
    const wait = await limits.begin(signInName, client);
    if (wait !== null) {
      res.set('Retry-After', String(wait));
      show(res, 429, `何回も続けてまちがえたので、少し待ってください（あと${Math.ceil(wait / 60)}分）。`);
      return;
    }
    const begun = await beginVendorSignIn(deps, { signInName, password });
    if (begun.pending === null) {
      show(res, 403, 'サインインできません。サインイン名かパスワードがちがいます。');
      // After the answer, so that it takes as long for a name that nobody has.
      await noteFailedVendorSignIn(deps, begun.failed).catch(() => {
        // The answer is out; the next one that fails is noted.
      });
      return;
    }
    await limits.succeeded(signInName, client);
    await beginVendorPending(req, begun.pending, arrivalOf(res).receivedAt);
    await goOn(way, req, res, { pending: begun.pending, to: PLACES.vendor });
  };
}

function textOf(req: Request, name: string): string {
  const said = line.safeParse((req.body as Record<string, unknown> | undefined)?.[name]);
  return said.success ? said.data : '';
}

function show(res: Response, status: number, trouble: string | null): void {
  sendPublicPage(res, {
    status,
    title: '運用担当のサインイン',
    body: (
      <>
        {trouble !== null && <Notice kind="bad">{trouble}</Notice>}
        <p>
          システムの運用担当のページです。消防本部の職員は、<a href={PLACES.signIn}>職員のサインイン</a>
          から入ってください。
        </p>
        <Form to={PLACES.vendorSignIn}>
          <TextField name="signInName" label="サインイン名" value="" autocomplete="username" required />
          <TextField
            name="password"
            type="password"
            label="パスワード"
            value=""
            autocomplete="current-password"
            required
            hint="はじめての人は、受け取った番号をここに入れてください。このあと、いつも2段階の確認があります。"
          />
          <button type="submit">サインイン</button>
        </Form>
      </>
    ),
  });
}
