/** What the catcher is told to do to some mail: any reply, a delay, a cut line, or a report afterwards. For demonstrations and tests. */
import { z } from 'zod';
import { addressKey } from '../../mail/addresses.js';
import { FAILURES, failureNamedBy } from './failures.js';

export type Stage = 'MAIL' | 'RCPT' | 'DATA';

const schema = z
  .strictObject({
    /** The recipient (at stage MAIL the sender), or `*` for everybody. */
    address: z.string().min(1),
    /** What is answered, such as `550 5.1.1 no such user`: 4xx or 5xx. */
    reply: z
      .string()
      .regex(/^[45]\d\d( .+)?$/, { error: 'must be an SMTP reply: 4xx or 5xx and a text' })
      .optional(),
    /** The command that `reply` or `delayMs` is about. At DATA: after the body's final dot. */
    stage: z.enum(['MAIL', 'RCPT', 'DATA']).optional(),
    /** The answer comes this much later; a message is taken before that. */
    delayMs: z.number().int().min(1).max(600_000).optional(),
    /** The line is cut: instead of the answer to RCPT, in the middle of the body, or when the body was taken but not yet answered. */
    cut: z.enum(['rcpt', 'data', 'afterData']).optional(),
    /** The mail is taken, and a report of this kind goes to its return path: a second later, or `delayMs`. */
    report: z.enum(FAILURES).optional(),
    /** How many times the rule holds; left out: until it is removed. */
    times: z.number().int().min(1).optional(),
  })
  .refine(({ reply, delayMs, cut, report }) => (reply ?? delayMs ?? cut ?? report) !== undefined, {
    error: 'give reply, delayMs, cut or report',
  })
  .refine(({ reply, stage, cut, report }) => report === undefined || (reply ?? stage ?? cut) === undefined, {
    error: 'a report comes about a mail that was taken: no reply, stage or cut with it',
  })
  .refine(({ reply, cut }) => reply === undefined || cut === undefined, {
    error: 'a cut line cannot carry a reply',
  });

export type Rule = z.infer<typeof schema>;

export interface Rules {
  /** Throws ZodError. A later rule for the same address takes the place of the earlier one. */
  put(rule: unknown): Rule;
  all(): Rule[];
  /** Of one address, or of all. */
  clear(address?: string): void;
  /** The rule for this address at this point, counted as used: its own, that of `*`, what its name says (failures.ts). */
  take(stage: Stage | 'BODY', address: string): Rule | null;
}

export function createRules(): Rules {
  const rules = new Map<string, Rule>();
  return {
    put(input) {
      const rule = schema.parse(input);
      rules.set(keyOf(rule.address), rule);
      return rule;
    },
    all: () => [...rules.values()],
    clear(address) {
      if (address === undefined) rules.clear();
      else rules.delete(keyOf(address));
    },
    take(stage, address) {
      const rule = [keyOf(address), '*']
        .map((key) => rules.get(key))
        .find((found) => found && holdsAt(found, stage));
      if (!rule) return stage === 'DATA' ? ruleNamedBy(address) : null;
      if (rule.times !== undefined) {
        if (rule.times > 1) rules.set(keyOf(rule.address), { ...rule, times: rule.times - 1 });
        else rules.delete(keyOf(rule.address));
      }
      return rule;
    },
  };
}

function ruleNamedBy(address: string): Rule | null {
  const report = failureNamedBy(address);
  return report === null ? null : { address, report };
}

function keyOf(address: string): string {
  return address === '*' ? '*' : addressKey(address);
}

function holdsAt(rule: Rule, stage: Stage | 'BODY'): boolean {
  if (rule.cut === 'data') return stage === 'BODY';
  if (rule.cut !== undefined) return stage === (rule.cut === 'rcpt' ? 'RCPT' : 'DATA');
  return stage === (rule.stage ?? (rule.reply === undefined ? 'DATA' : 'RCPT'));
}
