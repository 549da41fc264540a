/** `Name: value` blocks as delivery reports and returned headers write them, and as careless servers do. */

/** Values by lower-case name; of several of one name the first that says something. */
export type Fields = ReadonlyMap<string, string>;

const GROUPS = 220;
const LINES = 6_000;
const FIELD = /^([A-Za-z][A-Za-z0-9-]{1,60})[ \t]{0,5}:(.*)$/;
/** Begin a recipient's group when the one before it has them already: the blank line between may be missing. */
const NAMES_RECIPIENT = new Set(['final-recipient', 'original-recipient']);

/** Groups are divided by blank lines; folded lines, and torn ones, belong to the field above them. */
export function readGroups(text: string): Fields[] {
  const groups: Map<string, string>[] = [];
  let group: Map<string, string> | null = null;
  let last: string | null = null;
  for (const line of text.split(/\r?\n/, LINES)) {
    if (line.trim() === '') {
      group = null;
      continue;
    }
    const field = /^[ \t]/.test(line) ? null : FIELD.exec(line);
    if (field === null) {
      if (group !== null && last !== null) group.set(last, `${group.get(last) ?? ''} ${line.trim()}`);
      continue;
    }
    const name = (field[1] ?? '').toLowerCase();
    if (group === null || (NAMES_RECIPIENT.has(name) && group.has(name))) {
      if (groups.length === GROUPS) break;
      group = new Map();
      groups.push(group);
    }
    last = group.get(name) ? null : name;
    if (last !== null) group.set(name, (field[2] ?? '').trim());
  }
  return groups;
}

/** `rfc822; <a@b> (comment)` → `a@b`: the value after its type, without comments and brackets. */
export function withoutType(value: string): string {
  return withoutComments(value.replace(/^\s*[A-Za-z][\w.-]{0,30}\s*;/, ''))
    .replace(/[<>]/g, '')
    .trim();
}

export function withoutComments(value: string): string {
  return value.replace(/\([^()]*\)/g, ' ').trim();
}
