/** One JSON line an event, ids only: never a name, an address or a link. ERROR means a person must act. */
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

export type { Logger };

export interface DescribedError {
  name: string;
  /** PostgreSQL's SQLSTATE, Node's or nodemailer's code. */
  code?: string;
  /** Temporal's failure type. */
  type?: string;
  frames: string[];
  cause?: DescribedError;
}

/** How deep causes are followed; Temporal wraps two or three times. */
const CAUSES = 4;
const FRAMES = 8;

/**
 * Errors are written as name, code, type and stack frames. Messages and details of other people's errors (PostgreSQL's
 * `detail`, an SMTP reply) may hold an address, so they stay out.
 */
export function describeError(error: unknown, depth = CAUSES): DescribedError {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  const { code, type } = error as { code?: unknown; type?: unknown };
  return {
    name: error.name,
    ...(isCode(code) ? { code: String(code) } : {}),
    ...(isCode(type) ? { type: String(type) } : {}),
    frames: framesOf(error),
    ...(error.cause !== undefined && depth > 1 ? { cause: describeError(error.cause, depth - 1) } : {}),
  };
}

/** `part` names the process. Writes to standard output unless a test gives another `destination`. */
export function createLogger(part: string, level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { part },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        // pino itself would copy an error's message into `msg`.
        logMethod(args, method) {
          const [first, ...rest] = args as unknown[];
          method.apply(this, [withoutMessages(first), ...rest] as Parameters<typeof method>);
        },
      },
    },
    // Written at once: a line that waits in a buffer is lost, or out of order, when the process ends.
    destination ?? pino.destination({ dest: 1, sync: true }),
  );
}

function withoutMessages(value: unknown): unknown {
  if (value instanceof Error) return { err: describeError(value) };
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      field instanceof Error ? describeError(field) : field,
    ]),
  );
}

/** A code is one word; anything longer is text that may quote somebody. */
function isCode(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && /^[\w.-]{1,64}$/.test(value));
}

/** Only lines that end in a place; scoped packages lose their @, so that one in a log is always an address. */
function framesOf({ stack = '', message }: Error): string[] {
  return stack
    .replace(message, '')
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, FRAMES)
    .map((line) => line.trim().replaceAll('@', ''));
}
