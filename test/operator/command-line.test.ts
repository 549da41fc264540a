/** The operator's command line, as a person types it: real processes on a real database, two headquarters. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authenticateToken } from '../../usecases/authenticate.js';
import { listMailStops } from '../../usecases/mail-stop.js';
import type { Deps } from '../../usecases/context.js';
import { openDatabase } from '../../store/database.js';
import type { TestDatabase } from '../support/postgres.js';
import { createTestDatabase } from '../support/postgres.js';
import { runOperator } from './operator.js';

const HQ = ['--reply-to', 'net119@example.jp', '--fax', '000-000-0000', '--counter', '指令課'];

let database: TestDatabase;
let deps: Deps;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  deps = {
    database: openDatabase(database.databaseUrl, { max: 2 }),
    clock: { now: () => Date.now() },
    keys: [],
  };
  folder = await mkdtemp(join(tmpdir(), 'net119-operator-'));
});
afterAll(async () => {
  await deps.database.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

const operator = (args: string[], env: Record<string, string> = {}) => runOperator(database, args, env);

async function idOf(code: string): Promise<string> {
  const { out } = await operator(['hq', 'list']);
  return (
    out
      .split('\n')
      .find((line) => line.startsWith(`${code} `))
      ?.split(/ +/)[1] ?? ''
  );
}

describe('headquarters, policies, tokens, stops', () => {
  test('two headquarters, one with a policy of its own; what is wrong is told field by field', async () => {
    const policy = join(folder, 'policy.json');
    await writeFile(policy, JSON.stringify({ validity: 'P2Y' }));
    const mihon = [
      'hq',
      'create',
      '--code',
      'mihon',
      '--display-name',
      '見本市消防本部',
      '--short-name',
      '見本消防',
    ];
    expect((await operator([...mihon, ...HQ, '--policy', policy])).code).toBe(0);
    const betsu = [
      'hq',
      'create',
      '--code',
      'betsu',
      '--display-name',
      '別市消防本部',
      '--short-name',
      '別消防',
    ];
    expect((await operator([...betsu, ...HQ])).code).toBe(0);
    expect(JSON.parse((await operator(['policy', 'show', '--hq', 'mihon'])).out)).toMatchObject({
      version: 1,
      policy: { validity: 'P2Y', remindBefore: 'P90D' },
    });

    const twice = await operator([...mihon, ...HQ]);
    expect(twice).toMatchObject({ code: 1, err: expect.stringContaining('code: There is a headquarters') });
    await writeFile(policy, JSON.stringify({ validity: 'P30D', sendAt: '23:00' }));
    const bad = await operator([
      'hq',
      'create',
      '--code',
      'X',
      '--display-name',
      '',
      '--short-name',
      'x',
      ...HQ,
      '--policy',
      policy,
    ]);
    expect(bad).toMatchObject({ code: 1, err: expect.stringContaining('Missing: --display-name') });
    const worse = await operator(['policy', 'put', '--hq', 'betsu', '--file', policy, '--reason', '試し']);
    expect(worse.code).toBe(1);
    expect(worse.err).toMatch(/policy\.remindBefore: .*\n.*policy\.sendAt: /);
    await writeFile(policy, '{');
    expect(
      (await operator(['policy', 'put', '--hq', 'betsu', '--file', policy, '--reason', 'x'])).err,
    ).toContain('no JSON');
  });

  test('a token is shown once, works, is listed without itself, and ends at once', async () => {
    const made = await operator([
      'token',
      'create',
      '--hq',
      'mihon',
      '--label',
      '指令台',
      '--scopes',
      'capabilities:read',
    ]);
    const [id = '', token = ''] = made.out.trim().split('\n');
    expect(await authenticateToken(deps, token)).toMatchObject({
      tokenId: id,
      fireHqId: await idOf('mihon'),
      scopes: ['capabilities:read'],
    });
    const listed = await operator(['token', 'list', '--hq', 'mihon']);
    expect(listed.out).toContain(id);
    expect(listed.out).not.toContain(token);
    expect((await operator(['token', 'list', '--hq', 'betsu'])).out).toBe('');
    // Another headquarters' token is as unknown as any other.
    expect((await operator(['token', 'revoke', '--hq', 'betsu', '--id', id])).code).toBe(1);
    expect((await operator(['token', 'revoke', '--hq', 'mihon', '--id', id])).code).toBe(0);
    expect(await authenticateToken(deps, token)).toBeNull();
  });

  test('a token of the vendor belongs to no headquarters and takes its own scopes only', async () => {
    const made = await operator([
      'vendor-token',
      'create',
      '--label',
      'consoles',
      '--expires',
      '2999-01-01T00:00:00Z',
    ]);
    const token = made.out.trim().split('\n')[1] ?? '';
    expect(await authenticateToken(deps, token)).toMatchObject({
      fireHqId: null,
      scopes: ['capabilities:any-hq'],
    });
    const mailServer = ['vendor-token', 'create', '--label', 'postfix', '--scopes', 'bounces:write'];
    const other = (await operator(mailServer)).out.trim().split('\n')[1] ?? '';
    expect(await authenticateToken(deps, other)).toMatchObject({ fireHqId: null, scopes: ['bounces:write'] });
    const wrong = await operator(['vendor-token', 'create', '--label', 'x', '--scopes', 'accounts:read']);
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('no scope "accounts:read"') });
    const past = await operator([
      'vendor-token',
      'create',
      '--label',
      'x',
      '--expires',
      '2020-01-01T00:00:00Z',
    ]);
    expect(past.err).toContain('--expires must be an instant in the future');
    const id = made.out.trim().split('\n')[0] ?? '';
    expect((await operator(['vendor-token', 'list'])).out).toContain(id);
    expect((await operator(['token', 'list', '--hq', 'mihon'])).out).not.toContain(id);
    expect((await operator(['token', 'revoke', '--hq', 'mihon', '--id', id])).code).toBe(1);
    expect((await operator(['vendor-token', 'revoke', '--id', id])).code).toBe(0);
    expect(await authenticateToken(deps, token)).toBeNull();
  });

  test('R36: a stop of all headquarters is seen by each, and ended once', async () => {
    const { out } = await operator(['mail-stop', 'set', '--reason', '誤送信の疑い']);
    const id = out.trim();
    for (const code of ['mihon', 'betsu']) {
      expect(await listMailStops(deps, await idOf(code))).toMatchObject([
        { id, scope: 'ALL', endedAt: null },
      ]);
    }
    expect((await operator(['mail-stop', 'end', '--id', id])).code).toBe(0);
    expect((await operator(['mail-stop', 'end', '--id', id])).code).toBe(1);
  });
});

describe('the command line itself', () => {
  test('help names every command; an unknown one, an unknown option and a missing one are told', async () => {
    const help = await operator(['--help']);
    for (const name of ['hq create', 'policy put', 'token create', 'migrate', 'reconcile'])
      expect(help.out).toContain(name);
    expect(await operator(['hq', 'destroy'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('no command'),
    });
    expect((await operator(['hq', 'list', '--force'])).err).toContain('--force');
    expect((await operator(['token', 'list'])).err).toContain('Missing: --hq');
    expect((await operator(['token', 'list', '--hq', 'nobody'])).err).toContain('no such headquarters');
  });

  test('migrate runs once; reconcile tells what it did, also without Temporal; wrong settings are all told', async () => {
    expect((await operator(['migrate'])).out.trim()).toBe('nothing to do');
    expect(JSON.parse((await operator(['reconcile', '--all'])).out)).toEqual({
      headquarters: 2,
      accounts: 0,
      missing: 0,
      overdue: 0,
      looks: 0,
      holes: 0,
    });
    const unset = await operator(['hq', 'list'], { DATABASE_URL: '', LOG_LEVEL: 'loud' });
    expect(unset.code).toBe(1);
    expect(unset.err).toMatch(
      /DATABASE_URL must be set[\s\S]*LOG_LEVEL|LOG_LEVEL[\s\S]*DATABASE_URL must be set/,
    );
    const away = await operator(['hq', 'list'], { DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' });
    expect(away).toMatchObject({ code: 1, err: expect.stringContaining('ECONNREFUSED') });
  });
});
