/** The mail server knows nobody any more, for a while (R24, R37): nobody is 不達, and everybody gets the mail once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Tx } from '../../store/database.js';
import { readAccount } from '../../usecases/read-account.js';
import { until } from '../local/folder.js';
import { mailBreaches, mailsOf } from './ledger.js';
import { call, makeHq, registerAll } from './people.js';
import { onStack } from './stack.js';

/** Two mails within two seconds, then none for half an hour. */
const TWO_AT_ONCE = {
  validity: 'PT7200S',
  remindBefore: 'PT3600S',
  reminders: { offsets: ['-PT3600S', '-PT3598S', '-PT1800S'] },
  autoStopAfter: 'PT5400S',
  retryAfterFailure: 'PT3000S',
  longUnusedAfter: 'PT86400S',
};
const PEOPLE = 30;
/** The watch rests longer the longer a pass takes, and a machine may be busy. */
const WITHIN = 120_000;

test(
  'R24 R37: 550 5.1.1 to all: mail pauses, nobody is 不達; a mail that is tried and taken ends it, and each gets one',
  { timeout: 300_000 },
  () =>
    onStack(async (stack) => {
      const hqs = [await makeHq(stack, 'byou', TWO_AT_ONCE), await makeHq(stack, 'betsu', TWO_AT_ONCE)];
      const [hq] = hqs as [(typeof hqs)[number]];
      stack.sink.answer = ({ stage }) => (stage === 'RCPT' ? '550 5.1.1 User unknown' : null);
      const opens = Date.now() + 5_000;
      const lives = await registerAll(stack, hqs, PEOPLE, () => opens + 3_600_000);
      const mails = async () => (await Promise.all(hqs.map((each) => mailsOf(stack, each)))).flat();
      const states = async () =>
        new Set(
          (
            await Promise.all(
              lives.map(({ hq: { id }, id: accountId }) => readAccount(stack.deps, id, accountId)),
            )
          ).map(({ addressState }) => addressState),
        );
      const inPause = <Row extends object>(sql: string) =>
        stack.deps.database.withoutTenant((tx: Tx) => tx.query<Row>(sql));

      await until(
        'mail pauses',
        async () => (await inPause('SELECT FROM mail_stop WHERE ended_at IS NULL')).length === 1,
        WITHIN,
      );
      await until(
        'nothing that failed counts',
        async () => (await mails()).every(({ outcome }) => outcome !== 'BOUNCED' && outcome !== 'SENDING'),
        WITHIN,
      );
      expect(await states()).toEqual(new Set(['UNVERIFIED']));
      const list = (await (await call(stack, hq, 'GET', '/mail-stops')).json()) as { items: object[] };
      // Of all, where twenty mails were refused before twenty people were.
      expect(list.items).toMatchObject([
        { cause: 'MASS_FAILURE', mailDomain: expect.toBeOneOf([null, 'faults.example.jp']) as unknown },
      ]);
      const byHand = await call(stack, hq, 'POST', `/accounts/${lives[0]?.id}/reminders`, {
        when: 'now',
        confirm: true,
      });
      expect(byHand.status).toBe(202);

      // Ten minutes are over, and it still knows nobody.
      const tenMinutesLater = `UPDATE mail_stop SET next_trial_at = '2020-01-01' WHERE ended_at IS NULL`;
      const tried = (await mails()).reduce((sum, { attempts }) => sum + attempts.length, 0);
      await inPause(tenMinutesLater);
      await until(
        'one mail was tried',
        async () => (await mails()).reduce((sum, { attempts }) => sum + attempts.length, 0) > tried,
        WITHIN,
      );
      // A moment in which more would go.
      await sleep(2_000);
      expect((await mails()).reduce((sum, { attempts }) => sum + attempts.length, 0)).toBe(tried + 1);
      expect(await states()).toEqual(new Set(['UNVERIFIED']));
      expect(stack.sink.journal).toEqual([]);

      stack.sink.answer = () => null;
      await inPause(tenMinutesLater);
      await until(
        'everybody has a mail',
        async () =>
          new Set(
            (await mails()).filter(({ outcome }) => outcome === 'ACCEPTED').map(({ address }) => address),
          ).size === PEOPLE,
        WITHIN,
      );
      await sleep(2_000);
      // Where the pause was quicker than the second slot, that one goes beside the mail by hand (R12: no 24-hour rule).
      const sent = stack.sink.journal.map(({ to }) => to[0] ?? '').sort();
      const twice = sent.filter((to, i) => sent[i - 1] === to);
      expect([[], [lives[0]?.to]]).toContainEqual(twice);
      expect([...new Set(sent)]).toEqual(lives.map(({ to }) => to).sort());
      expect(await states()).toEqual(new Set(['UNVERIFIED']));
      expect(await mailBreaches(stack, hqs)).toEqual([]);
      const metrics = await (await fetch(stack.settings.metricsUrls.worker)).text();
      expect(metrics).toMatch(/^net119_mail_pauses\{.*\} 0$/m);
    }),
);
