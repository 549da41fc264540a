/** The mail catcher over the line: what it takes, what it shows, and what it can be told to do instead. */
import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import request from 'supertest';
import type { Express } from 'express';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Mailbox } from '../../local/mail-catcher/mailbox.js';
import { openMailbox } from '../../local/mail-catcher/mailbox.js';
import { createReporter } from '../../local/mail-catcher/reporter.js';
import { createRules } from '../../local/mail-catcher/rules.js';
import { createSmtpServer } from '../../local/mail-catcher/smtp.js';
import { createInbox } from '../../local/mail-catcher/web.js';
import type { Sink } from '../mail/smtp-sink.js';
import { startSink } from '../mail/smtp-sink.js';
import { testFolder, until } from './folder.js';

interface Catcher {
  mailbox: Mailbox;
  web: Express;
  port: number;
  journal: string;
  send(mail: Partial<Mail>): Promise<unknown>;
}

interface Mail {
  from: string;
  to: string;
  subject: string;
  text: string;
  messageId: string;
}

async function catcher({ kept, reportsTo }: { kept?: number; reportsTo?: string } = {}): Promise<Catcher> {
  const journal = join(await testFolder(), 'mail/journal.jsonl');
  const mailbox = await openMailbox(journal, kept);
  const rules = createRules();
  // Nobody listens on the port of the discard service.
  const reporter = createReporter(reportsTo ?? 'smtp://127.0.0.1:9', 20);
  onTestFinished(() => reporter.stop());
  const smtp = createSmtpServer(mailbox, rules, reporter);
  const server = smtp.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => new Promise((resolve) => smtp.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  return {
    mailbox,
    web: createInbox(mailbox, rules),
    port,
    journal,
    send: ({ from = 'b+1@bounce.example.jp', to = 'hanako@example.jp', ...mail }) =>
      transport.sendMail({
        envelope: { from, to },
        from: '見本市消防本部 <net119@example.jp>',
        to,
        subject: '【見本消防】お願い',
        text: '見本 花子 さま\n',
        ...mail,
      }),
  };
}

/** A conversation by hand: sends each line after the answer to the one before; resolves to the answers. */
async function talk(port: number, lines: readonly string[]): Promise<{ answers: string[]; socket: Socket }> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.setEncoding('utf8');
  const answers: string[] = [];
  let buffer = '';
  socket.on('error', () => {});
  socket.on('data', (chunk: string) => {
    buffer += chunk;
    for (const line of buffer.split('\r\n').slice(0, -1)) if (/^\d{3} /.test(line)) answers.push(line);
    buffer = buffer.slice(buffer.lastIndexOf('\r\n') + 2);
  });
  await until('greeting', () => answers.length > 0);
  for (const line of lines) {
    const before = answers.length;
    socket.write(`${line}\r\n`);
    await until(`an answer to ${line}`, () => answers.length > before || socket.destroyed);
    if (socket.destroyed) break;
  }
  return { answers, socket };
}

async function messagesOf(web: Express, query = ''): Promise<Record<string, unknown>[]> {
  return (await request(web).get(`/api/messages${query}`).expect(200)).body.items;
}

