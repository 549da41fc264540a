/** How fast ten thousand people are taken in from a file, how fast their workflows start, and whether others wait for it. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Command } from '../../usecases/context.js';
import { takeImportFile } from '../../usecases/import-file-in.js';
import { carryOutImports, startImport } from '../../usecases/import-run.js';
import { enqueueLook, outboxHealth } from '../../store/outbox.js';
import { asleepSince } from './lives.js';
import type { Figure } from './figure.js';
import { atLeast, beside, milliseconds, perSecond, ratio, seconds } from './figure.js';
import { percentile } from './numbers.js';
import { makeHq } from './people.js';
import type { Stack } from './stack.js';
import { withStack } from './stack.js';

const PEOPLE = 10_000;
/** In the order in which they refer to each other. */
const TABLES = ['account', 'mail_address', 'renewal_cycle', 'audit_event', 'signal_outbox'] as const;
/** Given by the database, beside what it works out of other columns. */
const NOT_COPIED: Readonly<Partial<Record<(typeof TABLES)[number], string[]>>> = {
  audit_event: ['id'],
  signal_outbox: ['id'],
};
/** Somebody does something this often while the workflows start. */
const SOMEBODY_EVERY_MS = 250;
const LOOKED_AT_EVERY_MS = 20;
const SAMPLED = 200;

export async function measureImport(): Promise<Figure[]> {
  const speed = await withStack([], measureSpeed);
  const starts = await withStack(['temporal', 'mail', 'api', 'worker'], measureStarts);
  return [...speed, ...starts];
}

async function measureSpeed(stack: Stack): Promise<Figure[]> {
  const hq = await makeHq(stack, 'bench', {});
  const other = await makeHq(stack, 'copy', {});
  const reading = performance.now();
  await dryRun(stack, hq);
  const carrying = performance.now();
  const done = await carryOutImports(stack.deps, {});
  const ended = performance.now();
  if (done !== PEOPLE) throw new Error(`${done} of ${PEOPLE} were taken in`);
  const rate = (ms: number) => PEOPLE / (ms / 1_000);
  const copy = rate(await copySameRows(stack, hq, other));
  const run = rate(ended - carrying);
  return [
    atLeast('10⁴ people taken in ÷ COPY of the same rows', run / copy, 0.2, ratio),
    beside('taken in, until all is committed', run, perSecond),
    beside('COPY of the same rows', copy, perSecond),
    beside('file read and looked at before (dry run)', rate(carrying - reading), perSecond),
    beside('dry run and run together ÷ COPY', rate(ended - reading) / copy, ratio),
  ];
}

/** Reads a file, and starts its run; whoever carries it out next does. */
async function dryRun({ deps }: Stack, hq: string): Promise<void> {
  const heads = '登録番号,氏名,かな,メールアドレス,携帯電話番号,住所,市町村,有効期限日';
  const lines = Array.from(
    { length: PEOPLE },
    (_, i) =>
      `I-${i},見本 第${i},みほん だい${i},i${i}@example.jp,090-0000-${String(i).padStart(4, '0')},見本市見本町${i},見本市,2027/${1 + (i % 12)}/${1 + (i % 28)}`,
  );
  const command = (): Command => ({ fireHqId: hq, actor: 'operator', receivedAt: deps.clock.now() });
  const bytes = Buffer.from([heads, ...lines].join('\r\n'));
  const runId = await takeImportFile(deps, command(), { name: 'bench.csv', content: { bytes } });
  const started = await startImport(deps, command(), runId, { checkMail: false });
  if (started !== 'STARTED') throw new Error(started);
}

/** The rows that the import wrote, as another headquarters': in one transaction, by the owner past the row security. */
async function copySameRows({ owner }: Stack, hq: string, other: string): Promise<number> {
  const client = await owner.connect();
  try {
    const files = new Map<string, { columns: string; bytes: Buffer }>();
    for (const table of TABLES) {
      await client.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
      const { rows } = await client.query<{ name: string }>(
        `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
           AND attgenerated = ''`,
        [table],
      );
      const names = rows.map(({ name }) => name).filter((name) => !(NOT_COPIED[table] ?? []).includes(name));
      // Ids that nobody has yet, the same for all rows of a person.
      const values = names.map((name) => {
        if (name === 'fire_hq_id') return `'${other}'`;
        return name === 'id' || name === 'account_id' ? `md5(${name}::text || '${other}')::uuid` : name;
      });
      const select = `SELECT ${values.join(', ')} FROM ${table} WHERE fire_hq_id = '${hq}'`;
      const chunks: Buffer[] = [];
      for await (const chunk of client.query(copyTo(`COPY (${select}) TO STDOUT`)))
        chunks.push(chunk as Buffer);
      files.set(table, { columns: names.join(', '), bytes: Buffer.concat(chunks) });
    }
    const began = performance.now();
    await client.query('BEGIN');
    for (const [table, { columns, bytes }] of files)
      await pipeline(Readable.from([bytes]), client.query(copyFrom(`COPY ${table} (${columns}) FROM STDIN`)));
    await client.query('COMMIT');
    const took = performance.now() - began;
    for (const table of TABLES) {
      const { rows } = await client.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${table} WHERE fire_hq_id = $1`,
        [other],
      );
      if ((rows[0]?.count ?? 0) < PEOPLE) throw new Error(`${table} was not copied`);
      await client.query(`ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`);
    }
    return took;
  } finally {
    client.release();
  }
}

/** The API process carries it out and starts the workflows; beside it somebody else does something now and then. */
async function measureStarts(stack: Stack): Promise<Figure[]> {
  const { deps, owner, client } = stack;
  const hq = await makeHq(stack, 'bench', {});
  await dryRun(stack, hq);
  const waits: number[] = [];
  const began = performance.now();
  let filled = began;
  for (;;) {
    const run = await owner.query<{ state: string }>('SELECT state FROM import_run');
    const isOver = run.rows.every(({ state }) => state === 'DONE');
    if (!isOver) filled = performance.now();
    const { waiting } = await deps.database.withoutTenant(outboxHealth);
    if (isOver && waiting === 0) break;
    waits.push(await waitOfSomebody(stack, hq));
    await sleep(SOMEBODY_EVERY_MS);
  }
  const drained = performance.now();
  const drainedAt = Date.now();
  await sleep(5_000);
  const { rows } = await owner.query<{ id: string }>('SELECT id FROM account ORDER BY random() LIMIT $1', [
    SAMPLED,
  ]);
  const behind: number[] = [];
  for (const { id } of rows) behind.push((await asleepSince(client, id)) - drainedAt);
  return [
    beside('workflows started', PEOPLE / ((drained - began) / 1_000), perSecond),
    beside('outbox empty after the last row was taken in', (drained - filled) / 1_000, seconds),
    beside("somebody else's signal meanwhile, p50", percentile(waits, 50), milliseconds),
    beside("somebody else's signal meanwhile, p95", percentile(waits, 95), milliseconds),
    beside('last workflow asleep after the outbox was empty', Math.max(0, ...behind) / 1_000, seconds),
  ];
}

/** How long a look of somebody waits in the outbox. */
async function waitOfSomebody({ deps, owner }: Stack, hq: string): Promise<number> {
  const accountId = randomUUID();
  const began = performance.now();
  await deps.database.inTenant(hq, (tx) => enqueueLook(tx, [accountId], deps.clock.now()));
  for (;;) {
    const { rowCount } = await owner.query('SELECT FROM signal_outbox WHERE account_id = $1', [accountId]);
    if (rowCount === 0) return performance.now() - began;
    await sleep(LOOKED_AT_EVERY_MS);
  }
}
