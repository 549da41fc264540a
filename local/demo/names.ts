/** Names that nobody bears: every family name says that it is an example. */
import type { NewAccount } from '../../usecases/register-account.js';

const FAMILIES = [
  ['見本', 'みほん', 'mihon'],
  ['架空', 'かくう', 'kakuu'],
  ['例示', 'れいじ', 'reiji'],
  ['試験', 'しけん', 'shiken'],
  ['仮名', 'かめい', 'kamei'],
  ['練習', 'れんしゅう', 'renshu'],
  ['想定', 'そうてい', 'soutei'],
  ['模擬', 'もぎ', 'mogi'],
] as const;
const GIVEN = [
  ['花子', 'はなこ', 'hanako'],
  ['太郎', 'たろう', 'taro'],
  ['さくら', 'さくら', 'sakura'],
  ['一郎', 'いちろう', 'ichiro'],
  ['うめ', 'うめ', 'ume'],
  ['次郎', 'じろう', 'jiro'],
  ['かおる', 'かおる', 'kaoru'],
  ['三郎', 'さぶろう', 'saburo'],
  ['まつ', 'まつ', 'matsu'],
] as const;
const DOMAINS = ['example.jp', 'keitai.example.jp', 'mail.example.com', 'mail.test'] as const;

/** The n-th person, up to 72 different names; the same n is always the same person. */
export function personNumber(n: number, prefix: string): NewAccount {
  const family = FAMILIES[n % FAMILIES.length] ?? FAMILIES[0];
  const given = GIVEN[n % GIVEN.length] ?? GIVEN[0];
  // Old carriers gave out local parts that the standard forbids.
  const local = n % 16 === 5 ? `${given[2]}..${family[2]}` : `${given[2]}.${family[2]}`;
  const domain = DOMAINS[n % DOMAINS.length] ?? DOMAINS[0];
  return {
    registrationNumber: `${prefix}-${String(n + 1).padStart(3, '0')}`,
    name: `${family[0]} ${given[0]}`,
    kana: `${family[1]} ${given[1]}`,
    mailAddress: `${local}@${domain}`,
    mobileNumber: '000-0000-0000',
    ...(n % 3 === 0 ? { fax: '000-000-0000' } : {}),
    postalAddress: `例示県架空市見本町1丁目${n + 1}番`,
    municipality: '架空市',
    emergencyContacts: [{ name: `${family[0]} 家族`, relation: '家族', phone: '000-0000-0000' }],
  };
}