describe('what the catcher takes', () => {
  it('is told to programs decoded, with its envelope', async () => {
    const { web, send } = await catcher();
    const before = Date.now();
    await send({
      messageId: '<1@bounce.example.jp>',
      text: '下の青い文字を押してください。\nhttps://example.jp/r/abc\n',
    });
    const [message] = await messagesOf(web);
    expect(message).toEqual({
      id: expect.any(String),
      receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      envelopeFrom: 'b+1@bounce.example.jp',
      envelopeTo: ['hanako@example.jp'],
      messageId: '<1@bounce.example.jp>',
      subject: '【見本消防】お願い',
      text: '下の青い文字を押してください。\nhttps://example.jp/r/abc\n',
    });
    expect(Date.parse(String(message?.['receivedAt']))).toBeGreaterThanOrEqual(before);
  });

  it('includes mail to addresses of old carriers, found however they are written', async () => {
    const { web, send } = await catcher();
    await send({ to: '"a..b"@docomo.ne.jp' });
    await send({ to: 'a.@ezweb.ne.jp' });
    expect((await messagesOf(web)).map((one) => one['envelopeTo'])).toEqual([
      ['a.@ezweb.ne.jp'],
      ['a..b@docomo.ne.jp'],
    ]);
    for (const to of ['a..b@docomo.ne.jp', '"a..b"@docomo.ne.jp', 'A..B@DOCOMO.ne.jp']) {
      expect(await messagesOf(web, `?to=${encodeURIComponent(to)}`)).toHaveLength(1);
    }
  });

  it('is listed newest first, by address and from an instant on, that one included', async () => {
    const { web, send } = await catcher();
    await send({ subject: 'first' });
    const [first] = await messagesOf(web);
    const at = String(first?.['receivedAt']);
    await until('the clock moved on', () => Date.now() > Date.parse(at));
    await send({ subject: 'second' });
    await send({ subject: 'other', to: 'taro@example.jp' });
    const subjects = async (query: string) => (await messagesOf(web, query)).map((one) => one['subject']);
    expect(await subjects('')).toEqual(['other', 'second', 'first']);
    expect(await subjects('?to=hanako@example.jp')).toEqual(['second', 'first']);
    expect(await subjects(`?since=${at}`)).toEqual(['other', 'second', 'first']);
    expect(await subjects(`?since=${new Date(Date.parse(at) + 1).toISOString()}`)).toEqual([
      'other',
      'second',
    ]);
    await request(web).get('/api/messages?since=yesterday').expect(400);
  });

  it('outlives the catcher: the journal is read again, without a line that was cut off', async () => {
    const { send, journal } = await catcher();
    await send({ subject: 'first' });
    await send({ subject: 'second' });
    await appendFile(journal, '{"id":"half');
    const again = await openMailbox(journal);
    expect(again.list().map(({ subject }) => subject)).toEqual(['second', 'first']);
    await again.add({ from: '', to: ['x@example.jp'] }, Buffer.from('Subject: third\r\n\r\n'));
    expect((await openMailbox(journal)).list().map(({ subject }) => subject)).toEqual([
      'third',
      'second',
      'first',
    ]);
  });

  it('is kept up to a number, in memory and in the journal', async () => {
    const { send, mailbox, journal } = await catcher({ kept: 2 });
    for (const subject of ['1', '2', '3']) await send({ subject });
    expect(mailbox.list().map(({ subject }) => subject)).toEqual(['3', '2']);
    expect((await openMailbox(journal, 2)).list()).toHaveLength(2);
    expect((await readFile(journal, 'utf8')).trim().split('\n')).toHaveLength(2);
  });

  it('starts empty on a journal of nothing but rubbish', async () => {
    const journal = join(await testFolder(), 'journal.jsonl');
    await writeFile(journal, 'rubbish\n');
    expect((await openMailbox(journal)).list()).toEqual([]);
  });
});

describe('the inbox page', () => {
  it('shows Japanese text, and a link that opens in a tab of its own', async () => {
    const { web, send, mailbox } = await catcher();
    await send({ text: '押してください。\nhttps://example.jp/r/a_b-C\n期限：2027年3月31日\n' });
    const list = await request(web).get('/').expect(200);
    expect(list.text).toContain('【見本消防】お願い');
    expect(list.text).toContain('hanako@example.jp');
    const page = await request(web).get(`/messages/${mailbox.list()[0]?.id}`).expect(200);
    expect(page.text).toContain('見本市消防本部 &lt;net119@example.jp>');
    expect(page.text).toContain(
      '<a href="https://example.jp/r/a_b-C" target="_blank" rel="noopener noreferrer">https://example.jp/r/a_b-C</a>',
    );
    expect(page.text).toContain('期限：2027年3月31日');
  });

  it('runs nothing that a mail holds', async () => {
    const { web, send, mailbox } = await catcher();
    const hostile = '<script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1)';
    await send({ subject: hostile, text: hostile });
    const search = encodeURIComponent('"><script>alert(2)</script>');
    for (const path of ['/', `/?to=${search}`, `/messages/${mailbox.list()[0]?.id}`]) {
      const page = await request(web).get(path).expect(200);
      expect(page.text).not.toMatch(/<script>alert|<img/);
      expect(page.text).not.toContain('href="javascript:');
      expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    }
    const source = await request(web).get(`/messages/${mailbox.list()[0]?.id}/source`).expect(200);
    expect(source.headers['content-type']).toContain('text/plain');
    expect(source.headers['x-content-type-options']).toBe('nosniff');
  });

  it('finds by address, says when there is nothing, and refreshes without script too', async () => {
    const { web, send } = await catcher();
    expect((await request(web).get('/')).text).toContain('まだメールはありません');
    await send({});
    expect((await request(web).get('/?to=hanako@example.jp')).text).toContain('1通');
    expect((await request(web).get('/?to=taro@example.jp')).text).toContain('この宛先のメールはありません');
    expect((await request(web).get('/')).text).toContain(
      '<noscript><meta http-equiv="refresh" content="10"/>',
    );
    await request(web).get('/messages/unknown').expect(404);
    await request(web).get('/nowhere').expect(404);
    await request(web).get('/style.css').expect(200);
    expect((await request(web).get('/api/newest?to=hanako@example.jp')).body.id).toEqual(expect.any(String));
  });
});

