/** Reports in words, without status fields or with poor ones: sections, the recipients in them, and why. */
import { hasGivenUp, hasReply, statusIn, tidyAddress } from './fate.js';
import type { Action, Fate } from './fate.js';
import { isAdvice, isOnlyTalkedOf, withoutQuotations } from './only-talk.js';
import { COPY_FOLLOWS, HEADER_BEGINS, PHRASES, SUBJECTS, WEAK_PHRASES } from './prose-phrases.js';
import type { Phrase } from './prose-phrases.js';
import { namedOnLine, namedWithin } from './prose-recipients.js';
import { tidy } from './text.js';

export interface Prose {
  fates: Fate[];
  /** What stands over the first sentence that tells what became of a mail; empty when there is none. */
  above: string;
  /** The original as the words quote it, header and all; empty when they do not. */
  copy: string;
}

const LINES = 1_500;
const LONGEST_LINE = 1_000;
/** Sentences that tell of a failure stand at the beginning; far below they are somebody's words. */
const HEAD_LINES = 400;

interface Section {
  action: Action;
  /** The line it begins with. */
  at: number;
  lines: readonly string[];
}

/** `ours`: addresses that are no recipients, as those the report itself comes from and goes to. */
export function readProse(text: string, subject: string, ours: readonly string[]): Prose {
  const lines = text.split(/\r?\n/, LINES).map((line) => line.slice(0, LONGEST_LINE));
  const end = copyBegins(lines);
  const words = lines.slice(0, end).filter((line) => !isQuoted(line));
  const sections = firstFound([
    () => sectionsOf(words, PHRASES),
    () => sectionsOf(words, WEAK_PHRASES),
    // Words in no language of the table: the heading has to do.
    () => sectionsOf([subject.slice(0, LONGEST_LINE), '', ...words], isAdvice(subject) ? [] : SUBJECTS, 1),
  ]);
  const above = words.slice(0, sections[0]?.at ?? 0).join(' ');
  return { fates: fatesOf(sections, words, ours), above, copy: lines.slice(end).join('\n') };
}

/** The index of the line that announces the copy, or with which it begins. */
function copyBegins(lines: readonly string[]): number {
  const at = lines.findIndex(
    (line, i) =>
      COPY_FOLLOWS.some((marker) => marker.test(line)) ||
      // The words of a report may name a header; two in a row are one.
      (HEADER_BEGINS.test(line) && /^[ \t|]{0,4}[A-Za-z-]{2,40}:|^[ \t]+\S/.test(lines[i + 1] ?? '')),
  );
  return at < 0 ? lines.length : at;
}

/** `>>> RCPT TO` is a transcript; `> what somebody wrote` is a quotation; MDaemon has a lone address behind a `>`. */
function isQuoted(line: string): boolean {
  return /^ {0,3}>(?!>>)(?! ?[^\s<>@]{1,64}@[^\s<>@]{1,255}\s{0,5}$)/.test(line);
}

function firstFound(ways: readonly (() => Section[])[]): Section[] {
  for (const way of ways) {
    const sections = way();
    if (sections.length > 0) return sections;
  }
  return [];
}

function sectionsOf(lines: readonly string[], phrases: readonly Phrase[], head = HEAD_LINES): Section[] {
  const starts: { action: Action; at: number }[] = [];
  for (const [at, line] of lines.slice(0, head).entries()) {
    const action = opens(lines[at - 1] ?? '', line, lines[at + 1] ?? '', phrases);
    if (action !== null && action !== starts.at(-1)?.action) starts.push({ action, at });
  }
  return starts.map(({ action, at }, i) => ({ action, at, lines: lines.slice(at, starts[i + 1]?.at) }));
}

/** A sentence may run over the end of the line, but begins on it. */
function opens(above: string, line: string, next: string, phrases: readonly Phrase[]): Action | null {
  const own = plain(line).length;
  const before = plain(above);
  const both = withoutQuotations(plain(`${line} ${next}`));
  const found = phrases.find(({ says, action }) => {
    const match = says.exec(both);
    if (match === null || match.index >= own) return false;
    const rest = both.slice(match.index + match[0].length);
    return action !== 'FAILED' || !isOnlyTalkedOf(`${before} ${both.slice(0, match.index)}`, rest);
  });
  return found?.action ?? null;
}

