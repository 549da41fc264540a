/** Passwords that staff choose: long, and none that everybody tries first. */

const LEAST_LETTERS = 12;
const MOST_LETTERS = 200;
const LEAST_DIFFERENT = 5;
/** What must be left beside words that everybody tries. */
const LEAST_BESIDE_WORDS = 6;

/** Tried first by whoever guesses, here and in a fire station; as they look without signs and capitals. */
const TRIED_FIRST = [
  '1234567890',
  '12345678',
  '123456',
  '0987654321',
  '87654321',
  '1qaz2wsx3edc',
  '1qaz2wsx',
  'q1w2e3r4',
  'qwertyuiop',
  'qwerty',
  'asdfghjkl',
  'zxcvbnm',
  'abcdefghijklmnopqrstuvwxyz',
  'abcdefgh',
  'abcd1234',
  'password',
  'passw0rd',
  'pass',
  'administrator',
  'admin',
  'letmein',
  'welcome',
  'iloveyou',
  'trustno1',
  'dragon',
  'monkey',
  'sakura',
  'doraemon',
  'pokemon',
  'nippon',
  'japan',
  'tokyo',
  'firefighter',
  'firestation',
  'fire',
  'shoubou',
  'shobo',
  'syoubou',
  'kyukyu',
  'kyuukyuu',
  'rescue',
  'honbu',
  'kanri',
  'net119',
  '119',
  'reiwa',
  'heisei',
] as const;

/** As a Japanese keyboard may give it: full-width letters and stray spaces are as if they were not. */
export function typedPassword(text: string): string {
  return text.normalize('NFKC').trim();
}

export type PasswordFault = 'too-short' | 'too-long' | 'too-simple';

/** What is wrong with a new password (as `typedPassword` gives it) of the person of that sign-in name; null: nothing. */
export function passwordFault(password: string, signInName: string): PasswordFault | null {
  const length = [...password].length;
  if (length < LEAST_LETTERS) return 'too-short';
  if (length > MOST_LETTERS) return 'too-long';
  if (new Set(password).size < LEAST_DIFFERENT) return 'too-simple';
  let rest = bare(password);
  for (const word of [bare(signInName), ...signInName.split(/[._-]/), ...TRIED_FIRST]) {
    if (word.length >= 3) rest = rest.replaceAll(word, '');
  }
  return rest.length < LEAST_BESIDE_WORDS ? 'too-simple' : null;
}

/** Without capitals and signs; signs that stand for a letter are that letter. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('@', 'a')
    .replaceAll('$', 's')
    .replace(/[^\p{L}\p{N}]/gu, '');
}
