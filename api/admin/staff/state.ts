/** How a member of staff stands, in words; and the one that an address names. */
import type { Request, Response } from 'express';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { readStaff } from '../../../usecases/staff.js';
import type { StaffRow } from '../../../store/staff.js';
import { momentText } from '../shell/dates.js';
import { NotHereError } from '../shell/not-here.js';
import { PLACES } from '../shell/places.js';
import { uuid } from '../shell/route.js';
import { staffOf } from '../shell/session.js';

export function staffPlace(staffId: string, deed?: string): string {
  return `${PLACES.staff}/${staffId}${deed === undefined ? '' : `/${deed}`}`;
}

/** Another headquarters' person is as unknown as any other. */
export async function staffMemberOf(deps: Deps, req: Request, res: Response): Promise<StaffRow> {
  const staffId = String(req.params['staffId']);
  if (!uuid.safeParse(staffId).success) throw new NotHereError();
  try {
    return await readStaff(deps, staffOf(res).fireHqId, staffId);
  } catch (error) {
    throw isRefused(error, 'not-found') ? new NotHereError() : error;
  }
}

/** Was invited and never came in. */
export function isInvited({ lastSignedInAt, lockedAt }: StaffRow): boolean {
  return lastSignedInAt === null && lockedAt === null;
}

/** May sign in, or is being given a way in: who still has access. */
export function stateText(person: StaffRow, now: number): string {
  const { lockedAt, oneTimeUntil, hasPassword } = person;
  if (lockedAt !== null) return `止めています（${momentText(lockedAt)}から）`;
  if (oneTimeUntil === null)
    return hasPassword ? 'サインインできます' : 'サインインできません（番号がありません）';
  const word = isInvited(person) ? '招待中' : '新しい番号を渡しています';
  return oneTimeUntil > now
    ? `${word}（番号は${momentText(oneTimeUntil)}まで）`
    : `${word}（番号の期限が切れました）`;
}

export function lastSignInText({ lastSignedInAt }: StaffRow): string {
  return lastSignedInAt === null ? 'まだありません' : momentText(lastSignedInAt);
}

export function secondFactorText({ hasSecondFactor, recoveryCodesLeft }: StaffRow): string {
  return hasSecondFactor ? `使っています（回復用の番号 残り${recoveryCodesLeft}個）` : 'まだです';
}
