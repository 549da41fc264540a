/** The menu: what the work is called, in the order of a day. A page the role may not open is not in it. */
import type { Role } from '../../../domain/roles.js';
import { mayDo } from '../../../domain/roles.js';
import { PLACES, ROOT } from './places.js';
import type { Action } from '../../../domain/roles.js';

export type Menu = readonly { word: string; entries: readonly { word: string; to: string }[] }[];

interface MenuEntry {
  word: string;
  to: string;
  who: Action | 'SIGNED_IN';
}

const MENU: readonly { word: string; entries: readonly MenuEntry[] }[] = [
  {
    word: '毎日の仕事',
    entries: [
      { word: '対応が必要な人', to: PLACES.today, who: 'people.read' },
      { word: '利用者管理', to: PLACES.people, who: 'people.read' },
      { word: '呼び返しの確認', to: PLACES.look, who: 'people.read' },
      { word: '本人からの連絡', to: PLACES.requests, who: 'requests.read' },
    ],
  },
  {
    word: 'まとめてする仕事',
    entries: [
      { word: '更新の一覧と一括送信', to: PLACES.lists, who: 'people.read' },
      { word: '案内書', to: PLACES.letters, who: 'letters.print' },
      { word: '利用者の取り込み', to: PLACES.imports, who: 'imports.try' },
    ],
  },
  {
    word: '記録と数字',
    entries: [
      { word: '操作履歴', to: PLACES.history, who: 'audit.read' },
      { word: 'もれの確認', to: PLACES.completeness, who: 'figures.read' },
      { word: '更新の数字', to: PLACES.figures, who: 'figures.read' },
      { word: 'メールの届き具合', to: PLACES.mailHealth, who: 'figures.read' },
    ],
  },
  {
    word: '設定',
    entries: [
      { word: '定期更新の設定', to: PLACES.policy, who: 'policy.read' },
      { word: '自動送信の停止', to: PLACES.mailStops, who: 'mail-stops.read' },
      { word: '職員', to: PLACES.staff, who: 'staff.manage' },
      { word: '引き継ぎ', to: PLACES.handover, who: 'people.read' },
      { word: '連携システムの鍵', to: PLACES.tokens, who: 'tokens.manage' },
      { word: '運用担当に見せる', to: PLACES.vendorAccess, who: 'vendor-access.manage' },
      { word: '手引き', to: PLACES.guide, who: 'SIGNED_IN' },
    ],
  },
];

export const VENDOR_MENU: Menu = [
  {
    word: '運用担当',
    entries: [
      { word: '消防本部', to: PLACES.vendor },
      { word: '動きのようす', to: PLACES.vendorHealth },
      { word: '未照合のメール', to: PLACES.vendorQuarantine },
    ],
  },
];

/** What the menu calls the part of the site that a page of that pattern below /admin is in. */
export function partOf(pattern: string): string | null {
  const place = `${ROOT}${pattern}`;
  const entries = MENU.flatMap(({ entries: each }) => each);
  return entries.find(({ to }) => place === to || place.startsWith(`${to}/`))?.word ?? null;
}

/** `self` false: nobody of this headquarters, so nothing about oneself. */
export function menuFor(role: Role, self: boolean): Menu {
  return MENU.map(({ word, entries }) => ({
    word,
    entries: entries.filter(({ who }) => (who === 'SIGNED_IN' ? self : mayDo(role, who))),
  })).filter(({ entries }) => entries.length > 0);
}
