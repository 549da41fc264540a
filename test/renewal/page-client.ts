/** Fetches pages as a phone does, and holds every one of them against what a page of ours must be. */
import { expect } from 'vitest';

export interface Answer {
  status: number;
  headers: Headers;
  html: string;
  /** Of a redirect. */
  location: string | null;
  /** What is read: without tags, spaces folded. */
  text: string;
}

export interface PageClient {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(
    path: string,
    fields?: Record<string, string | string[]>,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** Posts, expects 303 and gets where it leads. */
  postAndFollow(path: string, fields: Record<string, string | string[]>): Promise<Answer & { at: string }>;
  /** Any request, with the same checks. */
  send(path: string, init: RequestInit): Promise<Answer>;
}

const MOST_BYTES = 50 * 1024;
/** The only words in Latin letters that a page may have, beside (masked) mail addresses. */
const KNOWN_WORDS = ['NET119', 'FAX', 'QR'];

export function createPageClient(origin: string): PageClient {
  const client: PageClient = {
    get: (path, headers = {}) => client.send(path, { headers }),
    post: (path, fields = {}, headers = {}) =>
      client.send(path, { method: 'POST', headers, body: encoded(fields) }),
    async postAndFollow(path, fields) {
      const answer = await client.post(path, fields);
      expect(answer.status).toBe(303);
      const at = answer.location ?? '';
      return { ...(await client.get(at)), at };
    },
    async send(path, init) {
      const response = await fetch(origin + path, { redirect: 'manual', ...init });
      const html = await response.text();
      const answer: Answer = {
        status: response.status,
        headers: response.headers,
        html,
        location: response.headers.get('location'),
        text: textOf(html),
      };
      checkHeaders(answer);
      if (init.method === 'HEAD' || answer.status === 303 || answer.status === 204) {
        expect(html).toBe('');
      } else {
        checkPage(answer);
      }
      return answer;
    },
  };
  return client;
}

function encoded(fields: Record<string, string | string[]>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      [value].flat().map((each): [string, string] => [name, each]),
    ),
  );
}

function textOf(html: string): string {
  return html
    .replace(/<(style|title|head)\b.*?<\/\1>/gs, '')
    .replace(/<rt>.*?<\/rt>/gs, '')
    .replace(/<\/?(ruby|span)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What submitting the form of that action sends when nothing is touched. */
export function asServed(html: string, action: string): Record<string, string | string[]> {
  const form = [...html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].find(
    ([, to]) => to === action,
  )?.[2];
  if (form === undefined) throw new Error(`no form to ${action}`);
  const fields: Record<string, string[]> = {};
  for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
    const [name, value] = [attribute(tag, 'name'), attribute(tag, 'value')];
    const chosen = !/type="(radio|checkbox)"/.test(tag) || / checked/.test(tag);
    if (name !== null && chosen) (fields[name] ??= []).push(value ?? '');
  }
  for (const [tag, inner] of form.matchAll(/<textarea[^>]*>([^<]*)<\/textarea>/g)) {
    const name = attribute(tag, 'name');
    if (name !== null) (fields[name] ??= []).push(inner ?? '');
  }
  return fields;
}

function attribute(tag: string, name: string): string | null {
  return new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? null;
}

function checkHeaders({ headers, status }: Answer): void {
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-robots-tag')).toContain('noindex');
  expect(headers.get('set-cookie')).toBeNull();
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("form-action 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|script-src/);
  if (status === 429 || status === 503) {
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
}

function checkPage({ html, headers, text }: Answer): void {
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MOST_BYTES);
  expect(html).toMatch(/^<!doctype html><html lang="ja"/);
  expect(html.match(/<title>[^<]{5,}<\/title>/g)).toHaveLength(1);
  expect(html.match(/<h1[ >]/g)).toHaveLength(1);
  expect(html).toContain('<meta name="robots" content="noindex');
  expect(html).toContain('content="width=device-width, initial-scale=1"');
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids).toEqual([...new Set(ids)]);
  for (const [, id] of html.matchAll(/ (?:for|aria-describedby)="([^"]*)"/g)) {
    for (const one of id?.split(' ') ?? []) expect(ids).toContain(one);
  }
  for (const [, id] of html.matchAll(/ href="#([^"]*)"/g)) expect(ids).toContain(id);
  for (const [tag] of html.matchAll(/<form[^>]*>/g)) {
    expect(tag).toContain('method="post"');
    expect(attribute(tag, 'action')).toMatch(/^\/r\/[A-Za-z0-9_-]{24,26}(\/[a-z-]+)?(\?ruby=1)?$/);
  }
  for (const [, to] of html.matchAll(/ href="([^"]*)"/g)) expect(to).toMatch(/^(#|\?|\/r\/)/);
  // Nothing is loaded, run or asked for: no script, picture, frame or sign of a phone call.
  expect(html).not.toMatch(/<script|<img|<iframe|<link|<object| on[a-z]+=| src=|tel:|https?:\/\//);
  // Only the length of a text is left to the browser; what it says of its own is in the browser's language.
  expect(html).not.toMatch(/ required| pattern=|type="email"/);
  const foreign = text.replace(/\S+@\S+/g, '').match(/[A-Za-z][A-Za-z0-9]*/g) ?? [];
  expect(foreign.filter((word) => !KNOWN_WORDS.includes(word))).toEqual([]);
  // Never an error word, never a fright.
  expect(text).not.toMatch(/エラー|失敗|不正|無効|禁止|削除|警告|障害|ろう者|undefined|null|NaN|\[object/);
}
