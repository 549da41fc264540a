/** What other people's servers send back about a mail that they took first: one report, written by hand, for each way to fail. */

export const FAILURES = [
  'unknown-address',
  'refused',
  'unknown-or-refused',
  'mailbox-full',
  'expired',
  'domain-not-found',
  'sender-blocked',
  'delayed',
  'auto-reply',
] as const;
export type Failure = (typeof FAILURES)[number];

/** The mail that failed. */
export interface Failed {
  recipient: string;
  /** Where the report goes. */
  returnPath: string;
  /** As it came over the line. */
  source: string;
}

/** Whose local part begins so fails so, without any rule: `mailbox-full@…`, `mailbox-full.hanako@…`. */
const BY_NAME = new RegExp(`^(${FAILURES.join('|')})([.\\d].*)?@`, 'i');

export function failureNamedBy(address: string): Failure | null {
  const name = BY_NAME.exec(address)?.[1]?.toLowerCase();
  return FAILURES.find((failure) => failure === name) ?? null;
}

/** The whole message; its envelope has no sender. */
export function reportOf(failure: Failure, failed: Failed, at: Date): string {
  const domain = failed.recipient.slice(failed.recipient.lastIndexOf('@') + 1);
  switch (failure) {
    case 'unknown-address':
      return rejected(failed, at, {
        status: '5.1.1',
        reply: `550 5.1.1 <${failed.recipient}>: Recipient address rejected: User unknown`,
        command: 'RCPT TO',
      });
    case 'refused':
      return rejected(failed, at, {
        status: '5.7.1',
        reply: `550 5.7.1 <${failed.recipient}>: message refused by the recipient's own filter settings`,
        command: 'end of DATA',
      });
    case 'unknown-or-refused':
      return prose(failed, at, domain);
    case 'mailbox-full':
      return rejected(failed, at, {
        status: '5.2.2',
        reply: `552 5.2.2 <${failed.recipient}>: Mailbox full: user is over quota`,
        command: 'end of DATA',
      });
    case 'expired':
      return ours(failed, at, {
        action: 'failed',
        status: '4.4.1',
        diagnostic: `connect to mx.${domain}[192.0.2.25]:25: Connection timed out`,
        words: 'I have tried for five days and give up. The last thing I heard:',
      });
    case 'domain-not-found':
      return ours(failed, at, {
        action: 'failed',
        status: '5.4.4',
        diagnostic: `Host or domain name not found. Name service error for name=${domain} type=A: Host not found`,
        words: 'The domain of this address does not exist:',
      });
    case 'sender-blocked':
      return rejected(failed, at, {
        status: '5.7.1',
        reply:
          '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.example.net; see https://bl.example.net/192.0.2.1',
        command: 'RCPT TO',
      });
    case 'delayed':
      return ours(failed, at, {
        action: 'delayed',
        status: '4.4.1',
        diagnostic: `connect to mx.${domain}[192.0.2.25]:25: Connection timed out`,
        words: 'THIS IS A WARNING ONLY. I go on trying; nothing needs to be sent again.',
      });
    case 'auto-reply':
      return autoReply(failed, at);
  }
}

/** Our own mail server hands on what the other side said. */
function rejected(
  failed: Failed,
  at: Date,
  { status, reply, command }: { status: string; reply: string; command: string },
): string {
  const domain = failed.recipient.slice(failed.recipient.lastIndexOf('@') + 1);
  return report(failed, at, {
    action: 'failed',
    status,
    remoteMta: `mx.${domain}`,
    diagnostic: `smtp; ${reply}`,
    words: `<${failed.recipient}>: host mx.${domain}[192.0.2.25] said: ${reply} (in reply to ${command} command)`,
  });
}

/** Our own mail server could not even hand it over. */
function ours(
  failed: Failed,
  at: Date,
  { words, diagnostic, ...rest }: { action: string; status: string; diagnostic: string; words: string },
): string {
  return report(failed, at, {
    ...rest,
    remoteMta: null,
    diagnostic: `X-Relay; ${diagnostic}`,
    words: `${words}\r\n\r\n<${failed.recipient}>: ${diagnostic}`,
  });
}

/** RFC 3464, with the whole mail returned. */
function report(
  { recipient, returnPath, source }: Failed,
  at: Date,
  {
    action,
    status,
    remoteMta,
    diagnostic,
    words,
  }: { action: string; status: string; remoteMta: string | null; diagnostic: string; words: string },
): string {
  const boundary = `${at.getTime()}.relay.example.jp`;
  return lines(
    'From: Mail Delivery System <MAILER-DAEMON@relay.example.jp>',
    `To: ${returnPath}`,
    `Subject: ${action === 'delayed' ? 'Delayed Mail (still being tried)' : 'Undelivered Mail Returned to Sender'}`,
    `Date: ${dateOf(at)}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host relay.example.jp.',
    '',
    words,
    '',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; relay.example.jp',
    `Arrival-Date: ${dateOf(at)}`,
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    ...(remoteMta === null ? [] : [`Remote-MTA: dns; ${remoteMta}`]),
    `Diagnostic-Code: ${diagnostic}`,
    '',
    `--${boundary}`,
    'Content-Type: message/rfc822',
    '',
    source.trimEnd(),
    '',
    `--${boundary}--`,
  );
}

/** As carriers write: no machine-readable part, and one answer for two reasons. */
function prose({ recipient, returnPath, source }: Failed, at: Date, domain: string): string {
  return lines(
    `From: <Postmaster@${domain}>`,
    `To: <${returnPath}>`,
    'Subject: Mail System Error - Returned Mail',
    `Date: ${dateOf(at)}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This message was undeliverable due to the following reason:',
    '',
    'The recipient below was rejected by a remote mail server.',
    '',
    `    Recipient: <${recipient}>`,
    `    Reason:    550 Unknown user ${recipient}`,
    '',
    '----- Original message header -----',
    '',
    headersOf(source),
  );
}

function autoReply({ recipient, returnPath }: Failed, at: Date): string {
  return lines(
    `From: <${recipient}>`,
    `To: <${returnPath}>`,
    'Subject: =?UTF-8?B?5LiN5Zyo44Gu44GK55+l44KJ44Gb?=',
    `Date: ${dateOf(at)}`,
    'Auto-Submitted: auto-replied (vacation)',
    'Precedence: bulk',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    '旅行のため、10日まで返信できません。',
  );
}

function headersOf(source: string): string {
  return source.split(/\r?\n\r?\n/, 1)[0] ?? '';
}

function dateOf(at: Date): string {
  return at.toUTCString().replace('GMT', '+0000');
}

function lines(...all: string[]): string {
  return `${all.join('\r\n')}\r\n`;
}
