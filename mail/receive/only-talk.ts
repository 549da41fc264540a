/** Sentences about failed mails that tell of none: quoted, asked, or supposed. */

const QUOTED =
  /(?<=^|[\s(:,])"[^"]{3,300}"(?=[\s).,;:!?]|$)|“[^”]{3,300}”|「[^」]{2,200}」(?=と|など|の)|『[^』]{2,200}』/g;
const SENTENCE_ENDS = /[.!?:](?=\s|$)|[。！？：]/g;
const SUPPOSED_BEFORE =
  /\b(?:if|whenever|in case|why|how (?:to|do|can)|what (?:does|if|is)|every time|(?:mails|e-?mails|messages) (?:that|which))\b/i;
const SUPPOSED_AFTER =
  /^(?:(?![.!]\s|。).){0,80}[?？](?:\s|$)|^[^.!。]{0,40}(?:場合|ことが(?:あり|ござい)|こともあり|ときは|時は|際は|とは[、何]|でしょうか|かもしれ|(?:お|恐)それ)/;
const ADVICE =
  /\bhow (?:to|do|can)\b|\b(?:guide|tips|faq|webinar|newsletter)\b|[?？]\s*$|とは|対処|方法|講座|ヒント/i;

/** Quotations become blanks, so that every place stays where it is. */
export function withoutQuotations(text: string): string {
  return text.replace(QUOTED, (quoted) => ' '.repeat(quoted.length));
}

/** `before` and `after` are what stands around the sentence's decisive words. */
export function isOnlyTalkedOf(before: string, after: string): boolean {
  const begins = [...before.matchAll(SENTENCE_ENDS)].at(-1)?.index ?? -1;
  return SUPPOSED_BEFORE.test(before.slice(begins + 1)) || SUPPOSED_AFTER.test(after);
}

/** A heading that promises help, and reports nothing. */
export function isAdvice(subject: string): boolean {
  return ADVICE.test(subject.slice(0, 500));
}
