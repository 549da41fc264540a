/** The mail catcher's process: SMTP in, the inbox over HTTP, both on this machine only. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { openMailbox } from './mailbox.js';
import { createReporter } from './reporter.js';
import { createRules } from './rules.js';
import { createSmtpServer } from './smtp.js';
import { createInbox } from './web.js';

const HOST = '127.0.0.1';

const { SMTP_PORT, MAIL_INBOX_PORT, MAIL_JOURNAL, BOUNCE_SMTP_URL } = process.env;
if (!SMTP_PORT || !MAIL_INBOX_PORT || !MAIL_JOURNAL || !BOUNCE_SMTP_URL) {
  throw new Error('SMTP_PORT, MAIL_INBOX_PORT, MAIL_JOURNAL and BOUNCE_SMTP_URL must be set');
}

const mailbox = await openMailbox(MAIL_JOURNAL);
const rules = createRules();
const reporter = createReporter(BOUNCE_SMTP_URL);
const smtp = createSmtpServer(mailbox, rules, reporter);
const web = createServer(createInbox(mailbox, rules));
web.listen(Number(MAIL_INBOX_PORT), HOST);
await once(web, 'listening');
await once(smtp.listen(Number(SMTP_PORT), HOST), 'listening');
console.log(`mail catcher: SMTP on ${SMTP_PORT}, inbox on ${MAIL_INBOX_PORT}`);

const stop = () => {
  reporter.stop();
  web.close();
  web.closeAllConnections();
  smtp.close(() => process.exit(0));
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
