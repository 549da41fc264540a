import type { Deps } from '../../../usecases/context.js';

/** What only the printing of letters must know of this installation. */
interface LetterSettings {
  /** Of the residents' pages, without a slash at its end. */
  publicBaseUrl: string;
  /** The From address of our mails, which a letter asks phones to let in. */
  mailFrom: string;
}

export interface LetterDeps extends Deps {
  letters: LetterSettings;
}
