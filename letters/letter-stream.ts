/** A file of letters as a stream, composed in a thread of its own. */
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { Print } from './content.js';
import type { FromComposer, ToComposer } from './protocol.js';

/** At once in one process; each takes a core and some 200 MB while it lasts. */
const MOST_AT_ONCE = 2;
/** A reader that takes nothing for so long is gone. */
const MOST_SILENCE_MS = 60_000;
const HEAP = { maxOldGenerationSizeMb: 256 };

let running = 0;

/**
 * The PDF, in pieces as they are composed; null when as many as may be are under way already. It fails when composing
 * fails, and ends its thread when nobody reads it.
 */
export function letterStream(print: Print): Readable | null {
  if (running >= MOST_AT_ONCE) return null;
  running += 1;
  const worker = startThread(print);
  const stream = new Readable({
    read() {
      for (const bytes of owed.splice(0)) worker.postMessage({ taken: bytes } satisfies ToComposer);
      silence.refresh();
    },
    destroy(error, done) {
      clearTimeout(silence);
      void worker.terminate().then(() => done(error));
    },
  });
  /** Bytes that were passed on and not asked beyond yet. */
  const owed: number[] = [];
  const silence = setTimeout(() => stream.destroy(new Error('nobody takes the letters')), MOST_SILENCE_MS);
  worker.on('message', (message: FromComposer) => {
    if ('piece' in message) {
      owed.push(message.piece.byteLength);
      silence.refresh();
      if (stream.push(message.piece)) {
        for (const bytes of owed.splice(0)) worker.postMessage({ taken: bytes } satisfies ToComposer);
      }
    } else if ('failed' in message) {
      stream.destroy(new Error(`the letters could not be composed: ${message.failed}`));
    } else {
      clearTimeout(silence);
      stream.push(null);
    }
  });
  worker.on('error', (error) => stream.destroy(error));
  worker.on('exit', () => {
    running -= 1;
  });
  return stream;
}

/** From source (tests, the local stack, both started at the root) a thread needs a loader, as its process did. */
function startThread(workerData: Print): Worker {
  // Nothing of how the process itself was started.
  const options = { workerData, resourceLimits: HEAP, execArgv: [] };
  const composer = new URL(`./composer${extname(import.meta.url)}`, import.meta.url);
  if (!composer.pathname.endsWith('.ts')) return new Worker(composer, options);
  const url = JSON.stringify(composer.href);
  const loading = `import('tsx/esm/api').then(({ tsImport }) => tsImport(${url}, ${url}))`;
  return new Worker(loading, { ...options, eval: true });
}
