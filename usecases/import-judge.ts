/** The dry run of rows (R10): who is added, changed field by field, left as he is, and what is wrong with a row. */
import type { CivilDate, Instant } from '../domain/calendar.js';
import { dayInJapan } from '../domain/calendar.js';
import type { Expiry } from '../domain/cycle.js';
import { cycleDates } from '../domain/cycle.js';
import type { Policy } from '../domain/policy.js';
import { planReminders } from '../domain/schedule.js';
import { addressKey } from '../mail/addresses.js';
import type { ImportChange, ImportRow, RegisteredPerson } from '../store/import-rows.js';
import type { EmergencyContact, ResidentData } from '../store/rows.js';
import type { AccountChanges } from './change-account.js';
import type { ReadRow, RowFault, RowInput, RowNote } from './import-cells.js';
import type { NewAccount } from './new-account.js';
import { checkNewAccount, storyOf } from './new-account.js';
import { checkMailAddress, checkResident } from './resident-data.js';

/** What the run is given for a row of kind ADD, and for one of kind CHANGE. */
export type AddInput = Omit<NewAccount, 'checkMail'>;
export type ChangeInput = AccountChanges;

export interface FileRow extends ReadRow {
  line: number;
  cells: string[];
}

type Judged = Omit<ImportRow, 'result'>;

/** Judges rows of one headquarters as of `now`; keeps what many rows of one expiry have in common. */
export function createJudge(policy: Policy, now: Instant) {
  const firstMails = new Map<string, CivilDate | null>();

  function firstMailOn(expiry: Expiry, prior: NewAccount['prior']): CivilDate | null {
    const lastMail = prior?.lastMail ?? null;
    const closed =
      lastMail !== null &&
      storyOf(policy, lastMail).state === 'UNDELIVERABLE' &&
      policy.onUndeliverable !== 'continue';
    const key = `${expiry.expiresAt} ${closed}`;
    const known = firstMails.get(key);
    if (known !== undefined) return known;
    const { steps } = planReminders({
      policy,
      dates: cycleDates(policy, expiry),
      now,
      slotsAfter: now,
      handled: [],
      addressClosed: closed,
    });
    const at = steps.find(({ state }) => state === 'PLANNED')?.goesAt ?? null;
    const day = at === null ? null : dayInJapan(at);
    firstMails.set(key, day);
    return day;
  }

  function add(row: FileRow): Judged {
    const { input } = row;
    const { contacts = [], registrationNumber, ...given } = input;
    const person: AddInput = {
      name: '',
      kana: '',
      mailAddress: '',
      ...given,
      registrationNumber,
      emergencyContacts: mergeContacts([], contacts),
    };
    const checked = checkNewAccount(policy, person, now);
    const faults = [...row.faults, ...(checked.faults ?? []).filter(isNewIn(row.faults))];
    if (checked.faults === null && input.prior && saysLapsed(input.prior) && checked.expiry.expiresAt > now)
      faults.push({ field: 'priorCause', code: 'not-lapsed' });
    if (faults.length > 0 || checked.faults !== null) return { ...plain(row), kind: 'FAULT', faults };
    return {
      ...plain(row),
      kind: 'ADD',
      input: person,
      nextMailOn: firstMailOn(checked.expiry, input.prior),
    };
  }

  function change(row: FileRow, person: RegisteredPerson): Judged {
    const known = { ...plain(row), accountId: person.id, version: person.version, name: person.name };
    if (person.withdrawn) {
      const withdrawn: RowFault = { field: 'registrationNumber', code: 'withdrawn' };
      return { ...known, kind: 'FAULT', faults: [...row.faults, withdrawn] };
    }
    const present = residentOf(person);
    const after = checkResident({ ...present, ...residentGiven(row.input, present) });
    const mail =
      row.input.mailAddress === undefined ? null : checkMailAddress('mailAddress', row.input.mailAddress);
    const faults = [...row.faults, ...[...after.faults, ...(mail?.faults ?? [])].filter(isNewIn(row.faults))];
    if (faults.length > 0) return { ...known, kind: 'FAULT', faults };
    const changes = fieldsChanged(present, after.data);
    if (mail?.address && isAnotherAddress(mail.address, person))
      changes.push({ field: 'mailAddress', before: person.mailAddress, after: mail.address });
    const notes = [...row.notes, ...expiryNotes(row.input, person)];
    if (changes.length === 0) return { ...known, kind: 'SAME', notes };
    const input: ChangeInput = Object.fromEntries(changes.map(({ field, after: to }) => [field, to]));
    return { ...known, kind: 'CHANGE', notes, changes, input };
  }

  return (row: FileRow, registered: ReadonlyMap<string, RegisteredPerson>): Judged => {
    const person = registered.get(row.numberAsWritten) ?? registered.get(row.input.registrationNumber);
    return person === undefined ? add(row) : change(row, person);
  };
}

