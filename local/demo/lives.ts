/** The people of 例示市: every status, every cause of a lapse, and whatever staff may meet, at dates relative to today. */
import { addDays, instantInJapan } from '../../domain/calendar.js';
import { recordActivity } from '../../usecases/record-activity.js';
import type { Story } from './events.js';
import {
  mailServer,
  refusedFrom,
  answersOn,
  renewedBy,
  tells,
  wantsToStop,
  wishedToStop,
  toldAndDone,
  noted,
  taken,
  corrected,
  held,
  withdrawn,
  movesTo,
  resent,
  contacted,
  inOrder,
} from './events.js';
import type { Person } from './person.js';

export interface Life {
  /** D of the running cycle, in days from today; after `then` it may be another one. */
  expiresIn: number;
  /** Renewals by link before this cycle. */
  years: number;
  /** Days ago of the last practice call; left out: the app was never used. */
  lastCall?: number;
  /** Instead of the address that goes with the name. */
  mailAddress?: string;
  /** Instead of the name that goes with the number. */
  name?: string;
  kana?: string;
  /** Registered only this many days ago, from another system's list. */
  importedDaysAgo?: number;
  then?: (story: Story) => Promise<unknown>;
}

/** No automatic mail goes there for the time being. */
export const STOPPED_DOMAIN = 'teishi.example.jp';

const quiet = (expiresIn: number, years: number, lastCall?: number): Life => ({
  expiresIn,
  years,
  ...(lastCall === undefined ? {} : { lastCall }),
});

const ACTIVE: readonly Life[] = [
  quiet(352, 0),
  quiet(330, 1, 40),
  quiet(301, 2, 12),
  quiet(288, 3, 200),
  quiet(263, 1, 75),
  quiet(245, 2, 30),
  quiet(214, 0, 90),
  quiet(187, 4, 150),
  quiet(160, 1, 8),
  quiet(133, 2, 61),
  quiet(104, 1, 20),
  quiet(92, 3, 115),
  // 長期間未利用: renewed, but the app has not been used for years.
  quiet(275, 3),
  quiet(198, 2, 500),
  // Answered in the window that is open now: the next cycle runs.
  { expiresIn: 41, years: 1, lastCall: 33, then: answersOn(-70) },
  { expiresIn: 9, years: 2, lastCall: 5, then: answersOn(-29) },
  // 期限のあとで更新した.
  { expiresIn: -35, years: 1, lastCall: 210, then: answersOn(12) },
  // 変わったものがあります: renewed at once, the request waits for staff.
  {
    expiresIn: 58,
    years: 1,
    lastCall: 300,
    then: tells(-60, {
      items: ['ADDRESS', 'FAX'],
      reachBy: 'FAX',
      message: '見本町から架空町へ引っこしました。',
    }),
  },
  {
    expiresIn: 71,
    years: 0,
    lastCall: 44,
    then: tells(-75, {
      items: ['MAIL', 'CARRIER'],
      newMailAddress: 'atarashii@example.com',
      reachBy: 'MAIL',
    }),
  },
  // 更新済み・メール未確認: the address is in doubt and another way than mail was taken.
  {
    expiresIn: 78,
    years: 2,
    lastCall: 26,
    then: inOrder(
      refusedFrom(-95),
      mailServer('takes', -82),
      renewedBy('counter', -80, '窓口で本人が確認した。受信設定を直した'),
    ),
  },
  {
    expiresIn: 75,
    years: 1,
    lastCall: 88,
    then: inOrder(refusedFrom(-95), renewedBy('fax', -78, 'FAXで返信があった')),
  },
  {
    expiresIn: 64,
    years: 1,
    lastCall: 17,
    then: renewedBy('mailReply', -70, '「変わっていません」と返信があった'),
  },
  // Names with characters that not every font has.
  { expiresIn: 226, years: 1, lastCall: 19, name: '見本 𠮷乃', kana: 'みほん よしの' },
  { expiresIn: 171, years: 2, lastCall: 27, name: '架空 髙志', kana: 'かくう たかし' },
  // 対応の記録 whose day has come.
  { expiresIn: 140, years: 1, lastCall: 10, then: noted(-150, '来週、引っこす予定。新しい住所を聞く', 5) },
  // 有効期限日時の訂正 (R39).
  {
    expiresIn: 117,
    years: 1,
    lastCall: 64,
    then: corrected(-140, 31, '申込書と1か月ちがっていた（入力のまちがい）'),
  },
  // What the person told was done, and the person was told so.
  {
    expiresIn: 48,
    years: 2,
    lastCall: 37,
    then: toldAndDone(
      -68,
      { items: ['EMERGENCY_CONTACT'], reachBy: 'MAIL', message: '緊急連絡先を、妹に変えてください。' },
      2,
      '緊急連絡先を直した',
    ),
  },
  // もう使いません was a mistake.
  {
    expiresIn: 37,
    years: 1,
    lastCall: 53,
    then: wishedToStop(-52, 3, 'KEEP', 'FAXで本人に聞いた。押しまちがいだった'),
  },
];

