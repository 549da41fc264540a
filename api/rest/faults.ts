/** What is wrong with a request, told field by field: zod's issues in the words of the API. */
import type { FieldFault } from '../../usecases/errors.js';
import type { z } from './zod.js';

type Issue = z.core.$ZodIssue;

export function faultsOf(error: z.ZodError): FieldFault[] {
  return error.issues.flatMap(faultsOfIssue);
}

function faultsOfIssue(issue: Issue): FieldFault[] {
  const field = fieldName(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const name = fieldName([...issue.path, key]);
      return { field: name, code: 'unknown-field', message: `There is no field "${name}" here.` };
    });
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined;
  if (missing) return [{ field, code: 'required', message: `${field} must be given.` }];
  return [{ field, code: codeOf(issue), message: `${field} ${messageOf(issue)}.` }];
}

function codeOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return 'wrong-type';
    case 'invalid_value':
      return 'unknown-value';
    case 'too_big':
      return issue.origin === 'string' ? 'too-long' : 'too-big';
    case 'too_small':
      return issue.origin === 'string' ? 'too-short' : 'too-small';
    default:
      return 'malformed';
  }
}

/** For `safeParse`: the words of a bound that has none of its own; other faults keep theirs. */
export function boundWords(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'too_small') {
    const { origin, minimum, inclusive } = issue;
    return boundOf(origin, String(minimum), inclusive === false ? 'more than' : 'or more');
  }
  if (issue.code === 'too_big') {
    const { origin, maximum, inclusive } = issue;
    const fewer = COUNTED[origin] === undefined ? 'or less' : 'or fewer';
    return boundOf(origin, String(maximum), inclusive === false ? 'less than' : fewer);
  }
  return undefined;
}

const COUNTED: Readonly<Record<string, string>> = { string: 'characters', array: 'entries' };

function boundOf(origin: string, bound: string, side: string): string {
  const range = side.startsWith('or ') ? `${bound} ${side}` : `${side} ${bound}`;
  const unit = COUNTED[origin];
  return unit === undefined ? `must be ${range}` : `must have ${range} ${unit}`;
}

function messageOf(issue: Issue): string {
  if (issue.code === 'invalid_type') return `must be of type ${issue.expected}`;
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.map(String).join(', ')}`;
  return issue.message;
}

/** `emergencyContacts[0].name`; the body itself is called `body`. */
function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'body';
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${shortened(part)}`))
    .join('');
}

/** A key comes from the caller: it is told back, but not at any length. */
function shortened(part: PropertyKey): string {
  const text = String(part);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const MAX_DEPTH = 20;
// PostgreSQL stores neither: NUL in no text, a lone surrogate in no JSON.
const UNSTORABLE = /\u0000|\p{Surrogate}/u;

/** Faults that no schema looks for: texts that cannot be stored, nesting without end. The first one found. */
export function unstorableFault(value: unknown): FieldFault | null {
  const open: { value: unknown; path: PropertyKey[] }[] = [{ value, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: found, path } = next;
    if (typeof found === 'string' && UNSTORABLE.test(found)) {
      return {
        field: fieldName(path),
        code: 'unstorable-text',
        message: `${fieldName(path)} holds a character that cannot be stored.`,
      };
    }
    if (typeof found !== 'object' || found === null) continue;
    if (path.length >= MAX_DEPTH)
      return { field: 'body', code: 'too-deep', message: `At most ${MAX_DEPTH} levels.` };
    for (const [key, inner] of Object.entries(found)) {
      if (UNSTORABLE.test(key))
        return {
          field: 'body',
          code: 'unstorable-text',
          message: 'A name holds a character that cannot be stored.',
        };
      open.push({ value: inner, path: [...path, Array.isArray(found) ? Number(key) : key] });
    }
  }
  return null;
}
