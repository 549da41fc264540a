/** 運用担当 who have joined, with their second factor; and headquarters that let them look. */
import { expect } from 'vitest';
import { makeCode } from '../../platform/passwords.js';
import { totpCode } from '../../platform/totp.js';
import { openVendorAccess } from '../../usecases/vendor-access.js';
import { createVendorOperator } from '../../usecases/vendor-operators.js';
import type { VendorPending } from '../../usecases/vendor-sign-in.js';
import {
  beginVendorSecondFactor,
  beginVendorSignIn,
  chooseVendorPassword,
  confirmVendorSecondFactor,
  readVendorSecondFactorSetup,
} from '../../usecases/vendor-sign-in.js';
import type { StaffClient } from './staff-client.js';
import type { Hq, World } from './world.js';

export interface JoinedVendor {
  id: string;
  password: string;
  secret: string;
  recoveryCodes: string[];
  /** A client that has signed in; by a recovery code, so that no test must wait for the next code. */
  signedIn(): Promise<StaffClient>;
}

async function vendorPendingOf(
  { deps }: World,
  signInName: string,
  password: string,
): Promise<VendorPending> {
  const { pending } = await beginVendorSignIn(deps, { signInName, password });
  if (pending === null) throw new Error('the password is refused');
  return pending;
}

export async function joinVendor(world: World, signInName: string): Promise<JoinedVendor> {
  const { deps, owner } = world;
  const { code } = await createVendorOperator(deps, owner, { signInName, displayName: '運用 一郎' });
  const password = makeCode(4);
  const first = await vendorPendingOf(world, signInName, code);
  const pending = await chooseVendorPassword(deps, first, { password, passwordAgain: password });
  await beginVendorSecondFactor(deps, pending);
  const secret = (await readVendorSecondFactorSetup(deps, pending)) ?? '';
  const recoveryCodes = await confirmVendorSecondFactor(
    deps,
    pending,
    totpCode(secret, deps.clock.now() - 30_000),
  );
  if (recoveryCodes === null) throw new Error('the code is refused');
  return {
    id: pending.vendorId,
    password,
    secret,
    recoveryCodes,
    async signedIn() {
      const client = world.client();
      const page = await client.get('/admin/vendor/sign-in');
      await client.submit(page, '/admin/vendor/sign-in', { signInName, password });
      const step = await client.get('/admin/vendor/sign-in/code');
      const code = recoveryCodes.pop() ?? '';
      const answer = await client.submit(step, '/admin/vendor/sign-in/code', { code });
      expect(answer.location).toBe('/admin/vendor');
      return client;
    },
  };
}

/** By the headquarters' manager, from now on. */
export async function openTo({ deps, staffId }: World, hq: Hq, hours: number): Promise<void> {
  const command = {
    fireHqId: hq.id,
    actor: `staff:${staffId(hq, 'MANAGER')}` as const,
    receivedAt: deps.clock.now(),
  };
  await openVendorAccess(deps, command, { hours, reason: '点検' });
}

export async function lookIn(client: StaffClient, hq: Hq): Promise<void> {
  const csrf = /name="csrf" value="([^"]*)"/.exec((await client.get('/admin/vendor')).html)?.[1] ?? '';
  const answer = await client.post('/admin/vendor/look', { csrf, code: hq.code });
  expect(answer.location).toBe('/admin/today');
}
