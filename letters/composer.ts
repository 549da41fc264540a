/** The thread in which letters are composed, so that the process goes on answering residents meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Print } from './content.js';
import { compose } from './compose.js';
import type { FromComposer, ToComposer } from './protocol.js';

/** A slow reader makes this thread wait, not its memory grow. */
const MOST_AHEAD = 2 * 1024 * 1024;

async function run(port: NonNullable<typeof parentPort>): Promise<void> {
  const tell = (message: FromComposer) => port.postMessage(message);
  let ahead = 0;
  let goOn: () => void = () => {};
  port.on('message', ({ taken }: ToComposer) => {
    ahead -= taken;
    goOn();
  });
  try {
    for await (const piece of compose(workerData as Print)) {
      ahead += piece.byteLength;
      tell({ piece });
      while (ahead > MOST_AHEAD) await new Promise<void>((resolve) => (goOn = resolve));
    }
    tell({ done: true });
  } catch (error) {
    // A message of ours at most: what was being printed is personal.
    tell({ failed: error instanceof Error ? error.name : 'unknown' });
  }
  port.close();
}

if (parentPort !== null) await run(parentPort);
