/** 操作履歴 (R34) of one person, newest first, in the same sentences as that of the whole headquarters. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { Deps } from '../../../usecases/context.js';
import { searchAudit } from '../../../usecases/search-audit.js';
import { readAllStaff } from '../../../usecases/staff.js';
import type { AccountView } from '../../../usecases/views.js';
import { HistoryTable } from '../records/history-table.js';
import { NextPage } from '../shell/parts.js';
import { PLACES, personPlace } from '../shell/places.js';
import { staffOf } from '../shell/session.js';

const A_PAGE = 30;

export async function readHistory(
  deps: Deps,
  req: Request,
  res: Response,
  person: AccountView,
): Promise<VNode> {
  const { fireHqId } = staffOf(res);
  const cursor = req.query['cursor'];
  const [{ items, nextCursor }, staff] = await Promise.all([
    searchAudit(deps, fireHqId, {
      accountId: person.id,
      limit: A_PAGE,
      cursor: typeof cursor === 'string' ? cursor : undefined,
    }),
    readAllStaff(deps, fireHqId),
  ]);
  const names = new Map(staff.map(({ id, displayName }) => [id, displayName]));
  const next = nextCursor === null ? null : `?${new URLSearchParams({ cursor: nextCursor }).toString()}`;
  return (
    <>
      <HistoryTable caption="操作履歴（新しい順）" acts={items} names={names} withPerson={false} />
      <NextPage href={next === null ? null : `${personPlace(person.id, 'history')}${next}`} />
      <p class="no-print">
        <a href={`${PLACES.history}?person=${person.id}`}>職員・したこと・期間で絞り込む</a>
      </p>
    </>
  );
}
