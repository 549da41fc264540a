/** Kinds of acts that 操作履歴 can be looked through for. An act belongs to the first kind that fits. */
import type { AuditSearch } from '../../../usecases/search-audit.js';
import { ACTION_WORDS } from '../shell/words.js';

const KINDS = [
  ['withdrawal', '廃止・保留', /^account\.(?:withdr|hold|held)/],
  [
    'renewal',
    '更新・失効・期限',
    /^(?:account\.(?:renewed|lapsed|auto-mail|expiry)|lapse|renewal|cycle|expiry)/,
  ],
  ['mail', 'メールの送信と結果', /^(?:mail|reminder|resend|report|quarantine|address|bulk-send)\./],
  [
    'contact',
    '連絡の記録・本人からの連絡・案内書',
    /^(?:contact|request|activity|letter|letters|worklist)\./,
  ],
  ['look', '見た・ファイルに出した', /\.(?:viewed|exported|downloaded|read|asked|looked|printed)$/],
  ['import', '取り込み', /^imports?\./],
  ['person', '登録と変更', /^account\./],
  ['settings', '設定・自動送信の停止', /^(?:policy|mail-stop|headquarters)\./],
  ['staff', '職員・サインイン・鍵', /^(?:staff|api-token|vendor|session)/],
] as const;

export type ActKind = (typeof KINDS)[number][0] | 'other';
export const ACT_KINDS: readonly ActKind[] = [...KINDS.map(([kind]) => kind), 'other'];

export const ACT_KIND_WORDS: readonly (readonly [ActKind, string])[] = [
  ...KINDS.map(([kind, word]) => [kind, word] as const),
  ['other', 'そのほか'],
];

export function kindOf(action: string): ActKind {
  return KINDS.find(([, , fits]) => fits.test(action))?.[0] ?? 'other';
}

/** Acts that are known by name; `other` is all that belong to no kind, the unknown ones too. */
export function actionsOf(kind: ActKind): Pick<AuditSearch, 'actions' | 'otherThan'> {
  const known = Object.keys(ACTION_WORDS);
  if (kind === 'other') return { otherThan: known.filter((action) => kindOf(action) !== 'other') };
  return { actions: known.filter((action) => kindOf(action) === kind) };
}
