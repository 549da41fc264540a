/** Sends reports about caught mails to their return paths, as the servers of the other side would. */
import { createTransport } from 'nodemailer';
import type { Failed, Failure } from './failures.js';
import { reportOf } from './failures.js';

export interface Reporter {
  /** The report goes out `afterMs` later, and again until the other side has decided about it. */
  report(failure: Failure, failed: Failed, afterMs?: number): void;
  /** Forgets what has not gone out. */
  stop(): void;
}

const SOON_MS = 1_000;
const AGAIN_MS = 3_000;

/** `bounceSmtpUrl` takes mail for the domain of the return paths. */
export function createReporter(bounceSmtpUrl: string, againMs = AGAIN_MS): Reporter {
  const transport = createTransport(bounceSmtpUrl);
  const waiting = new Set<NodeJS.Timeout>();
  let stopped = false;

  function later(ms: number, work: () => Promise<void>): void {
    if (stopped) return;
    const timer = setTimeout(() => {
      waiting.delete(timer);
      void work();
    }, ms);
    waiting.add(timer);
  }
  async function send(raw: string, to: string): Promise<void> {
    try {
      await transport.sendMail({ envelope: { from: '', to: [to] }, raw });
    } catch (error) {
      const { responseCode = 0 } = error as { responseCode?: number };
      // A report that is refused for good is dropped: nobody reports about reports.
      if (responseCode < 500) later(againMs, () => send(raw, to));
    }
  }
  return {
    report(failure, failed, afterMs = SOON_MS) {
      if (failed.returnPath === '') return;
      later(afterMs, () => send(reportOf(failure, failed, new Date()), failed.returnPath));
    },
    stop() {
      stopped = true;
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}
