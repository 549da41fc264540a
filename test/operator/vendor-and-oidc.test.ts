/** 運用担当 and a headquarters' own authentication, as the operator types it: real processes on a real database. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from '../usecases/world.js';
import { createWorld } from '../usecases/world.js';
import { runOperator } from './operator.js';

let world: World;
let folder: string;
beforeAll(async () => {
  world = await createWorld();
  folder = await mkdtemp(join(tmpdir(), 'net119-oidc-'));
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

test('a vendor operator is made with the owner’s login alone, and told in their own trail', async () => {
  const sato = ['--sign-in-name', 'vendor.sato'];
  const create = ['vendor-operator', 'create', ...sato, '--name', '運用 一郎'];
  const without = await runOperator(world.urls, create, { DATABASE_OWNER_URL: world.urls.databaseUrl });
  expect(without.code).toBe(1);
  const made = await runOperator(world.urls, create);
  expect(made.out.trim()).toMatch(/^[0-9a-z]{4,}(-[0-9a-z]+)+$/i);
  const log = await runOperator(world.urls, ['vendor-operator', 'log']);
  expect(log.out.trim().split('\t').slice(1)).toEqual(['vendor.sato', 'created']);
});

test('hq oidc: sealed with LINK_KEYS, and it can be put off again', async () => {
  const file = join(folder, 'secret.txt');
  await writeFile(file, 'a-secret-of-the-client\n');
  const hq = (await world.sql<{ code: string }>('SELECT code FROM fire_hq ORDER BY code'))[0]?.code ?? '';
  const oidc = (issuer: string, env: Record<string, string>) =>
    runOperator(
      world.urls,
      ['hq', 'oidc', '--hq', hq, '--issuer', issuer, '--client-id', 'net119', '--secret-file', file],
      env,
    );
  const keys = { LINK_KEYS: `k1:${Buffer.alloc(32, 9).toString('base64url')}` };
  expect((await oidc('https://idp.example.jp', {})).err).toContain('LINK_KEYS must be set');
  expect((await oidc('https://idp.example.jp', keys)).out).toBe('on\n');
  const [row] = await world.sql<{ secret_sealed: string }>('SELECT secret_sealed FROM oidc_setting');
  expect(row?.secret_sealed).toMatch(/^k1\./);
  expect(row?.secret_sealed).not.toContain('a-secret');
  expect((await runOperator(world.urls, ['hq', 'oidc', '--hq', hq, '--off'])).out).toBe('off\n');
  expect(await world.sql('SELECT 1 FROM oidc_setting')).toEqual([]);
});
