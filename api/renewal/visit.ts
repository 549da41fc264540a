/** What every part of a page needs to know of the visit: whose link, and whether ふりがな is on. No cookie holds it. */
import type { Request } from 'express';
import { createContext } from 'preact';

export interface Visit {
  /** As it stood in the path; '' on pages that have no link to go on from. */
  token: string;
  ruby: boolean;
}

export type Place =
  '' | '/renewed' | '/received' | '/changes' | '/changes/sent' | '/stop' | '/new-mail' | '/new-mail/sent';

export const VisitContext = createContext<Visit>({ token: '', ruby: false });

/** Path of a page of this link; the choice of ふりがな goes along. */
export function urlOf({ token, ruby }: Visit, place: Place, more: Record<string, string> = {}): string {
  const query = new URLSearchParams({ ...more, ...(ruby ? { ruby: '1' } : {}) }).toString();
  return `/r/${token}${place}${query === '' ? '' : `?${query}`}`;
}

/** `?ruby=1`, and nothing else, switches ふりがな on. */
export function rubyOf(req: Request): boolean {
  return req.query['ruby'] === '1';
}
