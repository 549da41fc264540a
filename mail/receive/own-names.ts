/**
 * Our own names in what a server said (R24). An answer that calls our return path or our sender unknown is about us, and
 * reads as if it were about the person. One that calls the person unknown and quotes us elsewhere is about the person.
 */
import type { BounceClass } from '../../domain/bounce.js';
import { isConclusive } from '../../domain/bounce.js';
import { addressKey } from '../addresses.js';
import type { Classification, Evidence } from './classify.js';
import { classify } from './classify.js';

/** Who we are to the servers. */
export interface OurSide {
  /** As said in EHLO; the bounce domain. */
  hostName: string;
  /** MAIL FROM and From:. */
  senders: readonly string[];
}

const OURS: Classification = { bounceClass: 'SENDER_BLOCKED', rule: 'our-own-name' };
const LOOKED_AT = 4_000;

/** As `classify`, and ours where the words may be about us. `recipient` is whom the mail was for. */
export function classifyFor(
  recipient: string,
  evidence: Omit<Evidence, 'mailDomain'>,
  us: OurSide,
): Classification {
  const key = addressKey(recipient);
  const mailDomain = key.slice(key.lastIndexOf('@') + 1);
  const found = classify({ ...evidence, mailDomain });
  if (!isConclusive(found.bounceClass) && found.bounceClass !== 'OTHER') return found;
  const said = (evidence.diagnostic ?? '')
    .slice(0, LOOKED_AT)
    .toLowerCase()
    .replaceAll('"', '')
    .replace(QUOTED_HEADER, ';');
  const names = ownNames(us).filter((name) => name !== mailDomain);
  const isOurs = (text: string) => names.some((name) => containsName(text.replaceAll(key, ''), name));
  if (!isOurs(said)) return found;
  // Whose filter it is stands there; whom it keeps out must be named, and that is us.
  if (found.bounceClass === 'REFUSED' && FILTERING_WORD.test(said)) return found;

  const clauses = said.split(CLAUSE_END);
  const quotations = clauses.filter(isOurs);
  const rest = clauses.filter((clause) => !isOurs(clause)).join('; ');
  if (found.bounceClass === 'OTHER') return quotations.some((clause) => FAULT.test(clause)) ? OURS : found;
  const speaksOfRecipient = said.includes(key) || RECIPIENT_WORD.test(rest);
  if (!speaksOfRecipient || quotations.some((clause) => isBare(clause, [key, ...names]))) return OURS;
  const { bounceClass, rule } = inWords(rest, mailDomain);
  return isConclusive(bounceClass) ? { bounceClass, rule } : OURS;
}

/** A gateway that shows whose mail it was says nothing about him. */
const QUOTED_HEADER = /(?:^|[ :])from: <?[^\s<>]{1,320}>?(?= |$)/g;
/** 「550 5.1.1 <taro@…>: User unknown; from=<b+…> helo=<…>」: what stands behind a stop is a statement of its own. */
const CLAUSE_END = /[;()[\]（）。]| - |\.(?= |$)| (?=[45]\d\d[ -][45]\.\d)/;
const RECIPIENT_WORD = /\b(?:recipient|addressee)s?\b|宛先|あて先|受信者/;
const FILTERING_WORD = /\b(?:recipient|addressee|user|customer)s?\b|宛先|あて先|受信者/;
/** Said of one of our names. */
const FAULT =
  /\b(?:unknown|reject(?:ed|s)?|refused?|blocked|denied|invalid|unresolvable|no such|not (?:found|exist|allowed|welcome)|does not)\b|不明|拒否|存在し/;

/** A name with nothing beside it explains the words before it: 「User unknown (b+…)」. */
function isBare(clause: string, names: readonly string[]): boolean {
  const left = names.reduce(
    (text, name) => text.replaceAll(name, ''),
    clause.replace(/[^\s<>=:,]{1,64}@/g, ''),
  );
  return !/[\p{L}]/u.test(left);
}

/** Numbers are those of the whole answer, so they prove nothing about a part of it. */
function inWords(text: string, mailDomain: string): { bounceClass: BounceClass; rule: string } {
  const diagnostic = text.replace(/(?<![\d.])[245](?:\d\d|\.\d{1,3}\.\d{1,3})(?![\d.])/g, ' ');
  return classify({ diagnostic, mailDomain, status: null, code: null, action: 'FAILED', stage: null });
}

function ownNames({ hostName, senders }: OurSide): string[] {
  const domains = senders.map((sender) => sender.slice(sender.lastIndexOf('@') + 1));
  return [...new Set([hostName, ...senders, ...domains].map((name) => name.toLowerCase()))];
}

/** As a whole name: `a.example` is not named by `data.example` or `a.example.org`. */
function containsName(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![a-z0-9_-])${escaped}(?![a-z0-9_-]|\\.[a-z0-9])`, 'i').test(text);
}
