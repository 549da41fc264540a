/** What may happen to a person in a running cycle; each lives on to the day it happens. Days count from D, as in D−30. */
import type { Instant } from '../../domain/calendar.js';
import { changeAccount } from '../../usecases/change-account.js';
import type { Actor } from '../../usecases/context.js';
import { holdAccount } from '../../usecases/hold-account.js';
import { recordContact } from '../../usecases/record-contact.js';
import type { StaffRenewal } from '../../usecases/renew-account.js';
import { renewByStaff } from '../../usecases/renew-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import type { ChangeRequest } from '../../usecases/resident-request.js';
import { submitChangeRequest, submitStopRequest } from '../../usecases/resident-request.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import type { Person } from './person.js';

/** What happens in the running cycle; days count from its expiry, as in D−30. */
export interface Story {
  person: Person;
  staff: Actor;
  /** 11:00 on D + `days`, which must lie in the past. */
  onDay: (days: number) => Instant;
}

/** The mail server behaves like this from D + `days` on. */
export const mailServer =
  (behaviour: 'refuses' | 'fails' | 'takes', days: number) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    person.mailServer(behaviour);
  };
export const refusedFrom = (days: number) => mailServer('refuses', days);

export const answersOn =
  (days: number) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await person.answers();
  };

export const renewedBy =
  (channel: StaffRenewal['channel'], days: number, note: string) =>
  async ({ person, staff, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await renewByStaff(person.deps, person.command(staff), person.accountId, { channel, note });
  };

export const tells =
  (days: number, request: ChangeRequest) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await person.answers();
    await submitChangeRequest(person.deps, person.command('resident'), await person.newestLink(), request);
  };

export const wantsToStop =
  (days: number) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await submitStopRequest(person.deps, person.command('resident'), await person.newestLink());
  };

export const held =
  (days: number, forDays: number, reason: string) =>
  async ({ person, staff, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    const until = onDay(days + forDays);
    await holdAccount(person.deps, person.command(staff), person.accountId, { until, reason });
  };

export const withdrawn =
  (days: number, reason: string) =>
  async ({ person, staff, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await withdrawAccount(person.deps, person.command(staff), person.accountId, { reason });
  };

export const movesTo =
  (mailAddress: string, days: number) =>
  async ({ person, staff, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await changeAccount(person.deps, person.command(staff), person.accountId, 1, { mailAddress });
  };

export const resent =
  (days: number) =>
  async ({ person, staff, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await requestResend(person.deps, person.command(staff), person.accountId, {});
  };

export const contacted =
  (days: number, kind: 'FAX_SENT' | 'POST_SENT' | 'POST_RETURNED' | 'NO_ANSWER', note: string) =>
  async ({ person, staff, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await recordContact(person.deps, person.command(staff), person.accountId, { kind, note });
  };

export const inOrder =
  (...parts: ((story: Story) => Promise<unknown>)[]) =>
  async (story: Story) => {
    for (const part of parts) await part(story);
  };
