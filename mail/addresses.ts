/**
 * What counts as a mail address. Old Japanese carriers gave out addresses that the standard forbids
 * (`a..b@docomo.ne.jp`, `a.@ezweb.ne.jp`): they are real, so only what cannot exist is refused.
 */
import { domainToASCII } from 'node:url';

/** Why a text cannot be a mail address. */
export type AddressFault =
  | 'EMPTY'
  | 'CONTROL_CHARACTER'
  | 'SEVERAL_ADDRESSES'
  | 'FULL_WIDTH_CHARACTER'
  | 'SPACE'
  | 'NO_AT_SIGN'
  | 'TOO_LONG'
  | 'BAD_LOCAL_PART'
  | 'IP_ADDRESS'
  | 'DOMAIN_WITHOUT_DOT'
  | 'BAD_DOMAIN';

export type ParsedAddress = { ok: true; address: string } | { ok: false; reason: AddressFault };

/** RFC 5321, in octets. */
const LONGEST_ADDRESS = 254;
const LONGEST_LOCAL_PART = 64;

// Format characters too: what cannot be seen would make two addresses look the same.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const SEPARATOR = /[,;、；，]/;
/** Latin letters, digits and signs of double width, and half-width kana: typed with the Japanese input left on. */
const FULL_WIDTH = /[\u3000-\u3002\uff01-\uffef]/;
const JAPANESE = /[\u3003-\u30ff\p{Script=Han}]/u;
const LOCAL_PART = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+$/;
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const TOP_LABEL = /^([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** The address as it is stored and sent to: trimmed, without quotes, the domain in lower-case ASCII. */
export function parseMailAddress(text: string): ParsedAddress {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  const reason = faultOfWhole(trimmed) ?? (at < 0 ? 'NO_AT_SIGN' : null);
  if (reason) return { ok: false, reason };

  const local = unquoted(trimmed.slice(0, at));
  const domain = parseDomain(trimmed.slice(at + 1));
  const fault = faultOfLocalPart(local) ?? (domain.ok ? null : domain.reason);
  if (fault || !domain.ok) return { ok: false, reason: fault ?? 'BAD_DOMAIN' };
  const address = `${local}@${domain.domain}`;
  return address.length > LONGEST_ADDRESS ? { ok: false, reason: 'TOO_LONG' } : { ok: true, address };
}

/**
 * What lookups and comparisons use (`address_key`): the same for every way of writing one address. No carrier in use
 * tells upper from lower case, though the standard would allow it.
 */
export function addressKey(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  return `${unquoted(address.slice(0, at)).toLowerCase()}@${domainToASCII(domain) || domain.toLowerCase()}`;
}

function faultOfWhole(text: string): AddressFault | null {
  if (text === '') return 'EMPTY';
  if (UNSEEN.test(text)) return 'CONTROL_CHARACTER';
  if (SEPARATOR.test(text) || text.split(/[@＠]/u).length > 2) return 'SEVERAL_ADDRESSES';
  if (FULL_WIDTH.test(text)) return 'FULL_WIDTH_CHARACTER';
  if (/\s/u.test(text)) return 'SPACE';
  // Before anything is converted: no form of the domain is shorter than the one typed.
  return text.length > LONGEST_ADDRESS ? 'TOO_LONG' : null;
}

function faultOfLocalPart(local: string): AddressFault | null {
  if (JAPANESE.test(local)) return 'FULL_WIDTH_CHARACTER';
  if (!LOCAL_PART.test(local)) return 'BAD_LOCAL_PART';
  return local.length > LONGEST_LOCAL_PART ? 'TOO_LONG' : null;
}

/** A domain written in Japanese is real (例え.jp); it is kept in the form that DNS knows. */
function parseDomain(text: string): { ok: true; domain: string } | { ok: false; reason: AddressFault } {
  if (/^\[.*\]$/.test(text) || /^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    return { ok: false, reason: 'IP_ADDRESS' };
  }
  if (!DOMAIN.test(text)) return { ok: false, reason: 'BAD_DOMAIN' };
  if (!text.includes('.')) return { ok: false, reason: 'DOMAIN_WITHOUT_DOT' };
  const domain = domainToASCII(text);
  const labels = domain.split('.');
  const good = labels.every((label) => LABEL.test(label)) && TOP_LABEL.test(labels.at(-1) ?? '');
  return good && labels.length > 1 ? { ok: true, domain } : { ok: false, reason: 'BAD_DOMAIN' };
}

/** Mail libraries put quotes around the odd local parts of old carriers: the address is the same without. */
function unquoted(local: string): string {
  return /^".+"$/.test(local) ? local.slice(1, -1) : local;
}
