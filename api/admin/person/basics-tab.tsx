/** 基本情報: what is known of the person, and what staff do about the mail address (R19). */
import type { VNode } from 'preact';
import type { Role } from '../../../domain/roles.js';
import { mayDo } from '../../../domain/roles.js';
import type { AccountView } from '../../../usecases/views.js';
import { momentText } from '../shell/dates.js';
import { Facts } from '../shell/parts.js';
import { personDeed } from '../shell/places.js';
import { ADDRESS_WORDS, AUTO_MAIL_WORDS } from '../shell/words.js';
import { AddressActs } from './address-acts.js';
import { contactText } from './conflict.js';

export function Basics({ person, role }: { person: AccountView; role: Role }): VNode {
  const mayEdit = mayDo(role, 'people.edit');
  return (
    <>
      {mayEdit && (
        <p>
          <a class="button" href={personDeed(person.id, 'edit')}>
            登録を直す
          </a>
        </p>
      )}
      <Facts
        rows={[
          ['氏名', person.name],
          ['かな', person.kana],
          ['登録番号', person.registrationNumber],
          ['携帯電話番号', person.mobileNumber],
          ['FAX', person.fax],
          ['住所', person.postalAddress],
          ['市町村', person.municipality],
          ['登録した日', momentText(person.registeredAt)],
          ['最後に通報した日', person.lastActivityAt === null ? 'なし' : momentText(person.lastActivityAt)],
          ['自動送信', AUTO_MAIL_WORDS[person.autoMail]],
        ]}
      />
      <h3>メールアドレス</h3>
      <Facts
        rows={[
          ['メールアドレス', person.mailAddress],
          ['状態', ADDRESS_WORDS[person.addressState]],
        ]}
      />
      <AddressActs person={person} mayEdit={mayEdit} />
      <h3>緊急連絡先</h3>
      {person.emergencyContacts.length === 0 ? (
        <p>なし</p>
      ) : (
        <ul>
          {person.emergencyContacts.map((contact) => (
            <li>{contactText(contact)}</li>
          ))}
        </ul>
      )}
    </>
  );
}
