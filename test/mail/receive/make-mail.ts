/** Small mails for tests about one thing. */

/** From a mail server, unless `from` says otherwise. */
export function wordsMail(text: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const all = {
    From: 'MAILER-DAEMON@mx.example.jp',
    To: 'b+k7q2@bounce.example.jp',
    Subject: 'NET119',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${lines.join('\n')}\n\n${text}\n`);
}

/** A multipart/report with these parts, each with its own headers. */
export function partsMail(parts: readonly string[], headers: Readonly<Record<string, string>> = {}): Buffer {
  const body = parts.map((part) => `--=_b\n${part}\n`).join('');
  const type = 'multipart/report; report-type=delivery-status; boundary="=_b"';
  return wordsMail(`${body}--=_b--`, { 'Content-Type': type, ...headers });
}

export function statusPart(fields: string): string {
  return `Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.jp\n\n${fields}\n`;
}