const PENDING: readonly Life[] = [
  quiet(88, 1, 14),
  quiet(77, 0, 120),
  quiet(66, 2, 3),
  quiet(45, 1, 240),
  quiet(27, 3, 60),
  quiet(13, 1, 9),
  quiet(6, 0),
  quiet(2, 2, 31),
  quiet(0, 1, 180),
  // 不達の疑い: the newest mail was refused; one retry follows three days later.
  { expiresIn: 29, years: 1, lastCall: 55, then: refusedFrom(-45) },
  // 不達 before the date: refused twice.
  { expiresIn: 50, years: 2, lastCall: 130, then: refusedFrom(-95) },
  {
    expiresIn: 62,
    years: 0,
    lastCall: 70,
    then: inOrder(refusedFrom(-95), contacted(-80, 'FAX_SENT', 'アドレスの確認を頼んだ')),
  },
  // 保留.
  { expiresIn: 40, years: 1, lastCall: 100, then: held(-42, 30, '入院中。家族から連絡があった') },
  // もう使いません: asked on the page, staff have not acted yet.
  { expiresIn: 33, years: 2, lastCall: 410, then: wantsToStop(-58) },
  // A new address whose check mail has not been answered: until then the old one stays.
  { expiresIn: 55, years: 1, lastCall: 21, then: movesTo('kawatta@mail.test', -60) },
  { expiresIn: 20, years: 1, lastCall: 48, then: resent(-25) },
  // 自動送信の停止 for this mail domain.
  { expiresIn: 24, years: 1, lastCall: 12, mailAddress: `teishi@${STOPPED_DOMAIN}` },
  // Imported within the window: earlier slots are skipped.
  { expiresIn: 18, years: 0, importedDaysAgo: 11 },
];

const LAPSED: readonly Life[] = [
  // 未応答.
  quiet(-1, 1, 77),
  quiet(-8, 2, 16),
  quiet(-21, 0, 52),
  quiet(-46, 1, 140),
  quiet(-70, 3, 220),
  // 自動配信終了; of the second one nothing else is new, for the lapse was noted.
  quiet(-97, 1, 260),
  { expiresIn: -102, years: 1, lastCall: 170, then: noted(15, '電話した。自分で更新すると言っていた', 120) },
  { expiresIn: -190, years: 2, then: contacted(120, 'POST_RETURNED', '宛所不明') },
  { expiresIn: -130, years: 1, lastCall: 25, then: resent(110) },
  // 不達, from the first mail on, and from some day on.
  { expiresIn: -4, years: 1, lastCall: 66, then: refusedFrom(-95) },
  {
    expiresIn: -33,
    years: 2,
    lastCall: 310,
    then: inOrder(refusedFrom(-95), contacted(10, 'POST_SENT', '案内書')),
  },
  { expiresIn: -110, years: 0, then: refusedFrom(-95) },
  { expiresIn: -40, years: 1, lastCall: 18, then: refusedFrom(-2) },
  // 未送信: our own mail server failed each time.
  { expiresIn: -3, years: 1, lastCall: 29, then: mailServer('fails', -95) },
  { expiresIn: -24, years: 0, lastCall: 81, then: mailServer('fails', -95) },
  // 不明: imported after the date, nothing sent from here yet; past the stop day nothing ever goes by itself.
  { expiresIn: -20, years: 0, importedDaysAgo: 1 },
  { expiresIn: -150, years: 0, importedDaysAgo: 6 },
  // 失効中 with automatic mail at rest.
  { expiresIn: -15, years: 1, lastCall: 36, then: held(-1, 60, '海外に滞在中') },
  { expiresIn: -9, years: 1, lastCall: 95, then: wantsToStop(-5) },
  // A colleague is on it.
  { expiresIn: -6, years: 1, lastCall: 72, then: inOrder(refusedFrom(-95), taken(5)) },
  // Noted, to be looked at again on a day to come.
  {
    expiresIn: -30,
    years: 2,
    lastCall: 145,
    then: noted(26, '家族に電話した。本人は旅行中で、来週もどる', 12),
  },
];

const WITHDRAWN: readonly Life[] = [
  { expiresIn: 120, years: 1, lastCall: 45, then: withdrawn(-126, '転出（架空市へ）') },
  { expiresIn: 30, years: 2, lastCall: 400, then: withdrawn(-50, '本人の希望') },
  { expiresIn: -60, years: 1, then: withdrawn(20, '死亡（家族から連絡）') },
  { expiresIn: -12, years: 0, lastCall: 160, then: withdrawn(3, '二重の登録') },
  { expiresIn: 28, years: 1, lastCall: 190, then: wishedToStop(-44, 4, 'WITHDRAW', '窓口で本人に聞いた') },
];

export const LIVES: readonly Life[] = [...ACTIVE, ...PENDING, ...LAPSED, ...WITHDRAWN];

/** Lives through the running cycle to the real present. */
export async function live(person: Person, life: Life, today: string): Promise<void> {
  const expiresOn = addDays(today, life.expiresIn);
  const onDay = (days: number) => instantInJapan(addDays(expiresOn, days), 11 * 60);
  await life.then?.({ person, onDay });
  if (life.lastCall !== undefined) {
    const at = instantInJapan(addDays(today, -life.lastCall), 15 * 60);
    await person.liveUntil(Math.max(person.deps.clock.now(), at));
    await recordActivity(person.deps, person.command('clerk'), person.accountId, { kind: 'PRACTICE', at });
  }
  await person.liveUntil();
}
