/** A process of its own that sends one mail and may be frozen meanwhile: `frozen-sender.ts <SMTP_URL>`. Tells its deadline, then the result. */
import { createSmtpTransport } from '../../mail/smtp-transport.js';
import { outgoing, realClock, settingsFor } from './given.js';

const transport = await createSmtpTransport(settingsFor(process.argv[2] ?? ''), realClock);
const deadline = Date.now() + 3_000;
console.log(deadline);
const result = await transport.send(outgoing(), deadline);
transport.close();
console.log(JSON.stringify(result));
