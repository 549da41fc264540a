/** Values that every resource shares, as they travel in JSON: instants, days, ids, texts, pages. */
import type { Instant } from '../../domain/calendar.js';
import { FIRST_YEAR, LAST_YEAR, isCivilDate } from '../../domain/calendar.js';
import { z } from './zod.js';

const EARLIEST = Date.UTC(FIRST_YEAR, 0, 2);
const LATEST = Date.UTC(LAST_YEAR, 11, 30);

/** In a request: ISO 8601 with `Z` or an offset → epoch ms. A time without either would be a guess, so it is refused. */
export function instantInput(description: string) {
  return z.iso
    .datetime({
      offset: true,
      error: 'must be an ISO 8601 instant with Z or an offset, like 2027-04-01T00:00:00+09:00',
    })
    .transform((text): Instant => Date.parse(text))
    .refine((at) => at >= EARLIEST && at <= LATEST, {
      error: `must lie in the years ${FIRST_YEAR} to ${LAST_YEAR}`,
    })
    .openapi({ type: 'string', format: 'date-time', description, example: '2026-12-01T10:00:00+09:00' });
}

/** In a request: a real day in Japan. */
export function civilDateInput(description: string) {
  return z
    .string()
    .refine(isCivilDate, {
      error: `must be a real date, YYYY-MM-DD, in the years ${FIRST_YEAR} to ${LAST_YEAR}`,
    })
    .openapi({ format: 'date', description, example: '2027-03-31' });
}

/** In an answer. */
export function instant(description?: string) {
  return z.string().openapi({
    format: 'date-time',
    example: '2026-12-01T01:00:00.000Z',
    ...(description ? { description } : {}),
  });
}

/** In an answer. */
export function civilDate(description?: string) {
  return z
    .string()
    .openapi({ format: 'date', example: '2027-03-31', ...(description ? { description } : {}) });
}

export const uuid = z
  .string()
  .regex(/^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, { error: 'must be a UUID' })
  .openapi({ format: 'uuid', example: '3f0d6a52-6f6f-4d43-9a55-0f7b0f3f7a10' });

/** Free text that people wrote: 1 to `most` characters, line breaks allowed, blank refused. */
export function note(most: number, description: string) {
  return z
    .string()
    .refine((text) => text.trim() !== '', { error: 'must not be empty' })
    .refine((text) => [...text].length <= most, { error: `may have at most ${most} characters` })
    .openapi({ description, minLength: 1, maxLength: most });
}

/** Texts whose rules the use case knows; here only a bound. */
export function shortText(example: string, description?: string) {
  return z
    .string()
    .max(1_000, { error: 'is too long' })
    .openapi({ example, ...(description ? { description } : {}) });
}

const LIMIT = { most: 200, usual: 50 } as const;
const limitDoc = {
  type: 'integer' as const,
  minimum: 1,
  maximum: LIMIT.most,
  default: LIMIT.usual,
  description: 'At most this many items.',
};
const cursorDoc = 'The `nextCursor` of the page before. Opaque.';

/** `limit` and `cursor` in a query. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, { error: `must be a whole number from 1 to ${LIMIT.most}` })
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= LIMIT.most, {
      error: `must be a whole number from 1 to ${LIMIT.most}`,
    })
    .default(LIMIT.usual)
    .openapi({ ...limitDoc, pattern: undefined }),
  cursor: z.string().max(500, { error: 'is too long' }).optional().openapi({ description: cursorDoc }),
};

/** `limit` and `cursor` in a body. */
export const pageBody = {
  limit: z
    .int({ error: `must be a whole number from 1 to ${LIMIT.most}` })
    .min(1, { error: `must be a whole number from 1 to ${LIMIT.most}` })
    .max(LIMIT.most, { error: `must be a whole number from 1 to ${LIMIT.most}` })
    .default(LIMIT.usual)
    .openapi(limitDoc),
  cursor: z.string().max(500, { error: 'is too long' }).optional().openapi({ description: cursorDoc }),
};

/** A page of `item`, named `name` in the document. */
export function pageOf<Item extends z.ZodType>(name: string, item: Item) {
  return z
    .object({
      items: z.array(item),
      nextCursor: z.string().nullable().openapi({ description: 'For the next page; null on the last one.' }),
    })
    .openapi(name);
}

/** Epoch ms → ISO with Z and milliseconds. */
export function iso(at: Instant): string;
export function iso(at: Instant | null): string | null;
export function iso(at: Instant | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
