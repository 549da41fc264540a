/** Two files as a clerk brings them: one that is taken over whole, and one with the mistakes that are made. */
import { addDays } from '../../domain/calendar.js';

const HEADS = '登録番号,氏名,かな,メールアドレス,携帯電話番号,住所,市町村,有効期限日';

/** From the system before this one. */
export const OLD_LIST = (today: string): Buffer =>
  file([
    `I-001,見本 つる,みほん つる,tsuru.mihon@keitai.example.jp,000-0000-0000,例示県架空市見本町2丁目1番,架空市,${addDays(today, 300)}`,
    `I-002,架空 かめ,かくう かめ,kame.kakuu@example.jp,０００−００００−００００,例示県架空市見本町2丁目2番,架空市,${addDays(today, 260)}`,
    `I-003,試験 まめ,しけん まめ,mame.shiken@mail.example.com,000-0000-0000,例示県架空市見本町2丁目3番,架空市,${addDays(today, 215)}`,
  ]);

/** A new person, a change, and five mistakes. */
export const FAULTY_FILE = (today: string): Buffer =>
  file([
    `I-004,想定 きく,そうてい きく,kiku.soutei@example.jp,000-0000-0000,例示県架空市見本町3丁目1番,架空市,${addDays(today, 330)}`,
    `I-001,見本 つる,みほん つる,tsuru.mihon@keitai.example.jp,000-0000-0000,例示県架空市見本町9丁目9番,架空市,${addDays(today, 300)}`,
    'I-005,模擬 たけ,もぎ たけ,take.mogi＠example,000-0000-0000,例示県架空市見本町3丁目2番,架空市,2月30日',
    'I-006,,れんしゅう ふじ,fuji.renshu@example.jp,000-0000-0000,例示県架空市見本町3丁目3番,架空市,',
    'I-007,仮名 はぎ,かめい はぎ,hagi.kamei@example.jp,000-0000-0000,例示県架空市見本町3丁目4番,架空市,',
    'I-007,仮名 はぎ,かめい はぎ,hagi.kamei@example.jp,000-0000-0000,例示県架空市見本町3丁目4番,架空市,',
  ]);

/** As a spreadsheet writes it. */
function file(rows: readonly string[]): Buffer {
  return Buffer.from(`\ufeff${[HEADS, ...rows].join('\r\n')}\r\n`);
}
