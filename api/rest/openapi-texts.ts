/** What a stranger reads first in the documentation. */
import { SCOPES, VENDOR_SCOPES } from '../../domain/scopes.js';
import { CONSOLE_RULE } from './capabilities.js';
import { PROBLEMS } from './problem-kinds.js';

export const TAGS = [
  { name: 'Accounts', description: '利用者: people who are registered.' },
  {
    name: 'Addresses',
    description: 'A new mail address until it is proven, and asking whether mail arrives.',
  },
  { name: 'Renewal', description: '定期更新手続き, done by staff for a person.' },
  { name: 'Reminders', description: 'リマインダー履歴, and sending by hand.' },
  { name: 'Reports', description: 'Mails that came back to a return path.' },
  { name: 'Capabilities', description: `What works for a person now. ${CONSOLE_RULE}` },
  { name: 'Withdrawal and hold', description: '廃止 and 保留.' },
  { name: 'Activities and contacts', description: '緊急・練習通報, and what staff did to reach a person.' },
  { name: 'Requests', description: '本人からの連絡.' },
  { name: 'Schedule', description: 'Planned dates that explain themselves.' },
  { name: 'Policy', description: "The headquarters' rules of time." },
  { name: 'Mail stops', description: '自動送信の停止.' },
  {
    name: 'Watching',
    description: 'Whether mail arrives: 不達 and mails that are lost without a word, by mail domain.',
  },
  { name: 'Audit trail', description: '操作履歴.' },
  {
    name: 'Health',
    description: 'For machines that watch us. Prometheus metrics are on a port of their own.',
  },
];

const SCOPE_WORDS: Record<(typeof SCOPES)[number] | (typeof VENDOR_SCOPES)[number], string> = {
  'accounts:read': 'read, list and search accounts, their schedule and contacts',
  'accounts:write': 'register and change accounts',
  'capabilities:read': 'ask what works for a person',
  'reminders:read': 'read the ledger of mails',
  'reminders:send': 'send a reminder or a check mail by hand',
  'renewals:write': 'renew for a person',
  'expiry:write': 'correct a wrong expiry',
  'withdrawals:write': 'withdraw and undo it',
  'holds:write': 'hold automatic mail of one person',
  'activities:write': 'report emergency and practice calls',
  'contacts:write': 'record contacts',
  'requests:read': 'read what residents told us',
  'requests:write': 'close it',
  'policy:read': 'read the policy and preview schedules',
  'policy:write': 'put and apply policies',
  'mail-stops:read': 'read stops of automatic mail',
  'mail-stops:write': 'stop automatic mail and end it',
  'audit:read': 'read the audit trail',
  'mail-health:read': 'read figures of mail that arrives and does not',
  'figures:read': 'read figures of renewals, and whether anybody was missed',
  'capabilities:any-hq':
    "the vendor's consoles: ask what works for one named person of any headquarters, at most 60 times a minute and token",
  'bounces:write': "the vendor's mail server: hand over mails that came back",
  'quarantine:read': 'the vendor: how many reports fit no mail of ours (未照合), without their content',
};

const scopes = [...SCOPES, ...VENDOR_SCOPES]
  .map((scope) => `| \`${scope}\` | ${SCOPE_WORDS[scope]} |`)
  .join('\n');
const problems = Object.entries(PROBLEMS)
  .map(([code, { status, title }]) => `| \`/problems/${code}\` | ${status} | ${title} |`)
  .join('\n');

export const INTRODUCTION = `
NET119 lets people who cannot speak on the phone call 119 from a smartphone. Once a year this system checks that **its
mail reaches the person**: from 90 days before the expiry it mails 「定期更新手続きのお願い」, and the person answers through a
link. It is not a permission to call for help: whoever does not answer lapses (失効中), and can still call. This API is for
the fire headquarters' own systems.

### Tokens and scopes
Send \`Authorization: Bearer <token>\`. A token belongs to one headquarters and sees nothing of any other (the
vendor's own tokens belong to none and hold only the last three scopes of the table): another headquarters' id is answered with 404, the same as an unknown one. No token → 401, a scope that is missing → 403.

| scope | allows |
| --- | --- |
${scopes}

### Time
Instants are ISO 8601. In requests they need \`Z\` or an offset; answers are in UTC with milliseconds. Days
(\`expiresOn\`, slots) are days in Japan. **\`expiresAt\` is exclusive**: an account with \`expiresOn\` 2027-03-31 is valid
through the end of that day in Japan, so its \`expiresAt\` is 2027-03-31T15:00:00.000Z. Other ends (\`autoStopsAt\`,
\`until\`, \`undoableUntil\`) are exclusive too, with one exception: under a policy in exact time a slot on the very instant
of \`autoStopsAt\` may still go up to 60 seconds late. A plan's \`latestAt\` is \`at\` plus the policy's \`spreadOver\`: mails of a day are
spread, so each goes somewhere in between.

### Writing safely
\`POST\` takes an \`Idempotency-Key\`. A repeat with the same key and request within 24 hours gets the first answer and does
nothing; the same key with another request → 422. Refusals are not kept: a repeat after one is a new try. \`PATCH
/accounts/{accountId}\` and \`PUT /policy\` need \`If-Match\` with the ETag that was read: 428 when it is missing, 412 when
somebody changed it meanwhile. The ETag counts changes of what staff can edit only, so it cannot be used for caching; all answers are \`no-store\`. Commands
succeed while Temporal or the mail server is down; what they set off follows later.

### Consoles
${CONSOLE_RULE}

### Bodies and lists
JSON in UTF-8, at most 256 KB. Unknown fields, in bodies and queries, are refused. Clients must ignore fields in answers
that they do not know. Lists are \`{ items, nextCursor }\` with \`limit\` up to 200; send \`nextCursor\` back as \`cursor\`.

### Problems
Errors are \`application/problem+json\` (RFC 9457). \`type\` is stable and relative to this server; \`errors\` lists wrong
fields. \`requestId\`, also in the \`X-Request-Id\` header, is what support asks for. A call that may fail for its own reasons
says so; any call may meet these:

| type | status | meaning |
| --- | --- | --- |
${problems}
`.trim();
