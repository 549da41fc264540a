/**
 * A message that is not complete by its deadline is never completed (R21): by then another worker may hold the mail. A
 * process that was frozen wakes up in the middle and would otherwise end the message it had begun.
 */
import { Readable } from 'node:stream';

/** How far one attempt has come; written by the gate, read when the attempt has ended. */
export interface Progress {
  /** SMTP began: MAIL FROM is said next. */
  began: boolean;
  /** The server asked for the message and its first bytes are on the way. */
  bodyBegan: boolean;
  /** The server has the whole message: only its answer is missing. */
  complete: boolean;
  /** The gate closed: the message was given up before its end. */
  cut: boolean;
}

/**
 * Called immediately before SMTP begins. Looks at the deadline there, then hands `input` on as the server takes it and
 * looks again before each chunk and once more before the end.
 * Closed, it ends in an error: the connection is then cut without the dot that would make the server keep the message.
 */
export function untilDeadline(input: Readable, progress: Progress, isOver: () => boolean): Readable {
  progress.began = true;
  const output = Readable.from(gate(), { objectMode: false });
  if (isOver()) output.destroy(closed());
  return output;

  // A generator is asked for its first chunk only when the server is ready for it.
  async function* gate(): AsyncGenerator<Uint8Array> {
    for await (const chunk of input as AsyncIterable<Uint8Array>) {
      look();
      progress.bodyBegan = true;
      yield chunk;
    }
    look();
    progress.complete = true;
  }

  function look(): void {
    if (isOver()) throw closed();
  }

  function closed(): Error {
    progress.cut = true;
    return new Error('the deadline of this attempt has passed');
  }
}
