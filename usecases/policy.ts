/** The HQ's policy: read, and put as a new version (R13). */
import { parsePolicy } from '../domain/policy.js';
import type { Policy } from '../domain/policy.js';
import { anyAccount } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import {
  countCyclesOfOtherPolicy,
  insertPolicyVersion,
  listPolicyVersions,
  lockFireHq,
  readPolicyVersion,
} from '../store/policies.js';
import type { PolicyVersionRow } from '../store/rows.js';
import { runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { refuse } from './errors.js';

export type PolicyView = PolicyVersionRow;

export async function readPolicy(deps: Deps, fireHqId: string): Promise<PolicyView> {
  return deps.database.inTenant(fireHqId, (tx) => readPolicyVersion(tx));
}

/** Every version, newest first, and how many people's running cycle began under an older one (R13). */
export async function readPolicyHistory(
  deps: Deps,
  fireHqId: string,
): Promise<{ versions: PolicyView[]; underOlder: number }> {
  return deps.database.inTenant(fireHqId, async (tx) => {
    const versions = await listPolicyVersions(tx);
    return { versions, underOlder: await countCyclesOfOtherPolicy(tx, versions[0]?.version ?? 0) };
  });
}

/** Running cycles keep their version. Refuses with `validation`, `version-conflict` or `policy-basis-in-use`. */
export async function putPolicy(
  deps: Deps,
  command: Command,
  expectedVersion: number,
  { policy: document, reason }: { policy: unknown; reason: string },
): Promise<PolicyView> {
  const policy = parsedOrRefused(document, 'policy');
  return runCommand(deps, command, async (tx) => {
    await lockFireHq(tx, 'UPDATE');
    const present = await readPolicyVersion(tx);
    if (present.version !== expectedVersion)
      refuse({ code: 'version-conflict', currentVersion: present.version });
    if (present.basis !== policy.basis && (await anyAccount(tx))) refuse({ code: 'policy-basis-in-use' });
    const row: PolicyVersionRow = {
      version: present.version + 1,
      basis: policy.basis,
      document: policy.document,
      reason,
      createdBy: command.actor,
      createdAt: command.receivedAt,
    };
    await insertPolicyVersion(tx, row);
    await appendAudit(tx, {
      at: command.receivedAt,
      actor: command.actor,
      action: 'policy.put',
      before: { version: present.version, policy: present.document },
      after: { version: row.version, policy: row.document, reason },
    });
    return row;
  });
}

/** The policy, or a `validation` refusal whose fields lie under `field`. */
export function parsedOrRefused(document: unknown, field: string): Policy {
  const result = parsePolicy(document);
  if (result.ok) return result.policy;
  return refuse({
    code: 'validation',
    fields: result.faults.map((fault) => ({
      ...fault,
      field: fault.field === 'policy' ? field : `${field}.${fault.field}`,
    })),
  });
}
