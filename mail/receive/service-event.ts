/** What the events of mail services have in common: which mail they are about, and what a failure in them looks like. */
import { z } from 'zod';
import { hasReply, statusIn, tidyAddress } from './fate.js';
import { messageIdIn } from './original.js';
import type { Finding, Reading } from './report.js';
import { tidy } from './text.js';

export interface ServiceEvent {
  reading: Reading;
  /** Envelope sender of our mail as the service was given it; null when it does not tell. */
  returnPath: string | null;
}

/** A text, or nothing: one field of an odd kind must not cost the whole event. */
export const text = z
  .string()
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

export interface Told {
  recipient: string | null;
  status: string | null;
  diagnostic: string | null;
}

/**
 * `words` stand where the server's own are missing. `passing`: the service says that it may pass; that counts where
 * nothing else has a number.
 */
export function failureOf(
  told: Told,
  { words = null, passing = false }: { words?: string | null; passing?: boolean } = {},
): Finding {
  const finding = findingOf('FAILED', { ...told, diagnostic: told.diagnostic ?? words });
  const isNumbered = finding.status !== null || hasReply(finding.diagnostic ?? '');
  return passing && !isNumbered ? { ...finding, status: '4.0.0' } : finding;
}

export function delayOf(told: Told): Finding {
  return findingOf('DELAYED', told);
}

/** The service did not try: its own list says no. That list may be wrong, and nobody asked the recipient's server. */
export function keptBack(told: Told): Finding {
  return { ...findingOf('FAILED', told), keptBack: true };
}

function findingOf(action: Finding['action'], { recipient, status, diagnostic }: Told): Finding {
  const said = tidy((diagnostic ?? '').replace(/^\s*[A-Za-z][\w.-]{0,30}\s*;/, ''));
  return {
    action,
    recipient: tidyAddress(recipient ?? ''),
    status: statusIn(status ?? '') ?? statusIn(said ?? ''),
    diagnostic: said,
    remoteMta: null,
  };
}

/** Our Message-ID, with its angle brackets whether or not the service kept them. */
export function ourMessageId(told: string | null): string | null {
  const said = told?.trim() ?? '';
  return messageIdIn(said) ?? messageIdIn(`<${said}>`);
}
