/** Mails that went out, for tests of what comes back by webhook. */
import type { OutgoingMail } from '../../mail/transport.js';
import type { MailDeps } from '../../usecases/send-mail.js';
import { sendDue } from '../../usecases/send-mail.js';
import type { Hq, World } from './world.js';
import { PERSON, nextNumber } from './world.js';

export interface Mailed {
  hq: Hq;
  accountId: string;
  returnPath: string;
  messageId: string;
  to: string;
}

/** A person to whom a mail went; by hand, since that goes at once. */
export async function mailed(
  world: World,
  hq: Hq,
  during?: (mail: OutgoingMail) => Promise<void>,
): Promise<Mailed> {
  const { token } = hq;
  const body = {
    ...PERSON,
    registrationNumber: nextNumber(),
    expiresOn: '2026-06-30',
    // The mail that comes back is to be the only one.
    checkMail: false,
  };
  const account = await world.call('post', '/v1/accounts', { token, body });
  const { id: accountId } = account.body as { id: string };
  await world.call('post', `/v1/accounts/${accountId}/reminders`, { token });
  const sent: OutgoingMail[] = [];
  const deps: MailDeps = {
    ...world.deps,
    publicBaseUrl: 'https://renew.example.jp',
    bounceDomain: 'bounce.example.jp',
    allow: 'everybody',
    transport: {
      async send(mail) {
        sent.push(mail);
        await during?.(mail);
        return { verdict: 'ACCEPTED', code: 250, enhanced: null, text: '250 ok' };
      },
    },
  };
  const [queued] = await world.deps.database.inTenant(hq.id, (tx) =>
    tx.query<{ key: string }>('SELECT dedupe_key AS key FROM reminder WHERE account_id = $1', [accountId]),
  );
  await sendDue(deps, { fireHqId: hq.id, accountId }, queued?.key ?? '', world.now());
  const [mail] = sent;
  if (!mail) throw new Error('no mail was sent');
  return { hq, accountId, returnPath: mail.envelopeFrom, messageId: mail.messageId, to: mail.to };
}

export async function newestMail(world: World, { hq, accountId }: Mailed) {
  const answer = await world.call('get', `/v1/accounts/${accountId}/reminders`, { token: hq.token });
  return (answer.body as { items: Record<string, unknown>[] }).items[0];
}

export async function addressState(world: World, { hq, accountId }: Mailed): Promise<string> {
  const answer = await world.call('get', `/v1/accounts/${accountId}`, { token: hq.token });
  return (answer.body as { addressState: string }).addressState;
}
