/**
 * The fire headquarters' policy: what may be set, what is refused and how to mend it (R2, R4, R9, R12).
 * Two bases: 'date' (ordinary; days in Japan) and 'time' (demonstrations and tests; exact instants).
 */
import type { Period } from './calendar.js';
import { DAY, HOUR, MINUTE, SECOND } from './calendar.js';
import type { Duration } from './duration.js';
import { asExactTime, asWholeDays, parseDuration } from './duration.js';

/** As stored and as exchanged by REST; always complete: what was left out has been filled in. */
export interface PolicyDocument {
  validity: string;
  remindBefore: string;
  reminders: { offsets: string[] } | { every: string };
  sendAt?: string;
  spreadOver?: string;
  autoStopAfter: string;
  autoStopFrom: 'firstReminder' | 'expiry';
  failuresToUndeliverable: number;
  retryAfterFailure: string;
  onUndeliverable: 'probe' | 'stop' | 'continue';
  longUnusedAfter: string;
}

interface Common {
  autoStopFrom: 'firstReminder' | 'expiry';
  failuresToUndeliverable: number;
  onUndeliverable: 'probe' | 'stop' | 'continue';
  document: PolicyDocument;
}

export interface DatePolicy extends Common {
  basis: 'date';
  validity: Period;
  remindBeforeDays: number;
  /** Days from D, ascending, one a day. */
  offsets: number[];
  /** Minutes after midnight in Japan. */
  sendAtMinutes: number;
  /** Milliseconds. */
  spreadOver: number;
  autoStopAfterDays: number;
  retryAfterFailureDays: number;
  longUnusedAfter: Period;
}

/** All lengths in milliseconds. */
export interface TimePolicy extends Common {
  basis: 'time';
  validity: number;
  remindBefore: number;
  /** From E, ascending. */
  offsets: number[];
  autoStopAfter: number;
  retryAfterFailure: number;
  longUnusedAfter: number;
}

export type Policy = DatePolicy | TimePolicy;

/** What is wrong with one field and, in `message`, how to mend it. */
export interface PolicyFault {
  field: string;
  code: string;
  message: string;
}

/** Mail goes from 08:00 to before 21:00 in Japan (R9). */
export const MAIL_HOURS = { from: 8 * HOUR, until: 21 * HOUR } as const;
const MAX_SLOTS = 1_000;
const MAX_VALIDITY_YEARS = 100;
/** No length of a policy leaves the calendar. */
const MAX_DAYS = MAX_VALIDITY_YEARS * 366;

export const DEFAULT_POLICY: PolicyDocument & { sendAt: string; spreadOver: string } = {
  validity: 'P1Y',
  remindBefore: 'P90D',
  reminders: {
    offsets: ['-P90D', '-P60D', '-P30D', '-P14D', '-P7D', '-P3D', 'P1D', 'P14D', 'P30D', 'P60D', 'P90D'],
  },
  sendAt: '10:00',
  spreadOver: 'PT30M',
  autoStopAfter: 'P180D',
  autoStopFrom: 'firstReminder',
  failuresToUndeliverable: 2,
  retryAfterFailure: 'P3D',
  onUndeliverable: 'probe',
  longUnusedAfter: 'P1Y',
};

const FIELDS = Object.keys(DEFAULT_POLICY);
const REQUIRED_WHEN_TIME_BASED = [
  'remindBefore',
  'reminders',
  'autoStopAfter',
  'retryAfterFailure',
  'longUnusedAfter',
] as const;

export type PolicyResult = { ok: true; policy: Policy } | { ok: false; faults: PolicyFault[] };

/**
 * Reads a policy from JSON of any shape. Total: never throws. Every policy that comes back `ok` yields a plan
 * for every expiry within the calendar's years.
 */
export function parsePolicy(input: unknown): PolicyResult {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return {
      ok: false,
      faults: [{ field: 'policy', code: 'not-an-object', message: 'The policy must be a JSON object.' }],
    };
  }
  return new Reader(input as Record<string, unknown>).read();
}

/** Reads one document, gathering every fault instead of stopping at the first. */
class Reader {
  private readonly faults: PolicyFault[] = [];
  constructor(private readonly json: Record<string, unknown>) {}