describe('rules', () => {
  const put = (web: Express, rule: object) => request(web).put('/api/rules').send(rule).expect(200);

  it('answer one address with any reply, at RCPT unless told otherwise, and nobody else', async () => {
    const { web, port, send } = await catcher();
    await put(web, { address: 'hanako@example.jp', reply: '550 5.1.1 no such user' });
    const { answers } = await talk(port, ['EHLO me', 'MAIL FROM:<b@x.jp>', 'RCPT TO:<hanako@example.jp>']);
    expect(answers.at(-1)).toBe('550 5.1.1 no such user');
    await send({ to: 'taro@example.jp' });
    expect(await messagesOf(web)).toHaveLength(1);
  });

  it('answer at MAIL and, after the whole body, at DATA; what was refused is not kept', async () => {
    const { web, port } = await catcher();
    await put(web, { address: '*', stage: 'MAIL', reply: '451 4.7.1 later' });
    expect((await talk(port, ['EHLO me', 'MAIL FROM:<b@x.jp>'])).answers.at(-1)).toBe('451 4.7.1 later');
    await put(web, { address: '*', stage: 'DATA', reply: '554 5.7.1 not from you' });
    const lines = [
      'EHLO me',
      'MAIL FROM:<b@x.jp>',
      'RCPT TO:<hanako@example.jp>',
      'DATA',
      'Subject: x\r\n\r\n.',
    ];
    expect((await talk(port, lines)).answers.at(-1)).toBe('554 5.7.1 not from you');
    expect(await messagesOf(web)).toEqual([]);
  });

  it('delay the answer to a message that was taken', async () => {
    const { web, port } = await catcher();
    await put(web, { address: 'hanako@example.jp', delayMs: 600_000 });
    const lines = ['EHLO me', 'MAIL FROM:<b@x.jp>', 'RCPT TO:<hanako@example.jp>', 'DATA'];
    const { answers, socket } = await talk(port, lines);
    socket.write('Subject: late\r\n\r\n.\r\n');
    await until('it was taken', async () => (await messagesOf(web)).length === 1);
    expect(answers.at(-1)).toMatch(/^354 /);
    await put(web, { address: 'hanako@example.jp', delayMs: 20 });
    expect((await talk(port, [...lines, 'Subject: soon\r\n\r\n.'])).answers.at(-1)).toMatch(/^250 /);
  });

  it.each([
    ['rcpt', 0, 'at RCPT'],
    ['data', 0, 'in the middle of the body'],
    ['afterData', 1, 'when the body was taken but not answered'],
  ])('cut the line: %s', async (cut, taken) => {
    const { web, send } = await catcher();
    await put(web, { address: 'hanako@example.jp', cut });
    await expect(send({})).rejects.toThrow();
    expect(await messagesOf(web)).toHaveLength(taken);
    await request(web).delete('/api/rules?address=hanako@example.jp').expect(204);
    await send({});
    expect(await messagesOf(web)).toHaveLength(taken + 1);
  });

  it('may hold for a number of times', async () => {
    const { web, send } = await catcher();
    await request(web)
      .post('/api/rules')
      .send({ address: '*', reply: '451 4.3.0 busy', times: 2 })
      .expect(201);
    await expect(send({})).rejects.toThrow('451');
    await expect(send({})).rejects.toThrow('451');
    await send({});
    expect((await request(web).get('/api/rules')).body.items).toEqual([]);
  });

  it('are told, replaced and removed; the address goes before everybody', async () => {
    const { web, send } = await catcher();
    await put(web, { address: '*', reply: '550 everybody' });
    await put(web, { address: 'hanako@example.jp', reply: '551 hanako' });
    await put(web, { address: 'HANAKO@example.jp', reply: '552 hanako again' });
    expect((await request(web).get('/api/rules')).body.items).toHaveLength(2);
    await expect(send({})).rejects.toThrow('552 hanako again');
    await expect(send({ to: 'taro@example.jp' })).rejects.toThrow('550 everybody');
    await request(web).delete('/api/rules').expect(204);
    await send({});
  });

  it.each([
    [{ address: '*' }],
    [{ address: '*', reply: '250 ok' }],
    [{ address: '*', reply: '550 x', cut: 'data' }],
    [{ address: '*', delayMs: -1 }],
    [{ reply: '550 x' }],
    [{ address: '*', cut: 'elsewhere' }],
    [{ address: '*', report: 'unheard-of' }],
    [{ address: '*', report: 'refused', reply: '550 x' }],
    [{ address: '*', report: 'refused', stage: 'RCPT' }],
    [{ address: '*', reply: '550 x', surprise: true }],
  ])('that make no sense are refused: %j', async (rule) => {
    const { web } = await catcher();
    expect((await request(web).put('/api/rules').send(rule).expect(400)).body.error).toEqual(
      expect.anything(),
    );
    expect((await request(web).get('/api/rules')).body.items).toEqual([]);
  });
});

