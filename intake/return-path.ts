/** Which recipients are ours: the return paths of mails that we sent, `b+<code>@<bounce domain>`. */
import { addressKey } from '../mail/addresses.js';

/** As platform/keys.ts makes the code. Some servers drop the `+` on the way back. */
const LOCAL_PART = /^b\+?([a-z2-7]{26})$/;

/**
 * The return path as it was mailed out, whatever the way back has done to its case, its `+` or its quotes; null when the
 * address is none. Whether a mail with that code exists is not asked here: the answer would tell strangers.
 */
export function returnPathOf(address: string, bounceDomain: string): string | null {
  const key = addressKey(address);
  const at = key.lastIndexOf('@');
  const code = LOCAL_PART.exec(key.slice(0, at))?.[1];
  return code === undefined || key.slice(at + 1) !== bounceDomain ? null : `b+${code}@${bounceDomain}`;
}
