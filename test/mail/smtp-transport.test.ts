import { afterEach, describe, expect, test, vi } from 'vitest';
import { createSmtpTransport } from '../../mail/smtp-transport.js';
import type { SmtpSettings, SmtpTransport } from '../../mail/smtp-transport.js';
import type { SendResult } from '../../mail/transport.js';
import type { Clock } from '../../platform/clock.js';
import { inTenSeconds, outgoing, realClock, settingsFor } from './given.js';
import { politely, startRawServer, startSink } from './smtp-sink.js';
import type { RawServer, Sink } from './smtp-sink.js';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function transportTo(
  url: string,
  more: Partial<SmtpSettings> = {},
  clock = realClock,
): Promise<SmtpTransport> {
  const transport = await createSmtpTransport(settingsFor(url, more), clock);
  open.push(transport);
  return transport;
}

async function sink(...options: Parameters<typeof startSink>): Promise<Sink> {
  const started = await startSink(...options);
  open.push(started);
  return started;
}

async function rawServer(answer: (line: string | null) => string | null): Promise<RawServer> {
  const started = await startRawServer(answer);
  open.push(started);
  return started;
}

describe('a mail that arrives', () => {
  test('carries what interface and rules ask for, and the reply is kept', async () => {
    const server = await sink();
    const clock: Clock = { now: () => Date.parse('2026-12-31T01:00:00Z') };
    const transport = await transportTo(server.url, {}, clock);
    const sent = outgoing();
    const result = await transport.send(sent, clock.now() + 10_000);

    expect(result).toMatchObject({ verdict: 'ACCEPTED', code: 250 });
    expect(result.text).toContain('queued as 7Q1');
    const [taken] = server.taken;
    expect(server.taken).toHaveLength(1);
    expect(taken).toMatchObject({ from: sent.envelopeFrom, to: [sent.to] });
    expect(taken?.mail).toMatchObject({
      from: { name: '見本市消防本部', address: 'net119@mail.example.org' },
      to: [{ address: sent.to }],
      replyTo: [{ address: sent.replyTo }],
      subject: sent.subject,
      messageId: sent.messageId,
      text: sent.text,
      attachments: [],
    });
    expect(Date.parse(taken?.mail.date ?? '')).toBe(clock.now());
    expect(taken?.mail.html).toBeUndefined();
    const headers = Object.fromEntries(taken?.mail.headers.map(({ key, value }) => [key, value]) ?? []);
    expect(headers).toMatchObject({
      'auto-submitted': 'auto-generated',
      'content-type': 'text/plain; charset=utf-8',
      'content-transfer-encoding': 'base64',
    });
    expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['cc', 'bcc', 'x-mailer']));
    expect(taken?.raw.toString('latin1')).toMatch(/^[\r\n\t -~]*$/);
  });

  test.each([
    'a..b@docomo.ne.jp',
    'a.@ezweb.ne.jp',
    '.a@softbank.ne.jp',
    'a/b?c@docomo.ne.jp',
    '-a_@docomo.ne.jp',
  ])('the old carrier address %s is sent to', async (to) => {
    const server = await sink();
    const transport = await transportTo(server.url);
    expect(await transport.send(outgoing({ to }), inTenSeconds())).toMatchObject({ verdict: 'ACCEPTED' });
    expect(server.taken[0]?.to.map((each) => each.replaceAll('"', ''))).toEqual([to]);
  });

  test('one connection serves one mail after another', async () => {
    const server = await rawServer(politely(() => undefined));
    const transport = await transportTo(server.url);
    for (let i = 0; i < 3; i += 1) await transport.send(outgoing(), inTenSeconds());
    expect(server.heard.filter((line) => line === '.')).toHaveLength(3);
    expect(server.connections).toBe(1);
  });

  test.each([
    ['subject', { subject: 'x\r\nBcc: evil@example.jp\r\n\r\nbody' }],
    ['sender name', { fromName: 'x\r\nBcc: evil@example.jp' }],
    ['sender name with an address', { fromName: 'x" <evil@example.jp>, "y' }],
    ['Reply-To', { replyTo: 'a@example.jp\r\nBcc: evil@example.jp' }],
    ['Message-ID', { messageId: '<x@example.org>\r\nBcc: evil@example.jp' }],
    ['recipient', { to: 'a@example.jp\r\nRCPT TO:<evil@example.jp>' }],
    ['two recipients', { to: 'a@example.jp, evil@example.jp' }],
    ['text', { text: 'a\r\n.\r\nMAIL FROM:<evil@example.jp>\r\n' }],
  ])('R20: nothing in the %s adds a header, a recipient or a command', async (_where, more) => {
    const server = await sink();
    const transport = await transportTo(server.url);
    const { verdict } = await transport.send(outgoing(more), inTenSeconds());
    expect(server.taken).toHaveLength(verdict === 'ACCEPTED' ? 1 : 0);
    if ('to' in more) expect(verdict).toBe('FAILED');
    else expect(verdict).toBe('ACCEPTED');
    for (const { to, from, mail } of server.taken) {
      expect({ to, from }).toEqual({ to: [outgoing().to], from: outgoing().envelopeFrom });
      expect(mail.from?.address).toBe('net119@mail.example.org');
      expect(mail.to).toHaveLength(1);
      const keys = mail.headers.map(({ key }) => key);
      expect(
        keys.filter((key) => ['bcc', 'cc', 'from', 'to', 'reply-to', 'message-id'].includes(key)).sort(),
      ).toEqual(['from', 'message-id', 'reply-to', 'to']);
      if ('text' in more) expect(mail.text).toBe(more.text.replaceAll('\r\n', '\n'));
      else expect(mail.text).toBe(outgoing().text);
    }
  });
});

