/** What a person watching must see of reports that come in by HTTP. Names of outcomes only: a report is full of addresses. */
import type { Registry } from 'prom-client';
import type { BounceSource } from '../domain/bounce.js';
import type { Logger } from '../platform/log.js';
import { createReportCounter } from '../platform/report-counter.js';
import type { WeighedReport } from '../usecases/record-report.js';

export type TellReport = (source: BounceSource, report: WeighedReport) => void;

export function watchReports(registry: Registry, log: Logger): TellReport {
  const count = createReportCounter(registry);
  return (source, { outcome, reading, match, bounceClass }) => {
    count({ outcome, reading, match, bounceClass });
    log.info({ event: 'report', source, outcome, reading, match, bounceClass });
    // R24: ours to mend, as when the answer to our own attempt says so.
    if (outcome === 'RECORDED' && bounceClass === 'SENDER_BLOCKED')
      log.error({ event: 'mail-failed', source });
  };
}
