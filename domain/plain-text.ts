/** Words of strangers, made fit to be stored and shown: servers may say anything. */

/** One line without control, invisible or direction-turning characters, of at most `most` characters. */
export function plainLine(text: string, most = 1_000): string {
  return [
    ...text
      // Each character costs at most two units here; nothing longer is looked at.
      .slice(0, 4 * most)
      .replace(/\p{Cf}/gu, '')
      .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .replace(/\p{Surrogate}/gu, '\uFFFD')
      .trim(),
  ]
    .slice(0, most)
    .join('');
}
