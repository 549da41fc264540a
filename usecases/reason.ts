/** Why somebody does what the audit trail keeps: one line for colleagues who come later. */
import type { FieldFault } from './errors.js';
import { HOSTILE } from './resident-data.js';

const MOST = 500;

export function checkReason(field: string, reason: string | undefined): FieldFault[] {
  const text = reason?.trim() ?? '';
  if (text === '') return [{ field, code: 'required', message: `${field} must be given.` }];
  if ([...text].length > MOST)
    return [{ field, code: 'too-long', message: `${field} may have at most ${MOST} characters.` }];
  if (HOSTILE.test(text.replaceAll('\n', '')))
    return [{ field, code: 'control-character', message: `${field} must not contain control characters.` }];
  return [];
}
