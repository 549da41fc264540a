import type { BounceClass } from '../../../domain/bounce.js';
import type { Evidence } from '../../../mail/receive/classify.js';

/** What a server says, and the class it must get. */
export type Answer = [text: string | null, expected: BounceClass, more?: Partial<Evidence>];
