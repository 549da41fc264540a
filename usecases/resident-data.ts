/** Checks of what staff enter about a person; every fault is told at once, with the way to mend it. */
import { parseMailAddress } from '../mail/addresses.js';
import type { EmergencyContact, ResidentData } from '../store/rows.js';
import type { FieldFault } from './errors.js';

export interface ResidentInput {
  name?: string | undefined;
  kana?: string | undefined;
  mobileNumber?: string | null | undefined;
  fax?: string | null | undefined;
  postalAddress?: string | null | undefined;
  municipality?: string | null | undefined;
  emergencyContacts?: EmergencyContact[] | undefined;
}

const MAX_LENGTH = {
  name: 100,
  kana: 100,
  mobileNumber: 30,
  fax: 30,
  postalAddress: 300,
  municipality: 100,
} as const;
const MAX_CONTACTS = 10;
// Control characters and bidirectional overrides would forge what staff and mails show.
export const HOSTILE = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]/u;

/** `name` and `kana` are required, the rest may be left out or null. */
export function checkResident(input: ResidentInput): { data: ResidentData; faults: FieldFault[] } {
  const faults: FieldFault[] = [];
  const required = (field: 'name' | 'kana') => {
    const text = (input[field] ?? '').trim();
    if (text === '') faults.push({ field, code: 'required', message: `${field} must not be empty.` });
    return checkText(field, text, MAX_LENGTH[field], faults);
  };
  const optional = (field: 'mobileNumber' | 'fax' | 'postalAddress' | 'municipality') => {
    const text = (input[field] ?? '').trim();
    return text === '' ? null : checkText(field, text, MAX_LENGTH[field], faults);
  };
  const phone = (field: 'mobileNumber' | 'fax') => {
    const text = optional(field);
    if (text !== null && !/^\+?[0-9０-９()（）\-－ー ]{6,}$/.test(text)) {
      faults.push({
        field,
        code: 'malformed',
        message: `${field} must be a telephone number: digits, "-" and "+".`,
      });
    }
    return text;
  };
  const data: ResidentData = {
    name: required('name'),
    kana: required('kana'),
    mobileNumber: phone('mobileNumber'),
    fax: phone('fax'),
    postalAddress: optional('postalAddress'),
    municipality: optional('municipality'),
    emergencyContacts: checkContacts(input.emergencyContacts ?? [], faults),
  };
  return { data, faults };
}

/** The address as it will be stored, or null with the fault. Old carrier addresses (`a..b@docomo.ne.jp`) are real. */
export function checkMailAddress(
  field: string,
  text: string,
): { address: string | null; faults: FieldFault[] } {
  const parsed = parseMailAddress(text);
  if (parsed.ok) return { address: parsed.address, faults: [] };
  return {
    address: null,
    faults: [
      {
        field,
        code: `mail-address-${parsed.reason.toLowerCase().replaceAll('_', '-')}`,
        message: `${field} cannot be a mail address (${parsed.reason.toLowerCase().replaceAll('_', ' ')}).`,
      },
    ],
  };
}

function checkContacts(contacts: EmergencyContact[], faults: FieldFault[]): EmergencyContact[] {
  if (contacts.length > MAX_CONTACTS) {
    faults.push({
      field: 'emergencyContacts',
      code: 'too-many',
      message: `At most ${MAX_CONTACTS} emergency contacts.`,
    });
  }
  return contacts.map((contact, i) => {
    const field = (name: string) => `emergencyContacts[${i}].${name}`;
    for (const name of ['name', 'relation'] as const) {
      if (contact[name].trim() === '') {
        faults.push({ field: field(name), code: 'required', message: `${field(name)} must not be empty.` });
      }
      checkText(field(name), contact[name], 100, faults);
    }
    for (const name of ['phone', 'fax'] as const) checkText(field(name), contact[name] ?? '', 30, faults);
    if (contact.mail !== undefined) faults.push(...checkMailAddress(field('mail'), contact.mail).faults);
    return contact;
  });
}

function checkText(field: string, text: string, most: number, faults: FieldFault[]): string {
  if ([...text].length > most)
    faults.push({ field, code: 'too-long', message: `${field} may have at most ${most} characters.` });
  if (HOSTILE.test(text)) {
    faults.push({
      field,
      code: 'control-character',
      message: `${field} must not contain control characters.`,
    });
  }
  return text;
}
