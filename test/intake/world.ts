/** An intake on loopback whose record is a double, and a conversation with it by hand. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import nodemailer from 'nodemailer';
import { Registry } from 'prom-client';
import { onTestFinished } from 'vitest';
import type { Intake, IntakeOptions } from '../../intake/smtp.js';
import { startIntake } from '../../intake/smtp.js';
import { createWatch } from '../../intake/watch.js';
import { systemClock } from '../../platform/clock.js';
import { createLogger } from '../../platform/log.js';
import type { ReturnedMail, WeighedReport } from '../../usecases/record-report.js';
import { until } from '../local/folder.js';

export const DOMAIN = 'bounce.example.jp';
export const CODE = 'abcdefghijklmnopqrstuvwxyz';
export const RETURN_PATH = `b+${CODE}@${DOMAIN}`;

export const REPORT = [
  'From: MAILER-DAEMON@mx.example.jp',
  `To: <${RETURN_PATH}>`,
  'Subject: Undelivered Mail Returned to Sender',
  '',
  'taro@example.jp: 550 5.1.1 no such user',
  '',
].join('\r\n');

type Recorder = IntakeOptions['record'];

export const RECORDED: WeighedReport = {
  outcome: 'RECORDED',
  reading: 'REPORT',
  match: 'MAIL',
  bounceClass: 'UNKNOWN_ADDRESS',
};
export const recordedAlways: Recorder = () => Promise.resolve(RECORDED);

export interface TestIntake extends Intake {
  /** What was handed on, in order. */
  got: ReturnedMail[];
  logged: string[];
  /** One line of the metrics: the value of a counter with these labels. */
  count(name: string, labels: Record<string, string>): Promise<number>;
  send(mail: { raw?: string | Buffer; from?: string; to?: string | string[] }): Promise<unknown>;
}

export async function intake(
  options: Partial<Pick<IntakeOptions, 'record' | 'limits' | 'port' | 'certificate'>> = {},
): Promise<TestIntake> {
  const { record = recordedAlways, limits, port = 0, certificate } = options;
  const got: ReturnedMail[] = [];
  const logged: string[] = [];
  const registry = new Registry();
  const log = createLogger('intake', 'debug', { write: (line: string) => void logged.push(line) });
  const started = await startIntake({
    host: '127.0.0.1',
    port,
    bounceDomain: DOMAIN,
    clock: systemClock,
    log,
    registry,
    watch: createWatch(registry, log),
    certificate,
    record: (mail) => {
      got.push({ ...mail, raw: Buffer.from(mail.raw) });
      return record(mail);
    },
    ...(limits ? { limits } : {}),
  });
  onTestFinished(() => started.stop());
  return {
    ...started,
    got,
    logged,
    async count(name, labels) {
      const metric = await registry.getSingleMetric(name)?.get();
      const found = metric?.values.find((one) =>
        Object.entries(labels).every(([label, value]) => one.labels[label] === value),
      );
      return found?.value ?? 0;
    },
    send: ({ raw = REPORT, from = '', to = RETURN_PATH }) =>
      nodemailer
        .createTransport({ host: '127.0.0.1', port: started.port })
        .sendMail({ envelope: { from, to }, raw }),
  };
}

export interface Line {
  socket: Socket;
  /** Each answer's last line, the greeting first. */
  answers: string[];
  /** All lines as they came. */
  heard: string[];
  /** Resolves to the answer to these commands' last. */
  say(...commands: string[]): Promise<string>;
}

/** `from`: another of this machine's addresses. */
export async function line(port: number, from = '127.0.0.1'): Promise<Line> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  onTestFinished(() => void socket.destroy());
  socket.setEncoding('utf8');
  socket.on('error', () => {});
  const answers: string[] = [];
  const heard: string[] = [];
  let rest = '';
  socket.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\r\n');
    rest = lines.pop() ?? '';
    heard.push(...lines);
    answers.push(...lines.filter((one) => /^\d{3} /.test(one)));
  });
  await until('a greeting', () => answers.length > 0 || socket.destroyed, 20_000, 5);
  return {
    socket,
    answers,
    heard,
    async say(...commands) {
      for (const command of commands) {
        const before = answers.length;
        socket.write(`${command}\r\n`);
        await until(`an answer to ${command}`, () => answers.length > before || socket.destroyed, 20_000, 5);
        if (answers.length === before) throw new Error(`the line was cut at ${command}`);
      }
      return answers.at(-1) ?? '';
    },
  };
}
