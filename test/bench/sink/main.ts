/** The mail server of the figures: takes everything, and writes down when each mail was complete and its Message-ID. */
import { createWriteStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

const { SMTP_PORT, BENCH_JOURNAL } = process.env;
if (!SMTP_PORT || !BENCH_JOURNAL) throw new Error('SMTP_PORT and BENCH_JOURNAL must be set');

const journal = createWriteStream(BENCH_JOURNAL, { flags: 'a' });
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  logger: false,
  onData(stream, _session, done) {
    void buffer(stream).then((message) => {
      const [, messageId = ''] = /^Message-ID:\s*(\S+)/im.exec(message.toString('latin1')) ?? [];
      journal.write(`${Date.now()} ${messageId}\n`);
      done(null, '2.0.0 Ok');
    }, done);
  },
});
// A line that breaks is the client's business.
server.on('error', () => {});
server.listen(Number(SMTP_PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