describe('reports about mail that was taken', () => {
  async function withIntake(
    options: Parameters<typeof startSink>[0] = {},
  ): Promise<Catcher & { intake: Sink }> {
    const intake = await startSink(options);
    onTestFinished(() => intake.close());
    return { ...(await catcher({ reportsTo: intake.url })), intake };
  }
  const one = (intake: Sink) => until('a report', () => intake.taken.length > 0);

  it('go to the return path of the mail, without a sender, and hold the mail', async () => {
    const { web, send, intake } = await withIntake();
    const rule = { address: 'hanako@example.jp', report: 'mailbox-full', delayMs: 1 };
    await request(web).put('/api/rules').send(rule).expect(200);
    await send({ from: 'b+x@bounce.example.jp', messageId: '<1@bounce.example.jp>' });
    expect(await messagesOf(web)).toHaveLength(1);
    await one(intake);
    const [report] = intake.taken;
    expect(report).toMatchObject({ from: '', to: ['b+x@bounce.example.jp'] });
    expect(report?.raw.toString()).toMatch(/Final-Recipient: rfc822; hanako@example\.jp\r\n/);
    expect(report?.raw.toString()).toMatch(/\r\nMessage-ID: <1@bounce\.example\.jp>\r\n/i);
  });

  it('come by themselves about an address that is named after a failure, unless a rule says otherwise', async () => {
    const { web, send, intake } = await withIntake();
    await send({ to: 'Expired.2@example.jp' });
    await one(intake);
    expect(intake.taken[0]?.mail.text).toContain('Connection timed out');
    await request(web).put('/api/rules').send({ address: '*', reply: '550 5.1.1 no' }).expect(200);
    await expect(send({ to: 'expired.3@example.jp' })).rejects.toThrow('550');
  });

  it('are tried again while the intake says later, and dropped when it refuses', async () => {
    let asked = 0;
    const { send, intake } = await withIntake({
      onRcptTo: (_to, _session, answer) => {
        asked += 1;
        const responseCode = asked < 3 ? 451 : asked === 3 ? 250 : 550;
        answer(responseCode === 250 ? null : Object.assign(new Error('x'), { responseCode }));
      },
    });
    await send({ to: 'refused@example.jp' });
    await one(intake);
    expect(asked).toBe(3);
    await send({ to: 'refused@example.jp' });
    await until('it is refused', () => asked === 4);
    await send({ to: 'taro@example.jp' });
    expect(intake.taken).toHaveLength(1);
  });

  it('never come about a mail without a return path', async () => {
    const { web, send, intake } = await withIntake();
    await request(web).put('/api/rules').send({ address: '*', report: 'refused', delayMs: 1 }).expect(200);
    await send({ from: '', to: 'taro@example.jp' });
    await send({ to: 'hanako@example.jp' });
    await one(intake);
    expect(intake.taken.map(({ to }) => to)).toEqual([['b+1@bounce.example.jp']]);
  });
});