  read(): PolicyResult {
    for (const field of Object.keys(this.json)) {
      if (!FIELDS.includes(field)) {
        this.fault(field, 'unknown-field', `There is no setting "${field}". Known: ${FIELDS.join(', ')}.`);
      }
    }
    const validity = this.duration('validity');
    const policy = this.isTimeBased(validity) ? this.readTimeBased(validity) : this.readDateBased(validity);
    return this.faults.length === 0 && policy ? { ok: true, policy } : { ok: false, faults: this.faults };
  }

  private readDateBased(validity: Duration | null): DatePolicy | null {
    if (validity && (validity.sign < 0 || validity.years + validity.months + validity.days === 0)) {
      this.fault('validity', 'not-positive', 'validity must be longer than nothing, for example P1Y.');
    } else if (validity && asDaysAtMost(validity) > MAX_DAYS) {
      this.fault('validity', 'too-long', `validity may be at most P${MAX_VALIDITY_YEARS}Y.`);
    }
    const remindBefore = this.wholeDays('remindBefore', 1);
    const autoStopAfter = this.wholeDays('autoStopAfter', 1);
    const retryAfterFailure = this.wholeDays('retryAfterFailure', 1);
    const longUnused = this.duration('longUnusedAfter');
    if (longUnused?.hasTimePart) this.faultTimePart('longUnusedAfter');
    else if (longUnused && (longUnused.sign < 0 || asDaysAtMost(longUnused) === 0)) {
      this.fault(
        'longUnusedAfter',
        'not-positive',
        'longUnusedAfter must be longer than nothing, for example P1Y.',
      );
    } else if (longUnused && asDaysAtMost(longUnused) > MAX_DAYS) this.faultTooLong('longUnusedAfter');
    if (validity && remindBefore !== null && remindBefore >= asDaysAtLeast(validity)) this.faultWindow();
    const sendAt = this.sendAt();
    const spread = this.spread(sendAt);
    const common = this.common();
    const offsets =
      remindBefore === null || autoStopAfter === null
        ? null
        : this.offsets({
            unit: 'days',
            first: -remindBefore,
            stop: common.autoStopFrom === 'expiry' ? autoStopAfter : autoStopAfter - remindBefore,
          });
    if (!validity || remindBefore === null || autoStopAfter === null || retryAfterFailure === null)
      return null;
    if (!longUnused || !offsets || sendAt === null || spread === null || this.faults.length > 0) return null;
    return {
      ...common,
      basis: 'date',
      validity: { years: validity.years, months: validity.months, days: validity.days },
      remindBeforeDays: remindBefore,
      offsets,
      sendAtMinutes: sendAt,
      spreadOver: spread,
      autoStopAfterDays: autoStopAfter,
      retryAfterFailureDays: retryAfterFailure,
      longUnusedAfter: { years: longUnused.years, months: longUnused.months, days: longUnused.days },
    };
  }

  /** Also of a validity that cannot be read: what else is wrong is then told in the terms of the basis that was meant. */
  private isTimeBased(validity: Duration | null): boolean {
    return validity?.hasTimePart ?? /T/i.test(String(this.json['validity']));
  }

  private readTimeBased(validity: Duration | null): TimePolicy | null {
    for (const field of ['sendAt', 'spreadOver']) {
      if (this.json[field] !== undefined) {
        this.fault(
          field,
          'not-in-time-based',
          `Leave ${field} out: a policy in exact time has no hours of the day.`,
        );
      }
    }
    for (const field of REQUIRED_WHEN_TIME_BASED) {
      if (this.json[field] === undefined) {
        this.fault(field, 'required', `${field} must be given when validity has a time part.`);
      }
    }
    const length = validity && asExactTime(validity);
    if (validity && (length === null || length < 10 * SECOND)) {
      this.fault('validity', 'too-short', 'validity must be PT10S or more, without years and months.');
    } else if (length !== null && length > MAX_DAYS * DAY) {
      this.fault('validity', 'too-long', `validity may be at most ${MAX_VALIDITY_YEARS} years.`);
    }
    const remindBefore = this.exactTime('remindBefore');
    const autoStopAfter = this.exactTime('autoStopAfter');
    const retryAfterFailure = this.exactTime('retryAfterFailure');
    const longUnusedAfter = this.exactTime('longUnusedAfter');
    if (length !== null && remindBefore !== null && remindBefore >= length) this.faultWindow();
    const common = this.common();
    const offsets =
      remindBefore === null || autoStopAfter === null || this.json['reminders'] === undefined
        ? null
        : this.offsets({
            unit: 'time',
            first: -remindBefore,
            stop: common.autoStopFrom === 'expiry' ? autoStopAfter : autoStopAfter - remindBefore,
          });
    if (length === null || remindBefore === null || autoStopAfter === null || !offsets) return null;
    if (retryAfterFailure === null || longUnusedAfter === null || this.faults.length > 0) return null;
    const { sendAt: _sendAt, spreadOver: _spreadOver, ...document } = common.document;
    return {
      ...common,
      document,
      basis: 'time',
      validity: length,
      remindBefore,
      offsets,
      autoStopAfter,
      retryAfterFailure,
      longUnusedAfter,
    };
  }

