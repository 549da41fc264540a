/** Addresses below 更新の一覧と一括送信. */
import type { PeopleFilter } from '../../../usecases/people-filter.js';
import { PLACES } from '../shell/places.js';

/** Where chosen people are sent to: the preview is made, nothing is mailed. */
export const CHOOSE = `${PLACES.lists}/choose`;

export function csvPlace(list: PeopleFilter['list']): string {
  return `${PLACES.lists}/${list}/csv`;
}

/** One bulk send, from its preview to its results. */
export function sendPlace(id: string): string {
  return `${PLACES.lists}/sends/${id}`;
}
