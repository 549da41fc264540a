/** 呼び返しの確認: who is meant, whether 呼び返し works for them, and how else to reach them (R17), in one answer. */
import type { Alternative } from '../domain/capabilities.js';
import { soughtOf } from '../domain/sought.js';
import { appendView } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { findPeople } from '../store/look.js';
import type { AccountSnapshot } from '../store/rows.js';
import { readSnapshots } from '../store/snapshots.js';
import type { Command, Deps } from './context.js';
import type { CapabilitiesView } from './read-capabilities.js';
import { alternativesOf, capabilitiesOf } from './read-capabilities.js';
import type { AccountView } from './views.js';
import { accountView } from './views.js';

export interface LookedAt {
  person: AccountView;
  capabilities: CapabilitiesView;
  /** In the order to try them, also where 呼び返し works: nobody may answer. */
  otherWays: Alternative[];
}

export type Found =
  | { what: 'NOBODY' }
  | ({ what: 'ONE' } & LookedAt)
  /** `more`: there are others who fit as well. */
  | { what: 'SEVERAL'; people: AccountView[]; more: boolean };

const MOST_SHOWN = 10;

/**
 * By registration number, mobile number (whole), or the beginning of name or kana. Who is shown alone stands in the audit
 * trail (R34).
 */
export async function lookForPerson(deps: Deps, command: Command, typed: string): Promise<Found> {
  const sought = soughtOf(typed);
  if (sought.name === '') return { what: 'NOBODY' };
  return deps.database.inTenant(command.fireHqId, async (tx) => {
    const matches = await findPeople(tx, sought, MOST_SHOWN + 1);
    const exact = matches.filter((match) => match.exact);
    const ids = (exact.length > 0 ? exact : matches).map(({ id }) => id);
    const shown = await inOrder(tx, ids.slice(0, MOST_SHOWN));
    const [first] = shown;
    if (first === undefined) return { what: 'NOBODY' };
    if (shown.length === 1) return { what: 'ONE', ...(await lookAtSnapshot(tx, command, first)) };
    const people = shown.map((snapshot) => accountView(snapshot, command.receivedAt));
    return { what: 'SEVERAL', people, more: ids.length > MOST_SHOWN };
  });
}

/** The one that was chosen among several; NOBODY: this headquarters has no such person. */
export async function lookAtPerson(deps: Deps, command: Command, accountId: string): Promise<Found> {
  return deps.database.inTenant(command.fireHqId, async (tx) => {
    const [snapshot] = await readSnapshots(tx, [accountId]);
    if (snapshot === undefined) return { what: 'NOBODY' };
    return { what: 'ONE', ...(await lookAtSnapshot(tx, command, snapshot)) };
  });
}

async function lookAtSnapshot(tx: Tx, command: Command, snapshot: AccountSnapshot): Promise<LookedAt> {
  const { actor, receivedAt } = command;
  await appendView(tx, { at: receivedAt, actor, accountId: snapshot.account.id });
  return {
    person: accountView(snapshot, receivedAt),
    capabilities: capabilitiesOf(snapshot, receivedAt),
    otherWays: alternativesOf(snapshot),
  };
}

async function inOrder(tx: Tx, ids: readonly string[]): Promise<AccountSnapshot[]> {
  const byId = new Map((await readSnapshots(tx, ids)).map((snapshot) => [snapshot.account.id, snapshot]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
