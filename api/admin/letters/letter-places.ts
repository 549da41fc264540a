/** Addresses below 案内書. */
import { PLACES } from '../shell/places.js';

export const PREVIEW = `${PLACES.letters}/preview`;
export const PRINT = `${PLACES.letters}/print`;
export const BLANK = `${PLACES.letters}/blank`;
export const BATCHES = `${PLACES.letters}/batches`;

export function batchPlace(batchId: string): string {
  return `${BATCHES}/${batchId}`;
}

/** `pdf`, `sent`, `void`. */
export function batchDeed(batchId: string, deed: string): string {
  return `${BATCHES}/${batchId}/${deed}`;
}

/** For one person, from their own page. */
export function onePersonPlace(accountId: string): string {
  return `${PLACES.letters}/people/${accountId}`;
}
