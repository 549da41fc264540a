/** 連絡の記録 (R32): what was done by FAX, post and counter, and what follows from what was said. */
import type { VNode } from 'preact';
import type { Instant } from '../../../domain/calendar.js';
import type { ContactRow, ContactSaid } from '../../../store/contacts.js';
import type { AccountView } from '../../../usecases/views.js';
import { dayText, momentText } from '../shell/dates.js';
import { Table } from '../shell/parts.js';
import { personDeed } from '../shell/places.js';
import { actorWords } from '../shell/words.js';
import { CONTACT_WORDS, SAID_WORDS } from './words.js';

export function ContactSection({
  personId,
  contacts,
  staff,
  mayWrite,
}: {
  personId: string;
  contacts: readonly ContactRow[];
  staff: ReadonlyMap<string, string>;
  mayWrite: boolean;
}): VNode {
  const to = personDeed(personId, 'contacts');
  return (
    <>
      <h3 id="contacts">連絡の記録（FAX・郵送・窓口）</h3>
      {contacts.length === 0 ? (
        <p>まだありません。</p>
      ) : (
        <Contacts caption="連絡の記録（新しい順）" contacts={contacts} staff={staff} />
      )}
      <p>
        <a class={mayWrite ? 'button' : undefined} href={to}>
          {mayWrite ? '連絡を記録する・すべて見る' : '連絡の記録をすべて見る'}
        </a>
      </p>
    </>
  );
}

/** `last`: what stands in a last column of its own. */
export function Contacts({
  caption,
  contacts,
  staff,
  last,
}: {
  caption: string;
  contacts: readonly ContactRow[];
  staff: ReadonlyMap<string, string>;
  last?: { head: string; of: (contact: ContactRow) => VNode | null };
}): VNode {
  return (
    <Table
      caption={caption}
      head={['いつ', 'したこと', '本人の答え', '記録した人', 'メモ', ...(last ? [last.head] : [])]}
      rows={contacts.map((contact) => [
        dayText(contact.at),
        contact.cancelled === null ? (
          CONTACT_WORDS[contact.kind]
        ) : (
          <>
            <strong>取り消し</strong>　<s>{CONTACT_WORDS[contact.kind]}</s>
          </>
        ),
        contact.said === null ? '' : SAID_WORDS[contact.said],
        `${actorWords(contact.recordedBy, staff)}（${momentText(contact.createdAt)}）`,
        <Remarks contact={contact} staff={staff} />,
        ...(last ? [last.of(contact)] : []),
      ])}
    />
  );
}

function Remarks({
  contact: { note, cancelled },
  staff,
}: {
  contact: ContactRow;
  staff: ReadonlyMap<string, string>;
}): VNode {
  return (
    <>
      {note !== null && <span class="as-written">{note}</span>}
      {cancelled !== null && (
        <small>
          取り消した人：{actorWords(cancelled.by, staff)}（{momentText(cancelled.at)}）　理由：
          <span class="as-written">{cancelled.reason}</span>
        </small>
      )}
    </>
  );
}

const DEEDS: Readonly<Record<ContactSaid, { deed: string; word: string; why: string }>> = {
  SAME: { deed: 'renewal', word: '代理更新をする', why: '「変わっていない」と答えがありました。' },
  CHANGED: { deed: 'edit', word: '登録を直す', why: '「変わった」と答えがありました。' },
  NOT_USED: { deed: 'withdraw', word: '廃止の手続きをする', why: '「もう使わない」と答えがありました。' },
  DECEASED: { deed: 'withdraw', word: '廃止の手続きをする', why: '「亡くなった」と知らせがありました。' },
};

/** What the last answer asks for, until the next 更新 or 廃止. `since`: when the open cycle began. */
export function NextByContact({
  person,
  contacts,
  since,
}: {
  person: AccountView;
  contacts: readonly ContactRow[];
  since: Instant;
}): VNode | null {
  const answer = contacts.find(({ said, cancelled }) => said !== null && cancelled === null);
  if (!answer?.said || answer.createdAt < since || person.status === 'WITHDRAWN') return null;
  if (answer.said === 'SAME' && person.status === 'ACTIVE') return null;
  const { deed, word, why } = DEEDS[answer.said];
  return (
    <div class="notice">
      <p>
        {dayText(answer.at)}（{CONTACT_WORDS[answer.kind]}）：{why}
      </p>
      {answer.said === 'SAME' && (
        <p>
          できれば、先に<a href="#resend">リマインダーメール</a>
          を送って、本人に更新してもらいます（メールが届くことも、確かめられます）。
        </p>
      )}
      {answer.said === 'CHANGED' && (
        <p>直したあとで、リマインダーメールを送って、本人に更新してもらいます。</p>
      )}
      <p>
        次にすること：<a href={personDeed(person.id, deed)}>{word}</a>
      </p>
    </div>
  );
}
