/** What a manager can do to a colleague: when it makes sense, and what it will do, told before it is done. */
import type { StaffRow } from '../../../store/staff.js';
import { isInvited } from './state.js';

export interface DeedWords {
  word: string;
  fits(person: StaffRow): boolean;
  /** What will happen, and how to take it back. */
  effects: readonly string[];
  button: string;
  /** Said when it is done. */
  done: string;
}

export const DEEDS = {
  role: {
    word: '役割を変える',
    fits: ({ lockedAt }) => lockedAt === null,
    effects: [
      '開いている画面はサインアウトになり、次のサインインから新しい役割になります。',
      'あとで元に戻せます。',
    ],
    button: '役割を変える',
    done: '役割を変えました。次のサインインから、新しい役割です。',
  },
  code: {
    word: '新しい番号を出す（パスワードを忘れた、番号の期限が切れた）',
    fits: ({ lockedAt }) => lockedAt === null,
    effects: [
      '次のページに、本人に手渡す番号が出ます（7日間、1回だけ使えます）。',
      '今のパスワードと、前に渡した番号は、すぐに使えなくなります。開いている画面はサインアウトになります。',
      '本人は、その番号でサインインして、パスワードを決めなおします。2段階の確認は、そのまま続きます。',
    ],
    button: '新しい番号を出す',
    done: '',
  },
  'second-factor': {
    word: '2段階の確認をやり直せるようにする（スマートフォンをなくした、替えた）',
    fits: ({ hasSecondFactor }) => hasSecondFactor,
    effects: [
      '本人にまちがいないことを、顔を見てたしかめてから押してください。',
      '今の認証アプリと回復用の番号は、すぐに使えなくなります。開いている画面はサインアウトになります。',
      '本人は、次のサインインで、認証アプリを用意しなおします。',
      'スマートフォンをぬすまれたかもしれないときは、「新しい番号を出す」もしてください。',
    ],
    button: 'やり直せるようにする',
    done: '2段階の確認を、やり直せるようにしました。',
  },
  withdraw: {
    word: '招待を取りやめる',
    fits: (person) => isInvited(person) && person.oneTimeUntil !== null,
    effects: [
      '渡した番号は、すぐに使えなくなります。',
      'また招待するときは、「サインインをまたできるようにする」と「新しい番号を出す」を押します。',
    ],
    button: '招待を取りやめる',
    done: '招待を取りやめました。渡した番号は、もう使えません。',
  },
  lock: {
    word: 'サインインを止める（異動、退職、ようすがおかしい）',
    fits: (person) => person.lockedAt === null && !isInvited(person),
    effects: [
      'すぐにサインインできなくなります。開いている画面も、次の操作からサインアウトになります。',
      '操作履歴の名前は残ります。あとで、またできるようにもできます。',
    ],
    button: 'サインインを止める',
    done: 'サインインを止めました。',
  },
  unlock: {
    word: 'サインインをまたできるようにする',
    fits: ({ lockedAt }) => lockedAt !== null,
    effects: [
      '前のパスワードと2段階の確認で、またサインインできるようになります。長く止めていた人には、新しい番号も出してください。',
    ],
    button: 'またできるようにする',
    done: 'サインインを、またできるようにしました。',
  },
} as const satisfies Record<string, DeedWords>;

export type Deed = keyof typeof DEEDS;
