/** What the person told, beside what is registered now. */
import type { ComponentChildren, VNode } from 'preact';
import { maskAddress } from '../../../domain/masking.js';
import type { ChangeItem } from '../../../store/requests.js';
import type { RequestView } from '../../../usecases/resident-request.js';
import type { AccountView } from '../../../usecases/views.js';
import { itemsText } from '../person/requests-of-person.js';
import { ITEM_WORDS, REACH_WORDS, fateText } from '../person/words.js';
import { Facts } from '../shell/parts.js';

type Row = [label: string, value: ComponentChildren];

/** `shown`: mail addresses whole; else masked. */
export function Told({
  request,
  person,
  shown,
}: {
  request: RequestView;
  person: AccountView;
  shown: boolean;
}): VNode {
  const { kind, items, reachBy, message } = request;
  const address = (text: string) => (shown ? text : maskAddress(text));
  return (
    <div class="beside">
      <section>
        <h3>本人が伝えたこと</h3>
        {kind === 'STOP' ? (
          <p>NET119を、もう使いません。</p>
        ) : (
          <Facts
            rows={[
              ['変わったもの', itemsText(request)],
              ...newAddressRows(request, address),
              ['希望の連絡方法', reachBy === null ? '聞いていません' : REACH_WORDS[reachBy]],
            ]}
          />
        )}
        {message !== null && (
          <>
            <h4>伝言</h4>
            <blockquote class="said">
              <bdi>{withoutTurns(message)}</bdi>
            </blockquote>
          </>
        )}
      </section>
      {items.length > 0 && (
        <section>
          <h3>今の登録</h3>
          <Facts rows={items.flatMap((item) => presentRows(item, person, address))} />
        </section>
      )}
    </div>
  );
}

function newAddressRows(
  { newMailAddress, newAddress }: RequestView,
  address: (text: string) => string,
): Row[] {
  if (newMailAddress === null) return [];
  return [
    ['新しいメールアドレス', <bdi>{address(newMailAddress)}</bdi>],
    ...(newAddress === null ? [] : ([['新しいアドレスの状態', fateText(newAddress)]] as Row[])),
  ];
}

function presentRows(item: ChangeItem, person: AccountView, address: (text: string) => string): Row[] {
  switch (item) {
    case 'MAIL':
      return [[ITEM_WORDS.MAIL, address(person.mailAddress)]];
    case 'CARRIER':
      return [
        ['メールアドレスの会社', person.mailAddress.slice(person.mailAddress.lastIndexOf('@') + 1)],
        ['携帯電話番号', person.mobileNumber],
      ];
    case 'ADDRESS':
      return [
        [ITEM_WORDS.ADDRESS, person.postalAddress],
        ['市町村', person.municipality],
      ];
    case 'FAX':
      return [[ITEM_WORDS.FAX, person.fax]];
    case 'EMERGENCY_CONTACT':
      return [
        [
          ITEM_WORDS.EMERGENCY_CONTACT,
          person.emergencyContacts
            .map(({ name, relation, phone, fax }) =>
              [`${name}（${relation}）`, phone, fax].filter(Boolean).join('　'),
            )
            .join('、'),
        ],
      ];
    case 'NAME':
      return [[ITEM_WORDS.NAME, `${person.name}（${person.kana}）`]];
    case 'OTHER':
      return [];
  }
}

/** Nothing that a message brings along may turn the reading direction of what stands beside it. */
function withoutTurns(text: string): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]/gu, '');
}
