/**
 * 庁内の認証でサインイン: by the code of the headquarters to its own provider, and back. Links and no form on the way out, so
 * that the page's policy lets the browser go there.
 */
import type { Request, RequestHandler, Response } from 'express';
import type { VNode } from 'preact';
import { MINUTE } from '../../../domain/calendar.js';
import type { OidcChecks } from '../../../usecases/oidc.js';
import { beginOidcSignIn, findOidcHq, finishOidcSignIn } from '../../../usecases/oidc.js';
import { arrivalOf } from '../../middleware/arrival.js';
import type { StaffDeps } from '../router-deps.js';
import { TextField } from '../shell/fields.js';
import { FilterForm, Notice, sendPublicPage } from '../shell/layout.js';
import { PLACES } from '../shell/places.js';
import { beginPending, saveSession } from '../shell/session.js';
import type { ClientLimit } from './limits.js';
import { goOn } from './step.js';
import { staffWay } from './way.js';

declare module 'express-session' {
  interface SessionData {
    /** On the way to a provider and back. */
    oidc: OidcChecks & { fireHqId: string; since: number };
  }
}

/** Whoever is at the provider longer than that begins again. */
const ON_THE_WAY = 10 * MINUTE;

/** GET: the code is asked for; with a code of a headquarters that has it, the way there. */
export function showOidc(deps: StaffDeps): RequestHandler {
  return async (req, res) => {
    const code = codeOf(req);
    const hq = code === '' ? null : await findOidcHq(deps, code);
    if (hq !== null) show(res, 200, null, <There code={code} hqName={hq.hqName} />);
    else show(res, code === '' ? 200 : 404, code === '' ? null : NO_SUCH, <Ask code={code} />);
  };
}

export function startOidc(deps: StaffDeps, limit: ClientLimit): RequestHandler {
  return async (req, res) => {
    const code = codeOf(req);
    const wait = await limit(req.ip ?? 'unknown');
    if (wait !== null) {
      res.set('Retry-After', String(wait));
      show(res, 429, `少し待ってください（あと${Math.ceil(wait / 60)}分）。`, <Ask code={code} />);
      return;
    }
    const hq = await findOidcHq(deps, code);
    if (hq === null) {
      show(res, 404, NO_SUCH, <Ask code={code} />);
      return;
    }
    const begun = await beginOidcSignIn(deps, { fireHqId: hq.fireHqId, redirectUri: redirectUri(deps) });
    if (begun === null) {
      show(res, 503, AWAY, <Ask code={code} />);
      return;
    }
    req.session.oidc = { ...begun.checks, fireHqId: hq.fireHqId, since: arrivalOf(res).receivedAt };
    await saveSession(req);
    res.redirect(303, begun.url);
  };
}

export function finishOidc(deps: StaffDeps): RequestHandler {
  const way = staffWay(deps);
  return async (req, res) => {
    const { oidc } = req.session;
    const now = arrivalOf(res).receivedAt;
    // Used once, whatever comes of it.
    delete (req.session as Partial<typeof req.session>).oidc;
    if (oidc === undefined || now - oidc.since >= ON_THE_WAY) {
      show(res, 403, REFUSED, <Ask code="" />);
      return;
    }
    const { fireHqId, since: _since, ...checks } = oidc;
    const query = req.originalUrl.split('?')[1] ?? '';
    const back = { fireHqId, redirectUri: redirectUri(deps), query, checks };
    const outcome = await finishOidcSignIn(deps, back);
    if (outcome.pending === null) {
      const text = { UNKNOWN, REFUSED, AWAY }[outcome.why];
      show(res, outcome.why === 'AWAY' ? 503 : 403, text, <Ask code="" />);
      return;
    }
    const { pending } = outcome;
    await beginPending(req, pending, PLACES.today, now);
    await goOn(way, req, res, { pending, to: PLACES.today });
  };
}

const NO_SUCH = 'その記号の消防本部では、庁内の認証は使えません。記号をたしかめてください。';
const AWAY =
  '庁内の認証のシステムが答えません。少し待って、もう一度してください。サインイン名とパスワードでも入れます。';
const REFUSED =
  'サインインできませんでした。時間がたちすぎたか、途中でやめたのかもしれません。最初からしてください。';
const UNKNOWN =
  '庁内の認証はできましたが、このサイトの職員として使えません。自分の消防本部の管理者に、サインイン名をたしかめてもらってください。';

function redirectUri({ letters }: StaffDeps): string {
  return `${letters.publicBaseUrl}${PLACES.signInOidcBack}`;
}

function codeOf(req: Request): string {
  const { hq } = req.query;
  const code = typeof hq === 'string' ? hq.normalize('NFKC').trim().toLowerCase() : '';
  return /^[a-z0-9-]{1,40}$/.test(code) ? code : '';
}

function show(res: Response, status: number, trouble: string | null, body: VNode): void {
  sendPublicPage(res, {
    status,
    title: '庁内の認証でサインイン',
    body: (
      <>
        {trouble !== null && <Notice kind="bad">{trouble}</Notice>}
        {body}
        <p>
          <a href={PLACES.signIn}>サインイン名とパスワードでサインインする</a>
        </p>
      </>
    ),
  });
}

function Ask({ code }: { code: string }): VNode {
  return (
    <FilterForm to={PLACES.signInOidc}>
      <TextField
        name="hq"
        label="消防本部の記号"
        value={code}
        hint="分からないときは、自分の消防本部の管理者に聞いてください。"
      />
      <button type="submit">次へ</button>
    </FilterForm>
  );
}

function There({ code, hqName }: { code: string; hqName: string }): VNode {
  return (
    <p class="actions">
      <a class="button" href={`${PLACES.signInOidcStart}?hq=${code}`}>
        {hqName}の認証でサインインする
      </a>
    </p>
  );
}
