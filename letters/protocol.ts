/** What the thread that composes and the one that asks say to each other. */

/** A piece of the file; then one DONE or FAILED. */
export type FromComposer = { piece: Uint8Array } | { done: true } | { failed: string };

/** So many bytes were taken. */
export interface ToComposer {
  taken: number;
}
