/** Loads the demonstration data, once: what is there already, also of a load that was cut short, is left as it is. */
import type { Instant } from '../../domain/calendar.js';
import { DAY, dayInJapan, instantInJapan, addDays, subtractPeriod } from '../../domain/calendar.js';
import { SCOPES } from '../../domain/scopes.js';
import type { KeyRing } from '../../platform/keys.js';
import type { Database } from '../../store/database.js';
import { authenticateToken } from '../../usecases/authenticate.js';
import type { Actor, Deps } from '../../usecases/context.js';
import { isRefused } from '../../usecases/errors.js';
import type { NewHeadquarters } from '../../usecases/headquarters.js';
import { createApiToken, createHeadquarters, findHeadquarters } from '../../usecases/headquarters.js';
import { createMailStop, listMailStops } from '../../usecases/mail-stop.js';
import { findAccountId } from '../../usecases/read-account.js';
import { MINUTES_HQ, YEARS_HQ } from './headquarters.js';
import type { Life } from './lives.js';
import { LIVES, STOPPED_DOMAIN, live } from './lives.js';
import { registerMinutesPeople } from './minutes.js';
import { personNumber } from './names.js';
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

/** Older than anybody's registration. */
const HQ_SINCE = { years: 8, months: 0, days: 0 };
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
  const tokens: Record<string, string> = {};
  const signIns: DemoSignIn[] = [];
  for (const { code, id } of [minutes, years]) {
    tokens[code] = await ensureToken(deps, id, input.tokens[code]);
    signIns.push(...(await ensureStaff(deps, { code, id }, input.signIns)));
  }
  await loadYears(input, deps, years.id, await actorOf(deps, tokens[years.code]));
  const staff = await actorOf(deps, tokens[minutes.code]);
  const command = { fireHqId: minutes.id, actor: staff, receivedAt: now };
  await registerMinutesPeople(deps, command, (number) => hasAccount(deps, minutes.id, number));
  return { tokens, signIns };
}

async function loadYears(input: DemoInput, deps: Deps, fireHqId: string, staff: Actor): Promise<void> {
  const around: Surroundings = { ...input, fireHqId, staff };
  const waiting: [number, Life][] = [];
  for (const [n, life] of LIVES.entries()) {
    if (!(await hasAccount(deps, fireHqId, numberOf(n)))) waiting.push([n, life]);
  }
  if (waiting.length === 0) return;
  const all = waiting.length;
  let done = 0;
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await liveOne(around, ...next);
      done += 1;
      if (done % TELL_EVERY === 0) input.report(`  ${done} of ${all} people have lived until today`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  const stops = await listMailStops(deps, fireHqId);
  if (stops.length > 0) return;
  await createMailStop(
    deps,
    { fireHqId, actor: staff, receivedAt: input.now },
    { mailDomain: STOPPED_DOMAIN, until: input.now + 14 * DAY, reason: '受信側の障害を調査中' },
  );
}

async function liveOne(around: Surroundings, n: number, life: Life): Promise<void> {
  const today = dayInJapan(around.now);
  const expiresOn = addDays(today, life.expiresIn);
  const input = {
    ...personNumber(n, 'R'),
    ...(life.mailAddress === undefined ? {} : { mailAddress: life.mailAddress }),
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
  await live(person, life, today, around.staff);
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
  const since = instantInJapan(subtractPeriod(dayInJapan(now), HQ_SINCE));
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
