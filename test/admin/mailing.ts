/** Sends what is due of one person, and hands over the link that the mail brought: what a resident acts with. */
import type { Command } from '../../usecases/context.js';
import { lookAt } from '../../usecases/life-events.js';
import type { LinkRow } from '../../store/reminders.js';
import { sendDue } from '../../usecases/send-mail.js';
import type { OutgoingMail, SendResult } from '../../mail/transport.js';
import type { Hq, World } from './world.js';

const TAKEN: SendResult = { verdict: 'ACCEPTED', code: 250, enhanced: '2.0.0', text: 'ok' };
export const NO_SUCH_USER: SendResult = {
  verdict: 'BOUNCED',
  bounceClass: 'UNKNOWN_ADDRESS',
  code: 550,
  enhanced: '5.1.1',
  text: 'no such user',
};

/** Everything that is due now; returns the mails. */
export async function sendAll(
  world: World,
  hq: Hq,
  accountId: string,
  answer: SendResult = TAKEN,
): Promise<OutgoingMail[]> {
  const sent: OutgoingMail[] = [];
  const deps = {
    ...world.deps,
    transport: {
      send: (mail: OutgoingMail) => {
        sent.push(mail);
        return Promise.resolve(answer);
      },
    },
    publicBaseUrl: 'https://renew.example.jp',
    bounceDomain: 'bounce.example.jp',
    allow: 'everybody' as const,
  };
  const ref = { fireHqId: hq.id, accountId };
  const now = world.deps.clock.now();
  for (let step = await lookAt(deps, ref, now); step?.mail && step.mail.at <= now;)
    step = await sendDue(deps, ref, step.mail.key, now);
  return sent;
}

/** The link of the newest request that was mailed. */
export async function mailedLink(world: World, hq: Hq, accountId: string): Promise<LinkRow> {
  await sendAll(world, hq, accountId);
  const rows = await world.deps.database.inTenant(hq.id, (tx) =>
    tx.query<Omit<LinkRow, 'by' | 'fireHqId' | 'accountId'>>(
      `SELECT id AS "reminderId", cycle, address_id AS "addressId" FROM reminder
       WHERE account_id = $1 AND purpose = 'REMINDER' AND link_hash IS NOT NULL ORDER BY created_at DESC LIMIT 1`,
      [accountId],
    ),
  );
  if (!rows[0]) throw new Error('no request was mailed');
  return { by: 'MAIL', fireHqId: hq.id, accountId, ...rows[0] };
}

export function resident(world: World, hq: Hq): Command {
  return { fireHqId: hq.id, actor: 'resident', receivedAt: world.deps.clock.now() };
}
