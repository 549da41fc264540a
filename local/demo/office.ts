/** Who worked in the office of a headquarters, and when: the trail of the past names them. */
import type { Instant } from '../../domain/calendar.js';
import { DAY, HOUR, dayInJapan, instantInJapan } from '../../domain/calendar.js';
import { makeCode } from '../../platform/passwords.js';
import { lockStaff } from '../../usecases/change-staff.js';
import type { Actor, Deps } from '../../usecases/context.js';
import { inviteStaff } from '../../usecases/invite-staff.js';
import { beginSignIn, completeSignIn } from '../../usecases/sign-in.js';
import { findStaffId, readAllStaff } from '../../usecases/staff.js';
import { choosePassword } from '../../usecases/staff-password.js';
import { changeOfStaff, hqSince } from './headquarters.js';

export interface Office {
  manager: { id: string; actor: Actor };
  /** Whoever did the daily work at that time. */
  clerkAt(at: Instant): Actor;
}

/** The clerk before the present one, who left on 1 April and is locked. */
const FORMER = { name: 'maeno', displayName: '見本 前任子' };

/** Of a headquarters whose present staff exist. */
export async function ensureOffice(
  deps: Deps,
  { code, id: fireHqId }: { code: string; id: string },
): Promise<Office> {
  const idOf = (name: string) => findStaffId(deps, fireHqId, `${code}.${name}`);
  const managerId = await idOf('kanri');
  const manager = { id: managerId, actor: `staff:${managerId}` as const };
  const today = dayInJapan(deps.clock.now());
  const change = instantInJapan(changeOfStaff(today), 17 * 60);
  const present: Actor = `staff:${await idOf('tanto')}`;
  const former: Actor = `staff:${await ensureFormer(deps, { fireHqId, code, manager: manager.actor, change })}`;
  return { manager, clerkAt: (at) => (at < change ? former : present) };
}

async function ensureFormer(
  deps: Deps,
  { fireHqId, code, manager, change }: { fireHqId: string; code: string; manager: Actor; change: Instant },
): Promise<string> {
  const signInName = `${code}.${FORMER.name}`;
  const known = (await readAllStaff(deps, fireHqId)).find((person) => person.signInName === signInName);
  const since = instantInJapan(hqSince(dayInJapan(deps.clock.now())), 10 * 60);
  const at = (now: Instant): Deps => ({ ...deps, clock: { now: () => now } });
  let id = known?.id;
  if (id === undefined) {
    const invitation = { signInName, displayName: FORMER.displayName, role: 'CLERK' as const };
    const made = await inviteStaff(deps, { fireHqId, actor: manager, receivedAt: since }, invitation);
    id = made.id;
    const { pending } = await beginSignIn(at(since + HOUR), { signInName, password: made.code?.code ?? '' });
    if (pending === null) throw new Error(`the one-time code of ${signInName} does not work`);
    const password = makeCode(4);
    const chosen = await choosePassword(at(since + HOUR), pending, { password, passwordAgain: password });
    await completeSignIn(at(change - DAY), chosen);
  }
  if (known === undefined || known.lockedAt === null)
    await lockStaff(deps, { fireHqId, actor: manager, receivedAt: change }, id);
  return id;
}
