/** Whom a letter is for, as it stands in addresses and forms. Never a name in an address. */
import type { z } from 'zod';
import type { LapseCause } from '../../../domain/lapse.js';
import { LAPSE_CAUSES } from '../../../domain/lapse.js';
import { LETTER_KINDS } from '../../../store/letters.js';
import type { LetterFilter, LetterSelection } from '../../../usecases/print-letters.js';
import { choice, uuids } from '../shell/route.js';

export const SHOWS = ['soon', 'pending', 'lapsed'] as const;
export const DAYS = ['14', '30', '60'] as const;
/** How many of a list at once. */
export const FIRSTS = ['20', '50', '100', '1000'] as const;

/** In an address and in the forms alike. */
export const FILTER_FIELDS = {
  show: choice(SHOWS),
  days: choice(DAYS),
  cause: choice(LAPSE_CAUSES),
  /** `no`: also those who got a letter in this cycle already. */
  fresh: choice(['no']),
};

export const SELECTION_FIELDS = {
  ...FILTER_FIELDS,
  who: choice(['ticked', 'first']),
  first: choice(FIRSTS),
  id: uuids,
  kind: choice(LETTER_KINDS),
};

type Said<T extends z.ZodRawShape> = Partial<z.output<z.ZodObject<T>>>;

export function filterOf({ show = 'pending', days, cause, fresh }: Said<typeof FILTER_FIELDS>): LetterFilter {
  const only = fresh !== 'no';
  if (show === 'soon') return { show, days: Number(days ?? '30'), fresh: only };
  if (show === 'lapsed') return { show, cause: cause ?? null, fresh: only };
  return { show, fresh: only };
}

export function selectionOf(said: Said<typeof SELECTION_FIELDS>): LetterSelection {
  if (said.who !== 'first') return { by: 'IDS', accountIds: [...new Set(said.id ?? [])] };
  return { by: 'FILTER', filter: filterOf(said), most: Number(said.first ?? '20') };
}

/** The same again, as fields. */
export function fieldsOf(filter: LetterFilter): Record<string, string> {
  const cause: LapseCause | null = filter.show === 'lapsed' ? filter.cause : null;
  return {
    show: filter.show,
    ...(filter.show === 'soon' && { days: String(filter.days) }),
    ...(cause !== null && { cause }),
    ...(!filter.fresh && { fresh: 'no' }),
  };
}