describe('R23, R24: what the server says becomes a verdict', () => {
  const refusing = (at: RegExp, reply: string | null) => (line: string) =>
    at.test(line) ? reply : undefined;
  // With PIPELINING nodemailer says everything at once and sorts the answers out afterwards.
  const pipelining = (line: string) =>
    line.startsWith('EHLO') ? '250-mx.example\r\n250 PIPELINING' : undefined;
  describe.each([
    ['one by one', () => undefined],
    ['pipelined', pipelining],
  ])('%s', (_how, ehlo) => {
    test.each([
      [
        /^RCPT/,
        '550 5.1.1 User unknown',
        { verdict: 'BOUNCED', bounceClass: 'UNKNOWN_ADDRESS', code: 550, enhanced: '5.1.1' },
      ],
      [/^RCPT/, '552 5.2.2 Mailbox full', { verdict: 'BOUNCED', bounceClass: 'MAILBOX_FULL', code: 552 }],
      [/^RCPT/, '550 5.7.1 Not welcome', { verdict: 'FAILED', code: 550 }],
      [/^RCPT/, '450 4.2.0 Greylisted', { verdict: 'DEFERRED', why: 'MAIL_SERVER_BUSY', code: 450 }],
      [/^MAIL/, '550 5.1.1 User unknown', { verdict: 'FAILED', code: 550 }],
      [/^MAIL/, '451 4.3.0 Later', { verdict: 'DEFERRED', why: 'MAIL_SERVER_BUSY' }],
      [/^MAIL/, '421 4.3.2 Closing', { verdict: 'DEFERRED', why: 'MAIL_SERVER_BUSY', code: 421 }],
      [/^RCPT/, '421 4.3.2 Closing', { verdict: 'DEFERRED', why: 'MAIL_SERVER_BUSY', code: 421 }],
      [/^\.$/, '550 5.1.1 User unknown', { verdict: 'FAILED', code: 550 }],
      [/^\.$/, '552 5.2.2 Mailbox full', { verdict: 'BOUNCED', bounceClass: 'MAILBOX_FULL' }],
      [/^\.$/, '451 4.3.0 Later', { verdict: 'DEFERRED', why: 'MAIL_SERVER_BUSY' }],
      [/^\.$/, null, { verdict: 'DEFERRED', why: 'CONNECTION_LOST', code: null }],
      [/^MAIL/, null, { verdict: 'DEFERRED', why: 'CONNECTION_LOST', code: null }],
      [/^CONNECT/, '554 5.7.1 Go away', { verdict: 'DEFERRED', why: 'MAIL_SERVER_DOWN', code: 554 }],
      [/^CONNECT/, '421 4.7.0 Too many', { verdict: 'DEFERRED', why: 'MAIL_SERVER_BUSY', code: 421 }],
      [/^CONNECT/, null, { verdict: 'DEFERRED', why: 'MAIL_SERVER_DOWN' }],
    ])('at %s: %j', async (at, reply, expected) => {
      const special = refusing(at, reply);
      const server = await rawServer(
        politely((line) => special(line) ?? (special(line) === null ? null : ehlo(line))),
      );
      const transport = await transportTo(server.url);
      const result = await transport.send(outgoing(), inTenSeconds());
      expect(result).toMatchObject(expected);
      if (reply !== null) expect(result.text).toBe(reply);
      // One attempt a call: nothing is tried again behind the ledger's back (R21).
      expect(server.connections).toBe(1);
      expect(server.heard.filter((line) => line.startsWith('MAIL')).length).toBeLessThanOrEqual(1);
    });
  });

  test('a refused mail leaves the connection good for the next', async () => {
    const server = await rawServer(
      politely((line) => (line.includes('<gone@') ? '550 5.1.1 User unknown' : undefined)),
    );
    const transport = await transportTo(server.url);
    expect(await transport.send(outgoing({ to: 'gone@example.jp' }), inTenSeconds())).toMatchObject({
      verdict: 'BOUNCED',
    });
    expect(await transport.send(outgoing(), inTenSeconds())).toMatchObject({ verdict: 'ACCEPTED' });
    expect(server.connections).toBe(1);
  });

  test('closed for the night: what still waits for a connection is tried again later, not lost', async () => {
    const server = await rawServer(politely((line) => (line.startsWith('MAIL') ? '' : undefined)));
    const transport = await transportTo(server.url, { SMTP_CONNECTIONS: 1 });
    const busy = transport.send(outgoing(), Date.now() + 700);
    await vi.waitFor(() => expect(server.heard.join()).toContain('MAIL'));
    const waiting = transport.send(outgoing(), inTenSeconds());
    transport.close();
    expect(await waiting).toMatchObject({ verdict: 'DEFERRED' });
    expect(await busy).toMatchObject({ verdict: 'DEFERRED', why: 'TIMED_OUT' });
  });

  test('nobody listens: the server counts as down, and after some mails it is not asked any more', async () => {
    const gone = await startRawServer(politely(() => undefined));
    await gone.close();
    const transport = await transportTo(gone.url);
    for (let i = 0; i < 3; i += 1) {
      expect(transport.isServerDown()).toBe(false);
      expect(await transport.send(outgoing(), inTenSeconds())).toMatchObject({
        verdict: 'DEFERRED',
        why: 'MAIL_SERVER_DOWN',
      });
    }
    expect(transport.isServerDown()).toBe(true);
  });

  test('down, it is asked once a minute for all; the first answer ends it', async () => {
    let up = false;
    let now = Date.parse('2027-03-01T01:00:00Z');
    const polite = politely(() => undefined);
    const server = await rawServer((line) => (up ? polite(line) : null));
    const transport = await transportTo(server.url, {}, { now: () => now });
    const send = () => transport.send(outgoing(), now + 10_000);
    for (let i = 0; i < 3; i += 1) await send();
    expect(server.connections).toBe(3);
    const waiting = await Promise.all([send(), send()]);
    expect(waiting.map((each) => each.verdict)).toEqual(['DEFERRED', 'DEFERRED']);
    expect(server.connections).toBe(3);
    now += 60_000;
    await Promise.all([send(), send(), send()]);
    expect(server.connections).toBe(4);
    expect(transport.isServerDown()).toBe(true);
    up = true;
    now += 60_000;
    expect(await send()).toMatchObject({ verdict: 'ACCEPTED' });
    expect(transport.isServerDown()).toBe(false);
  });
});

