/** What the pages of the staff site are given. */
import type { Deps } from '../../usecases/context.js';
import type { LetterDeps } from './letters/site.js';

export type StaffDeps = Deps & LetterDeps;
