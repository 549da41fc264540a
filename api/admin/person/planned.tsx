/** これから送るメール (R14). */
import type { VNode } from 'preact';
import type { ScheduleStep } from '../../../usecases/read-account.js';
import { momentText } from '../shell/dates.js';
import { Table } from '../shell/parts.js';
import { KIND_WORDS } from '../shell/words.js';

/** A cycle has a dozen slots. */
const PLANNED = 12;

export function Planned({ steps }: { steps: readonly ScheduleStep[] }): VNode {
  const next = steps
    .filter((step) => step.goesAt !== null && (step.state === 'PLANNED' || step.state === 'DUE'))
    .sort((a, b) => (a.goesAt ?? 0) - (b.goesAt ?? 0))
    .slice(0, PLANNED);
  return (
    <>
      <h3>これから送るメール</h3>
      {steps.some(({ reason }) => reason === 'MAIL_PAUSED') && (
        <p class="warn">
          たくさんのメールが届かなかったので、システムがメールを止めています。受け取られるようになったら、また送ります。
        </p>
      )}
      {next.length === 0 ? (
        <p>予定はありません。</p>
      ) : (
        <Table
          caption="これからの予定"
          head={['日時', 'すること']}
          rows={next.map((step) => [step.goesAt === null ? '' : momentText(step.goesAt), plannedWords(step)])}
        />
      )}
    </>
  );
}

/** Mails outside the slots, by the first part of their key. */
const PLANNED_WORDS: Readonly<Record<string, string>> = {
  PROBE: 'メールが届くかを確かめるメールを送る',
  CHECK: 'メールアドレスの確認のメールを送る',
  RETRY: '届かなかったので、もう一度送る',
  TRIAL: '届かなかったので、もう一度送る',
};

function plannedWords({ what, kind, reason }: ScheduleStep): string {
  if (what === 'LAPSE') return '更新がなければ、失効中になる';
  if (what === 'AUTO_STOP') return '自動の送信が終わる';
  const words = PLANNED_WORDS[reason ?? ''];
  if (words !== undefined) return words;
  return kind === null ? 'メールを送る' : `お願いのメールを送る（${KIND_WORDS[kind]}）`;
}
