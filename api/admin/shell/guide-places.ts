/** Which part of the 手引き helps on which page. */
import { PLACES } from './places.js';

/** The parts that pages lead to; guide.tsx gives each its id. */
export type GuidePart =
  | 'every-day'
  | 'undeliverable'
  | 'letters'
  | 'stop-wish'
  | 'call-back'
  | 'send-many'
  | 'import'
  | 'chief'
  | 'rest'
  | 'policy'
  | 'april';

const PARTS: Readonly<Record<string, GuidePart>> = {
  [PLACES.today]: 'every-day',
  [PLACES.people]: 'undeliverable',
  [PLACES.look]: 'call-back',
  [PLACES.requests]: 'stop-wish',
  [PLACES.lists]: 'send-many',
  [PLACES.letters]: 'letters',
  [PLACES.imports]: 'import',
  [PLACES.history]: 'chief',
  [PLACES.completeness]: 'chief',
  [PLACES.figures]: 'chief',
  [PLACES.mailHealth]: 'rest',
  [PLACES.mailStops]: 'rest',
  [PLACES.policy]: 'policy',
  [PLACES.staff]: 'april',
  [PLACES.handover]: 'april',
};

/** Null: the page explains itself. */
export function guideFor(here: string): string | null {
  const part = PARTS[here];
  return part === undefined ? null : `${PLACES.guide}#${part}`;
}
