/** Taking mail out of a mailbox of a real Dovecot: in order, each once, moved only after the commit, whatever goes wrong. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { testFolder, until } from '../local/folder.js';
import { canMakeCertificates, makeCertificate } from './certificates.js';
import type { Dovecot } from './dovecot.js';
import { canRunDovecot, startDovecot } from './dovecot.js';
import { freePort, idOf, mailNamed, mailbox, named } from './mailbox-world.js';
import { wireTo } from './wire.js';
import { RECORDED, recordedAlways } from './world.js';

const away = () => Object.assign(new Error('connection terminated'), { code: 'ECONNREFUSED' });

let dovecot: Dovecot;

async function serverWith(capability: string): Promise<Dovecot> {
  const other = await startDovecot({ port: await freePort(), capability });
  onTestFinished(() => other.stop());
  return other;
}

const lies = (names: string[], folder = 'INBOX', of = dovecot) =>
  until(`${folder} holds ${names.join(' ') || 'nothing'}`, async () => {
    const there = await of.list(folder);
    return there.length === names.length && names.every((name, n) => there[n] === name);
  });

describe.skipIf(!canRunDovecot)('a mailbox', () => {
  beforeAll(async () => {
    dovecot = await startDovecot({ port: await freePort() });
  });
  afterAll(() => dovecot.stop());
  beforeEach(() =>
    dovecot.as(async (client) => {
      for (const { path } of await client.list()) {
        if (path !== 'INBOX') await client.mailboxDelete(path);
      }
      const { exists } = await client.mailboxOpen('INBOX');
      if (exists > 0) await client.messageDelete('1:*');
    }),
  );

  describe('what is taken', () => {
    it('is handed on byte by byte, in order, and then lies in Done', async () => {
      const raws = ['one', 'two', 'three'].map((name) => mailNamed(name, '宛先 \u001b$B!!\r\n.\r\n'));
      for (const raw of raws) await dovecot.append(raw);
      const { got } = mailbox(dovecot.place);
      await lies(named('one', 'two', 'three'), 'Done');
      await lies([]);
      expect(got.map(({ raw }) => raw.toString())).toEqual(raws);
      expect(got[0]).toMatchObject({ recipients: [], source: 'REPORT_IMAP', receivedAt: expect.any(Number) });
    });

    it('comes at once: the server tells that there is news', async () => {
      const { count, ids } = mailbox(dovecot.place);
      await until('it is open', async () => (await count('net119_mailbox_open')) === 1);
      for (const name of ['one', 'two']) {
        await dovecot.append(mailNamed(name));
        await until(`${name} is taken`, () => ids().includes(named(name)[0] ?? ''));
      }
    });

    it('comes with the next look where the server tells no news', async () => {
      const plain = await serverWith('IMAP4rev1 MOVE');
      const { count } = mailbox(plain.place, { limits: { lookEvery: 100 } });
      await until('it is open', async () => (await count('net119_mailbox_open')) === 1);
      await plain.append(mailNamed('one'));
      await lies(named('one'), 'Done', plain);
    });

    it('may have been read by somebody; what somebody has marked as deleted is left alone', async () => {
      await dovecot.append(mailNamed('read'), 'INBOX', ['\\Seen']);
      await dovecot.append(mailNamed('deleted'), 'INBOX', ['\\Deleted']);
      await dovecot.append(mailNamed('new'));
      mailbox(dovecot.place);
      await lies(named('read', 'new'), 'Done');
      await lies(named('deleted'));
      expect(await dovecot.flags('Done')).toEqual([
        expect.arrayContaining(['\\Seen']),
        expect.not.arrayContaining(['\\Seen']),
      ]);
    });

    it('is not what somebody else has taken away meanwhile', async () => {
      for (const name of ['one', 'two', 'three']) await dovecot.append(mailNamed(name));
      const { ids } = mailbox(dovecot.place, {
        record: async (mail) => {
          if (idOf(mail.raw) === named('one')[0])
            await dovecot.as(async (client) => {
              await client.mailboxOpen('INBOX');
              await client.messageDelete('1:2');
            });
          return recordedAlways(mail);
        },
      });
      await lies(named('three'), 'Done');
      expect(ids()).toEqual(named('one', 'three'));
    });

    it('may be taken by two processes: nothing is lost', async () => {
      const names = Array.from({ length: 12 }, (_, n) => `m${n}`);
      for (const name of names) await dovecot.append(mailNamed(name));
      const both = [mailbox(dovecot.place), mailbox(dovecot.place)];
      await lies([]);
      const seen = new Set(both.flatMap(({ ids }) => ids()));
      expect([...seen].sort()).toEqual(named(...names).sort());
      // Two servers' processes that move the same message may leave it there twice.
      expect([...new Set(await dovecot.list('Done'))].sort()).toEqual(named(...names).sort());
    });
  });

  describe('moved only after the commit', () => {
    it('lies where it lay until it is committed', async () => {
      let commit = () => {};
      const committed = new Promise<void>((resolve) => (commit = resolve));
      await dovecot.append(mailNamed('one'));
      const { got } = mailbox(dovecot.place, {
        record: async () => {
          await committed;
          return RECORDED;
        },
      });
      await until('it is being recorded', () => got.length === 1);
      expect(await dovecot.list()).toEqual(named('one'));
      expect(await dovecot.list('Done')).toEqual([]);
      commit();
      await lies(named('one'), 'Done');
    });

    it('waits while the database is away: nothing is moved, nothing lost, and the order stays', async () => {
      let isAway = true;
      for (const name of ['one', 'two']) await dovecot.append(mailNamed(name));
      const { got, ids, count, told } = mailbox(dovecot.place, {
        record: (mail) => (isAway ? Promise.reject(away()) : recordedAlways(mail)),
      });
      await until('it was tried more often than a defect is', () => got.length > 7);
      expect(new Set(ids())).toEqual(new Set(named('one')));
      expect(await dovecot.list()).toEqual(named('one', 'two'));
      expect(await count('net119_reports_refused_total', { why: 'DATABASE' })).toBeGreaterThan(7);
      isAway = false;
      await lies(named('one', 'two'), 'Done');
      expect(told('report-set-aside')).toEqual([]);
    });

    it.each([
      ['without MOVE, takes away that one message and no other', 'IMAP4rev1 UIDPLUS IDLE', []],
      ['without UIDPLUS too, marks it and looks past it', 'IMAP4rev1 IDLE', ['one', 'two']],
    ])('%s', async (_what, capability, stay) => {
      const old = await serverWith(capability);
      await old.append(mailNamed('one'));
      await old.append(mailNamed('of another'), 'INBOX', ['\\Deleted']);
      const { ids } = mailbox(old.place, { limits: { lookEvery: 100 } });
      await lies(named('one'), 'Done', old);
      await old.append(mailNamed('two'));
      await lies(named('one', 'two'), 'Done', old);
      await until('the rest is as it was', async () => (await old.list()).length === 1 + stay.length);
      expect((await old.list()).sort()).toEqual(named('of another', ...stay).sort());
      // Several looks later.
      await sleep(400);
      expect(ids()).toEqual(named('one', 'two'));
      expect(await old.list('Done')).toEqual(named('one', 'two'));
    });

    it('finishes the message under way when it stops, and takes no other', async () => {
      for (const name of ['one', 'two']) await dovecot.append(mailNamed(name));
      let commit = () => {};
      const committed = new Promise<void>((resolve) => (commit = resolve));
      const { got, stop } = mailbox(dovecot.place, {
        record: async () => {
          await committed;
          return RECORDED;
        },
      });
      await until('it is being recorded', () => got.length === 1);
      const stopped = stop();
      commit();
      await stopped;
      expect(await dovecot.list('Done')).toEqual(named('one'));
      expect(await dovecot.list()).toEqual(named('two'));
    });

    it('leaves it where it lies when it takes too long to stop', async () => {
      await dovecot.append(mailNamed('one'));
      const { got, stop } = mailbox(dovecot.place, {
        record: () => new Promise(() => {}),
        limits: { drain: 50 },
      });
      await until('it is being recorded', () => got.length === 1);
      await stop();
      expect(await dovecot.list()).toEqual(named('one'));
    });
  });

  describe('what cannot be recorded', () => {
    it('is put into Failed after five tries, told, and holds nobody up', async () => {
      for (const name of ['bad', 'good']) await dovecot.append(mailNamed(name));
      const { ids, told, count, logged } = mailbox(dovecot.place, {
        record: (mail) =>
          idOf(mail.raw) === named('bad')[0]
            ? Promise.reject(new TypeError('of taro@example.jp'))
            : recordedAlways(mail),
        limits: { rest: { first: 50, most: 50 } },
      });
      await lies(named('bad'), 'Failed');
      await lies(named('good'), 'Done');
      expect(ids().slice(0, 2)).toEqual(named('bad', 'good'));
      expect(ids().filter((id) => id === named('bad')[0])).toHaveLength(5);
      expect(told('report-set-aside')).toMatchObject([{ level: 'error' }]);
      expect(await count('net119_reports_refused_total', { why: 'DEFECT' })).toBe(5);
      expect(await count('net119_mailbox_moved_total', { to: 'FAILED' })).toBe(1);
      expect(logged.join('')).not.toContain('taro');
    });

    it('is put into TooLarge unread when it is over the limit', async () => {
      await dovecot.append(mailNamed('large', 'x'.repeat(5_000)));
      await dovecot.append(mailNamed('small'));
      const { ids, count } = mailbox(dovecot.place, { limits: { largest: 4_000 } });
      await lies(named('small'), 'Done');
      await lies(named('large'), 'TooLarge');
      expect(ids()).toEqual(named('small'));
      expect(await dovecot.flags('TooLarge')).toEqual([expect.not.arrayContaining(['\\Seen'])]);
      expect(await count('net119_reports_refused_total', { why: 'SIZE' })).toBe(1);
      expect(await count('net119_mailbox_moved_total', { to: 'TOO_LARGE' })).toBe(1);
    });

    it('is set aside too when it cuts the line each time it is read', async () => {
      for (const name of ['poison', 'good']) await dovecot.append(mailNamed(name));
      const wire = await wireTo(dovecot.place.port);
      const uid = await dovecot.as(async (client) => {
        await client.mailboxOpen('INBOX');
        return (await client.search({ all: true }, { uid: true })) || [];
      });
      wire.holdAt(new RegExp(`UID FETCH ${uid[0]} .*BODY\\.PEEK`));
      const { ids } = mailbox(
        { ...dovecot.place, port: wire.port },
        { limits: { silence: 500, rest: { first: 10, most: 10 } } },
      );
      await lies(named('poison'), 'Failed');
      await lies(named('good'), 'Done');
      expect(ids()).toEqual(named('good'));
    });
  });

  describe('a server that comes and goes', () => {
    it('is found again after a restart, which is told once', async () => {
      const { told, count } = mailbox(dovecot.place);
      await until('it is open', async () => (await count('net119_mailbox_open')) === 1);
      await dovecot.halt();
      await until('it is missed', async () => (await count('net119_mailbox_open')) === 0);
      await sleep(300);
      await dovecot.resume();
      await dovecot.append(mailNamed('one'));
      await lies(named('one'), 'Done');
      expect(told('mailbox-away')).toMatchObject([{ level: 'warn' }]);
      expect(told('mailbox-open')).toHaveLength(2);
    });

    it('is found again after a line that carries nothing more, while it waits for news', async () => {
      const wire = await wireTo(dovecot.place.port);
      const { count } = mailbox(
        { ...dovecot.place, port: wire.port },
        { limits: { lookEvery: 200, silence: 1_000 } },
      );
      await until('it waits', () => wire.said().includes('IDLE'));
      wire.goSilent();
      await dovecot.append(mailNamed('one'));
      await lies(named('one'), 'Done');
      expect(await count('net119_mailbox_open')).toBe(1);
    });

    it('may number its messages anew', async () => {
      await dovecot.append(mailNamed('bad'));
      let isBad = true;
      const { got } = mailbox(dovecot.place, {
        record: (mail) => (isBad ? Promise.reject(new TypeError()) : recordedAlways(mail)),
        limits: { lookEvery: 50, rest: { first: 20, most: 20 }, tries: 1_000 },
      });
      await until('it is tried', () => got.length > 2);
      await dovecot.doveadm('mailbox', 'update', '-u', dovecot.place.user, '--uid-validity', '4119', 'INBOX');
      await dovecot.append(mailNamed('two'));
      isBad = false;
      await until('both are done', async () => (await dovecot.list('Done')).length === 2);
      await lies([]);
    });

    it('may lose the folders meanwhile', async () => {
      const { count } = mailbox(dovecot.place, { limits: { lookEvery: 100 } });
      await dovecot.append(mailNamed('one'));
      await lies(named('one'), 'Done');
      await dovecot.as((client) => client.mailboxDelete('Done'));
      await dovecot.append(mailNamed('two'));
      await lies(named('two'), 'Done');
      expect(await count('net119_mailbox_moved_total', { to: 'DONE' })).toBe(2);
    });
  });

  describe('a server that does not let us in', () => {
    it.each([
      ['SIGN_IN', { password: 'another' }],
      ['FOLDER', { folder: 'Nowhere' }],
    ])('is told as an error and not asked on and on: %s', async (why, change) => {
      const wire = await wireTo(dovecot.place.port);
      const { told, logged, count } = mailbox({ ...dovecot.place, port: wire.port, ...change });
      await until('it is told', () => told('mailbox-refused').length > 0);
      await sleep(300);
      expect(told('mailbox-refused')).toMatchObject([{ level: 'error', why }]);
      expect(wire.connections()).toBe(1);
      expect(await count('net119_mailbox_open')).toBe(0);
      expect(logged.join('')).not.toMatch(/another|kaeri|@/);
    });
  });

  describe('a password on its way', () => {
    /** Another address of this machine, which does not count as this machine. */
    const ELSEWHERE = '127.0.0.2';

    it('never crosses a network in the clear', async () => {
      const wire = await wireTo(dovecot.place.port, ELSEWHERE);
      const { told } = mailbox({ ...dovecot.place, host: ELSEWHERE, port: wire.port });
      await until('it has tried again', () => wire.connections() > 2);
      expect(told('mailbox-away')).toHaveLength(1);
      expect(wire.said()).not.toMatch(/AUTHENTICATE|LOGIN/);
    });

    it.skipIf(!canMakeCertificates)(
      'goes by TLS or STARTTLS, elsewhere to a proven server only',
      async () => {
        const [port, tlsPort] = [await freePort(), await freePort()];
        const certificate = await makeCertificate(await testFolder(), 'imap');
        const server = await startDovecot({ port, tls: { ...certificate, port: tlsPort } });
        onTestFinished(() => server.stop());
        for (const [secure, at] of [
          [true, tlsPort],
          [false, port],
        ] as const) {
          const wire = await wireTo(at);
          const { count, stop } = mailbox({ ...server.place, secure, port: wire.port });
          await until('it is open', async () => (await count('net119_mailbox_open')) === 1);
          expect(wire.said()).not.toMatch(/AUTHENTICATE|LOGIN/);
          await stop();

          const far = await wireTo(at, ELSEWHERE);
          const { told } = mailbox({ ...server.place, secure, host: ELSEWHERE, port: far.port });
          await until('it has tried again', () => far.connections() > 2);
          expect(told('mailbox-open')).toEqual([]);
        }
      },
    );
  });
});