describe('passwords and TLS', () => {
  const withPassword = (url: string, host: string) =>
    url.replace('smtp://', 'smtp://user%40x:p%23w@').replace('127.0.0.1', host);
  /** The same machine under a name that does not say so. */
  const ELSEWHERE = '127.1';

  test('on this machine a password may go in the clear, percent-encoding undone', async () => {
    const seen: unknown[] = [];
    const server = await sink({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (auth, _session, done) => {
        seen.push(auth.username, auth.password);
        done(null, { user: 'x' });
      },
    });
    const transport = await transportTo(withPassword(server.url, '127.0.0.1'));
    expect(await transport.send(outgoing(), inTenSeconds())).toMatchObject({ verdict: 'ACCEPTED' });
    expect(seen).toEqual(['user@x', 'p#w']);
  });

  test('elsewhere it does not: without STARTTLS the mail waits', async () => {
    const server = await rawServer(
      politely((line) => {
        if (line.startsWith('EHLO')) return '250-mx.example\r\n250 AUTH PLAIN LOGIN';
        return line === 'STARTTLS' ? '502 5.5.1 no' : undefined;
      }),
    );
    const transport = await transportTo(withPassword(server.url, ELSEWHERE));
    expect(await transport.send(outgoing(), inTenSeconds())).toMatchObject({
      verdict: 'DEFERRED',
      why: 'MAIL_SERVER_DOWN',
    });
    expect(server.connections).toBe(1);
    expect(server.heard.join()).not.toMatch(/AUTH|MAIL/);
  });

  test('STARTTLS is used when offered; a certificate nobody vouches for is good on this machine only', async () => {
    const secure: boolean[] = [];
    const server = await sink({
      disabledCommands: ['AUTH'],
      onMailFrom: (_address, session, done) => {
        secure.push(session.secure);
        done();
      },
    });
    expect(await (await transportTo(server.url)).send(outgoing(), inTenSeconds())).toMatchObject({
      verdict: 'ACCEPTED',
    });
    expect(secure).toEqual([true]);
    const elsewhere = await transportTo(server.url.replace('127.0.0.1', ELSEWHERE));
    expect(await elsewhere.send(outgoing(), inTenSeconds())).toMatchObject({
      verdict: 'DEFERRED',
      why: 'MAIL_SERVER_DOWN',
    });
    expect(secure).toHaveLength(1);
  });

  test('smtps:// speaks TLS from the first byte', async () => {
    const server = await sink({ secure: true, disabledCommands: ['AUTH'] });
    const transport = await transportTo(server.url.replace('smtp:', 'smtps:'));
    expect(await transport.send(outgoing(), inTenSeconds())).toMatchObject({ verdict: 'ACCEPTED' });
  });

  test('a refused password loses no mail and counts as an unreachable server', async () => {
    const server = await sink({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('no')),
    });
    const transport = await transportTo(withPassword(server.url, '127.0.0.1'));
    for (let i = 0; i < 3; i += 1) {
      expect(await transport.send(outgoing(), inTenSeconds())).toMatchObject({
        verdict: 'DEFERRED',
        why: 'MAIL_SERVER_DOWN',
        code: 535,
      });
    }
    expect(transport.isServerDown()).toBe(true);
  });
});

