/** The same form sent twice has one effect; sent again with other words, after 「戻る」, it is another command. */
import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { Command } from '../../../usecases/context.js';
import { commandOnce } from '../shell/session.js';

export function commandOfForm(res: Response, what: string, key: string, said: unknown): Command {
  const words = createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 32);
  return commandOnce(res, what, `${key}:${words}`, said);
}
