/**
 * Whether mail arrives, over all headquarters, for Prometheus. A scrape never waits for the database: it shows what was
 * read last and, once that is a minute old, has it read anew.
 */
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { MINUTE, SECOND } from '../domain/calendar.js';
import type { Logger } from '../platform/log.js';
import type { Deps } from '../usecases/context.js';
import type { FleetFigures } from '../usecases/fleet-figures.js';
import { readFleetFigures } from '../usecases/fleet-figures.js';

const READ_AT_MOST_EVERY = MINUTE;

/** Figures are of all API processes alike: take the maximum, not the sum. */
export function watchDelivery(registry: Registry, deps: Deps, log: Logger): void {
  const gauges = createGauges(registry);
  // A gauge without labels would say 0 before anything was read.
  gauges.quarantineOldest.remove();
  let lastAsked = -Infinity;
  let lastReadAt: number | null = null;
  let told = false;

  async function read(): Promise<void> {
    try {
      const figures = await readFleetFigures(deps);
      show(gauges, figures, deps.clock.now());
      lastReadAt = figures.readAt;
      told = false;
    } catch (error) {
      // Told once; the age of the figures tells the rest.
      if (!told) log.warn({ event: 'figures-not-read', err: error });
      told = true;
    }
  }

  new Gauge({
    name: 'net119_delivery_figures_age_seconds',
    help: 'How old the figures of mail and quarantine below are.',
    registers: [registry],
    collect() {
      const now = deps.clock.now();
      if (now - lastAsked >= READ_AT_MOST_EVERY) {
        lastAsked = now;
        void read();
      }
      if (lastReadAt === null) this.remove();
      else this.set((now - lastReadAt) / SECOND);
    },
  });
}

type Gauges = ReturnType<typeof createGauges>;

function createGauges(registry: Registry) {
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name, help, labelNames, registers: [registry] });
  const fault = 'fault: recipient (不達), or ours to mend';
  const other = 'mail_domain: those with 20 mails to 5 people or more, the rest as other';
  return {
    sent: gauge('net119_mails_sent_7d', `Mails sent in seven days; ${other}.`, ['mail_domain']),
    failed: gauge('net119_mail_failure_ratio_7d', `Share of them that failed for good; ${fault}.`, [
      'mail_domain',
      'fault',
    ]),
    hqSent: gauge('net119_fire_hq_mails_sent_7d', 'Mails sent in seven days.', ['fire_hq']),
    hqFailed: gauge('net119_fire_hq_mail_failure_ratio_7d', `Share of them that failed for good; ${fault}.`, [
      'fire_hq',
      'fault',
    ]),
    asked: gauge(
      'net119_people_asked_30d',
      'People whose reminder was accepted in the thirty days that ended seven days ago; mail_domain: those with 20 people or more, the rest as other.',
      ['mail_domain'],
    ),
    unanswered: gauge('net119_unanswered_ratio_30d', 'Share of them who have not answered.', ['mail_domain']),
    silentLoss: gauge(
      'net119_silent_loss',
      '1 where far fewer people answer than at all other domains: mails may be dropped without a word.',
      ['mail_domain'],
    ),
    quarantine: gauge('net119_quarantine_reports', 'Reports that fit no mail of ours (未照合).', ['why']),
    quarantineOldest: gauge('net119_quarantine_oldest_seconds', 'Age of the oldest of them; 0: none.'),
  };
}

/** What is gone since the last reading goes from the output too. */
function show(gauges: Gauges, { domains, headquarters, asked, quarantine }: FleetFigures, now: number): void {
  for (const gauge of Object.values(gauges)) gauge.reset();
  for (const { mailDomain, sent, failed, failedOurs } of domains) {
    gauges.sent.set({ mail_domain: mailDomain }, sent);
    gauges.failed.set({ mail_domain: mailDomain, fault: 'ours' }, failedOurs / sent);
    gauges.failed.set({ mail_domain: mailDomain, fault: 'recipient' }, (failed - failedOurs) / sent);
  }
  for (const { code, sent, failed, failedOurs } of headquarters) {
    gauges.hqSent.set({ fire_hq: code }, sent);
    gauges.hqFailed.set({ fire_hq: code, fault: 'ours' }, failedOurs / sent);
    gauges.hqFailed.set({ fire_hq: code, fault: 'recipient' }, (failed - failedOurs) / sent);
  }
  for (const { mailDomain, asked: people, unanswered, verdict } of asked) {
    gauges.asked.set({ mail_domain: mailDomain }, people);
    gauges.unanswered.set({ mail_domain: mailDomain }, unanswered / people);
    if (verdict !== null)
      gauges.silentLoss.set({ mail_domain: mailDomain }, verdict === 'NOTICEABLE' ? 1 : 0);
  }
  for (const [why, count] of Object.entries(quarantine.byReason)) gauges.quarantine.set({ why }, count);
  const { oldestReceivedAt } = quarantine;
  gauges.quarantineOldest.set(oldestReceivedAt === null ? 0 : (now - oldestReceivedAt) / SECOND);
}
