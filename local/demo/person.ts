/**
 * One fictional person whose past is lived through by the real use cases under a clock of its own: what the workflow
 * would have done is done when its time came, and the person, the mail server and the staff do as they are told.
 */
import type { Instant } from '../../domain/calendar.js';
import { DAY, MINUTE, addPeriod, subtractPeriod } from '../../domain/calendar.js';
import type { MailTransport, SendResult } from '../../mail/transport.js';
import type { KeyRing } from '../../platform/keys.js';
import type { Database } from '../../store/database.js';
import type { Actor, Command } from '../../usecases/context.js';
import { lookAt, recordAutoStop, recordLapse } from '../../usecases/life-events.js';
import type { LifeStep } from '../../usecases/life-step.js';
import type { Link } from '../../usecases/open-link.js';
import { findLink } from '../../usecases/open-link.js';
import type { NewAccount } from '../../usecases/register-account.js';
import { registerAccount } from '../../usecases/register-account.js';
import { renewByLink } from '../../usecases/renew-account.js';
import type { MailDeps } from '../../usecases/send-mail.js';
import { sendDue } from '../../usecases/send-mail.js';
import type { Office } from './office.js';

/** What the mail server says to this person's mail. */
export type MailServer = 'takes' | 'refuses' | 'fails';

const REPLIES: Record<MailServer, SendResult> = {
  takes: { verdict: 'ACCEPTED', code: 250, enhanced: '2.0.0', text: '250 2.0.0 Ok' },
  refuses: {
    verdict: 'BOUNCED',
    bounceClass: 'UNKNOWN_ADDRESS',
    code: 550,
    enhanced: '5.1.1',
    text: '550 5.1.1 User unknown',
  },
  // About us, not about the person (R24).
  fails: { verdict: 'FAILED', code: 554, enhanced: '5.7.1', text: '554 5.7.1 Client host rejected' },
};

const ONE_YEAR = { years: 1, months: 0, days: 0 };
/** A plan that does not come to an end is a defect. */
const MOST_STEPS = 500;

export interface Surroundings {
  database: Database;
  keys: KeyRing;
  publicBaseUrl: string;
  bounceDomain: string;
  fireHqId: string;
  office: Office;
  /** The real present: no past goes beyond it. */
  now: Instant;
}

export interface Person {
  deps: MailDeps;
  accountId: string;
  office: Office;
  /** At the person's present moment; `clerk`: whoever did that work then. */
  command(actor: Actor | 'clerk'): Command;
  /** Lives on, to an instant or to the real present. */
  liveUntil(at?: Instant): Promise<void>;
  mailServer(behaviour: MailServer): void;
  /** The link of the newest mail. Throws when there was none. */
  newestLink(): Promise<Link>;
  /** ①同じです on the page of the newest link. */
  answers(): Promise<void>;
}

/** Registers the person at an instant of the past. */
export async function register(around: Surroundings, input: NewAccount, at: Instant): Promise<Person> {
  const { fireHqId, office } = around;
  const deps = { ...around, clock: { now: () => at } };
  const command = { fireHqId, actor: office.clerkAt(at), receivedAt: at };
  const { id } = await registerAccount(deps, command, input);
  return personAt(around, { accountId: id, registrationNumber: input.registrationNumber }, at);
}

/** Somebody who is registered, living on from `at`; nothing was written about the person later than that. */
export function personAt(
  around: Surroundings,
  { accountId, registrationNumber }: { accountId: string; registrationNumber: string },
  at: Instant,
): Person {
  let clock = at;
  let behaviour: MailServer = 'takes';
  let link: string | null = null;
  const transport: MailTransport = {
    send(mail) {
      link = /\/r\/([\w-]+)/.exec(mail.text)?.[1] ?? link;
      return Promise.resolve(REPLIES[behaviour]);
    },
  };
  const { database, keys, publicBaseUrl, bounceDomain, fireHqId, office } = around;
  const deps: MailDeps = {
    database,
    keys,
    publicBaseUrl,
    bounceDomain,
    clock: { now: () => clock },
    transport,
    allow: 'everybody',
  };
  const command = (actor: Actor | 'clerk'): Command => ({
    fireHqId,
    actor: actor === 'clerk' ? office.clerkAt(clock) : actor,
    receivedAt: clock,
  });
  const ref = { fireHqId, accountId };

  async function doNext(step: LifeStep, at: Instant): Promise<void> {
    clock = Math.max(clock, at);
    if (step.mail && step.mail.at <= at) await sendDue(deps, ref, step.mail.key, clock);
    else if (step.deed?.do === 'recordLapse') await recordLapse(deps, ref, clock);
    else if (step.deed?.do === 'recordAutoStop') await recordAutoStop(deps, ref, clock);
  }

  async function newestLink(): Promise<Link> {
    const found = link === null ? null : await findLink(deps, link);
    if (found === null) throw new Error(`${registrationNumber} has no link`);
    return found;
  }

  return {
    deps,
    accountId,
    office,
    command,
    async liveUntil(until = around.now) {
      for (let steps = 0; ; steps += 1) {
        if (steps > MOST_STEPS) throw new Error(`${registrationNumber} does not get on`);
        const step = await lookAt(deps, ref, clock);
        const due = step && nextInstant(step);
        if (!step || due === null || due > until) break;
        await doNext(step, due);
      }
      clock = Math.max(clock, until);
    },
    mailServer(next) {
      behaviour = next;
    },
    newestLink,
    async answers() {
      const { outcome } = await renewByLink(deps, command('resident'), await newestLink());
      if (outcome !== 'RENEWED') throw new Error(`${registrationNumber} was not renewed: ${outcome}`);
    },
  };
}

/** The end of a withdrawn account's workflow writes nothing. */
function nextInstant({ mail, deed }: LifeStep): Instant | null {
  const instants = [mail?.at, deed?.do === 'end' ? undefined : deed?.at].filter((at) => at !== undefined);
  return instants.length === 0 ? null : Math.min(...instants);
}

/**
 * A person with `years` quiet renewals by link behind, whose running cycle ends on `expiresOn`: registered one year
 * before the first expiry. Each year the answer comes some days after the first mail.
 */
export async function registerYearsAgo(
  around: Surroundings,
  input: NewAccount,
  { expiresOn, years, minuteOfDay }: { expiresOn: string; years: number; minuteOfDay: number },
): Promise<Person> {
  const instant = (date: string) => Date.parse(`${date}T00:00:00+09:00`) + minuteOfDay * MINUTE;
  const first = subtractPeriod(expiresOn, { ...ONE_YEAR, years });
  const person = await register(
    around,
    { ...input, expiresOn: first },
    instant(subtractPeriod(first, ONE_YEAR)),
  );
  for (let cycle = 0; cycle < years; cycle += 1) {
    const expiry = addPeriod(first, { ...ONE_YEAR, years: cycle });
    await person.liveUntil(instant(expiry) - (82 - ((minuteOfDay + cycle * 17) % 60)) * DAY);
    await person.answers();
  }
  return person;
}
