/** リマインダー履歴 that the tab has no room for, by keyset. */
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import { readCycles, readReminders } from '../../../usecases/read-account.js';
import { sendPage } from '../shell/layout.js';
import { NextPage } from '../shell/parts.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { staffOf } from '../shell/session.js';
import { PersonHead } from './person-head.js';
import { personOf } from './person.js';
import { MAILS_A_PAGE, ReminderHistory, olderMailsPlace } from './reminder-history.js';

/** More renewals than a person sees in a life; the page then goes without their dates. */
const CYCLES = 100;

export function olderMailsRoute(deps: Deps): StaffRoute {
  return page({
    path: '/people/:accountId/reminders',
    who: 'people.read',
    query: { cursor: z.string().max(500) },
    handle: ({ query, req, res }) => showOlder(deps, req, res, query.cursor),
  });
}

async function showOlder(deps: Deps, req: Request, res: Response, cursor?: string): Promise<void> {
  const person = await personOf(deps, req, res);
  const { fireHqId } = staffOf(res);
  const [mails, cycles] = await Promise.all([
    readReminders(deps, fireHqId, person.id, { limit: MAILS_A_PAGE, cursor }),
    readCycles(deps, fireHqId, person.id, { limit: CYCLES }),
  ]);
  sendPage(req, res, {
    title: `${person.name}さんのリマインダー履歴`,
    body: (
      <>
        <PersonHead person={person} />
        <h2>リマインダー履歴（新しい順）</h2>
        <h3>{cursor === undefined ? '新しいもの' : '続き'}</h3>
        <ReminderHistory mails={mails.items} cycles={cycles.items} present={person.cycle} />
        <NextPage href={olderMailsPlace(person.id, mails.nextCursor)} />
      </>
    ),
  });
}
