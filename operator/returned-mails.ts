/** Mails that came back: what was read in them, and those that belong to no mail of ours (未照合). */
import { findHeadquarters } from '../usecases/headquarters.js';
import { listQuarantine, listReports, readQuarantined, readReport } from '../usecases/returned-mails.js';
import type { OperatorCommand, Values } from './command.js';
import { UsageError, textOf, withDeps, withOwner } from './command.js';

const text = { type: 'string' } as const;
const MOST = 500;

export const returnedMailCommands: readonly OperatorCommand[] = [
  {
    name: 'report list',
    usage: '--hq mihon',
    help: `The newest ${MOST} mails that came back to a headquarters' return paths: what each is and what it says; no content.`,
    options: { hq: text },
    required: ['hq'],
    run: (values) =>
      withDeps(async (deps) => {
        const fireHqId = await findHeadquarters(deps, textOf(values, 'hq'));
        for (const row of await listReports(deps, fireHqId, MOST)) {
          const read = [row.action, row.bounceClass, row.status, row.rule].map((each) => each ?? '-');
          console.log([row.id, iso(row.receivedAt), row.source, row.what, ...read, row.accountId].join('  '));
        }
      }),
  },
  {
    name: 'report read',
    usage: '--hq mihon --id <id> --reason "…"',
    help: "The mail as it came, kept for 30 days. Personal data: the headquarters' audit trail tells that it was read and why (needs DATABASE_OWNER_URL).",
    options: { hq: text, id: text, reason: text },
    required: ['hq', 'id', 'reason'],
    run: (values) =>
      withOwner(async (owner, deps) => {
        const fireHqId = await findHeadquarters(deps, textOf(values, 'hq'));
        show(await readReport(deps, owner, { fireHqId, ...asked(values) }));
      }),
  },
  {
    name: 'quarantine list',
    usage: '',
    help: `未照合: the newest ${MOST} reports that belong to no mail of ours, kept for 30 days; no content.`,
    options: {},
    required: [],
    run: () =>
      withDeps(async (deps) => {
        for (const row of await listQuarantine(deps, MOST))
          console.log([row.id, iso(row.receivedAt), row.source, row.what, row.why].join('  '));
      }),
  },
  {
    name: 'quarantine read',
    usage: '--id <id> --reason "…"',
    help: 'The report as it came. Personal data, perhaps of any headquarters: the audit trail of each tells that it was read and why (needs DATABASE_OWNER_URL).',
    options: { id: text, reason: text },
    required: ['id', 'reason'],
    run: (values) =>
      withOwner(async (owner, deps) => {
        show(await readQuarantined(deps, owner, asked(values)));
      }),
  },
];

function asked(values: Values): { reportId: string; reason: string } {
  const reportId = textOf(values, 'id');
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(reportId))
    throw new UsageError('--id must be an id as the list shows it.');
  return { reportId, reason: textOf(values, 'reason') };
}

/** On a terminal a stranger's mail must not move the cursor; into a file it goes as it is. */
function show(raw: Buffer): void {
  process.stdout.write(process.stdout.isTTY ? raw.toString('utf8').replace(/[^\P{Cc}\n\t]/gu, '') : raw);
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
