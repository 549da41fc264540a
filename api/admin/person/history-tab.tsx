/** 操作履歴 (R34) of one person, newest first, as sentences. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { Deps } from '../../../usecases/context.js';
import { listAuditEvents } from '../../../usecases/read-audit.js';
import { readAllStaff } from '../../../usecases/staff.js';
import type { AccountView } from '../../../usecases/views.js';
import { momentText } from '../shell/dates.js';
import { NextPage, Table } from '../shell/parts.js';
import { personPlace } from '../shell/places.js';
import { staffOf } from '../shell/session.js';
import { actionWords, actorWords } from '../shell/words.js';

const A_PAGE = 50;

export async function readHistory(
  deps: Deps,
  req: Request,
  res: Response,
  person: AccountView,
): Promise<VNode> {
  const { fireHqId } = staffOf(res);
  const cursor = req.query['cursor'];
  const [{ items, nextCursor }, staff] = await Promise.all([
    listAuditEvents(deps, fireHqId, {
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
      <Table
        caption="操作履歴（新しい順）"
        head={['日時', 'だれが', 'したこと']}
        rows={items.map(({ at, actor, action }) => [
          momentText(at),
          actorWords(actor, names),
          actionWords(action),
        ])}
      />
      <NextPage href={next === null ? null : `${personPlace(person.id, 'history')}${next}`} />
    </>
  );
}
