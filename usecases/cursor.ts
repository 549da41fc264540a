/** Opaque cursors of keyset pages. */
import { refuse } from './errors.js';

export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
}

/** Refuses what we did not make: `kinds` names the type of each part. */
export function decodeCursor(
  cursor: string,
  kinds: readonly ('instant' | 'uuid' | 'number')[],
): (string | number)[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(parts) &&
      parts.length === kinds.length &&
      parts.every((part, i) => fits(part, kinds[i]))
    ) {
      return parts as (string | number)[];
    }
  } catch {
    // Falls through to the refusal: a broken cursor is a fault of the request.
  }
  return refuse({
    code: 'validation',
    fields: [
      { field: 'cursor', code: 'malformed', message: 'cursor must be the nextCursor of the page before.' },
    ],
  });
}

function fits(part: unknown, kind: 'instant' | 'uuid' | 'number' | undefined): boolean {
  if (kind === 'uuid') return typeof part === 'string' && /^[0-9a-f-]{36}$/.test(part);
  return typeof part === 'number' && Number.isSafeInteger(part) && Math.abs(part) < 8.64e15;
}

/** A page from one row more than asked for. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (last: Row) => (string | number)[],
  view: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(view),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursorOf(last)) : null,
  };
}
