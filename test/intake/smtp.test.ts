/** The listener over real lines: what it takes, what it refuses, and when it says that it has taken something. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from '../local/folder.js';
import { CODE, DOMAIN, RECORDED, REPORT, RETURN_PATH, intake, line, recordedAlways } from './world.js';

const HELLO = ['EHLO mx.example.jp', 'MAIL FROM:<>'];
const ANOTHER = `b+${'2'.repeat(26)}@${DOMAIN}`;
const gone = () => Object.assign(new Error('connection terminated'), { code: 'ECONNREFUSED' });

describe('whom it takes mail for', () => {
  it('takes a report without sender for a return path, as it came', async () => {
    const { send, got } = await intake();
    await send({});
    expect(got).toEqual([
      {
        raw: Buffer.from(REPORT),
        recipients: [RETURN_PATH],
        hasNoSender: true,
        source: 'REPORT_SMTP',
        receivedAt: expect.any(Number),
      },
    ]);
  });

  it('tells whether the envelope named a sender', async () => {
    const { send, got } = await intake();
    await send({ from: 'taro@example.jp' });
    expect(got.map(({ hasNoSender }) => hasNoSender)).toEqual([false]);
  });

  it.each(['', 'a..b@docomo.ne.jp', '"a.."@ezweb.ne.jp', 'MAILER-DAEMON@mx.example.jp', 'root@localhost'])(
    'takes any sender: <%s>',
    async (from) => {
      const { port, got } = await intake();
      const { say } = await line(port);
      await say('EHLO x', `MAIL FROM:<${from}>`, `RCPT TO:<${RETURN_PATH}>`, 'DATA');
      expect(await say('Subject: x\r\n\r\n.')).toMatch(/^250 /);
      expect(got).toHaveLength(1);
    },
  );

  it.each([`B+${CODE.toUpperCase()}@BOUNCE.EXAMPLE.JP`, `b${CODE}@${DOMAIN}`, `"b+${CODE}"@${DOMAIN}`])(
    'knows a return path that the way has changed: %s',
    async (to) => {
      const { port, got } = await intake();
      const { say } = await line(port);
      await say(...HELLO, `RCPT TO:<${to}>`, 'DATA', 'Subject: x\r\n\r\n.');
      expect(got[0]?.recipients).toEqual([RETURN_PATH]);
    },
  );

  it.each([
    'taro@example.jp',
    `b+${CODE}@example.jp`,
    `b+short@${DOMAIN}`,
    `info@${DOMAIN}`,
    'postmaster',
    `b+${CODE}%40${DOMAIN}@example.jp`,
  ])('refuses %s', async (to) => {
    const { port, got, count } = await intake();
    const { say } = await line(port);
    expect(await say(...HELLO, `RCPT TO:<${to}>`)).toMatch(/^550 5\.1\.1 /);
    expect(await say('DATA')).toMatch(/^503 /);
    expect(got).toEqual([]);
    expect(await count('net119_reports_refused_total', { why: 'RECIPIENT' })).toBe(1);
  });

  it('takes two return paths at once, each once, and leaves out whom it refused', async () => {
    const { port, got } = await intake();
    const { say } = await line(port);
    const rcpt = (to: string) => `RCPT TO:<${to}>`;
    await say(
      ...HELLO,
      rcpt(RETURN_PATH),
      rcpt('taro@example.jp'),
      rcpt(ANOTHER),
      rcpt(`b${CODE}@${DOMAIN}`),
    );
    expect(await say('DATA', 'Subject: x\r\n\r\n.')).toMatch(/^250 /);
    expect(got.map(({ recipients }) => recipients)).toEqual([[RETURN_PATH, ANOTHER]]);
  });

  it('takes only a few recipients at once', async () => {
    const { port } = await intake({ limits: { recipients: 2 } });
    const { say } = await line(port);
    const rcpt = (letter: string) => `RCPT TO:<b+${letter.repeat(26)}@${DOMAIN}>`;
    expect(await say(...HELLO, rcpt('a'), rcpt('b'))).toMatch(/^250 /);
    expect(await say(rcpt('c'))).toMatch(/^452 4\.5\.3 /);
  });

  it('sends away who goes on guessing', async () => {
    const { port, count } = await intake();
    const { say, socket } = await line(port);
    await say(...HELLO, ...Array.from({ length: 20 }, (_, n) => `RCPT TO:<user${n}@${DOMAIN}>`));
    expect(await say(`RCPT TO:<user20@${DOMAIN}>`)).toMatch(/^421 /);
    await until('the line is closed', () => socket.closed);
    expect(await count('net119_reports_refused_total', { why: 'RECIPIENT' })).toBe(21);
  });

  it('offers neither a sign-in nor TLS, and says who it is', async () => {
    const { port } = await intake();
    const { heard, answers, say } = await line(port);
    expect(answers[0]).toBe(`220 ${DOMAIN} ESMTP`);
    await say('EHLO x');
    expect(heard.slice(1).map((one) => one.slice(4))).toEqual([
      DOMAIN,
      'PIPELINING',
      '8BITMIME',
      'SMTPUTF8',
      'ENHANCEDSTATUSCODES',
      'SIZE 10485760',
    ]);
    for (const command of ['AUTH PLAIN AGEAYg==', 'STARTTLS', 'WIZ x']) {
      expect(await say(command)).toMatch(/^500 /);
    }
  });
});

describe('what it takes', () => {
  it('takes 8-bit bodies and UTF-8 addresses byte by byte', async () => {
    const raw = Buffer.concat([
      Buffer.from('Subject: 配信できません\r\nFrom: <受取人@例え.jp>\r\n\r\nあて先が見つかりません\r\n'),
      Buffer.from([0x1b, 0x24, 0x42, 0x80, 0xff, 0x00, 0x0d, 0x0a]),
    ]);
    const { port, got } = await intake();
    const { say, socket } = await line(port);
    await say(
      'EHLO x',
      'MAIL FROM:<受取人@例え.jp> BODY=8BITMIME SMTPUTF8',
      `RCPT TO:<${RETURN_PATH}>`,
      'DATA',
    );
    socket.write(raw);
    expect(await say('.')).toMatch(/^250 /);
    expect(got[0]?.raw.equals(raw)).toBe(true);
  });

  it('takes dots at the start of lines as they were meant', async () => {
    const { port, got } = await intake();
    const { say } = await line(port);
    await say(...HELLO, `RCPT TO:<${RETURN_PATH}>`, 'DATA', '..\r\n...x\r\ny\r\n.');
    expect(got[0]?.raw.toString()).toBe('.\r\n..x\r\ny\r\n');
  });

  it('refuses what is announced as too large, and what is too large without saying so', async () => {
    const { port, got, count } = await intake({ limits: { largest: 100_000 } });
    const { say, socket } = await line(port);
    expect(await say('EHLO x', 'MAIL FROM:<> SIZE=100001')).toMatch(/^552 5\.3\.4 /);
    await say('MAIL FROM:<> SIZE=100', `RCPT TO:<${RETURN_PATH}>`, 'DATA');
    socket.write(`${'x'.repeat(998)}\r\n`.repeat(101));
    expect(await say('.')).toMatch(/^552 5\.3\.4 /);
    expect(got).toEqual([]);
    expect(await count('net119_reports_refused_total', { why: 'SIZE' })).toBe(1);
    // The line goes on.
    await say('MAIL FROM:<>', `RCPT TO:<${RETURN_PATH}>`, 'DATA');
    expect(await say('Subject: x\r\n\r\n.')).toMatch(/^250 /);
  });

  it('holds a bounded amount: what finds no room comes again', async () => {
    let free = () => {};
    const until250 = new Promise<void>((resolve) => (free = resolve));
    const record = async () => {
      await until250;
      return RECORDED;
    };
    const { send, got, count } = await intake({ record, limits: { largest: 200_000, held: 250_000 } });
    const raw = `Subject: x\r\n\r\n${'x'.repeat(150_000)}\r\n`;
    const first = send({ raw });
    await until('the first is being recorded', () => got.length === 1);
    await expect(send({ raw })).rejects.toMatchObject({ responseCode: 451 });
    expect(await count('net119_reports_refused_total', { why: 'NO_ROOM' })).toBe(1);
    free();
    await first;
    await send({ raw });
    expect(got).toHaveLength(2);
  });

  it('keeps no body of a line that breaks off', async () => {
    const { port, got, logged } = await intake();
    const { say, socket } = await line(port);
    await say(...HELLO, `RCPT TO:<${RETURN_PATH}>`, 'DATA');
    socket.write('Subject: half');
    socket.destroy();
    const { send } = await intake();
    await send({});
    expect(got).toEqual([]);
    expect(logged.join('')).not.toContain('report-failed');
  });
});

describe('when it says that it has taken a report', () => {
  it('says so only when it is committed', async () => {
    let commit = () => {};
    const committed = new Promise<void>((resolve) => (commit = resolve));
    const record = async () => {
      await committed;
      return RECORDED;
    };
    const { port, got } = await intake({ record });
    const { say, socket, answers } = await line(port);
    await say(...HELLO, `RCPT TO:<${RETURN_PATH}>`, 'DATA');
    socket.write('Subject: x\r\n\r\n.\r\n');
    await until('it is being recorded', () => got.length === 1);
    expect(answers.at(-1)).toMatch(/^354 /);
    commit();
    await until('an answer', () => answers.length === 6);
    expect(answers.at(-1)).toMatch(/^250 2\.6\.0 /);
  });

  it('asks the sender to come again while the database is away, and loses nothing', async () => {
    let away = true;
    const kept: Buffer[] = [];
    const { send, count, logged } = await intake({
      record: (mail) => {
        if (away) return Promise.reject(gone());
        kept.push(Buffer.from(mail.raw));
        return recordedAlways(mail);
      },
    });
    await expect(send({})).rejects.toMatchObject({ responseCode: 451, response: /^451 4\.3\.0 / });
    expect(await count('net119_reports_refused_total', { why: 'DATABASE' })).toBe(1);
    expect(logged.join('')).toContain('"event":"database-unavailable"');
    away = false;
    await send({});
    expect(kept.map(String)).toEqual([REPORT]);
  });

  it('does the same for a defect of ours, which a person must see', async () => {
    const { send, count, logged } = await intake({
      record: () => Promise.reject(new TypeError('of taro@example.jp')),
    });
    await expect(send({})).rejects.toMatchObject({ responseCode: 451 });
    expect(await count('net119_reports_refused_total', { why: 'DEFECT' })).toBe(1);
    const told = logged.map((one) => JSON.parse(one) as Record<string, unknown>);
    expect(told.at(-1)).toMatchObject({ level: 'error', event: 'report-failed', err: { name: 'TypeError' } });
  });

  it('records a few at once; the others wait and are all taken', async () => {
    let now = 0;
    let most = 0;
    const { send, got } = await intake({
      record: async (mail) => {
        now += 1;
        most = Math.max(most, now);
        await sleep(20);
        now -= 1;
        return recordedAlways(mail);
      },
    });
    await Promise.all(Array.from({ length: 30 }, () => send({})));
    expect(got).toHaveLength(30);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
    // Every place is free again.
    await send({});
  });

  it('counts what came of it, and logs no address', async () => {
    const { send, count, logged } = await intake({
      record: () =>
        Promise.resolve({
          outcome: 'CHANGED_NOTHING',
          reading: 'AUTO_REPLY',
          match: 'MAIL',
          bounceClass: null,
        }),
    });
    await send({ from: 'taro@example.jp' });
    await expect(send({ to: 'hanako@example.jp' })).rejects.toMatchObject({ responseCode: 550 });
    const labels = { outcome: 'CHANGED_NOTHING', reading: 'AUTO_REPLY', match: 'MAIL', class: 'NONE' };
    expect(await count('net119_reports_total', labels)).toBe(1);
    const told = logged.map((one) => JSON.parse(one) as Record<string, unknown>);
    expect(told.find(({ event }) => event === 'report')).toMatchObject({
      outcome: 'CHANGED_NOTHING',
      reading: 'AUTO_REPLY',
      bytes: REPORT.length,
    });
    expect(logged.join('')).not.toMatch(/@|abcdefghij/);
  });
});

describe('who does not behave', () => {
  it('is sent away after ten unknown commands, pipelined or not', async () => {
    const { port, send } = await intake();
    const { socket, answers } = await line(port);
    socket.write(`${'\u0000\u00ff garbage \u001b[2J\r\n'.repeat(5_000)}${'x'.repeat(100_000)}`);
    await until('the line is closed', () => socket.closed);
    expect(answers.at(-1)).toMatch(/^421 /);
    expect(answers.length).toBeLessThan(15);
    await send({});
  });

  it('is sent away for a command without end, for HTTP, and for speaking before the greeting', async () => {
    const { port, send } = await intake();
    const endless = await line(port);
    endless.socket.write('MAIL FROM:<'.padEnd(200_000, 'x'));
    await until('the line is closed', () => endless.socket.closed);
    expect(endless.answers.at(-1)).toMatch(/^421 /);
    const http = await line(port);
    expect(await http.say('POST / HTTP/1.1')).toMatch(/^421 /);
    await send({});
  });

  it('may pipeline a whole conversation, and is answered in order', async () => {
    const { port, got } = await intake();
    const { socket, answers } = await line(port);
    const message = `MAIL FROM:<>\r\nRCPT TO:<taro@example.jp>\r\nRCPT TO:<${RETURN_PATH}>\r\nDATA\r\nSubject: x\r\n\r\n.\r\n`;
    socket.write(`EHLO x\r\n${message}${message}QUIT\r\n`);
    await until('the line is closed', () => socket.closed);
    const one = ['250', '550', '250', '354', '250'];
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['220', '250', ...one, ...one, '221']);
    expect(got).toHaveLength(2);
  });

  it('is sent away when silent, in the middle of a message too', async () => {
    const { port, got } = await intake({ limits: { idle: 300 } });
    for (const commands of [[], [...HELLO, `RCPT TO:<${RETURN_PATH}>`, 'DATA']]) {
      const { say, socket, answers } = await line(port);
      await say('NOOP', ...commands);
      await until('the line is closed', () => socket.closed);
      expect(answers.at(-1)).toMatch(/^421 /);
    }
    expect(got).toEqual([]);
  });

  it('is not silent while we record', async () => {
    const { send } = await intake({
      limits: { idle: 200 },
      record: async (mail) => {
        await sleep(600);
        return recordedAlways(mail);
      },
    });
    await send({});
  });

  it('is sent away when it trickles for too long', async () => {
    const { port, got } = await intake({ limits: { talk: 500 } });
    const { say, socket, answers } = await line(port);
    await say(...HELLO, `RCPT TO:<${RETURN_PATH}>`, 'DATA');
    const trickle = setInterval(() => socket.write('x'), 20);
    await until('it is told', () => answers.length > 5);
    clearInterval(trickle);
    expect(answers.at(-1)).toMatch(/^421 /);
    socket.end();
    await until('the line is closed', () => socket.closed);
    expect(got).toEqual([]);
  });

  it('finds a bounded number of lines, each free again when somebody leaves', async () => {
    const { port, count, send } = await intake({ limits: { connections: 2 } });
    const first = await line(port);
    await line(port);
    expect((await line(port)).answers[0]).toMatch(/^421 /);
    expect(await count('net119_intake_connections', {})).toBe(2);
    await first.say('QUIT');
    await until('a line is free', async () => (await count('net119_intake_connections', {})) === 1);
    await send({});
  });
});

describe('when it stops', () => {
  it('finishes the message under way, ends idle lines at once, and takes no new one', async () => {
    // Longer than this test waits: an idle line does not wait for it.
    const { port, got, stop } = await intake({ limits: { drain: 60_000 } });
    const idle = await line(port);
    const { say, socket, answers } = await line(port);
    await say(...HELLO, `RCPT TO:<${RETURN_PATH}>`, 'DATA');
    socket.write('Subject: under way\r\n');
    const stopped = stop();
    await until('the idle line is closed', () => idle.socket.closed);
    expect(idle.answers.at(-1)).toMatch(/^421 /);
    socket.write('\r\n.\r\n');
    await stopped;
    await until('the busy line is closed', () => socket.closed);
    expect(answers.slice(-2).map((one) => one.slice(0, 3))).toEqual(['250', '421']);
    expect(got).toHaveLength(1);
    expect((await line(port)).answers).toEqual([]);
  });

  it('cuts a message that takes too long, unanswered: it comes again', async () => {
    const { port, got, stop } = await intake({ limits: { drain: 100 } });
    const { say, answers } = await line(port);
    await say(...HELLO, `RCPT TO:<${RETURN_PATH}>`, 'DATA');
    await stop();
    await until('it is told', () => answers.length > 5);
    expect(answers.at(-1)).toMatch(/^421 /);
    expect(got).toEqual([]);
  });
});

it('says so when its port is taken', async () => {
  const { port } = await intake();
  await expect(intake({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
