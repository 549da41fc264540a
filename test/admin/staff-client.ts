/** A browser without a screen: keeps the cookie, sends forms as they are served, and holds every page against what one must be. */
import { expect } from 'vitest';

export interface Answer {
  status: number;
  headers: Headers;
  html: string;
  location: string | null;
  /** What is read: without tags, spaces folded. */
  text: string;
}

export interface StaffClient {
  cookie: string | null;
  get(path: string): Promise<Answer>;
  /** Sends the form of that action on `page` as served, with `fields` filled in. */
  submit(page: Answer, action: string, fields?: Record<string, string | readonly string[]>): Promise<Answer>;
  post(
    path: string,
    fields: Record<string, string | readonly string[]>,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  signIn(name: string, password: string): Promise<Answer>;
}

const MOST_BYTES = 60 * 1024;
/** Latin words that staff know; everything else in Latin letters must be data of the page (`known`). */
const CODES = /\b[A-Z][A-Z]+_[A-Z_]+\b|\bundefined\b|\bnull\b|\bNaN\b|\[object/;

export function createStaffClient(origin: string): StaffClient {
  const client: StaffClient = {
    cookie: null,
    get: (path) => send(path, {}),
    post: (path, fields, headers = {}) => send(path, { method: 'POST', headers, body: encode(fields) }),
    submit: (page, action, fields = {}) => client.post(action, { ...asServed(page.html, action), ...fields }),
    async signIn(signInName, password) {
      await client.get('/admin/sign-in');
      return client.post('/admin/sign-in', { signInName, password });
    },
  };

  async function send(path: string, init: RequestInit): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (client.cookie !== null) headers.set('cookie', client.cookie);
    const response = await fetch(origin + path, { redirect: 'manual', ...init, headers });
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) {
      expect(cookie).toContain('HttpOnly');
      expect(cookie).toContain('SameSite=Lax');
      client.cookie = cookie.split(';')[0] ?? null;
    }
    const html = await response.text();
    const answer: Answer = {
      status: response.status,
      headers: response.headers,
      html,
      location: response.headers.get('location'),
      text: textOf(html),
    };
    if (answer.headers.get('content-type')?.startsWith('text/html') && answer.status !== 303) check(answer);
    return answer;
  }
  return client;
}

/** A field with several values is several fields, as ticked boxes are. */
function encode(fields: Record<string, string | readonly string[]>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(fields).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : value.map((each) => [name, each]),
    ),
  );
}

function textOf(html: string): string {
  return html
    .replace(/<(title|head)\b.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}

function asServed(html: string, action: string): Record<string, string> {
  const form = [...html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].find(
    ([, to]) => to === action,
  )?.[2];
  if (form === undefined) throw new Error(`no form to ${action}`);
  const fields: Record<string, string> = {};
  for (const [tag] of form.matchAll(/<input(?:"[^"]*"|[^>"])*>/g)) {
    const name = / name="([^"]*)"/.exec(tag)?.[1];
    const chosen = !/type="(radio|checkbox)"/.test(tag) || / checked/.test(tag);
    if (name !== undefined && chosen) fields[name] = unescaped(/ value="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  for (const [, name = '', text = ''] of form.matchAll(
    /<textarea[^>]* name="([^"]*)"[^>]*>(.*?)<\/textarea>/gs,
  ))
    fields[name] = unescaped(text);
  for (const [, name = '', options = ''] of form.matchAll(
    /<select[^>]* name="([^"]*)"[^>]*>(.*?)<\/select>/gs,
  )) {
    const all = [...options.matchAll(/<option[^>]*>/g)].map(([tag]) => tag);
    const chosen = all.find((tag) => / selected/.test(tag)) ?? all[0] ?? '';
    fields[name] = unescaped(/ value="([^"]*)"/.exec(chosen)?.[1] ?? '');
  }
  return fields;
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** Every page: ours alone, nothing loaded from elsewhere, one heading, labels that exist, no untranslated word. */
function check({ html, headers, text }: Answer): void {
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|data:/);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(html).toMatch(/^<!doctype html><html lang="ja"/);
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MOST_BYTES);
  expect(html.match(/<title>[^<]{5,}<\/title>/g)).toHaveLength(1);
  expect(html.match(/<h1[ >]/g)).toHaveLength(1);
  const withoutModules = html.replace(
    /<script type="module" src="\/admin\/assets\/[a-z-]+\.js\?v=[0-9a-f]+"><\/script>/g,
    '',
  );
  expect(withoutModules).not.toMatch(/<script|<iframe|<img| style=| on[a-z]+=/i);
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
  expect(ids).toEqual([...new Set(ids)]);
  for (const [, named = ''] of html.matchAll(/ (?:for|aria-describedby)="([^"]*)"/g))
    for (const id of named.split(' ')) expect(ids).toContain(id);
  for (const [tag] of html.matchAll(/<form[^>]*>/g))
    expect(tag).toMatch(/method="(post|get)" action="\/admin\//);
  for (const [, to] of html.matchAll(/<a [^>]*href="([^"]*)"/g)) expect(to).toMatch(/^(#|\?|\/admin\/)/);
  expect(text).not.toMatch(CODES);
}
