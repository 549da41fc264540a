/** All calls, in the order the documentation tells them. */
import { accountRoutes } from './accounts.js';
import { addressRoutes } from './addresses.js';
import { auditEventRoutes } from './audit-events.js';
import { bounceRoutes } from './bounces.js';
import { capabilityRoutes } from './capabilities.js';
import { contactRoutes } from './contacts.js';
import { expiryCorrectionRoutes } from './expiry-corrections.js';
import { figureRoutes } from './figures.js';
import { mailHealthRoutes } from './mail-health.js';
import { mailStopRoutes } from './mail-stops.js';
import { policyRoutes } from './policy.js';
import { quarantineRoutes } from './quarantine.js';
import { reminderRoutes } from './reminders.js';
import { renewalRoutes } from './renewals.js';
import { requestRoutes } from './requests.js';
import type { Route } from './route.js';
import { scheduleRoutes } from './schedules.js';
import { withdrawalRoutes } from './withdrawals.js';

export const ROUTES: readonly Route[] = [
  ...accountRoutes,
  ...addressRoutes,
  ...renewalRoutes,
  ...expiryCorrectionRoutes,
  ...reminderRoutes,
  ...bounceRoutes,
  ...capabilityRoutes,
  ...withdrawalRoutes,
  ...contactRoutes,
  ...requestRoutes,
  ...scheduleRoutes,
  ...policyRoutes,
  ...mailStopRoutes,
  ...mailHealthRoutes,
  ...figureRoutes,
  ...quarantineRoutes,
  ...auditEventRoutes,
];
