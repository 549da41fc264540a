/** The shell of every page of the staff site; no script, nothing from elsewhere. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Request, RequestHandler, Response } from 'express';
import { createContext } from 'preact';
import type { ComponentChildren, VNode } from 'preact';
import { useContext } from 'preact/hooks';
import { renderToString } from 'preact-render-to-string';
import { PLACES } from './places.js';
import type { SignedInStaff } from './session.js';
import { formTokenOf, staffOf } from './session.js';
import { ROLE_WORDS } from './words.js';

const STYLE = readFileSync(new URL('../assets/admin.css', import.meta.url), 'utf8');
/** Another style sheet is another address, so that a browser never shows a page in an old one. */
const STYLE_ADDRESS = `${PLACES.style}?v=${createHash('sha256').update(STYLE).digest('hex').slice(0, 12)}`;

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow, noarchive',
};

export interface Page {
  status?: number;
  title: string;
  body: VNode;
}

export const setPageHeaders: RequestHandler = (_req, res, next) => {
  res.set(HEADERS);
  next();
};

export const sendStyle: RequestHandler = (_req, res) => {
  res.set('Cache-Control', 'public, max-age=31536000, immutable').type('css').send(STYLE);
};

/** What forms and the header need of the request; null: nobody is signed in. */
const Visitor = createContext<{ staff: SignedInStaff; formToken: string } | null>(null);

/** For somebody who is signed in. */
export function sendPage(req: Request, res: Response, page: Page): void {
  send(res, page, { staff: staffOf(res), formToken: formTokenOf(req) });
}

/** Sign-in and trouble: nothing of any headquarters. */
export function sendPublicPage(res: Response, page: Page): void {
  send(res, page, null);
}

type Visit = { staff: SignedInStaff; formToken: string } | null;

function send(res: Response, { status = 200, title, body }: Page, visitor: Visit): void {
  const whole = (
    <Visitor.Provider value={visitor}>
      <html lang="ja">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex, nofollow, noarchive" />
          <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
          <title>{`${title}｜NET119 管理サイト`}</title>
          <link rel="stylesheet" href={STYLE_ADDRESS} />
        </head>
        <body>
          <a class="skip" href="#main">
            本文へ
          </a>
          <header>
            <p class="site">NET119 管理サイト</p>
            {visitor !== null && <Nav staff={visitor.staff} />}
          </header>
          <main id="main">
            <h1>{title}</h1>
            {body}
          </main>
        </body>
      </html>
    </Visitor.Provider>
  );
  res
    .status(status)
    .type('html')
    .send(`<!doctype html>${renderToString(whole)}`);
}

function Nav({ staff }: { staff: SignedInStaff }): VNode {
  return (
    <>
      <nav aria-label="メニュー">
        <a href={PLACES.people}>利用者管理</a>
      </nav>
      <div class="who">
        <span>
          {staff.hqName}　{staff.name}（{ROLE_WORDS[staff.role]}）
        </span>
        <Form to={PLACES.signOut}>
          <button class="quiet" type="submit">
            サインアウト
          </button>
        </Form>
      </div>
    </>
  );
}

/** A form of ours, with the token that forms of other pages lack. */
export function Form({ to, children }: { to: string; children: ComponentChildren }): VNode {
  const visitor = useContext(Visitor);
  return (
    <form method="post" action={to} accept-charset="utf-8">
      {visitor !== null && <input type="hidden" name="csrf" value={visitor.formToken} />}
      {children}
    </form>
  );
}

/** A word above the page about what was just done, or why it could not be. */
export function Notice({ kind, children }: { kind: 'good' | 'bad'; children: ComponentChildren }): VNode {
  return (
    <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
