/** Our own processes as parts of the stack: mail catcher, API, worker, intake. */
import { join } from 'node:path';
import { apiEnv, intakeEnv, withoutTemporal, workerEnv } from './environment.js';
import type { Settings } from './settings.js';
import type { Part } from './supervisor.js';

export function mailPart(settings: Settings): Part {
  const { SMTP_PORT, MAIL_INBOX_PORT } = settings.ports;
  return {
    ...script('mail', 'local/mail-catcher/main.ts'),
    env: {
      ...withoutTemporal(process.env),
      TZ: 'UTC',
      SMTP_PORT: String(SMTP_PORT),
      MAIL_INBOX_PORT: String(MAIL_INBOX_PORT),
      MAIL_JOURNAL: join(settings.folder, 'mail/journal.jsonl'),
      BOUNCE_SMTP_URL: settings.bounceSmtpUrl,
    },
    isReady: () => answers(`${settings.mailInboxUrl}/api/newest`),
    stopWithinMs: 1_000,
  };
}

export function apiPart(settings: Settings): Part {
  return {
    ...script('api', 'api/main.ts'),
    env: apiEnv(settings),
    isReady: () => answers(`${settings.apiUrl}/readyz`),
    stopWithinMs: 6_000,
  };
}

export function workerPart(settings: Settings): Part {
  return {
    ...script('worker', 'worker/main.ts'),
    env: workerEnv(settings),
    isReady: () => answers(settings.metricsUrls.worker.replace(/metrics$/, 'readyz')),
    stopWithinMs: 6_500,
  };
}

export function intakePart(settings: Settings): Part {
  return {
    ...script('intake', 'intake/main.ts'),
    env: intakeEnv(settings),
    isReady: () => answers(settings.metricsUrls.intake.replace(/metrics$/, 'readyz')),
    stopWithinMs: 6_000,
  };
}

function script(name: string, path: string): Pick<Part, 'name' | 'command' | 'args' | 'stopSignal'> {
  return { name, command: process.execPath, args: ['--import', 'tsx', path], stopSignal: 'SIGTERM' };
}

async function answers(url: string): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(2_500) })).ok;
}
