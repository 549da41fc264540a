/** What a person watching the intake must see. Counts, sizes and names of outcomes only: a report is full of addresses. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from '../platform/log.js';
import { createReportCounter } from '../platform/report-counter.js';
import type { ReturnedMail, WeighedReport } from '../usecases/record-report.js';

/** Why a message was not taken: but for the first two it comes again, or is tried again where it lies. */
export type Refusal = 'RECIPIENT' | 'SIZE' | 'CALLER' | 'DATABASE' | 'NO_ROOM' | 'DEFECT';

export interface Watch {
  /** `seconds` since the end of its arrival. */
  recorded(result: WeighedReport, mail: ReturnedMail, seconds: number): void;
  refused(why: Refusal, error?: unknown): void;
}

/** Of every way in. */
export function createWatch(registry: Registry, log: Logger): Watch {
  const count = createReportCounter(registry);
  const refusals = new Counter({
    name: 'net119_reports_refused_total',
    help: 'Recipients, messages and callers not taken; all but RECIPIENT and SIZE come again.',
    labelNames: ['why'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'net119_report_seconds',
    help: 'From the end of a message to the commit of what it says.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    recorded({ outcome, reading, match, bounceClass }, { source, raw }, took) {
      count({ outcome, reading, match, bounceClass });
      seconds.observe(took);
      const bytes = raw.length;
      log.info({ event: 'report', source, outcome, reading, match, bounceClass, bytes, seconds: took });
      // R24: ours to mend, as when the answer to our own attempt says so.
      if (outcome === 'RECORDED' && bounceClass === 'SENDER_BLOCKED')
        log.error({ event: 'mail-failed', source });
    },
    refused(why, error) {
      refusals.inc({ why });
      if (why === 'DEFECT') log.error({ event: 'report-failed', err: error });
      else if (why === 'DATABASE') log.warn({ event: 'database-unavailable', err: error });
      else log.debug({ event: 'report-refused', why });
    },
  };
}

/** Of the SMTP listener alone. */
export function watchConnections(registry: Registry, connections: () => number): void {
  new Gauge({
    name: 'net119_intake_connections',
    help: 'Open SMTP connections.',
    registers: [registry],
    collect() {
      this.set(connections());
    },
  });
}
