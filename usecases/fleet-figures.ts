/** Figures over all headquarters, for the operator. Small mail domains are one, 'other': their names could name a person. */
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import type { Asked, SilentLossVerdict } from '../domain/silent-loss.js';
import { ANSWERED_WITHIN, silentLoss } from '../domain/silent-loss.js';
import type { SentFigures } from '../store/fleet-figures.js';
import { countAskedByDomain, countMailsByDomain, countMailsByFireHq } from '../store/fleet-figures.js';
import type { Deps } from './context.js';
import type { QuarantineFigures } from './read-quarantine.js';
import { readQuarantineFigures } from './read-quarantine.js';

/** Mails of the last seven days. */
const SENT_WITHIN = 7 * DAY;
/** Silent loss looks at the thirty days that ended seven days ago. */
const ASKED_WITHIN = 30 * DAY;

export interface FleetFigures {
  readAt: Instant;
  domains: readonly (SentFigures & { mailDomain: string })[];
  headquarters: readonly (SentFigures & { code: string })[];
  /** `verdict` is null for 'other', which is no domain. */
  asked: readonly (Asked & { mailDomain: string; verdict: SilentLossVerdict | null })[];
  quarantine: QuarantineFigures;
}

export async function readFleetFigures(deps: Deps): Promise<FleetFigures> {
  const now = deps.clock.now();
  const tx = deps.database.lookups;
  // One after the other: whatever they cost, it is one connection.
  const domains = await countMailsByDomain(tx, now - SENT_WITHIN);
  const headquarters = await countMailsByFireHq(tx, now - SENT_WITHIN);
  const until = now - ANSWERED_WITHIN;
  const asked = await countAskedByDomain(tx, until - ASKED_WITHIN, until);
  const quarantine = await readQuarantineFigures(deps);
  return { readAt: now, domains, headquarters, asked: withVerdicts(asked), quarantine };
}

function withVerdicts(rows: readonly (Asked & { mailDomain: string })[]): FleetFigures['asked'] {
  const all = rows.reduce(
    (sum, row) => ({ asked: sum.asked + row.asked, unanswered: sum.unanswered + row.unanswered }),
    { asked: 0, unanswered: 0 },
  );
  return rows.map((row) => {
    const others = { asked: all.asked - row.asked, unanswered: all.unanswered - row.unanswered };
    return { ...row, verdict: row.mailDomain === 'other' ? null : silentLoss(row, others) };
  });
}
