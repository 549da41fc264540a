/** 定期更新の設定 (R13). */
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, lines, once, page } from '../shell/route.js';
import { showApply, takeApply } from './apply.js';
import { save, sendEdit, showEdit, showPreview } from './edit.js';
import { POLICY_FIELDS } from './policy-fields.js';
import { POLICY_PLACES, showPolicy } from './policy.js';

const version = z.coerce.number().int().positive().max(1_000_000);

export function policyRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.policy),
      who: 'policy.read',
      query: { version },
      handle: ({ query, req, res }) => showPolicy(deps, query.version, req, res),
    }),
    page({
      path: below(POLICY_PLACES.edit),
      who: 'policy.change',
      query: { from: version },
      handle: ({ query, req, res }) => showEdit(deps, query.from, req, res),
    }),
    // Back from the preview, with everything as it was typed.
    form({
      path: below(POLICY_PLACES.edit),
      who: 'policy.change',
      fields: { ...POLICY_FIELDS, version },
      handle: ({ fields: { version: base, ...fields }, req, res }) =>
        sendEdit(req, res, { draft: { fields, version: base }, faults: [] }),
    }),
    form({
      path: below(POLICY_PLACES.preview),
      who: 'policy.change',
      fields: { ...POLICY_FIELDS, version },
      handle: ({ fields: { version: base, ...fields }, req, res }) =>
        showPreview(deps, { fields, version: base }, req, res),
    }),
    form({
      path: below(PLACES.policy),
      who: 'policy.change',
      fields: { ...POLICY_FIELDS, version, key: once, reason: lines },
      handle: ({ fields: { version: base, key, reason, ...fields }, req, res }) =>
        save(deps, { draft: { fields, version: base }, key, reason }, req, res),
    }),
    page({
      path: below(POLICY_PLACES.apply),
      who: 'policy.change',
      handle: ({ req, res }) => showApply(deps, req, res),
    }),
    form({
      path: below(POLICY_PLACES.apply),
      who: 'policy.change',
      fields: { version, key: once, reason: lines },
      handle: ({ fields, req, res }) => takeApply(deps, fields, req, res),
    }),
  ];
}
