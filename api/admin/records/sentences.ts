/**
 * 操作履歴 (R34) as sentences: who did what to whom, and what it was before and became. An act that is not known here is
 * told in general words; whatever stands in an event, no code and no JSON is shown.
 */
import { actionWords, actorWords } from '../shell/words.js';
import { fieldName, fieldPlace, valueWords } from './field-words.js';
import { policyChanges } from './policy-changes.js';

export interface AuditedAct {
  actor: string;
  action: string;
  before: unknown;
  after: unknown;
}

export interface Sentence {
  who: string;
  /** The end of 「（だれ）が…」. */
  what: string;
  /** One line for each field: 「住所：「…」→「…」」. */
  details: string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Which row it was is told by the page; what is told otherwise. */
const UNTOLD = /(?:^id|Id|Ids|Hash)$|^(?:cycle|number|counted|policy|expiresAt)$/;
const MOST_LETTERS = 400;

/** `names`: staff by id. */
export function sentenceOf(act: AuditedAct, names: ReadonlyMap<string, string>): Sentence {
  const before = fieldsOf(act.before);
  const after = fieldsOf(act.after);
  return {
    who: actorWords(act.actor, names),
    what: whatWords(act.action, after, names),
    details: [
      ...changes(before, after),
      ...expiryOnly(before, after),
      ...policyChanges(before['policy'], after['policy']),
      ...untold(before, after),
    ],
  };
}

/** Of acts on a colleague: on whom. */
function whatWords(action: string, after: Fields, names: ReadonlyMap<string, string>): string {
  const words = actionWords(action);
  const staffId = after['staffId'];
  const name = typeof staffId === 'string' ? names.get(staffId) : undefined;
  return name === undefined || action === 'staff.signed-in' ? words : `${words}（${name}）`;
}

function changes(before: Fields, after: Fields): string[] {
  return fieldsIn(before, after).flatMap((field) => {
    const name = fieldName(field);
    if (name === null) return [];
    const was = field in before ? cut(valueWords(field, before[field])) : null;
    const is = field in after ? cut(valueWords(field, after[field])) : null;
    if (was !== null && is !== null) return was === is ? [] : [`${name}：「${was}」→「${is}」`];
    if (is !== null) return [`${name}：${is}`];
    return [`${name}（前）：${was ?? ''}`];
  });
}

/** R12: a time-based headquarters has instants only; a date says it better where there is one. */
function expiryOnly(before: Fields, after: Fields): string[] {
  const has = (fields: Fields) => typeof fields['expiresAt'] === 'number' && !fields['expiresOn'];
  if (!has(before) && !has(after)) return [];
  const told = (fields: Fields) => (has(fields) ? valueWords('expiresAt', fields['expiresAt']) : null);
  const [was, is] = [told(before), told(after)];
  return was !== null && is !== null
    ? [`有効期限日時：「${was}」→「${is}」`]
    : [`有効期限日時：${is ?? was ?? ''}`];
}

/** What has no words yet is at least not hidden. */
function untold(before: Fields, after: Fields): string[] {
  const count = fieldsIn(before, after).filter((field) => fieldName(field) === null).length;
  return count === 0 ? [] : [`ほかに${count}つの記録があります`];
}

function fieldsIn(before: Fields, after: Fields): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => !UNTOLD.test(field) && !isEmpty(before[field], after[field]))
    .sort((a, b) => fieldPlace(a) - fieldPlace(b));
}

/** Nothing before and nothing after says nothing. */
function isEmpty(...values: unknown[]): boolean {
  return values.every((value) => value === null || value === undefined);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function cut(text: string): string {
  const letters = [...text];
  return letters.length <= MOST_LETTERS ? text : `${letters.slice(0, MOST_LETTERS).join('')}…`;
}
