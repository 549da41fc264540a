/** What the worker counts: mails by what came of them, and whether the mail server is being spared. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { MailTransport } from '../mail/transport.js';

/** The transport, with its verdicts counted. `isServerDown` is asked when Prometheus asks. */
export function counted(
  transport: MailTransport,
  registry: Registry,
  isServerDown: () => boolean,
): MailTransport {
  const mails = new Counter({
    name: 'net119_mail_attempts_total',
    help: 'SMTP attempts by verdict (ACCEPTED, BOUNCED, DEFERRED, EXPIRED, FAILED). FAILED is ours to mend.',
    labelNames: ['verdict'],
    registers: [registry],
  });
  new Gauge({
    name: 'net119_mail_server_down',
    help: '1 while the mail server is taken for down and only probes go out.',
    registers: [registry],
    collect() {
      this.set(isServerDown() ? 1 : 0);
    },
  });
  return {
    async send(mail, deadline) {
      const result = await transport.send(mail, deadline);
      mails.inc({ verdict: result.verdict });
      return result;
    },
  };
}
