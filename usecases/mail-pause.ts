/** What a pause after many failures (R24) means for one account: no mail of any kind goes, but for the one on trial. */
import type { Instant } from '../domain/calendar.js';
import type { AccountSnapshot, LedgerRow, SnapshotStop } from '../store/rows.js';

export interface Pause {
  /** Nothing goes. */
  paused: boolean;
  /** A pause lets this account's next mail go, to see whether it is accepted, and no other one holds it. */
  onTrial: boolean;
  /** One of the pauses is of all mail; the others are of the present address's mail domain. */
  pauseOfAll: boolean;
}

export function pauseOf({ stops }: AccountSnapshot, now: Instant): Pause {
  const pauses = stops.filter((stop) => isPause(stop) && (stop.endedAt === null || stop.endedAt > now));
  const paused = pauses.some(({ onTrial }) => !onTrial);
  const pauseOfAll = pauses.some(({ mailDomain }) => mailDomain === null);
  return { paused, onTrial: !paused && pauses.length > 0, pauseOfAll };
}

/** Whether the pauses concern this mail: a check mail to a new address may go to another mail domain (R19). */
export function isConcerned(
  { snapshot, pauseOfAll }: Pick<Pause, 'pauseOfAll'> & { snapshot: AccountSnapshot },
  row: Pick<LedgerRow, 'addressId'> | null,
): boolean {
  return pauseOfAll || row === null || row.addressId === snapshot.address.id;
}

/** R36: stops that automatic mail of this account rests for. */
export function restingStops({ stops }: AccountSnapshot): SnapshotStop[] {
  return stops.filter(({ onTrial }) => !onTrial);
}

/** When the last pause over this account ended; null: there was none in this cycle's window. */
export function lastPauseEnd({ stops }: AccountSnapshot): Instant | null {
  const ends = stops.flatMap((stop) => (isPause(stop) && stop.endedAt !== null ? [stop.endedAt] : []));
  return ends.length === 0 ? null : Math.max(...ends);
}

function isPause({ cause }: SnapshotStop): boolean {
  return cause === 'MASS_FAILURE';
}
