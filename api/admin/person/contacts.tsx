/** 連絡の記録 on a page of its own (R32): write one, read them all, cancel a mistaken one. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { Instant } from '../../../domain/calendar.js';
import { dayInJapan, instantInJapan, isCivilDate } from '../../../domain/calendar.js';
import { mayDo } from '../../../domain/roles.js';
import type { ContactRow } from '../../../store/contacts.js';
import { CONTACT_KINDS, CONTACT_SAID } from '../../../store/contacts.js';
import type { Deps } from '../../../usecases/context.js';
import type { FieldFault } from '../../../usecases/errors.js';
import { RefusedError } from '../../../usecases/errors.js';
import { cancelContact, readContactPage, recordContact } from '../../../usecases/record-contact.js';
import { readAllStaff } from '../../../usecases/staff.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { FaultList } from '../shell/fields.js';
import { Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { NextPage } from '../shell/parts.js';
import { personDeed, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, form, line, lines, once, page, uuid } from '../shell/route.js';
import { commandOnce, staffOf, tell } from '../shell/session.js';
import type { Trouble, Typed } from './contact-form.js';
import { CancelForm, ContactForm } from './contact-form.js';
import { Contacts } from './contact-section.js';
import { PersonHead } from './person-head.js';
import { personOf } from './person.js';
import { refusalText } from './words.js';

const A_PAGE = 20;
/** A record says the day; within a day nobody needs the hour, and noon is that day everywhere. */
const NOON = 12 * 60;

export function contactRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: '/people/:accountId/contacts',
      who: 'people.read',
      query: { cursor: z.string().max(500) },
      handle: ({ query, req, res }) => sendContacts(deps, req, res, { cursor: query.cursor, trouble: null }),
    }),
    form({
      path: '/people/:accountId/contacts',
      who: 'contacts.write',
      fields: {
        key: once,
        kind: choice(CONTACT_KINDS),
        said: choice(CONTACT_SAID),
        at: line,
        note: lines,
      },
      async handle({ fields: { key, kind, said, at, note }, req, res }) {
        const { id } = await personOf(deps, req, res);
        const faults: FieldFault[] = [];
        if (kind === undefined) faults.push({ field: 'kind', code: 'required', message: 'kind is missing.' });
        const day = dayOf(at, arrivalOf(res).receivedAt, faults);
        await orTrouble(deps, req, res, { kind: kind ?? '', said: said ?? '', at, note }, async () => {
          if (kind === undefined || faults.length > 0)
            throw new RefusedError({ code: 'validation', fields: faults });
          const command = commandOnce(res, 'contact', key, [id, kind, said, at, note]);
          await recordContact(deps, command, id, { kind, said, note: note || undefined, at: day });
          tell(req, '連絡を記録しました。');
          res.redirect(303, personPlace(id, 'usage'));
        });
      },
    }),
    form({
      path: '/people/:accountId/contacts/cancellation',
      who: 'contacts.write',
      fields: { key: once, contactId: uuid, reason: lines },
      async handle({ fields: { key, contactId, reason }, req, res }) {
        const { id } = await personOf(deps, req, res);
        await orTrouble(deps, req, res, null, async () => {
          const command = commandOnce(res, 'contact-cancel', key, [id, contactId, reason]);
          await cancelContact(deps, command, id, { contactId, reason });
          tell(req, '連絡の記録を取り消しました。記録そのものは、取り消しのしるしをつけて残ります。');
          res.redirect(303, personDeed(id, 'contacts'));
        });
      },
    }),
  ];
}

/** Undefined: today, which is now. What is written with strokes is a day too. */
function dayOf(text: string, now: Instant, faults: FieldFault[]): Instant | undefined {
  const day = text.replace(
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/,
    (_all, year: string, month: string, date: string) =>
      `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`,
  );
  if (day === '' || day === dayInJapan(now)) return undefined;
  if (!isCivilDate(day)) {
    faults.push({ field: 'at', code: 'malformed', message: 'at must be a day.' });
    return undefined;
  }
  if (day > dayInJapan(now)) faults.push({ field: 'at', code: 'in-future', message: 'at lies ahead.' });
  return instantInJapan(day, NOON);
}

async function orTrouble(
  deps: Deps,
  req: Request,
  res: Response,
  typed: Typed | null,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if (error.refusal.code === 'not-found') throw new NotHereError();
    await sendContacts(deps, req, res, { cursor: undefined, trouble: { refusal: error.refusal, typed } });
  }
}

async function sendContacts(
  deps: Deps,
  req: Request,
  res: Response,
  { cursor, trouble }: { cursor: string | undefined; trouble: Trouble | null },
): Promise<void> {
  const person = await personOf(deps, req, res);
  const { fireHqId, role } = staffOf(res);
  const [contacts, staff] = await Promise.all([
    readContactPage(deps, fireHqId, person.id, { limit: A_PAGE, cursor }),
    readAllStaff(deps, fireHqId),
  ]);
  const names = new Map(staff.map(({ id, displayName }) => [id, displayName]));
  const mayWrite = mayDo(role, 'contacts.write');
  const to = personDeed(person.id, 'contacts');
  const last = mayWrite
    ? {
        head: '取り消し',
        of: (contact: ContactRow) => <CancelForm to={`${to}/cancellation`} contact={contact} />,
      }
    : undefined;
  sendPage(req, res, {
    status: trouble === null ? 200 : trouble.refusal.code === 'validation' ? 422 : 409,
    title: `${person.name}さんとの連絡の記録`,
    body: (
      <>
        {trouble !== null && <TroubleNotice trouble={trouble} />}
        <PersonHead person={person} />
        {mayWrite && cursor === undefined && (
          <ContactForm to={to} trouble={trouble} today={dayInJapan(arrivalOf(res).receivedAt)} />
        )}
        <h2>これまでの記録（新しい順）</h2>
        {contacts.items.length === 0 ? (
          <p>まだありません。</p>
        ) : (
          <Contacts
            caption="連絡の記録（新しい順）"
            contacts={contacts.items}
            staff={names}
            {...(last ? { last } : {})}
          />
        )}
        <NextPage
          href={
            contacts.nextCursor === null
              ? null
              : `${to}?${new URLSearchParams({ cursor: contacts.nextCursor }).toString()}`
          }
        />
      </>
    ),
  });
}

function TroubleNotice({ trouble: { refusal, typed } }: { trouble: Trouble }): VNode {
  if (refusal.code === 'validation' && typed !== null) return <FaultList faults={refusal.fields} />;
  const text =
    refusal.code === 'validation' ? '取り消していません。理由を入れてください。' : refusalText(refusal);
  return (
    <Notice kind="bad">
      <p>{text}</p>
    </Notice>
  );
}
