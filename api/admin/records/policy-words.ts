/** A policy (R13) in sentences: what each setting does, and which of them changed. */
import { parseDuration } from '../../../domain/duration.js';
import { HOUR, MINUTE, SECOND } from '../../../domain/calendar.js';

type Settings = Readonly<Record<string, unknown>>;

const STOP_FROM: Readonly<Record<string, string>> = {
  firstReminder: '最初のお願いの日から数える',
  expiry: '有効期限から数える',
};
const UNDELIVERABLE: Readonly<Record<string, string>> = {
  probe: 'ときどき、届くかだけを確かめる',
  stop: '自動では送らない',
  continue: 'お願いのメールを送り続ける',
};

const SENTENCES: Readonly<Record<string, (value: unknown) => string>> = {
  validity: (value) => `有効期間は${length(value)}`,
  remindBefore: (value) => `最初のお願いは、有効期限の${length(value)}前`,
  reminders,
  sendAt: (value) => `メールを送る時刻は${String(value)}`,
  spreadOver: (value) => `同じ日のメールは${length(value)}のあいだに分けて送る`,
  autoStopAfter: (value) => `自動の送信は${length(value)}で終わる`,
  autoStopFrom: (value) => `自動の送信の終わりは、${STOP_FROM[String(value)] ?? UNKNOWN}`,
  failuresToUndeliverable: (value) => `${String(value)}回届かなければ、不達とする`,
  retryAfterFailure: (value) => `はじめて届かなかったときは、${length(value)}あとにもう一度送る`,
  onUndeliverable: (value) => `届かないアドレスには、${UNDELIVERABLE[String(value)] ?? UNKNOWN}`,
  longUnusedAfter: (value) => `${length(value)}使っていない人を、長期間未利用とする`,
};
const UNKNOWN = '（記録があります）';

/** Of one policy: every setting. Of two: those that differ, before and after. */
export function policySentences(before: unknown, after: unknown): string[] {
  const old = settingsOf(before);
  const young = settingsOf(after);
  if (young === null) return [];
  return Object.entries(SENTENCES).flatMap(([setting, sentence]) => {
    const value = young[setting];
    const former = old?.[setting];
    if (JSON.stringify(value) === JSON.stringify(former)) return [];
    const now = value === undefined ? 'なし' : sentence(value);
    if (old === null) return value === undefined ? [] : [now];
    return [`「${former === undefined ? 'なし' : sentence(former)}」→「${now}」`];
  });
}

function settingsOf(policy: unknown): Settings | null {
  return typeof policy === 'object' && policy !== null && !Array.isArray(policy)
    ? (policy as Settings)
    : null;
}

function reminders(value: unknown): string {
  const { every, offsets } = settingsOf(value) ?? {};
  if (every !== undefined) return `お願いのメールは${length(every)}ごと`;
  if (!Array.isArray(offsets)) return `お願いのメールの日：${UNKNOWN}`;
  return `お願いのメールは${offsets.length}回（有効期限の${offsets.map(offset).join('・')}）`;
}

/** 90日前, 14日後 */
function offset(value: unknown): string {
  const sign = parseDuration(String(value))?.sign ?? 1;
  return `${length(value)}${sign < 0 ? '前' : '後'}`;
}

/** 1年6か月, 30分; the sign is told by the sentence. */
function length(value: unknown): string {
  const duration = parseDuration(String(value));
  if (duration === null) return UNKNOWN;
  const { years, months, days, time } = duration;
  const parts = [
    [years, '年'],
    [months, 'か月'],
    [days, '日'],
    [Math.floor(time / HOUR), '時間'],
    [Math.floor((time % HOUR) / MINUTE), '分'],
    [(time % MINUTE) / SECOND, '秒'],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, unit]) => `${number}${unit}`);
  return told.length === 0 ? (duration.hasTimePart ? '0分' : '0日') : told.join('');
}
