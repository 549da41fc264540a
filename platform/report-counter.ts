/** The count of what came back, the same in every process that takes it. */
import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

export interface CountedReport {
  outcome: string;
  reading: string;
  match: string;
  /** null: it tells of no failure of a mail of ours. */
  bounceClass: string | null;
}

export function createReportCounter(registry: Registry): (report: CountedReport) => void {
  const reports = new Counter({
    name: 'net119_reports_total',
    help: 'Mails that came back and events of mail services, by what was done (outcome), what they are (reading), whether they are about a mail of ours (match) and the failure they tell (class).',
    labelNames: ['outcome', 'reading', 'match', 'class'],
    registers: [registry],
  });
  return ({ outcome, reading, match, bounceClass }) =>
    reports.inc({ outcome, reading, match, class: bounceClass ?? 'NONE' });
}
