/** A Dovecot of the test's own, with one mailbox; goes away and comes back with its mails as told. */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ImapFlow } from 'imapflow';
import type { CertificateFiles } from '../../intake/certificate.js';
import type { ImapPlace } from '../../platform/imap-url.js';
import { until } from '../local/folder.js';

const run = promisify(execFile);

/** Debian's. Needs no root; as root it reads mail as `nobody`, because it refuses to do so as root. */
export const canRunDovecot = existsSync('/usr/sbin/dovecot') && existsSync('/usr/lib/dovecot/imap');

const USER = 'reports';
const PASSWORD = 'kaeri-michi-119';

export interface Dovecot {
  place: ImapPlace;
  /** As another client of the same mailbox. Folders that are not there hold nothing. */
  append(raw: string, folder?: string, flags?: string[]): Promise<void>;
  /** Message-IDs, in order. */
  list(folder?: string): Promise<string[]>;
  /** Marks of the messages, in order. */
  flags(folder?: string): Promise<string[][]>;
  /** Whatever another client may do. */
  as<T>(work: (client: ImapFlow) => Promise<T>): Promise<T>;
  /** Its administrator's command line. */
  doveadm(...args: string[]): Promise<void>;
  /** Ends it; with what it holds it starts again on the same port. */
  halt(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** `capability`: what it says that it can do, instead of all. With a certificate it has TLS on a port of its own and STARTTLS. */
export async function startDovecot(options: {
  port: number;
  capability?: string;
  tls?: CertificateFiles & { port: number };
}): Promise<Dovecot> {
  const { port, capability, tls } = options;
  const folder = await mkdtemp(join(tmpdir(), 'net119-dovecot-'));
  await chmod(folder, 0o755);
  const mails = join(folder, 'mails');
  await mkdir(mails);
  const root = process.getuid?.() === 0;
  const { username, uid, gid } = userInfo();
  const owner = root ? { uid: 65_534, gid: 65_534 } : { uid, gid };
  await chown(mails, owner.uid, owner.gid);
  const { stdout: group } = await run('id', ['-gn']);
  const config = join(folder, 'dovecot.conf');
  const logFile = join(folder, 'log');
  const settings = [
    'protocols = imap',
    `base_dir = ${join(folder, 'run')}`,
    `state_dir = ${join(folder, 'state')}`,
    `log_path = ${logFile}`,
    `mail_location = maildir:${mails}/%u`,
    ...(tls ? ['ssl = yes', `ssl_cert = <${tls.cert}`, `ssl_key = <${tls.key}`] : ['ssl = no']),
    'disable_plaintext_auth = no',
    'listen = 127.0.0.1',
    'first_valid_uid = 0',
    // Without this another client's news come only with the next tick.
    'mailbox_idle_check_interval = 1s',
    ...(root
      ? []
      : [
          `default_login_user = ${username}`,
          `default_internal_user = ${username}`,
          `default_internal_group = ${group.trim()}`,
        ]),
    ...(capability === undefined ? [] : [`imap_capability = ${capability}`]),
    'service anvil {\n chroot =\n}',
    `service imap-login {\n chroot =\n inet_listener imap {\n port = ${port}\n}\n inet_listener imaps {\n port = ${tls?.port ?? 0}\n}\n}`,
    `passdb {\n driver = static\n args = password=${PASSWORD}\n}`,
    `userdb {\n driver = static\n args = uid=${owner.uid} gid=${owner.gid} home=${mails}\n}`,
  ];
  await writeFile(config, `${settings.join('\n')}\n`);
  const place = { host: '127.0.0.1', port, secure: false, user: USER, password: PASSWORD, folder: 'INBOX' };

  let server: ChildProcess | null = null;
  const halt = async () => {
    if (server === null) return;
    const ending = server;
    ending.kill('SIGTERM');
    await until('Dovecot has ended', () => hasEnded(ending));
    server = null;
  };
  const resume = async () => {
    const starting = spawn('/usr/sbin/dovecot', ['-F', '-c', config], { stdio: 'ignore' });
    server = starting;
    await until('Dovecot listens', async () => {
      if (hasEnded(starting))
        throw new Error(`Dovecot ended: ${await readFile(logFile, 'utf8').catch(() => '')}`);
      return isListening(port);
    });
  };
  const dovecot: Dovecot = {
    place,
    halt,
    resume,
    async as(work) {
      const client = new ImapFlow({
        ...place,
        auth: { user: USER, pass: PASSWORD },
        logger: false,
        disableAutoIdle: true,
        tls: { rejectUnauthorized: false },
      });
      client.on('error', () => {});
      await client.connect();
      try {
        return await work(client);
      } finally {
        await client.logout().catch(() => {});
      }
    },
    append: (raw, into = 'INBOX', flags = []) =>
      dovecot.as(async (client) => {
        if (!(await client.append(into, raw, flags))) throw new Error('not appended');
      }),
    list: (of = 'INBOX') =>
      dovecot.as((client) => every(client, of, ({ envelope }) => envelope?.messageId ?? '')),
    flags: (of = 'INBOX') => dovecot.as((client) => every(client, of, ({ flags }) => [...(flags ?? [])])),
    async doveadm(...args) {
      await run('/usr/bin/doveadm', ['-c', config, ...args]);
    },
    async stop() {
      await halt();
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await resume();
  } catch (error) {
    await dovecot.stop();
    throw error;
  }
  return dovecot;
}

type Fetched = Awaited<ReturnType<ImapFlow['fetchAll']>>[number];

async function every<T>(client: ImapFlow, folder: string, of: (message: Fetched) => T): Promise<T[]> {
  const there = await client.list();
  if (!there.some(({ path }) => path === folder)) return [];
  const { exists } = await client.mailboxOpen(folder, { readOnly: true });
  if (exists === 0) return [];
  const all = await client.fetchAll('1:*', { uid: true, envelope: true, flags: true });
  return all.map(of);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
