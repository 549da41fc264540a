/** The shell of every page of the staff site: works without script, loads nothing from elsewhere. */
import type { Request, RequestHandler, Response } from 'express';
import { createContext } from 'preact';
import type { ComponentChildren, VNode } from 'preact';
import { useContext } from 'preact/hooks';
import { renderToString } from 'preact-render-to-string';
import { assetPlace } from './assets.js';
import { guideFor } from './guide-places.js';
import type { Menu as MenuGroups } from './nav.js';
import { VENDOR_MENU, menuFor } from './nav.js';
import { PLACES } from './places.js';
import type { SignedInStaff, Told } from './session.js';
import { formTokenOf, staffOf, takeTold } from './session.js';
import { vendorOf } from './vendor-session.js';
import { ROLE_WORDS } from './words.js';

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'same-origin',
  'X-Robots-Tag': 'noindex, nofollow, noarchive',
};

export interface Page {
  status?: number;
  title: string;
  body: VNode;
  /** Modules of api/assets/admin that make the page quicker to use; it works without them. */
  scripts?: readonly string[];
}

export const setPageHeaders: RequestHandler = (_req, res, next) => {
  res.set(HEADERS);
  next();
};

/** What forms and the header need of the request. `staff` null: nobody is signed in; `formToken` null: nor on the way in. */
interface Visit {
  staff: SignedInStaff | null;
  /** Name of 運用担当 on their own pages. */
  vendor: string | null;
  formToken: string | null;
  told: Told | null;
  here: string;
}
const NOBODY: Visit = { staff: null, vendor: null, formToken: null, told: null, here: '' };
const Visitor = createContext<Visit>(NOBODY);

/** For somebody who is signed in. */
export function sendPage(req: Request, res: Response, page: Page): void {
  send(res, page, { ...visitOf(req), staff: staffOf(res) });
}

/** For 運用担当 on their own pages. */
export function sendVendorPage(req: Request, res: Response, page: Page): void {
  send(res, page, { ...visitOf(req), vendor: vendorOf(res).name });
}

function visitOf(req: Request): Visit {
  const here = req.originalUrl.split('?')[0] ?? '';
  return { ...NOBODY, formToken: formTokenOf(req), told: takeTold(req), here };
}

/** Sign-in and trouble: nothing of any headquarters. */
export function sendPublicPage(res: Response, page: Page): void {
  send(res, page, NOBODY);
}

/** A step of signing in: its forms are held by the token of the session, and no page is open yet. */
export function sendStepPage(req: Request, res: Response, page: Page): void {
  send(res, page, { ...NOBODY, formToken: formTokenOf(req) });
}

function send(res: Response, page: Page, visitor: Visit): void {
  const { status = 200, title, body, scripts = [] } = page;
  const { staff, vendor, told, here } = visitor;
  const menu = staff !== null ? menuFor(staff.role, !staff.isVendor) : vendor !== null ? VENDOR_MENU : null;
  const whole = (
    <Visitor.Provider value={visitor}>
      <html lang="ja">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex, nofollow, noarchive" />
          <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
          <title>{`${title}｜NET119 管理サイト`}</title>
          <link rel="stylesheet" href={assetPlace('style.css')} />
          <link rel="stylesheet" href={assetPlace('font.css')} />
          {scripts.map((name) => (
            <script type="module" src={assetPlace(`${name}.js`)} />
          ))}
        </head>
        <body>
          <a class="skip" href="#main">
            本文へ
          </a>
          <header>
            <p class="site">NET119 管理サイト</p>
            {staff !== null && <SignedIn staff={staff} />}
            {vendor !== null && <Leave name={vendor} to={PLACES.vendorSignOut} word="サインアウト" />}
          </header>
          <div class={menu === null ? 'alone' : 'page'}>
            {menu !== null && <Menu menu={menu} here={here} />}
            <main id="main">
              {staff !== null && <Banners staff={staff} />}
              <h1>{title}</h1>
              {staff !== null && !staff.isVendor && <Help here={here} />}
              {told !== null && (
                <Notice kind={told.kind}>
                  <p>{told.text}</p>
                </Notice>
              )}
              {body}
            </main>
          </div>
        </body>
      </html>
    </Visitor.Provider>
  );
  res
    .status(status)
    .type('html')
    .send(`<!doctype html>${renderToString(whole)}`);
}

function SignedIn({ staff }: { staff: SignedInStaff }): VNode {
  if (staff.isVendor) {
    const name = `${staff.hqName}　${staff.name}（運用担当。見るだけ）`;
    return <Leave name={name} to={PLACES.vendorLeave} word="見るのを終える" />;
  }
  return (
    <div class="who">
      <span>
        {staff.hqName}　<a href={PLACES.me}>{staff.name}</a>（{ROLE_WORDS[staff.role]}）
      </span>
      <Form to={PLACES.signOut}>
        <button class="quiet" type="submit">
          サインアウト
        </button>
      </Form>
    </div>
  );
}

function Help({ here }: { here: string }): VNode | null {
  const to = guideFor(here);
  return to === null ? null : (
    <p class="help">
      <a href={to}>このページの手引き</a>
    </p>
  );
}

function Leave({ name, to, word }: { name: string; to: string; word: string }): VNode {
  return (
    <div class="who">
      <span>{name}</span>
      <Form to={to}>
        <button class="quiet" type="submit">
          {word}
        </button>
      </Form>
    </div>
  );
}

/** On a narrow screen it is folded, so that the page comes first. */
function Menu({ menu, here }: { menu: MenuGroups; here: string }): VNode {
  const groups = menu.map(({ word, entries }) => (
    <section>
      <p class="group">{word}</p>
      <ul>
        {entries.map(({ word: name, to }) => (
          <li>
            <a href={to} aria-current={isIn(here, to) ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </section>
  ));
  return (
    <nav class="menu" aria-label="メニュー">
      <a class="to-menu" href="#menu">
        メニュー
      </a>
      <div id="menu">{groups}</div>
    </nav>
  );
}

/** The first page of 運用担当 stands above their others. */
function isIn(here: string, to: string): boolean {
  return here === to || (to !== PLACES.vendor && here.startsWith(`${to}/`));
}

/** What everybody must know while it lasts, on every page. */
function Banners({ staff }: { staff: SignedInStaff }): VNode {
  return (
    <>
      {staff.banners.map((text) => (
        <p class="banner" role="status">
          {text}
        </p>
      ))}
    </>
  );
}

/** A form of ours, with the token that forms of other pages lack. */
export function Form({
  to,
  children,
  file = false,
  id,
}: {
  to: string;
  children: ComponentChildren;
  /** It carries a file; the token comes before it. */
  file?: boolean;
  id?: string;
}): VNode {
  const { formToken } = useContext(Visitor);
  return (
    <form
      id={id}
      method="post"
      action={to}
      accept-charset="utf-8"
      enctype={file ? 'multipart/form-data' : undefined}
    >
      {formToken !== null && <input type="hidden" name="csrf" value={formToken} />}
      {children}
    </form>
  );
}

/** A form that only asks: its fields stand in the address, so never a name or a mail address. */
export function FilterForm({ to, children }: { to: string; children: ComponentChildren }): VNode {
  return (
    <form method="get" action={to} class="filter">
      {children}
    </form>
  );
}

/** A word above the page about what was just done, or why it could not be. */
export function Notice({
  kind,
  children,
}: {
  kind: 'good' | 'bad' | 'warn';
  children: ComponentChildren;
}): VNode {
  return (
    <div class={`notice ${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}
