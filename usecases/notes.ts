/** Free text that staff write beside an act. */
import type { FieldFault } from './errors.js';

const MOST = 1_000;

/** `required`: what there must be, so that a colleague understands the act years later. */
export function noteFaults(
  field: string,
  text: string | undefined,
  { required }: { required: boolean },
): FieldFault[] {
  const said = text?.trim() ?? '';
  if (said === '') {
    return required ? [{ field, code: 'required', message: `${field} must not be empty.` }] : [];
  }
  if ([...said].length > MOST) {
    return [{ field, code: 'too-long', message: `${field} may have at most ${MOST} characters.` }];
  }
  // Line feeds are kept; no database takes a NUL.
  return /[^\n\P{Cc}]/u.test(said)
    ? [{ field, code: 'control-character', message: `${field} has a control character.` }]
    : [];
}