function plain({ line, cells, input, notes, faults }: FileRow): Judged {
  return {
    line,
    kind: 'FAULT',
    cells,
    registrationNumber: input.registrationNumber === '' ? null : input.registrationNumber,
    name: input.name ?? null,
    input: null,
    accountId: null,
    version: null,
    changes: [],
    faults,
    notes,
    nextMailOn: null,
  };
}

/** One fault a field is enough. */
function isNewIn(faults: readonly RowFault[]): (fault: RowFault) => boolean {
  return ({ field }) => !faults.some((each) => each.field === field);
}

function saysLapsed({ cause, lastMail }: NonNullable<NewAccount['prior']>): boolean {
  return cause !== null || lastMail?.outcome === 'UNDELIVERABLE';
}

function residentOf(person: RegisteredPerson): ResidentData {
  const { name, kana, mobileNumber, fax, postalAddress, municipality, emergencyContacts } = person;
  return { name, kana, mobileNumber, fax, postalAddress, municipality, emergencyContacts };
}

function residentGiven({ contacts, ...input }: RowInput, present: ResidentData): Partial<ResidentData> {
  const { name, kana, mobileNumber, fax, postalAddress, municipality } = input;
  const given = { name, kana, mobileNumber, fax, postalAddress, municipality };
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as object),
    ...(contacts && { emergencyContacts: mergeContacts(present.emergencyContacts, contacts) }),
  };
}

/** By position: what a cell says takes the place of what is there, the rest stays. */
function mergeContacts(
  present: readonly EmergencyContact[],
  given: readonly (Partial<EmergencyContact> | null)[],
): EmergencyContact[] {
  const length = Math.max(present.length, given.length);
  return Array.from({ length }, (_, i) => ({ name: '', relation: '', ...present[i], ...given[i] })).filter(
    (contact, i) => present[i] !== undefined || Object.values(contact).some((value) => value !== ''),
  );
}

function fieldsChanged(before: ResidentData, after: ResidentData): ImportChange[] {
  return (Object.keys(after) as (keyof ResidentData)[])
    .filter((field) => canonical(before[field]) !== canonical(after[field]))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}

/** jsonb gives the keys of a contact back in an order of its own. */
function canonical(value: ResidentData[keyof ResidentData]): string {
  const parts = ['name', 'relation', 'phone', 'mail', 'fax'] as const;
  return JSON.stringify(
    Array.isArray(value) ? value.map((contact) => parts.map((part) => contact[part] ?? null)) : value,
  );
}

function isAnotherAddress(address: string, person: RegisteredPerson): boolean {
  if (address === person.mailAddress || address === person.pendingAddress) return false;
  return addressKey(address) !== addressKey(person.mailAddress);
}

/** An import never moves the expiry of somebody who is registered: that is R39. */
function expiryNotes({ expiresOn }: RowInput, person: RegisteredPerson): RowNote[] {
  return expiresOn === undefined || expiresOn === person.expiresOn
    ? []
    : [{ field: 'expiresOn', code: 'expiry-differs', hint: expiresOn }];
}
