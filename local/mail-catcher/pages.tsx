/** The inbox as a person sees it. JSX escapes whatever a mail holds. */
import type { ComponentChildren } from 'preact';
import { render } from 'preact-render-to-string';
import type { Message } from './mailbox.js';

const SHOWN = 200;
const LINK = /https?:\/\/[^\s<>"'）」】、。]+/g;

const time = new Intl.DateTimeFormat('ja-JP', {
  timeZone: 'Asia/Tokyo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

export function listPage(messages: readonly Message[], to: string): string {
  const shown = messages.slice(0, SHOWN);
  return page(
    '受信箱',
    <>
      <form method="get" action="/" role="search">
        <label for="to">宛先で探す (To)</label>
        <input
          id="to"
          name="to"
          type="search"
          value={to}
          placeholder="hanako@example.jp"
          autocapitalize="off"
        />
        <button type="submit">探す</button>
        {to !== '' && <a href="/">すべて見る</a>}
      </form>
      <p class="count">
        {messages.length}通{messages.length > SHOWN ? `（新しい${SHOWN}通を表示）` : ''}
      </p>
      {shown.length === 0 ? (
        <p class="empty">
          {to === '' ? 'まだメールはありません。届くと、ここに出ます。' : 'この宛先のメールはありません。'}
        </p>
      ) : (
        <ul class="mails" data-newest={shown[0]?.id}>
          {shown.map((message) => (
            <li key={message.id}>
              <a href={`/messages/${message.id}`}>
                <span class="subject">{message.subject || '（件名なし）'}</span>
                <span class="to">{message.envelopeTo.join(', ')}</span>
                <Time at={message.receivedAt} />
              </a>
            </li>
          ))}
        </ul>
      )}
    </>,
    true,
  );
}

export function messagePage(message: Message): string {
  return page(
    message.subject || '（件名なし）',
    <article>
      <p>
        <a href="/">← 受信箱</a>
      </p>
      <h2>{message.subject || '（件名なし）'}</h2>
      <dl>
        <dt>差出人</dt>
        <dd>{message.from}</dd>
        <dt>返信先</dt>
        <dd>{message.replyTo || '—'}</dd>
        <dt>宛先</dt>
        <dd>
          {message.envelopeTo.map((address) => (
            <a href={`/?to=${encodeURIComponent(address)}`}>{address}</a>
          ))}
        </dd>
        <dt>受信</dt>
        <dd>
          <Time at={message.receivedAt} />
        </dd>
      </dl>
      <pre class="text">{withLinks(message.text)}</pre>
      <p class="source">
        <a href={`/messages/${message.id}/source`}>メールの原文 (source)</a>
      </p>
    </article>,
    false,
  );
}

export function notFoundPage(): string {
  return page(
    '見つかりません',
    <p>
      このメールはもうありません。<a href="/">受信箱へ</a>
    </p>,
    false,
  );
}

function Time({ at }: { at: string }) {
  return <time dateTime={at}>{time.format(new Date(at))}</time>;
}

/** Only http and https become links, each in a tab of its own. */
function withLinks(text: string): ComponentChildren[] {
  const parts: ComponentChildren[] = [];
  let end = 0;
  for (const { 0: link, index } of text.matchAll(LINK)) {
    parts.push(
      text.slice(end, index),
      <a href={link} target="_blank" rel="noopener noreferrer">
        {link}
      </a>,
    );
    end = index + link.length;
  }
  return [...parts, text.slice(end)];
}

function page(title: string, content: ComponentChildren, refreshes: boolean): string {
  const html = render(
    <html lang="ja">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} · NET119 local mail`}</title>
        <link rel="stylesheet" href="/style.css" />
        {refreshes && (
          <>
            <script src="/refresh.js" defer />
            <noscript>
              <meta http-equiv="refresh" content="10" />
            </noscript>
          </>
        )}
      </head>
      <body>
        <header>
          <h1>
            <a href="/">受信箱</a>
          </h1>
          <p>この機械の中だけの受信箱です。ここに届いたメールは、だれにも送られていません。</p>
        </header>
        <main>{content}</main>
      </body>
    </html>,
  );
  return `<!doctype html>${html}`;
}
