/**
 * What the office of 例示市 did yesterday with many people at once: a policy, an import, letters, a bulk send. Each deed is
 * done once; the trail tells which were.
 */
import { DAY, HOUR, addDays, addPeriod, dayInJapan, instantInJapan } from '../../domain/calendar.js';
import { DEFAULT_POLICY } from '../../domain/policy.js';
import { press } from '../../letters/press.js';
import type { Actor, Command, Deps } from '../../usecases/context.js';
import { prepareBulkSend, startBulkSend } from '../../usecases/bulk-send.js';
import { issueApiToken } from '../../usecases/headquarters.js';
import { takeImportFile } from '../../usecases/import-file-in.js';
import { carryOutImports, startImport } from '../../usecases/import-run.js';
import { inviteStaff } from '../../usecases/invite-staff.js';
import { createMailStop } from '../../usecases/mail-stop.js';
import { putPolicy, readPolicy } from '../../usecases/policy.js';
import type { LetterSelection } from '../../usecases/print-letters.js';
import { previewLetters, printLetters, recordSending } from '../../usecases/print-letters.js';
import { readBulkItems } from '../../usecases/read-bulk-send.js';
import { runBulkSends } from '../../usecases/run-bulk-send.js';
import { searchAudit } from '../../usecases/search-audit.js';
import { FAULTY_FILE, OLD_LIST } from './import-files.js';
import { STOPPED_DOMAIN } from './lives.js';
import type { Surroundings } from './person.js';
import { personAt } from './person.js';

interface Work {
  around: Surroundings;
  deps: Deps;
  command: Command;
  today: string;
}

interface Deed {
  /** In the trail so many times, it was done. */
  action: string;
  times?: number;
  /** Minutes of yesterday's day. */
  at: number;
  by: 'manager' | 'clerk';
  work: (work: Work) => Promise<unknown>;
}

const DEEDS: readonly Deed[] = [
  { action: 'policy.put', at: 9 * 60 + 10, by: 'manager', work: tellOnTheEve },
  { action: 'import.started', at: 9 * 60 + 40, by: 'manager', work: takeOver },
  { action: 'import.tried', times: 2, at: 16 * 60 + 20, by: 'clerk', work: tryFaulty },
  { action: 'mail-stop.set', at: 11 * 60, by: 'manager', work: stopDomain },
  { action: 'api-token.created', times: 2, at: 13 * 60, by: 'manager', work: letConsoleIn },
  { action: 'letter.printed', at: 10 * 60 + 50, by: 'clerk', work: printAndPost },
  { action: 'bulk-send.started', at: 14 * 60, by: 'clerk', work: askMany },
  { action: 'staff.created', times: 5, at: 15 * 60, by: 'manager', work: inviteNew },
];

export async function doDeeds(around: Surroundings): Promise<void> {
  const today = dayInJapan(around.now);
  for (const { action, times = 1, at: minute, by, work } of DEEDS) {
    const at = instantInJapan(addDays(today, -1), minute);
    const { fireHqId, office } = around;
    const deps: Deps = { ...around, clock: { now: () => at } };
    const { items } = await searchAudit(deps, fireHqId, { actions: [action], limit: times });
    if (items.length >= times) continue;
    const actor: Actor = by === 'manager' ? office.manager.actor : office.clerkAt(at);
    await work({ around, deps, command: { fireHqId, actor, receivedAt: at }, today });
  }
}

/** Running cycles keep the version they began with (R13). */
async function tellOnTheEve({ deps, command }: Work): Promise<void> {
  const { version } = await readPolicy(deps, command.fireHqId);
  const reminders = {
    offsets: [
      '-P90D',
      '-P60D',
      '-P30D',
      '-P14D',
      '-P7D',
      '-P3D',
      '-P1D',
      'P1D',
      'P14D',
      'P30D',
      'P60D',
      'P90D',
    ],
  };
  const policy = { ...DEFAULT_POLICY, reminders };
  await putPolicy(deps, command, version, {
    policy,
    reason: '期限の前の日にも知らせる（係の打ち合わせで決めた）',
  });
}

async function takeOver({ deps, command, today }: Work): Promise<void> {
  const runId = await takeImportFile(deps, command, {
    name: '前のシステムの一覧.csv',
    content: { bytes: OLD_LIST(today) },
  });
  await startImport(deps, command, runId, { checkMail: false });
  await carryOutImports(deps, {});
}

async function tryFaulty({ deps, command, today }: Work): Promise<void> {
  const content = { bytes: FAULTY_FILE(today) };
  await takeImportFile(deps, command, { name: '窓口で受け付けた人.csv', content });
}

async function stopDomain({ deps, command, around }: Work): Promise<void> {
  const until = around.now + 14 * DAY;
  await createMailStop(deps, command, { mailDomain: STOPPED_DOMAIN, until, reason: '受信側の障害を調査中' });
}

/** Nobody knows this token: it is there to be seen and to be revoked. */
async function letConsoleIn({ deps, command, today }: Work): Promise<void> {
  const until = addPeriod(today, { years: 1, months: 0, days: 0 });
  const expiresAt = instantInJapan(until, 0);
  await issueApiToken(deps, command, { label: '指令台の画面', scopes: ['capabilities:read'], expiresAt });
}

/** By post to whom no mail reaches, sent the same day; by FAX to some who are asked now, not yet sent. */
async function printAndPost({ deps, command }: Work): Promise<void> {
  const fresh = false;
  const lapsed = { show: 'lapsed', cause: 'UNDELIVERABLE', fresh } as const;
  const posted = await print(deps, command, 'POST', { by: 'FILTER', filter: lapsed, most: 20 });
  await recordSending(deps, { ...command, receivedAt: command.receivedAt + 4 * HOUR }, posted);
  await print(deps, command, 'FAX', { by: 'FILTER', filter: { show: 'pending', fresh }, most: 5 });
}

async function print(
  deps: Deps,
  command: Command,
  kind: 'POST' | 'FAX',
  selection: LetterSelection,
): Promise<string> {
  const { digest } = await previewLetters(deps, command.fireHqId, press, selection, kind);
  const request = { selection, kind, large: false, ruby: true, digest };
  const printed = await printLetters(deps, command, press, request);
  if (printed.outcome !== 'PRINTED') throw new Error(`the letters were not printed: ${printed.outcome}`);
  return printed.batchId;
}

/** Everybody whose date is near; some cannot be mailed and are left out. */
async function askMany({ around, deps, command }: Work): Promise<void> {
  const filter = { list: 'pending', daysTo: 40 } as const;
  const prepared = await prepareBulkSend(deps, command, { filter }, 100);
  if (!('id' in prepared)) throw new Error(`nobody to be asked: ${prepared.not}`);
  await startBulkSend(deps, command, prepared.id, { confirmed: false, when: 'now' }, 100);
  while (await runBulkSends(deps));
  const { items } = await readBulkItems(deps, command.fireHqId, prepared.id, {
    view: 'all',
    after: 0,
    limit: 100,
  });
  for (const item of items.filter(({ state }) => state === 'QUEUED')) {
    const person = personAt(around, item, command.receivedAt);
    await person.liveUntil(command.receivedAt + HOUR);
  }
}

async function inviteNew({ deps, command }: Work): Promise<void> {
  const invitation = { signInName: 'reiji.atarashi', displayName: '見本 新人子', role: 'CLERK' } as const;
  await inviteStaff(deps, command, invitation);
}
