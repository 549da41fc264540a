/** What one mail that came back to us says about mails we sent: the reader's answer, before any class is given. */

/** One recipient's fate. Texts are decoded, without control characters, and cut to a bounded length. */
export interface Finding {
  /** FAILED: given up. DELAYED: still being tried by somebody else's server. */
  action: 'FAILED' | 'DELAYED';
  /** As the report writes it, without `rfc822;`; null when it names none. */
  recipient: string | null;
  /** Enhanced status, `5.1.1`; null when there is none. */
  status: string | null;
  /** What the remote server said, or the prose that stands for it; null when there is nothing of the kind. */
  diagnostic: string | null;
  /** Who said it. */
  remoteMta: string | null;
  /** The service that sends for us did not even try (a list of its own): ours to mend, whatever it says beside it. */
  keptBack?: true;
}

export type Reading =
  | {
      what: 'REPORT';
      findings: Finding[];
      /** From the returned original, with its angle brackets. */
      messageId: string | null;
      /** The only one in its `To`, lower case; null when it did not come back, or has several. */
      originalTo: string | null;
    }
  /** Changes nothing: each is counted by its name. */
  | {
      what:
        'AUTO_REPLY' | 'SUCCESS' | 'COMPLAINT' | 'READ_RECEIPT' | 'CHALLENGE' | 'NOT_A_REPORT' | 'UNREADABLE';
      messageId: string | null;
    };
