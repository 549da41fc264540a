/** How many mails go because of an import, and when: none at once but to new addresses. */
import type { VNode } from 'preact';
import { dayInWords } from '../../../mail/compose-dates.js';
import type { ImportRunRow } from '../../../usecases/read-import.js';
import { Table } from '../shell/parts.js';

const DAYS_SHOWN = 7;

export function Mails({ counts }: { counts: ImportRunRow['counts'] }): VNode {
  const { kinds = {}, newAddresses = 0, firstMails = [] } = counts;
  const added = kinds.ADD ?? 0;
  const soon = firstMails.slice(0, DAYS_SHOWN);
  const later = firstMails.slice(DAYS_SHOWN).reduce((sum, { count }) => sum + count, 0);
  const planned = firstMails.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <h3>この取り込みで送られるメール</h3>
      <ul>
        <li>
          取り込んですぐに、まとめて送られるメールはありません。過ぎたお願いを、さかのぼって送ることもありません。
        </li>
        {newAddresses > 0 && (
          <li>{`メールアドレスが変わる${newAddresses}人には、新しいアドレスへ1通ずつ送ります（8時から21時までのあいだ）。`}</li>
        )}
        {added > planned && (
          <li>{`追加する人のうち${added - planned}人には、今回の手続きでは自動のメールを送りません（送る期間が終わっているか、メールが届かない人です）。`}</li>
        )}
      </ul>
      {soon.length > 0 && (
        <Table
          caption="追加する人への、はじめの自動のお願い"
          head={['送る日', '人数']}
          rows={[
            ...soon.map(({ on, count }) => [dayInWords(on), `${count}人`]),
            ...(later === 0 ? [] : [['そのあと', `${later}人`]]),
          ]}
        />
      )}
    </>
  );
}