  private offsets(window: { unit: 'days' | 'time'; first: number; stop: number }): number[] | null {
    const reminders = this.given('reminders');
    if (typeof reminders !== 'object' || reminders === null || Array.isArray(reminders)) {
      this.fault(
        'reminders',
        'malformed',
        'reminders must be {"offsets": ["-P90D", …]} or {"every": "P14D"}.',
      );
      return null;
    }
    const keys = Object.keys(reminders);
    if (keys.length !== 1 || (keys[0] !== 'offsets' && keys[0] !== 'every')) {
      this.fault('reminders', 'malformed', 'reminders takes exactly one of "offsets" and "every".');
      return null;
    }
    const read = window.unit === 'days' ? asWholeDays : asExactTime;
    const shortest = window.unit === 'days' ? 1 : SECOND;
    if ('every' in reminders) {
      const every = parse(reminders.every, read);
      if (every === null || every < shortest) {
        const example = window.unit === 'days' ? 'whole days, for example P14D' : 'PT1S or more';
        this.fault('reminders.every', 'malformed', `reminders.every must be ${example}.`);
        return null;
      }
      const count = Math.floor((window.stop - window.first) / every) + 1;
      if (count > MAX_SLOTS) return this.faultTooMany('reminders.every');
      return Array.from({ length: count }, (_, i) => window.first + i * every);
    }
    const listed: unknown = (reminders as { offsets: unknown }).offsets;
    if (!Array.isArray(listed) || listed.length === 0) {
      this.fault('reminders.offsets', 'none', 'Give at least one reminder, the first at -remindBefore.');
      return null;
    }
    if (listed.length > MAX_SLOTS) return this.faultTooMany('reminders.offsets');
    const faultsBefore = this.faults.length;
    const offsets = listed.map((text, i) => {
      const offset = parse(text, read);
      if (offset === null) {
        const unit =
          window.unit === 'days' ? 'whole days, for example -P30D' : 'exact time, for example -PT30S';
        this.fault(`reminders.offsets[${i}]`, 'malformed', `Every offset must be a duration in ${unit}.`);
      }
      return offset ?? 0;
    });
    if (this.faults.length > faultsBefore) return null;
    offsets.sort((a, b) => a - b);
    if (offsets[0] !== window.first) {
      this.fault(
        'reminders.offsets',
        'first-slot',
        'The first reminder must be exactly remindBefore before expiry.',
      );
    }
    if (offsets.some((offset) => offset > window.stop)) {
      this.fault(
        'reminders.offsets',
        'after-stop',
        'A reminder lies after the stop (autoStopAfter): leave it out or make autoStopAfter longer.',
      );
    }
    if (offsets.some((offset, i) => i > 0 && offset - (offsets[i - 1] ?? 0) < shortest)) {
      this.fault(
        'reminders.offsets',
        'too-close',
        window.unit === 'days'
          ? 'Two reminders fall on one day: leave one out.'
          : 'Reminders must be PT1S or more apart.',
      );
    }
    return offsets;
  }

  private common(): Common {
    const failures = this.given('failuresToUndeliverable');
    if (typeof failures !== 'number' || !Number.isInteger(failures) || failures < 1 || failures > 10) {
      this.fault(
        'failuresToUndeliverable',
        'out-of-range',
        'failuresToUndeliverable must be a whole number from 1 to 10.',
      );
    }
    const autoStopFrom = this.oneOf('autoStopFrom', ['firstReminder', 'expiry'] as const);
    const onUndeliverable = this.oneOf('onUndeliverable', ['probe', 'stop', 'continue'] as const);
    return {
      autoStopFrom,
      onUndeliverable,
      failuresToUndeliverable: failures as number,
      document: { ...DEFAULT_POLICY, ...withoutUndefined(this.json) },
    };
  }

