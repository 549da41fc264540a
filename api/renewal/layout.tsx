/** The shell of every page, and what makes it a whole answer: one file, no script, no cookie, nothing from elsewhere. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Response } from 'express';
import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { Ja } from './furigana.js';
import { VisitContext } from './visit.js';
import type { Visit } from './visit.js';

const STYLE = readFileSync(new URL('../assets/renewal.css', import.meta.url), 'utf8');
const STYLE_HASH = createHash('sha256').update(STYLE, 'utf8').digest('base64');

const HEADERS = {
  // The style stands in the page itself: on a bad line there is nothing more to fetch.
  'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Robots-Tag': 'noindex, nofollow, noarchive',
};

export interface Page {
  status: number;
  /** What the heading says, in plain words. */
  title: string;
  /** Whose page it is; null where the headquarters is not known. */
  hqName: string | null;
  /** The reader may be a stranger: nothing says what the headquarters writes about (R19). */
  nameless?: boolean;
  body: VNode;
}

/** Headers of every answer under /r, redirects included. */
export function setPageHeaders(res: Response): void {
  res.set(HEADERS);
}

export function sendPage(res: Response, visit: Visit, page: Page): void {
  res.status(page.status).type('html').send(renderPage(visit, page));
}

function renderPage(visit: Visit, { title, hqName, nameless, body }: Page): string {
  const whole = (
    <VisitContext.Provider value={visit}>
      <html lang="ja" class={visit.ruby ? 'furigana' : undefined}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex, nofollow, noarchive" />
          <meta name="referrer" content="no-referrer" />
          <meta name="format-detection" content="telephone=no, date=no, address=no, email=no" />
          <title>{`${title}｜${nameless ? (hqName ?? '') : 'NET119 定期更新手続き'}`}</title>
          <style dangerouslySetInnerHTML={{ __html: STYLE }} />
        </head>
        <body>
          <header>
            <p>{hqName ?? 'NET119'}</p>
            <a class="link" href={visit.ruby ? '?' : '?ruby=1'}>
              {visit.ruby ? 'ふりがなを なくす' : 'ふりがなを つける'}
            </a>
          </header>
          <main>{body}</main>
        </body>
      </html>
    </VisitContext.Provider>
  );
  return `<!doctype html>${renderToString(whole)}`;
}

/** `good`: what the person wanted has happened. */
export function Heading({ text, good = false }: { text: string; good?: boolean }): VNode {
  return (
    <h1 class={good ? 'good' : undefined}>
      <Ja text={text} />
    </h1>
  );
}

/** A paragraph of our own words. */
export function Say({ text, class: name }: { text: string; class?: 'large' | 'note' | 'hint' }): VNode {
  return (
    <p class={name}>
      <Ja text={text} />
    </p>
  );
}

export function Section({ title, children }: { title: string; children: ComponentChildren }): VNode {
  return (
    <section>
      <h2>
        <Ja text={title} />
      </h2>
      {children}
    </section>
  );
}