describe('R21: the deadline', () => {
  const NOW = Date.parse('2027-03-01T01:00:00Z');
  const DEADLINE = NOW + 60_000;
  /** A process that freezes when the server is about to answer `at`, and wakes up after the deadline. */
  async function frozenAt(at: RegExp) {
    let now = NOW;
    const server = await rawServer(
      politely((line) => {
        if (at.test(line)) now = DEADLINE;
        return undefined;
      }),
    );
    const transport = await transportTo(server.url, {}, { now: () => now });
    return { server, result: await transport.send(outgoing(), DEADLINE), transport };
  }

  test('the whole message is there and the answer comes late: it is told when it comes', async () => {
    let slowly: (() => void) | undefined;
    const server = await sink({
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => (slowly = () => done(null, '2.0.0 Ok: at last')));
      },
    });
    const transport = await transportTo(server.url);
    const late: SendResult[] = [];
    const result = await transport.send(outgoing(), Date.now() + 500, (reply) => late.push(reply));
    expect(result).toEqual({ verdict: 'DEFERRED', why: 'TIMED_OUT', code: null, enhanced: null, text: null });
    slowly?.();
    await vi.waitFor(() => expect(late).toMatchObject([{ verdict: 'ACCEPTED', code: 250 }]));
  });

  test('passed already: nothing is said to the server', async () => {
    const server = await rawServer(politely(() => undefined));
    const transport = await transportTo(server.url, {}, { now: () => DEADLINE });
    expect(await transport.send(outgoing(), DEADLINE)).toEqual({
      verdict: 'EXPIRED',
      code: null,
      enhanced: null,
      text: null,
    });
    expect(server.connections).toBe(0);
  });

  test.each([/^CONNECT/, /^EHLO/, /^MAIL/, /^RCPT/, /^DATA/])(
    'frozen at %s until it has passed: the message is not completed',
    async (at) => {
      const { server, result } = await frozenAt(at);
      expect(result.verdict).toBe('EXPIRED');
      await vi.waitFor(() => expect(server.closed).toBe(1));
      expect(server.heard).not.toContain('.');
    },
  );

  test('frozen in the middle of the message: neither', async () => {
    let now = NOW;
    const server = await rawServer(politely(() => undefined));
    // The clock is asked once when SMTP begins; later questions come from the message on its way.
    let questions = 0;
    const clock: Clock = {
      now: () => {
        if (server.heard.includes('DATA')) questions += 1;
        if (questions === 2) now = DEADLINE;
        return now;
      },
    };
    const transport = await transportTo(server.url, {}, clock);
    const result = await transport.send(outgoing({ text: '長い文\n'.repeat(20_000) }), DEADLINE);
    expect(result).toMatchObject({ verdict: 'DEFERRED', why: 'TIMED_OUT' });
    await vi.waitFor(() => expect(server.closed).toBe(1));
    expect(server.heard.some((line) => line.startsWith('Auto-Submitted'))).toBe(true);
    expect(server.heard).not.toContain('.');
  });

  test('in time, the same mail is completed', async () => {
    const { server, result } = await frozenAt(/^NEVER/);
    expect(result.verdict).toBe('ACCEPTED');
    expect(server.heard).toContain('.');
  });

  test('a server that falls silent before it has the whole message is left when it comes', async () => {
    for (const at of [/^MAIL/, /^RCPT/, /^DATA/]) {
      const server = await rawServer(politely((line) => (at.test(line) ? '' : undefined)));
      const transport = await transportTo(server.url);
      expect(await transport.send(outgoing(), Date.now() + 700)).toMatchObject({
        verdict: 'DEFERRED',
        why: 'TIMED_OUT',
      });
      await vi.waitFor(() => expect(server.closed).toBe(1));
    }
  });
});
