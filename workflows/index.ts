/** Everything that runs in the sandbox; the bundle is made from here. */
export { accountLifecycle } from './account-lifecycle.js';
export { reconcileFleet } from './reconcile-fleet.js';
