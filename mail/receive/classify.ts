/**
 * Why a mail did not arrive, read off what a server said (R24, R37). The rules are data (`rules.ts`); the first that
 * fits decides. A false 不達 is an incident: whatever is not clearly about the person is not conclusive.
 */
import type { BounceClass } from '../../domain/bounce.js';
import { missingHost } from './rules-host.js';
import { RULES } from './rules.js';
import type { Evidence, Rule } from './rules-shape.js';

export type { Evidence } from './rules-shape.js';

export interface Classification {
  bounceClass: BounceClass;
  /** Name of the rule that decided. */
  rule: string;
}

/** The reason stands at the beginning; the rest of a long text is not looked at. */
const LOOKED_AT = 4_000;

/** 「Not now」 (4xx, or still being tried) is never proof of more than these. */
const OF_NOT_NOW: readonly BounceClass[] = ['SENDER_BLOCKED', 'MAILBOX_FULL', 'EXPIRED'];

/** Pure and total: any text gets a class, at the least OTHER. */
export function classify(evidence: Evidence): Classification {
  return classifyBy(RULES, evidence);
}

/** With another table: for the test that every rule is needed. */
export function classifyBy(rules: readonly Rule[], evidence: Evidence): Classification {
  const answer = read(evidence);
  const rule = rules.find(
    (each) => (answer.permanent || OF_NOT_NOW.includes(each.bounceClass)) && fits(each, answer),
  );
  return rule
    ? { bounceClass: rule.bounceClass, rule: rule.name }
    : { bounceClass: 'OTHER', rule: 'nothing-known' };
}

interface Answer extends Pick<Evidence, 'stage' | 'mailDomain'> {
  code: number | null;
  /** Subject and detail, `X.1.1`, or `none`. */
  status: string;
  permanent: boolean;
  text: string;
  /** The text with its addresses, for carriers named in it. */
  unmasked: string;
}

function read(evidence: Evidence): Answer {
  const unmasked = withoutPigeonhole(oneLine(evidence.diagnostic ?? ''));
  const text = readable(unmasked);
  const code = evidence.code ?? codeIn(text);
  const status = bestStatus(statusIn(text), evidence.status);
  return {
    stage: evidence.stage,
    mailDomain: evidence.mailDomain.toLowerCase(),
    code,
    status: isTelling(status) ? `X${status.slice(1)}` : 'none',
    permanent: evidence.action === 'FAILED' && isPermanent(code, status),
    text: withoutRepeatedNumbers(text),
    unmasked,
  };
}

function fits(rule: Rule, answer: Answer): boolean {
  return (
    (!rule.stage || (answer.stage !== null && rule.stage.includes(answer.stage))) &&
    (!rule.transient || !answer.permanent) &&
    (!rule.code || (answer.code !== null && rule.code.includes(answer.code))) &&
    (!rule.status || rule.status.some((each) => isStatus(answer.status, each))) &&
    (!rule.mailDomain || rule.mailDomain.some((each) => isAbout(answer, each))) &&
    (!rule.text || rule.text.some((each) => each.test(answer.text))) &&
    !rule.unless?.some((each) => each.test(answer.text)) &&
    (!rule.missing || rule.missing.includes(missingHost(answer.unmasked, answer.mailDomain)))
  );
}

function isStatus(status: string, pattern: string): boolean {
  return pattern.endsWith('*') ? status.startsWith(pattern.slice(0, -1)) : status === pattern;
}

function isAbout({ mailDomain, unmasked }: Answer, domain: string): boolean {
  return (
    mailDomain === domain ||
    mailDomain.endsWith(`.${domain}`) ||
    unmasked.includes(`@${domain}`) ||
    unmasked.includes(`.${domain}`)
  );
}

/** The code says it better than the status: Exim and OpenSMTPD put 5.0.0 or 4.0.0 on everything. */
function isPermanent(code: number | null, status: string | null): boolean {
  if (code !== null) return code >= 500;
  return status === null || status.startsWith('5');
}

/** The innermost server knows best, unless it says nothing. */
function bestStatus(said: string | null, reported: string | null): string | null {
  if (isTelling(said)) return said;
  const usable = reported !== null && /^[45]\.\d{1,3}\.\d{1,3}$/.test(reported) ? reported : null;
  return usable ?? said;
}

function isTelling(status: string | null): status is string {
  return status !== null && !status.endsWith('.0.0');
}

/** A number inside a sentence is not a reply code: it stands first, after a colon or bracket, or before a status. */
function codeIn(text: string): number | null {
  const found =
    /(?:^|[:;(] ?|<<< ?|\b(?:said|error|returned|was|code) )([45]\d\d)(?:[ -]|$)/.exec(text) ??
    /(?<![\d.])([45]\d\d)[ -]#?[45]\.\d{1,3}\.\d/.exec(text);
  return found ? Number(found[1]) : null;
}

function statusIn(text: string): string | null {
  return /(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?!\.?\d)/.exec(text)?.[1] ?? null;
}

function oneLine(text: string): string {
  return text
    .slice(0, LOOKED_AT)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2018\u2019\u00b4`"]/g, "'")
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/(?<=[a-z])\p{M}{1,3}/gu, '')
    .normalize('NFC')
    .replace(/\b(do|does|did|could|would|was|were|is|are|has|have)nt\b/g, "$1n't")
    .replace(/[\p{Cf}<>]/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** IronPort puts what the number means to it before what was said: 「5.1.0 - Unknown address error 550-'…'」. */
function withoutPigeonhole(text: string): string {
  return text.replace(/^(?:permanent failure )?5\.\d\.\d - [a-z ]{4,60}(?=[45]\d\d[ -]|#|')/, '');
}

/**
 * Names and addresses are no words: an address may be called `spam.full@…`, the server that refused has an IP number
 * too, and what stands behind a link is not part of the answer.
 */
function readable(text: string): string {
  return (
    text
      .replace(/(https?:\/\/[^/ ]{0,255})[^ ]*/g, '$1')
      // Postfix writes down the talk behind its answer: that we said hello is no reproach.
      .replace(/ helo=[^ ]{0,255}/g, '')
      .replace(/[^\s()[\],;:=]+/g, (word) => (word.includes('@') ? '@' : word))
      .replace(/\[@\]|\(@\)/g, '@')
      .replace(
        /((?:(?<!client )\bhost|\bto|\bwith) )[\w.-]{1,255} ?\[[0-9a-f.:]{2,45}\](?::\d{1,5})?/g,
        '$1server',
      )
  );
}

/** A reply of several lines says its number on each, in the middle of the sentence. */
function withoutRepeatedNumbers(text: string): string {
  return text.replace(/ [45]\d\d[ -][45]\.\d{1,3}\.\d{1,3}(?= )/g, '').replace(/ [45]\d\d-/g, ' ');
}
