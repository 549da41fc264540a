/** A Postfix of the test's own: takes our mail, brings it to a fake exchanger, and writes real reports in seconds. */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../local/folder.js';

const run = promisify(execFile);

/** Debian's; its master drops from root to the user `postfix`, so only root can start one. */
export const canRunPostfix = existsSync('/usr/sbin/postfix') && process.getuid?.() === 0;

export interface Postfix {
  url: string;
  /** What it logged, for a test that failed. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Services of one mail server; nothing is chrooted, since everything lives in the test's own folder. */
const SERVICES = [
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'rewrite unix - - n - - trivial-rewrite',
  'bounce unix - - n - 0 bounce',
  'defer unix - - n - 0 bounce',
  'trace unix - - n - 0 bounce',
  'verify unix - - n - 1 verify',
  'flush unix n - n 1000? 0 flush',
  'proxymap unix - - n - - proxymap',
  'smtp unix - - n - - smtp',
  'relay unix - - n - - smtp',
  'showq unix n - n - - showq',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'discard unix - - n - - discard',
  'anvil unix - - n - 1 anvil',
  'scache unix - - n - 1 scache',
  'postlog unix-dgram n - n - 1 postlogd',
];

/** Mail of `bounceDomain` goes to the port of our own listener, everything else to the exchanger. */
export async function startPostfix(to: {
  port: number;
  exchangerPort: number;
  bounceDomain: string;
  bouncePort: number;
}): Promise<Postfix> {
  const folder = await mkdtemp(join(tmpdir(), 'net119-postfix-'));
  await chmod(folder, 0o755);
  const [config, queue, data] = ['etc', 'spool', 'data'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([config, queue, data].map((each) => mkdir(each)));
  const { stdout: uid } = await run('id', ['-u', 'postfix']);
  await chown(data, Number(uid), 0);
  const logFile = join(folder, 'log');
  const main = {
    compatibility_level: '3.6',
    queue_directory: queue,
    data_directory: data,
    maillog_file: logFile,
    maillog_file_prefixes: folder,
    myhostname: 'relay.example',
    mydestination: '',
    mynetworks: '127.0.0.0/8',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    smtpd_relay_restrictions: 'permit_mynetworks,reject',
    disable_dns_lookups: 'yes',
    default_transport: `smtp:[127.0.0.1]:${to.exchangerPort}`,
    relay_transport: `smtp:[127.0.0.1]:${to.exchangerPort}`,
    transport_maps: `inline:{{${to.bounceDomain}=smtp:[127.0.0.1]:${to.bouncePort}}}`,
    alias_maps: '',
    alias_database: '',
    local_recipient_maps: '',
    // Days, in seconds: a mail is tried each second, its delay told after 2 s, and given up after 6.
    queue_run_delay: '1s',
    minimal_backoff_time: '1s',
    maximal_backoff_time: '1s',
    delay_warning_time: '2s',
    maximal_queue_lifetime: '6s',
    bounce_queue_lifetime: '20s',
    smtp_tls_security_level: 'none',
    smtpd_tls_security_level: 'none',
  };
  const settings = Object.entries(main).map(([name, value]) => `${name} = ${value}`);
  await writeFile(join(config, 'main.cf'), `${settings.join('\n')}\n`);
  await writeFile(
    join(config, 'master.cf'),
    `${[`127.0.0.1:${to.port} inet n - n - - smtpd`, ...SERVICES].join('\n')}\n`,
  );
  const log = () => readFile(logFile, 'utf8').catch(() => '');
  const server = spawn('/usr/sbin/postfix', ['-c', config, 'start-fg'], { stdio: 'ignore' });
  const postfix: Postfix = {
    url: `smtp://127.0.0.1:${to.port}`,
    log,
    async stop() {
      await run('/usr/sbin/postfix', ['-c', config, 'stop']).catch(() => {});
      await until('Postfix has ended', () => Promise.resolve(hasEnded(server)));
      await rm(folder, { recursive: true, force: true });
    },
  };
  try {
    await until('Postfix listens', async () => {
      if (hasEnded(server)) throw new Error(`Postfix ended: ${await log()}`);
      return isListening(to.port);
    });
  } catch (error) {
    await postfix.stop();
    throw error;
  }
  return postfix;
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
