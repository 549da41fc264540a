/** What a person watching the worker must see of the mail: what came of it, our own failures, a server that is away. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { MailTransport } from '../mail/transport.js';
import type { Logger } from '../platform/log.js';

/** The transport with its verdicts counted and our own failures told (R24). `isServerDown` is asked by Prometheus. */
export function watched(
  transport: MailTransport,
  { registry, log, isServerDown }: { registry: Registry; log: Logger; isServerDown: () => boolean },
): MailTransport {
  const attempts = new Counter({
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
  let wasDown = false;
  const noteServer = () => {
    const isDown = isServerDown();
    if (isDown && !wasDown) log.error({ event: 'mail-server-down' });
    if (!isDown && wasDown) log.info({ event: 'mail-server-back' });
    wasDown = isDown;
  };
  return {
    async send(mail, deadline, onLateReply) {
      const result = await transport.send(mail, deadline, onLateReply);
      attempts.inc({ verdict: result.verdict });
      noteServer();
      if (result.verdict === 'FAILED') {
        const { code, enhanced } = result;
        // The part before the @ is the ledger's id of this mail.
        log.error({
          event: 'mail-failed',
          reminderId: mail.messageId.slice(1).split('@')[0],
          code,
          enhanced,
        });
      }
      return result;
    },
  };
}
