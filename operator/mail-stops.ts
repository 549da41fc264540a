/** 自動送信の停止 (R36) for all headquarters at once; a headquarters sets its own by REST. */
import { createGlobalMailStop, endGlobalMailStop } from '../usecases/mail-stop.js';
import type { OperatorCommand } from './command.js';
import { UsageError, futureOf, textOf, withOwner } from './command.js';

const text = { type: 'string' } as const;

export const mailStopCommands: readonly OperatorCommand[] = [
  {
    name: 'mail-stop set',
    usage: '--reason "…" [--mail-domain docomo.ne.jp] [--until 2027-04-01T09:00:00+09:00]',
    help: 'Automatic mail of all headquarters rests, at once, until then or until it is ended (needs DATABASE_OWNER_URL).',
    options: { reason: text, 'mail-domain': text, until: text },
    required: ['reason'],
    run: (values) =>
      withOwner(async (owner, deps) => {
        const { until, 'mail-domain': mailDomain } = values;
        const id = await createGlobalMailStop(deps, owner, {
          reason: textOf(values, 'reason'),
          ...(mailDomain === undefined ? {} : { mailDomain: textOf(values, 'mail-domain') }),
          ...(until === undefined
            ? {}
            : { until: futureOf('until', textOf(values, 'until'), deps.clock.now()) }),
        });
        console.log(id);
      }),
  },
  {
    name: 'mail-stop end',
    usage: '--id <id that `mail-stop set` printed>',
    help: 'Automatic mail goes on; of several slots that fell due meanwhile only the latest goes (R9).',
    options: { id: text },
    required: ['id'],
    run: (values) =>
      withOwner(async (owner, deps) => {
        const id = textOf(values, 'id');
        if (!/^[0-9a-f-]{36}$/i.test(id))
          throw new UsageError('--id must be the id that `mail-stop set` printed.');
        await endGlobalMailStop(deps, owner, id);
        console.log('ended');
      }),
  },
];
