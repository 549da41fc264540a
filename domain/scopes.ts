/** What an API token may do; a token holds a list of these. */
export const SCOPES = [
  'accounts:read',
  'accounts:write',
  'capabilities:read',
  'reminders:read',
  'reminders:send',
  'renewals:write',
  'expiry:write',
  'withdrawals:write',
  'holds:write',
  'activities:write',
  'contacts:write',
  'requests:read',
  'requests:write',
  'policy:read',
  'policy:write',
  'mail-stops:read',
  'mail-stops:write',
  'audit:read',
  'mail-health:read',
  'figures:read',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What a token of the vendor, which belongs to no headquarters, may do. */
export const VENDOR_SCOPES = ['capabilities:any-hq', 'bounces:write', 'quarantine:read'] as const;
export type VendorScope = (typeof VENDOR_SCOPES)[number];
