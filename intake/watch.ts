/** What a person watching the intake must see. Counts, sizes and names of outcomes only: a report is full of addresses. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Logger } from '../platform/log.js';
import { createReportCounter } from '../platform/report-counter.js';
import type { WeighedReport } from '../usecases/record-report.js';

/** Why a message was not taken: the last three are answered 4xx, so that it comes again. */
export type Refusal = 'RECIPIENT' | 'SIZE' | 'DATABASE' | 'NO_ROOM' | 'DEFECT';

export interface Watch {
  recorded(result: WeighedReport, message: { session: string; bytes: number; seconds: number }): void;
  refused(why: Refusal, error?: unknown): void;
  /** The listener itself is in trouble. */
  listenerFailed(error: unknown): void;
}

export function createWatch(registry: Registry, log: Logger, connections: () => number): Watch {
  const count = createReportCounter(registry);
  const refusals = new Counter({
    name: 'net119_reports_refused_total',
    help: 'Recipients and messages not taken; DATABASE, NO_ROOM and DEFECT are answered 4xx and come again.',
    labelNames: ['why'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'net119_report_seconds',
    help: 'From the end of a message to the commit of what it says.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  new Gauge({
    name: 'net119_intake_connections',
    help: 'Open SMTP connections.',
    registers: [registry],
    collect() {
      this.set(connections());
    },
  });
  return {
    recorded({ outcome, reading, match, bounceClass }, message) {
      count({ outcome, reading, match, bounceClass });
      seconds.observe(message.seconds);
      log.info({ event: 'report', outcome, reading, match, bounceClass, ...message });
      // R24: ours to mend, as when the answer to our own attempt says so.
      if (outcome === 'RECORDED' && bounceClass === 'SENDER_BLOCKED')
        log.error({ event: 'mail-failed', source: 'REPORT_SMTP' });
    },
    refused(why, error) {
      refusals.inc({ why });
      if (why === 'DEFECT') log.error({ event: 'report-failed', err: error });
      else if (why === 'DATABASE') log.warn({ event: 'database-unavailable', err: error });
      else log.debug({ event: 'report-refused', why });
    },
    listenerFailed: (error) => log.error({ event: 'listener-failed', err: error }),
  };
}
