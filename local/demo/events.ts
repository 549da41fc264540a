/** What may happen to a person in a running cycle; each lives on to the day it happens. Days count from D, as in D−30. */
import type { Instant } from '../../domain/calendar.js';
import { dayInJapan } from '../../domain/calendar.js';
import { changeAccount } from '../../usecases/change-account.js';
import { correctExpiry } from '../../usecases/correct-expiry.js';
import { holdAccount } from '../../usecases/hold-account.js';
import { recordContact } from '../../usecases/record-contact.js';
import type { StaffRenewal } from '../../usecases/renew-account.js';
import { renewByStaff } from '../../usecases/renew-account.js';
import { requestResend } from '../../usecases/request-resend.js';
import type { ChangeRequest } from '../../usecases/resident-request.js';
import { closeRequest, submitChangeRequest, submitStopRequest } from '../../usecases/resident-request.js';
import type { StopSettlement } from '../../usecases/settle-stop-request.js';
import { settleStopRequest } from '../../usecases/settle-stop-request.js';
import { withdrawAccount } from '../../usecases/withdraw-account.js';
import { noteOnWorklist, readNotes, takePerson } from '../../usecases/worklist-note.js';
import type { Person } from './person.js';

/** What happens in the running cycle; days count from its expiry, as in D−30. */
export interface Story {
  person: Person;
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
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await renewByStaff(person.deps, person.command('clerk'), person.accountId, { channel, note });
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
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    const until = onDay(days + forDays);
    await holdAccount(person.deps, person.command('clerk'), person.accountId, { until, reason });
  };

export const withdrawn =
  (days: number, reason: string) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await withdrawAccount(person.deps, person.command('clerk'), person.accountId, { reason });
  };

export const movesTo =
  (mailAddress: string, days: number) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await changeAccount(person.deps, person.command('clerk'), person.accountId, 1, { mailAddress });
  };

export const resent =
  (days: number) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await requestResend(person.deps, person.command('clerk'), person.accountId, {});
  };

export const contacted =
  (days: number, kind: 'FAX_SENT' | 'POST_SENT' | 'POST_RETURNED' | 'NO_ANSWER', note: string) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await recordContact(person.deps, person.command('clerk'), person.accountId, { kind, note });
  };

/** Told on day `days`; `later` days after that staff have done it. */
export const toldAndDone =
  (days: number, request: ChangeRequest, later: number, staffNote: string) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    await person.answers();
    const { id } = await submitChangeRequest(
      person.deps,
      person.command('resident'),
      await person.newestLink(),
      request,
    );
    await person.liveUntil(onDay(days + later));
    await closeRequest(person.deps, person.command('clerk'), id, { state: 'DONE', staffNote });
  };

/** もう使いません on day `days`, and what staff found when they asked, `later` days after that. */
export const wishedToStop =
  (days: number, later: number, wish: StopSettlement['wish'], checked: string) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    const link = await person.newestLink();
    const { id, version } = await submitStopRequest(person.deps, person.command('resident'), link);
    await person.liveUntil(onDay(days + later));
    const settlement = { expectedVersion: version, checked, wish };
    await settleStopRequest(person.deps, person.command('clerk'), id, settlement);
  };

/** 対応の記録, to be looked at again `forDays` days later. */
export const noted =
  (days: number, note: string, forDays: number) =>
  async ({ person, onDay }: Story) => {
    const at = onDay(days);
    await person.liveUntil(at);
    const command = person.command('clerk');
    const { version } = await readNotes(person.deps, command.fireHqId, person.accountId);
    const lookAgainOn = dayInJapan(onDay(days + forDays));
    await noteOnWorklist(person.deps, command, person.accountId, {
      note,
      lookAgainOn,
      seenUntil: at,
      version,
    });
  };

/** 「わたしが対応する」, said by the manager. */
export const taken =
  (days: number) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    const { id, actor } = person.office.manager;
    await takePerson(person.deps, person.command(actor), person.accountId, id);
  };

/** R39: D was `byDays` days too early. */
export const corrected =
  (days: number, byDays: number, reason: string) =>
  async ({ person, onDay }: Story) => {
    await person.liveUntil(onDay(days));
    const expiresOn = dayInJapan(onDay(byDays));
    const request = { dryRun: false, expiresOn, reason };
    await correctExpiry(person.deps, person.command('clerk'), person.accountId, request);
  };

export const inOrder =
  (...parts: ((story: Story) => Promise<unknown>)[]) =>
  async (story: Story) => {
    for (const part of parts) await part(story);
  };
