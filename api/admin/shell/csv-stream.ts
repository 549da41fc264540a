/** Files that are longer than what should be in memory go out as fast as their reader takes them. */
import type { Response } from 'express';

/** Writes, and waits until there is room for more. False: the reader went away, so nothing more need be read for him. */
export async function isWritten(res: Response, text: string): Promise<boolean> {
  if (res.destroyed) return false;
  if (res.write(text)) return true;
  await new Promise<void>((resolve) => {
    const done = () => {
      res.off('drain', done).off('close', done);
      resolve();
    };
    res.on('drain', done).on('close', done);
  });
  return !res.destroyed;
}
