/** What operators see of mails that came back: real processes on a real database, three headquarters. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordReport } from '../../usecases/record-report.js';
import { NO_SUCH_USER, report } from '../usecases/returned.js';
import type { World } from '../usecases/world.js';
import { createWorld } from '../usecases/world.js';
import { runOperator } from './operator.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const operator = (args: string[]) => runOperator(world.urls, args);

/** What each headquarters' trail tells of an act. */
async function auditOf(action: string): Promise<unknown[][]> {
  const rows = await world.sql<{ hq: string; after: unknown }>(
    'SELECT fire_hq_id AS hq, after FROM audit_event WHERE action = $1',
    [action],
  );
  return [world.hq, world.otherHq, world.minutesHq].map((hq) =>
    rows.filter((row) => row.hq === hq).map(({ after }) => after),
  );
}

test('未照合 is listed without content, and read with a reason that every headquarters finds in its trail', async () => {
  const mail = {
    ...report('x@example.jp', NO_SUCH_USER, { receivedAt: world.now() }),
    recipients: [],
    source: 'REPORT_HTTP',
  } as const;
  await recordReport(world.deps, mail);
  const listed = (await operator(['quarantine', 'list'])).out.trim();
  expect(listed).toMatch(/^\S{36} {2}\S+ {2}REPORT_HTTP {2}REPORT {2}NO_MATCH$/);
  const id = listed.slice(0, 36);
  expect((await operator(['quarantine', 'read', '--id', id])).err).toContain('Missing: --reason');
  expect(await auditOf('quarantine.read')).toEqual([[], [], []]);
  const read = await operator(['quarantine', 'read', '--id', id, '--reason', '調査']);
  expect(read.out).toBe(mail.raw.toString());
  const told = [{ reportId: id, reason: '調査' }];
  expect(await auditOf('quarantine.read')).toEqual([told, told, told]);
  const unknown = ['--id', '00000000-0000-0000-0000-000000000000', '--reason', 'x'];
  expect((await operator(['quarantine', 'read', ...unknown])).err).toContain('no such');
});

test('a report is listed in its own headquarters, and read with a reason in that trail', async () => {
  world.setNow('2026-06-01 12:00');
  const { id: accountId } = await world.register();
  await world.walk({ fireHqId: world.hq, accountId }, '2027-03-03 10:00');
  const envelopeFrom = world.sent.at(-1)?.mail.envelopeFrom ?? '';
  const mail = report(envelopeFrom, NO_SUCH_USER, { receivedAt: world.now() });
  expect(await recordReport(world.deps, mail)).toMatchObject({ outcome: 'RECORDED' });
  expect((await operator(['report', 'list', '--hq', 'betsu'])).out).toBe('');
  const listed = (await operator(['report', 'list', '--hq', 'mihon'])).out;
  expect(listed).toContain('REPORT_SMTP  REPORT  FAILED  UNKNOWN_ADDRESS  5.1.1');
  expect(listed).toContain(accountId);
  expect(listed).not.toContain('User unknown');
  const asked = ['--id', listed.slice(0, 36), '--reason', '照会'];
  expect((await operator(['report', 'read', '--hq', 'betsu', ...asked])).code).toBe(1);
  expect((await operator(['report', 'read', '--hq', 'mihon', ...asked])).out).toBe(mail.raw.toString());
  expect(await auditOf('report.read')).toEqual([[{ reportId: listed.slice(0, 36), reason: '照会' }], [], []]);
});
