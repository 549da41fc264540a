/** Demonstration sign-ins of the staff site: one of each role in both headquarters. All invented. */
import type { Role } from '../../domain/roles.js';
import type { Deps } from '../../usecases/context.js';
import { createStaff, knowStaff, readAllStaff, resetPassword } from '../../usecases/staff.js';

export interface DemoSignIn {
  fireHq: string;
  role: Role;
  signInName: string;
  password: string;
}

const PEOPLE: readonly { role: Role; name: string; displayName: string }[] = [
  { role: 'MANAGER', name: 'kanri', displayName: '見本 管理子' },
  { role: 'CLERK', name: 'tanto', displayName: '見本 担当男' },
  { role: 'VIEWER', name: 'etsuran', displayName: '見本 閲覧子' },
];

/** Passwords of an earlier run (by sign-in name) go on working; one that was lost is replaced. */
export async function ensureStaff(
  deps: Deps,
  hq: { code: string; id: string },
  kept: Readonly<Record<string, string>>,
): Promise<DemoSignIn[]> {
  const known = new Set((await readAllStaff(deps, hq.id)).map(({ signInName }) => signInName));
  const made: DemoSignIn[] = [];
  for (const { role, name, displayName } of PEOPLE) {
    const signInName = `${hq.code}.${name}`;
    made.push({
      fireHq: hq.code,
      role,
      signInName,
      password: await passwordOf(deps, hq.id, { signInName, role, displayName }, known, kept[signInName]),
    });
  }
  return made;
}

async function passwordOf(
  deps: Deps,
  fireHqId: string,
  person: { signInName: string; role: Role; displayName: string },
  known: ReadonlySet<string>,
  kept: string | undefined,
): Promise<string> {
  const { signInName } = person;
  if (!known.has(signInName)) return (await createStaff(deps, fireHqId, person)).password;
  const works = kept !== undefined && (await knowStaff(deps, { signInName, password: kept })) !== null;
  return works ? kept : resetPassword(deps, fireHqId, signInName);
}
