/** How it stands: why, what to do next, what works now, and the other ways to reach the person (R16, R17). */
import type { VNode } from 'preact';
import type { CapabilitiesView, CapabilityView } from '../../../usecases/read-capabilities.js';
import type { AccountView } from '../../../usecases/views.js';
import { dayText } from '../shell/dates.js';
import { Facts, Table } from '../shell/parts.js';
import { ADDRESS_WORDS, CAUSE_WORDS, NEXT_STEPS } from '../shell/words.js';

export function Standing({ person }: { person: AccountView }): VNode | null {
  if (person.lapseCause !== null) return <Cause cause={person.lapseCause} />;
  return <MailInDoubt person={person} />;
}

function Cause({ cause }: { cause: NonNullable<AccountView['lapseCause']> }): VNode {
  return (
    <div class="notice warn">
      <p>
        <strong>失効の原因：{CAUSE_WORDS[cause].word}</strong>　{CAUSE_WORDS[cause].meaning}
      </p>
      <p>次にすること：</p>
      <ol>
        {NEXT_STEPS[cause].map((step) => (
          <li>{step}</li>
        ))}
      </ol>
    </div>
  );
}

/** Not lapsed, and yet mail does not arrive: the time to mend it. */
function MailInDoubt({ person }: { person: AccountView }): VNode | null {
  const { addressState, status } = person;
  if (status === 'WITHDRAWN' || (addressState !== 'SUSPECT' && addressState !== 'UNDELIVERABLE')) return null;
  return (
    <div class="notice warn">
      <p>
        <strong>{ADDRESS_WORDS[addressState]}</strong>
        {'　有効期限までは、呼び返しとメール管理は使えます。このまま失効すると、使えなくなります。'}
      </p>
      <p>次にすること：</p>
      <ol>
        <li>FAXか郵送で、メールアドレスと受信設定を確認する</li>
        <li>変わっていたら、登録を直す</li>
        <li>{status === 'ACTIVE' && '更新の受付期間になったら、'}［リマインダーメールを送信する］を押す</li>
      </ol>
    </div>
  );
}

const CAPABILITY_WORDS: readonly [keyof Omit<CapabilitiesView, 'lastProvenAt' | 'lastFailedAt'>, string][] = [
  ['emergencyReport', '緊急通報（本人から）'],
  ['practiceReport', '練習通報（本人から）'],
  ['callback', '呼び返し（消防から）'],
  ['mailManagement', 'メール管理（消防から）'],
];
const LEVEL_WORDS: Readonly<Record<CapabilityView['level'], string>> = {
  ok: '○ 使えます',
  warn: '△ 注意',
  blocked: '× 使えません',
};

export function Capabilities({
  person,
  capabilities,
}: {
  person: AccountView;
  capabilities: CapabilitiesView;
}): VNode {
  const { alternatives } = capabilities.callback;
  return (
    <>
      <h3>今できること</h3>
      <Table
        caption="今できること"
        head={['機能', '使えるか', '説明']}
        rows={CAPABILITY_WORDS.map(([name, word]) => {
          const { level, text } = capabilities[name];
          return [word, <strong class={`level ${level}`}>{LEVEL_WORDS[level]}</strong>, text];
        })}
      />
      {alternatives.length > 0 && (
        <>
          <h4>ほかの連絡の方法</h4>
          <ol>
            {alternatives.map(({ label, value }) => (
              <li>{value === null ? label : `${label}：${value}`}</li>
            ))}
          </ol>
        </>
      )}
      <Facts
        rows={[
          ['メールアドレスの状態', ADDRESS_WORDS[person.addressState]],
          [
            '本人が最後に答えた日',
            person.lastProvenAt === null ? 'まだありません' : dayText(person.lastProvenAt),
          ],
        ]}
      />
    </>
  );
}
