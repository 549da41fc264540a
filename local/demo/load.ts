/** Loads the demonstration data, once: what is there already, also of a load that was cut short, is left as it is. */
import type { Instant } from '../../domain/calendar.js';
import { dayInJapan, instantInJapan, addDays } from '../../domain/calendar.js';
import { SCOPES } from '../../domain/scopes.js';
import type { KeyRing } from '../../platform/keys.js';
import type { Database } from '../../store/database.js';
import { authenticateToken } from '../../usecases/authenticate.js';
import type { Actor, Deps } from '../../usecases/context.js';
import { isRefused } from '../../usecases/errors.js';
import type { NewHeadquarters } from '../../usecases/headquarters.js';
import { createApiToken, createHeadquarters, findHeadquarters } from '../../usecases/headquarters.js';
import { findAccountId } from '../../usecases/read-account.js';
import { doDeeds } from './deeds.js';
import { EMPTY_HQ, MINUTES_HQ, YEARS_HQ, hqSince } from './headquarters.js';
import type { Life } from './lives.js';
import { LIVES, live } from './lives.js';
import { registerMinutesPeople } from './minutes.js';
import { personNumber } from './names.js';
import { ensureOffice } from './office.js';
import type { Surroundings } from './person.js';
import { register, registerYearsAgo } from './person.js';
import type { DemoSignIn, KeptSignIns } from './staff.js';
import { ensureStaff } from './staff.js';

export interface DemoInput {
  database: Database;
  keys: KeyRing;
  publicBaseUrl: string;
  bounceDomain: string;
  /** API tokens of an earlier run, by code of the headquarters. */
  tokens: Readonly<Record<string, string>>;
  signIns: KeptSignIns;
  now: Instant;
  report: (line: string) => void;
}

const AT_ONCE = 4;
const TELL_EVERY = 20;

/** What people and programs enter with. */
export interface DemoAccess {
  /** An API token with every scope for each headquarters, by its code. */
  tokens: Record<string, string>;
  signIns: DemoSignIn[];
}

/** A use case that refuses stops the load. */
export async function loadDemo(input: DemoInput): Promise<DemoAccess> {
  const { database, keys, now } = input;
  const deps: Deps = { database, keys, clock: { now: () => now } };
  const minutes = await ensureHeadquarters(deps, MINUTES_HQ, now);
  const years = await ensureHeadquarters(deps, YEARS_HQ, now);
  const empty = await ensureHeadquarters(deps, EMPTY_HQ, now);
  const tokens: Record<string, string> = {};
  const signIns: DemoSignIn[] = [];
  for (const { code, id } of [minutes, years, empty]) {
    tokens[code] = await ensureToken(deps, id, input.tokens[code]);
    signIns.push(...(await ensureStaff(deps, { code, id }, input.signIns)));
  }
  const around: Surroundings = { ...input, fireHqId: years.id, office: await ensureOffice(deps, years) };
  await loadYears(around, deps, input.report);
  await doDeeds(around);
  const staff = await actorOf(deps, tokens[minutes.code]);
  const command = { fireHqId: minutes.id, actor: staff, receivedAt: now };
  await registerMinutesPeople(deps, command, (number) => hasAccount(deps, minutes.id, number));
  return { tokens, signIns };
}

async function loadYears(around: Surroundings, deps: Deps, report: DemoInput['report']): Promise<void> {
  const waiting: [number, Life][] = [];
  for (const [n, life] of LIVES.entries()) {
    if (!(await hasAccount(deps, around.fireHqId, numberOf(n)))) waiting.push([n, life]);
  }
  const all = waiting.length;
  let done = 0;
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await liveOne(around, ...next);
      done += 1;
      if (done % TELL_EVERY === 0) report(`  ${done} of ${all} people have lived until today`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function liveOne(around: Surroundings, n: number, life: Life): Promise<void> {
  const today = dayInJapan(around.now);
  const expiresOn = addDays(today, life.expiresIn);
  const input = {
    ...personNumber(n, 'R'),
    ...(life.mailAddress !== undefined && { mailAddress: life.mailAddress }),
    ...(life.name !== undefined && { name: life.name }),
    ...(life.kana !== undefined && { kana: life.kana }),
  };
  // Staff register in office hours.
  const minuteOfDay = 9 * 60 + ((n * 37) % 480);
  const person =
    life.importedDaysAgo === undefined
      ? await registerYearsAgo(around, input, { expiresOn, years: life.years, minuteOfDay })
      : await register(
          around,
          { ...input, expiresOn, checkMail: false },
          instantInJapan(addDays(today, -life.importedDaysAgo), minuteOfDay),
        );
  await live(person, life, today);
}

function numberOf(n: number): string {
  return personNumber(n, 'R').registrationNumber;
}

async function ensureHeadquarters(
  deps: Deps,
  hq: NewHeadquarters,
  now: Instant,
): Promise<{ code: string; id: string }> {
  try {
    return { code: hq.code, id: await findHeadquarters(deps, hq.code) };
  } catch (error) {
    if (!isRefused(error, 'not-found')) throw error;
  }
  const since = instantInJapan(hqSince(dayInJapan(now)));
  return { code: hq.code, id: await createHeadquarters({ ...deps, clock: { now: () => since } }, hq) };
}

/** A token is shown once only, so one that was lost, or is of another database, is replaced by a new one. */
async function ensureToken(deps: Deps, fireHqId: string, kept: string | undefined): Promise<string> {
  const known = kept === undefined ? null : await authenticateToken(deps, kept);
  if (kept !== undefined && known?.fireHqId === fireHqId) return kept;
  const made = await createApiToken(deps, fireHqId, { label: 'npm start', scopes: SCOPES, expiresAt: null });
  return made.token;
}

async function actorOf(deps: Deps, token = ''): Promise<Actor> {
  const known = await authenticateToken(deps, token);
  if (known === null) throw new Error('the token that was just made is unknown');
  return `token:${known.tokenId}`;
}

async function hasAccount(deps: Deps, fireHqId: string, registrationNumber: string): Promise<boolean> {
  try {
    await findAccountId(deps, fireHqId, registrationNumber);
    return true;
  } catch (error) {
    if (isRefused(error, 'not-found')) return false;
    throw error;
  }
}
