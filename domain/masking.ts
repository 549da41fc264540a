/** How a name and a mail address are shown where only the person should know them (R23, R25). */

const HIDDEN = '○';

/** 山田 太郎 → 山○ 太○: the first character of each part; a part of one character is hidden whole. */
export function maskName(name: string): string {
  return name
    .trim()
    .split(/[\s\u3000]+/)
    .map((part) => {
      const characters = [...part];
      return characters.length <= 1
        ? HIDDEN
        : characters[0] + HIDDEN.repeat(Math.min(characters.length - 1, 4));
    })
    .join(' ');
}

/** taro.yamada@docomo.ne.jp → ta○○○@d○○○.ne.jp: never shorter or longer by the length of what is hidden. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const [first = '', ...rest] = address.slice(at + 1).split('.');
  const shown = local.length > 3 ? local.slice(0, 2) : local.slice(0, 1);
  return `${shown}${HIDDEN.repeat(3)}@${first.slice(0, 1)}${HIDDEN.repeat(3)}.${rest.join('.')}`;
}