  private sendAt(): number | null {
    const text = this.given('sendAt');
    const found = typeof text === 'string' ? /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) : null;
    if (!found) {
      this.fault('sendAt', 'malformed', 'sendAt must be a time of day in Japan, HH:MM.');
      return null;
    }
    const minutes = Number(found[1]) * 60 + Number(found[2]);
    if (minutes * MINUTE < MAIL_HOURS.from || minutes * MINUTE >= MAIL_HOURS.until) {
      this.fault('sendAt', 'outside-mail-hours', 'sendAt must lie from 08:00 to before 21:00 in Japan.');
      return null;
    }
    return minutes;
  }

  private spread(sendAtMinutes: number | null): number | null {
    const spread = this.duration('spreadOver');
    if (!spread) return null;
    if (spread.sign < 0 || spread.years + spread.months + spread.days > 0 || !spread.hasTimePart) {
      this.fault('spreadOver', 'malformed', 'spreadOver must be a time of PT0S or more, for example PT30M.');
      return null;
    }
    if (sendAtMinutes !== null && sendAtMinutes * MINUTE + spread.time > MAIL_HOURS.until) {
      this.fault(
        'spreadOver',
        'outside-mail-hours',
        'sendAt and spreadOver together must end by 21:00 in Japan.',
      );
      return null;
    }
    return spread.time;
  }

  private wholeDays(field: keyof PolicyDocument, least: number): number | null {
    const given = this.duration(field);
    if (!given) return null;
    const days = asWholeDays(given);
    if (days === null) {
      if (given.hasTimePart) this.faultTimePart(field);
      else this.fault(field, 'not-whole-days', `${field} must be given in whole days, for example P90D.`);
      return null;
    }
    if (days < least) {
      this.fault(field, 'not-positive', `${field} must be P${least}D or more.`);
      return null;
    }
    if (days > MAX_DAYS) {
      this.faultTooLong(field);
      return null;
    }
    return days;
  }

  private exactTime(field: keyof PolicyDocument): number | null {
    if (this.json[field] === undefined) return null;
    const given = this.duration(field);
    if (!given) return null;
    const length = asExactTime(given);
    if (length === null || length < SECOND) {
      this.fault(field, 'malformed', `${field} must be an exact time of PT1S or more, like validity.`);
      return null;
    }
    if (length > MAX_DAYS * DAY) {
      this.faultTooLong(field);
      return null;
    }
    return length;
  }

  private duration(field: keyof PolicyDocument): Duration | null {
    const text = this.given(field);
    const parsed = typeof text === 'string' ? parseDuration(text) : null;
    if (!parsed) this.fault(field, 'malformed', `${field} must be an ISO 8601 duration, for example P90D.`);
    return parsed;
  }

  private oneOf<T extends string>(field: 'autoStopFrom' | 'onUndeliverable', choices: readonly T[]): T {
    const value = this.given(field);
    const known = choices.find((choice) => choice === value);
    if (known === undefined)
      this.fault(field, 'unknown-value', `${field} must be one of ${choices.join(', ')}.`);
    return known ?? choices[0]!;
  }

  private faultWindow(): void {
    this.fault('remindBefore', 'not-before-validity', 'remindBefore must be shorter than validity.');
  }

  private faultTimePart(field: string): void {
    this.fault(field, 'time-part', `${field} must have no time part while validity has none.`);
  }

  private faultTooLong(field: string): void {
    this.fault(field, 'too-long', `${field} may be at most ${MAX_VALIDITY_YEARS} years.`);
  }

  private faultTooMany(field: string): null {
    this.fault(field, 'too-many', `At most ${MAX_SLOTS} reminders in one cycle.`);
    return null;
  }

  /** What was left out takes the default (R12); an explicit null does not, it is refused as malformed. */
  private given(field: keyof PolicyDocument): unknown {
    return this.json[field] === undefined ? DEFAULT_POLICY[field] : this.json[field];
  }

  private fault(field: string, code: string, message: string): void {
    this.faults.push({ field, code, message });
  }
}

function withoutUndefined(json: Record<string, unknown>): Partial<PolicyDocument> {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined));
}

/** R4: a year counted as 365 days, a month as 28. */
function asDaysAtLeast(d: Duration): number {
  return d.years * 365 + d.months * 28 + d.days;
}

function asDaysAtMost(d: Duration): number {
  return d.years * 366 + d.months * 31 + d.days;
}

function parse(text: unknown, read: (d: Duration) => number | null): number | null {
  const duration = typeof text === 'string' ? parseDuration(text) : null;
  return duration ? read(duration) : null;
}
