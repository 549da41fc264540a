/** What a policy in the audit trail says (R13, R34), in the sentences of the settings page: whole, or what changed. */
import { parsePolicy } from '../../../domain/policy.js';
import type { Sentence } from '../policy/words.js';
import { policySentences } from '../policy/words.js';

/** Of one policy: every sentence. Of two: those that differ, before and after. */
export function policyChanges(before: unknown, after: unknown): string[] {
  if (after === undefined || after === null) return [];
  const now = sentencesOf(after);
  const then = sentencesOf(before);
  if (now === null) return ['設定の内容が記録されています'];
  if (then === null) return now.map(({ name, says }) => `${name}：${says}`);
  return now.flatMap(({ name, says }) => {
    const said = then.find((each) => each.name === name)?.says ?? 'なし';
    return said === says ? [] : [`${name}：「${said}」→「${says}」`];
  });
}

/** null: not a policy that can be read today. */
function sentencesOf(policy: unknown): Sentence[] | null {
  const read = parsePolicy(policy);
  return read.ok ? policySentences(read.policy.document) : null;
}
