/** How an address comes to be proven, without a mail. */
import { recordContact } from '../../usecases/record-contact.js';
import type { World } from './world.js';

/** R32: the person replied to a mail of ours, so the address is OK. */
export async function provenByReply({ deps, hq }: World, accountId: string): Promise<void> {
  const command = { fireHqId: hq.id, actor: 'operator', receivedAt: deps.clock.now() } as const;
  await recordContact(deps, command, accountId, { kind: 'MAIL_REPLY', said: 'SAME', at: deps.clock.now() });
}
