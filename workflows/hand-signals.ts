/** What signals leave behind. Handlers take whatever comes, note it and return: one that throws would stop the workflow. */
import { defineSignal, setHandler } from '@temporalio/workflow';
import { SIGNALS } from './messages.js';

/** A signal that does a whole job, sent by the relay never, by people from the Web UI or the command line. */
export interface HandCommand {
  name: 'renew' | 'resendReminder' | 'withdraw';
  /** As given; null when none or none of use was. */
  requestId: string | null;
}

export interface HandSignals {
  nextCommand(): HandCommand | undefined;
  /** Whether a `look` came since it was last asked. */
  takeWake(): boolean;
  /** Something is there to be taken. */
  waiting(): boolean;
}

/** Jobs beyond this that wait at one moment are dropped: each looks at the same facts, so they could only repeat. */
const MOST_COMMANDS = 100;

/** Registers the handlers; called first in a run. Signals of unknown names are left to the SDK, which keeps and ignores them. */
export function receiveHandSignals(): HandSignals {
  const commands: HandCommand[] = [];
  let woken = false;
  setHandler(defineSignal<[unknown?]>(SIGNALS.look), () => {
    woken = true;
  });
  for (const name of [SIGNALS.renew, SIGNALS.resendReminder, SIGNALS.withdraw] as const) {
    setHandler(defineSignal<[unknown?]>(name), (input) => {
      if (commands.length < MOST_COMMANDS) commands.push({ name, requestId: requestIdOf(input) });
    });
  }
  return {
    nextCommand: () => commands.shift(),
    takeWake() {
      const was = woken;
      woken = false;
      return was;
    },
    waiting: () => woken || commands.length > 0,
  };
}

function requestIdOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const { requestId } = input as { requestId?: unknown };
  return typeof requestId === 'string' && /^[\w.:-]{1,100}$/.test(requestId) ? requestId : null;
}
