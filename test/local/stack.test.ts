/** The whole stack as its user has it: started, used, killed, started again, stopped. */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordOf } from '../../local/process-identity.js';
import { until } from './folder.js';

const execFileAsync = promisify(execFile);

/** Far above what a start takes; a machine may be busy, and the first start fetches Temporal. */
const START_WITHIN = 150_000;

interface Stack {
  apiUrl: string;
  residentBaseUrl: string;
  adminUrl: string;
  mailInboxUrl: string;
  smtpUrl: string;
  bounceSmtpUrl: string;
  temporalAddress: string;
  temporalNamespace: string;
  temporalUiUrl: string;
  databaseUrl: string;
  databaseOwnerUrl: string;
  metricsUrls: Record<string, string>;
  tokens: Record<string, string>;
  signIns: { fireHq: string; role: string; signInName: string; password: string; totpSecret?: string }[];
  pids: Record<string, number>;
}

let folder: string;
const starters: ChildProcess[] = [];
let output = '';

function start(): ChildProcess {
  // As from a terminal: the bundle and the mode of this test run are none of its business.
  const { WORKFLOW_BUNDLE: _bundle, NODE_ENV: _mode, ...env } = process.env;
  const child = spawn(process.execPath, ['local/start.mjs'], {
    env: { ...env, NET119_LOCAL_FOLDER: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  starters.push(child);
  return child;
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function runs(child: ChildProcess): Promise<Stack> {
  const isUp = () => output.includes('Everything runs');
  await until('the stack runs', () => isUp() || hasEnded(child), START_WITHIN).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${output}`);
  });
  if (!isUp()) throw new Error(`npm start ended: ${output}`);
  return stackFile();
}

function stackFile(): Stack {
  return JSON.parse(readFileSync(join(folder, 'stack.json'), 'utf8')) as Stack;
}

function kill(pids: readonly (number | undefined)[]): void {
  for (const pid of pids) {
    if (pid !== undefined && recordOf(pid)) process.kill(pid, 'SIGKILL');
  }
}

async function rest(stack: Stack, path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await fetch(`${stack.apiUrl}/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${stack.tokens['mihon']}`,
      ...(body ? { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<string, unknown>;
}

async function mailTo(stack: Stack, address: string): Promise<{ subject: string; text: string }[]> {
  const answer = await fetch(`${stack.mailInboxUrl}/api/messages?to=${encodeURIComponent(address)}`);
  return ((await answer.json()) as { items: { subject: string; text: string }[] }).items;
}

describe('npm start', () => {
  const address = 'stack.test@example.jp';
  let starter: ChildProcess;
  let stack: Stack;
  let accountId: string;
  let link: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'net119-stack-'));
    await chmod(folder, 0o755);
    starter = start();
    stack = await runs(starter);
  }, START_WITHIN + 10_000);

  afterAll(async () => {
    for (const child of starters.filter((one) => !hasEnded(one))) {
      child.kill('SIGINT');
      await until('the starter ends', () => hasEnded(child)).catch(() => child.kill('SIGKILL'));
    }
    if (existsSync(join(folder, 'stack.json'))) kill(Object.values(stackFile().pids));
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('writes where everything is, for its owner only', () => {
    expect(stack).toEqual({
      apiUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      residentBaseUrl: stack.apiUrl,
      adminUrl: `${stack.apiUrl}/admin`,
      mailInboxUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      smtpUrl: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/),
      bounceSmtpUrl: expect.stringMatching(/^smtp:\/\/127\.0\.0\.1:\d+$/),
      temporalAddress: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      temporalNamespace: 'net119',
      temporalUiUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      databaseUrl: expect.stringMatching(/^postgres:\/\/net119_app_login:\w+@127\.0\.0\.1:\d+\/net119$/),
      databaseOwnerUrl: expect.stringMatching(
        /^postgres:\/\/net119_owner_login:\w+@127\.0\.0\.1:\d+\/net119$/,
      ),
      metricsUrls: Object.fromEntries(
        ['api', 'worker', 'intake'].map((part) => [part, expect.stringContaining('/metrics')]),
      ),
      tokens: Object.fromEntries(
        ['mihon', 'reiji', 'kara'].map((code) => [code, expect.stringMatching(/^n119_/)]),
      ),
      signIns: ['mihon', 'reiji', 'kara'].flatMap((fireHq) =>
        [
          ['MANAGER', 'kanri'],
          ['CLERK', 'tanto'],
          ['VIEWER', 'etsuran'],
        ].map(([role, name]) => ({
          fireHq,
          role,
          signInName: `${fireHq}.${name}`,
          password: expect.stringMatching(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/),
          ...(role === 'MANAGER' || (role === 'CLERK' && fireHq === 'mihon')
            ? { totpSecret: expect.stringMatching(/^[A-Z2-7]{32}$/) }
            : {}),
        })),
      ),
      pids: Object.fromEntries(
        ['postgres', 'temporal', 'mail', 'api', 'worker', 'intake'].map((part) => [part, expect.any(Number)]),
      ),
    });
    for (const file of ['stack.json', 'secrets.json']) {
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    }
    for (const value of [stack.apiUrl, stack.mailInboxUrl, stack.bounceSmtpUrl, stack.tokens['reiji']]) {
      expect(output).toContain(value);
    }
  });

  it('answers at every address', async () => {
    const { metricsUrls } = stack;
    const urls = [
      `${stack.apiUrl}/readyz`,
      `${stack.apiUrl}/docs`,
      stack.adminUrl,
      stack.mailInboxUrl,
      stack.temporalUiUrl,
    ];
    for (const url of [...urls, ...Object.values(metricsUrls)]) {
      expect([url, (await fetch(String(url))).status]).toEqual([url, 200]);
    }
  });

  it('mails a person who is registered in the headquarters of minutes, with a link that opens', async () => {
    const account = await rest(stack, '/accounts', {
      registrationNumber: 'S-1',
      name: '試験 通し',
      kana: 'しけん とおし',
      mailAddress: address,
      // The window opens in two seconds.
      expiresAt: new Date(Date.now() + 332_000).toISOString(),
    });
    accountId = String(account['id']);
    const request = async () =>
      (await mailTo(stack, address)).find(({ subject }) => subject.includes('NET119'));
    await until('the request is in the inbox', async () => (await request()) !== undefined, 60_000);
    const mail = await request();
    expect(mail?.subject).toBe('【見本消防】NET119定期更新手続きのお願い');
    const subjects = (await mailTo(stack, address)).map(({ subject }) => subject);
    expect(subjects).toContain('【見本消防】メールアドレスの確認');
    link = /https?:\/\/\S+\/r\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    expect(link.startsWith(stack.residentBaseUrl)).toBe(true);
    expect((await fetch(link)).status).toBe(200);
  }, 90_000);

  it('refuses a second starter on the same folder, which does no harm', async () => {
    const second = spawn(process.execPath, ['local/start.mjs'], {
      env: { ...process.env, NET119_LOCAL_FOLDER: folder },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    second.stdout.on('data', (chunk) => (said += String(chunk)));
    await once(second, 'close');
    expect(second.exitCode).toBe(1);
    expect(said).toContain(`Another npm start (pid ${starter.pid})`);
    expect(stackFile()).toEqual(stack);
  });

  it.each(['worker', 'intake'])(
    'starts a part again that dies, and tells its new number: %s',
    async (part) => {
      const before = stackFile().pids;
      kill([before[part]]);
      await until('it is back', () => output.includes(`${part} is back`), 60_000);
      const { pids } = stackFile();
      expect(pids[part]).not.toBe(before[part]);
      expect({ ...pids, [part]: 0 }).toEqual({ ...before, [part]: 0 });
    },
    90_000,
  );

  it(
    'goes on with the same data, addresses and links after kill −9 of everything',
    async () => {
      kill([starter.pid, ...Object.values(stackFile().pids)]);
      await until('the starter is dead', () => hasEnded(starter));
      starter = start();
      const again = await runs(starter);
      expect({ ...again, pids: null }).toEqual({ ...stack, pids: null });
      expect(await rest(again, `/accounts/${accountId}`)).toMatchObject({ registrationNumber: 'S-1' });
      expect((await mailTo(again, address)).length).toBeGreaterThan(0);
      expect((await fetch(link)).status).toBe(200);
    },
    START_WITHIN + 10_000,
  );

  it(
    'has every workflow back after Temporal lost its file: npm run reconcile -- --all',
    async () => {
      starter.kill('SIGINT');
      await until('the starter ends', () => hasEnded(starter));
      for (const end of ['', '-wal', '-shm']) await rm(join(folder, `temporal.db${end}`), { force: true });
      starter = start();
      const again = await runs(starter);
      const { stdout } = await execFileAsync(process.execPath, ['local/operator.mjs', 'reconcile', '--all'], {
        env: { ...process.env, NET119_LOCAL_FOLDER: folder },
      });
      const report = JSON.parse(stdout) as { headquarters: number; accounts: number };
      expect(report.headquarters).toBe(3);
      expect(report.accounts).toBeGreaterThan(60);
      const connection = await Connection.connect({ address: again.temporalAddress });
      const client = new Client({ connection, namespace: again.temporalNamespace });
      const running = "WorkflowType = 'accountLifecycle' AND ExecutionStatus = 'Running'";
      await until(
        'every account has its workflow',
        async () => (await client.workflow.count(running)).count >= report.accounts,
        60_000,
      );
      await connection.close();
    },
    START_WITHIN + 90_000,
  );

  it(
    'ends what a killed starter left behind before it begins anew',
    async () => {
      const { pids } = stackFile();
      starter.kill('SIGKILL');
      await until('the starter is dead', () => hasEnded(starter));
      expect(Object.values(pids).every((pid) => recordOf(pid) !== null)).toBe(true);
      starter = start();
      const again = await runs(starter);
      expect(output).toContain('Ended what an earlier start left behind');
      expect(Object.values(pids).filter((pid) => recordOf(pid) !== null)).toEqual([]);
      expect({ ...again, pids: null }).toEqual({ ...stack, pids: null });
    },
    START_WITHIN + 10_000,
  );

  it('stops everything on Ctrl-C', async () => {
    const { pids } = stackFile();
    starter.kill('SIGINT');
    // npm passes the signal on although the terminal has sent it too.
    starter.kill('SIGINT');
    await until('the starter ends', () => hasEnded(starter));
    expect([starter.exitCode, starter.signalCode]).toEqual([0, null]);
    expect(Object.values(pids).filter((pid) => recordOf(pid) !== null)).toEqual([]);
    expect(stackFile().pids).toEqual({});
    expect(existsSync(join(folder, 'starter.lock'))).toBe(false);
  });
});
