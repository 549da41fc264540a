/** 利用状況 (R29): why, what works, the button first, 代理更新 second, what was done by other ways, and what was mailed. */
import type { VNode } from 'preact';
import type { Instant } from '../../../domain/calendar.js';
import type { Role } from '../../../domain/roles.js';
import { mayDo } from '../../../domain/roles.js';
import type { OpenedPerson, UsageView } from '../../../usecases/open-person.js';
import { onePersonPlace } from '../letters/letter-places.js';
import { NextPage } from '../shell/parts.js';
import { personDeed } from '../shell/places.js';
import { ContactSection, NextByContact } from './contact-section.js';
import { NoteSection } from './note.js';
import { Planned } from './planned.js';
import { ReminderHistory, olderMailsPlace } from './reminder-history.js';
import { OpenRequests, ClosedRequests } from './requests-of-person.js';
import { ResendSection } from './resend-section.js';
import { Capabilities, Standing } from './standing.js';

export function Usage({
  opened: { person, schedule },
  usage,
  role,
  now,
}: {
  opened: OpenedPerson;
  usage: UsageView;
  role: Role;
  now: Instant;
}): VNode {
  const { staff, cycles } = usage;
  return (
    <>
      <OpenRequests requests={usage.requests} />
      {mayDo(role, 'contacts.write') && (
        <NextByContact person={person} contacts={usage.contacts} since={cycles[0]?.openedAt ?? 0} />
      )}
      <Standing person={person} />
      <Capabilities person={person} capabilities={usage.capabilities} />
      {mayDo(role, 'reminders.send') ? (
        <ResendSection personId={person.id} options={usage.resend} staff={staff} />
      ) : (
        <p class="hint">リマインダーメールは、担当者か管理者が送れます。</p>
      )}
      {mayDo(role, 'renewals.proxy') && person.status !== 'WITHDRAWN' && (
        <>
          <h3>代理更新</h3>
          <p>FAX、郵送、窓口などで本人の答えを受け取ったときに、職員が更新します。</p>
          <p>
            <a class="button" href={personDeed(person.id, 'renewal')}>
              代理更新をする
            </a>
          </p>
        </>
      )}
      {mayDo(role, 'letters.print') && (
        <>
          <h3>案内書</h3>
          <p>
            <a href={onePersonPlace(person.id)}>案内書を印刷する（郵送・FAX）</a>
          </p>
        </>
      )}
      <NoteSection
        person={person}
        notes={usage.notes}
        names={staff}
        may={mayDo(role, 'worklist.note')}
        now={now}
      />
      <ContactSection
        personId={person.id}
        contacts={usage.contacts}
        staff={staff}
        mayWrite={mayDo(role, 'contacts.write')}
      />
      <ClosedRequests requests={usage.requests} />
      <h3>リマインダー履歴</h3>
      <ReminderHistory mails={usage.mails.items} cycles={cycles} present={person.cycle} />
      <NextPage href={olderMailsPlace(person.id, usage.mails.nextCursor)} />
      <Planned steps={schedule.steps} />
    </>
  );
}