/** Without what only frames a sentence, and with the plain apostrophe. */
function plain(line: string): string {
  return line
    .replace(/[\s#*]+/g, ' ')
    .replaceAll('’', "'")
    .trim();
}

function fatesOf(sections: readonly Section[], words: readonly string[], ours: readonly string[]): Fate[] {
  const [first] = sections;
  if (first === undefined) return [];
  // Where the sentences stand in no order with the addresses: a delay anywhere outweighs a failure in a heading.
  const action = sections.find((section) => section.action !== 'FAILED')?.action ?? first.action;
  const preamble = beforeFirst(words, ours);
  const byLine = sections.flatMap((section) => namedFates(section, ours));
  // 「Delivery attempts will continue」 below the list, naming nobody, is said of all of it.
  const isTriedOn = sections.some(
    (section) => section.action === 'DELAYED' && section !== first && namedFates(section, ours).length === 0,
  );
  const told = isTriedOn ? byLine.map((one) => (one.action === 'FAILED' ? { ...one, action } : one)) : byLine;
  const named = told.length > 0 ? told : namedFates({ action, lines: words }, ours);
  const found =
    named.length > 0 ? named : namedWithin(words, ours).map((name) => fate(action, name, [preamble]));
  // Nobody is named: the return path tells whose it is.
  return found.length === 0
    ? [fate(action, null, [preamble])]
    : merged(found).map((one, _i, all) => withReason(one, preamble, all.length === 1));
}

/** au: the reason stands above the address. MailMarshal: the server's reply does, when only one is spoken of. */
function withReason(one: Fate, preamble: string, isOnlyOne: boolean): Fate {
  const lacksReply = isOnlyOne && !hasReply(one.diagnostic ?? '') && hasReply(preamble);
  if (one.diagnostic !== null && !lacksReply) return one;
  return fate(one.action, one.recipient, [`${preamble} ${one.diagnostic ?? ''}`]);
}

function beforeFirst(words: readonly string[], ours: readonly string[]): string {
  const at = words.findLastIndex((line) => namedOnLine(line, ours) !== null);
  return words
    .slice(0, at < 0 ? words.length : at)
    .filter((line) => !BOILERPLATE.test(line.trim()))
    .join(' ');
}

function namedFates(
  { action, lines }: Readonly<Pick<Section, 'action' | 'lines'>>,
  ours: readonly string[],
): Fate[] {
  const named = lines.flatMap((line, at) => {
    const found = namedOnLine(line, ours);
    return found === null ? [] : [{ ...found, at }];
  });
  return named.map(({ recipient, rest, at }, i) => {
    const below = lines.slice(at + 1, named[i + 1]?.at ?? lines.length);
    const found = traced(fate(action, recipient, rest === '' ? below : [rest, ...below]));
    const isOver = action === 'DELAYED' && hasGivenUp(found.diagnostic ?? '');
    return isOver ? { ...found, action: 'FAILED' as const } : found;
  });
}

const EXPANDED_FROM = /\((?:expanded |generated )?from:? <?([^\s<>()]{1,64}@[^\s<>()]{1,255}?)>?\)/i;

/** sendmail, Postfix and Exim say whom it was for when they had passed it on to another. */
function traced(found: Fate): Fate {
  const origin = tidyAddress(EXPANDED_FROM.exec(found.diagnostic ?? '')?.[1] ?? '');
  return origin === null ? found : { ...found, recipient: origin, passedOnTo: found.recipient };
}

function fate(action: Action | null, recipient: string | null, reasons: readonly string[]): Fate {
  const diagnostic = reasonIn(reasons);
  return {
    action,
    recipient: recipient === null ? null : tidyAddress(recipient),
    status: statusIn(diagnostic ?? ''),
    diagnostic,
    remoteMta: serverIn(diagnostic ?? ''),
  };
}

/** Says nothing about the recipient: headings, what was sent, whom to ask. */
const BOILERPLATE =
  /^(?:[ -]*-{3,}.*|[^\p{L}\p{N}]*|because:?|(?:subject|sent|件名|送信日時)[:：].*|(?:please reply to|if you feel|for (?:further|more) |if you do so).*|technical details[^:]{0,30}:|.*\bfollowing (?:recipients?|address(?:es)?|reasons?)\b.{0,40}:|(?:on|date:)? ?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? \d{1,2} .{0,60})$/iu;

/** The first paragraph that tells something; and, if no server's reply is in it, the first that has one. */
function reasonIn(lines: readonly string[]): string | null {
  const paragraphs = lines
    .filter((line) => line.trim() === '' || !BOILERPLATE.test(line.trim()))
    .join('\n')
    .split(/\n[ \t]*\n/)
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const [first = ''] = paragraphs;
  const reply = hasReply(first) ? undefined : paragraphs.slice(1).find(hasReply);
  return tidy(reply === undefined ? first : `${first} ${reply}`);
}

function serverIn(text: string): string | null {
  return (
    /\b(?:host|while talking to|remote server|generating server:?) ([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})/i.exec(
      text,
    )?.[1] ?? null
  );
}

/** One recipient named twice (Exchange: once for people, once for administrators) is one fate. */
function merged(fates: readonly Fate[]): Fate[] {
  const byRecipient = new Map<string, Fate>();
  for (const one of fates) {
    const key = (one.recipient ?? '').toLowerCase();
    const known = byRecipient.get(key);
    byRecipient.set(key, known === undefined ? one : both(known, one));
  }
  return [...byRecipient.values()];
}

function both(known: Fate, other: Fate): Fate {
  const more = other.diagnostic !== null && !(known.diagnostic ?? '').includes(other.diagnostic);
  return {
    ...known,
    status: known.status ?? other.status,
    diagnostic: more ? tidy(`${known.diagnostic ?? ''} ${other.diagnostic}`) : known.diagnostic,
    remoteMta: known.remoteMta ?? other.remoteMta,
  };
}
