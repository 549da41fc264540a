/** Settings come from the environment only, are read once, and every fault is told at once. */
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import type { ImapPlace } from './imap-url.js';
import { SET_ASIDE_FOLDERS, isSameFolder, parseImapUrl } from './imap-url.js';
import type { KeyRing } from './keys.js';
import { parseKeyRing } from './keys.js';
import { wellKnownSecrets } from './secrets.js';

/** The process must not start. Names settings, never their values. */
export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

type Source = Readonly<Record<string, string | undefined>>;

const wholeNumber = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
const port = wholeNumber(0, 65_535);
const url = (...schemes: string[]) =>
  z
    .string()
    .refine((text) => schemes.some((scheme) => text.startsWith(`${scheme}://`)) && URL.canParse(text), {
      error: `must be a URL beginning with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    });
const domainName = z
  .string()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$|^localhost$/, { error: 'must be a domain name' });
const mailAddress = z.string().regex(/^[^\s@]+@[^\s@]+$/, { error: 'must be a mail address' });

const linkKeys = z.string().transform((text, context): KeyRing => {
  const ring = parseKeyRing(text);
  if (ring !== null) return ring;
  context.addIssue({
    code: 'custom',
    message: 'must be id:secret[,id:secret…], ids unique, secrets of 32 bytes or more in base64url',
  });
  return z.NEVER;
});

const imapUrl = z.string().transform((text, context): ImapPlace => {
  const place = parseImapUrl(text);
  if (place !== null) return place;
  context.addIssue({
    code: 'custom',
    message: 'must be imaps://user:password@host/Folder or imap://…, special characters percent-encoded',
  });
  return z.NEVER;
});

const snsTopics = z
  .string()
  .transform((text) => text.split(',').map((arn) => arn.trim()))
  .refine(
    (arns) => arns.every((arn) => /^arn:aws:sns:[a-z0-9-]{1,40}:\d{12}:[\w-]{1,256}(\.fifo)?$/.test(arn)),
    {
      error: 'must be arn:aws:sns:<region>:<account>:<name>, several with commas between them',
    },
  );

/** As SendGrid shows it: DER in base64. */
const sendgridKey = z.string().transform((text, context): KeyObject => {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType === 'ec') return key;
  } catch {
    // Told below.
  }
  context.addIssue({ code: 'custom', message: 'must be the verification key as SendGrid shows it' });
  return z.NEVER;
});

const common = {
  DATABASE_URL: url('postgres', 'postgresql'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  NODE_ENV: z.string().default('development'),
  NET119_LOCAL_STACK: z.literal('1', { error: 'must be 1 or not given' }).optional(),
};
const bindAddress = z.string().default('127.0.0.1');
const DONE_FOLDER = 'Done';
/** Address and namespace are named here; TLS, API key and the rest are read by the SDK's own envconfig. */
const temporal = {
  TEMPORAL_ADDRESS: z.string(),
  TEMPORAL_NAMESPACE: z.string().default('net119'),
};
/** What API and worker share. */
const service = {
  ...common,
  ...temporal,
  BIND_ADDRESS: bindAddress,
  LINK_KEYS: linkKeys,
  PUBLIC_BASE_URL: url('http', 'https').transform((text) => text.replace(/\/+$/, '')),
};

/** Our names in the mail: an answer that says one of them is not about the person. */
const mailNames = { MAIL_FROM: mailAddress, BOUNCE_DOMAIN: domainName };

const apiSchema = z.object({
  ...service,
  ...mailNames,
  PORT: port.default(8119),
  METRICS_PORT: port.default(9464),
  TRUST_PROXY: wholeNumber(0, 10).default(0),
  SES_SNS_TOPIC_ARNS: snsTopics.default([]),
  SENDGRID_WEBHOOK_PUBLIC_KEY: sendgridKey.optional(),
  /** 管理サイト under /admin. Off until asked for. */
  STAFF_SITE: z.enum(['on', 'off']).default('off'),
});
const workerSchema = z.object({
  ...service,
  METRICS_PORT: port.default(9465),
  SMTP_URL: url('smtp', 'smtps'),
  SMTP_CONNECTIONS: wholeNumber(1, 100).default(10),
  ...mailNames,
  MAIL_RATE_PER_SECOND: z.coerce.number().positive().default(50),
  MAIL_ALLOW: z.string().optional(),
  DKIM_DOMAIN: domainName.optional(),
  DKIM_SELECTOR: z.string().optional(),
  DKIM_PRIVATE_KEY: z.string().optional(),
  WORKFLOW_BUNDLE: z.string().optional(),
  SHUTDOWN_GRACE_SECONDS: wholeNumber(0, 600).default(20),
});
/** It faces the internet, so it is given nothing it could do without: no keys, no mail server, no Temporal. */
const intakeSchema = z.object({
  ...common,
  ...mailNames,
  BIND_ADDRESS: bindAddress,
  // The usual 25 is for the superuser only: a container or a firewall maps it to this one.
  BOUNCE_SMTP_PORT: port.default(2526),
  // Paths of PEM files, read anew when they change; not given: STARTTLS is not offered.
  BOUNCE_SMTP_TLS_CERT: z.string().optional(),
  BOUNCE_SMTP_TLS_KEY: z.string().optional(),
  // Reports from a mailbox as well; not given: none is asked.
  BOUNCE_IMAP_URL: imapUrl.optional(),
  BOUNCE_IMAP_DONE_FOLDER: z.string().default(DONE_FOLDER),
  METRICS_PORT: port.default(9466),
});
const operatorSchema = z.object({
  ...common,
  ...temporal,
  TEMPORAL_ADDRESS: temporal.TEMPORAL_ADDRESS.optional(),
  DATABASE_OWNER_URL: url('postgres', 'postgresql').optional(),
  // For `hq oidc` alone, which seals a secret.
  LINK_KEYS: linkKeys.optional(),
});

export type ApiEnv = z.infer<typeof apiSchema>;
export type WorkerEnv = z.infer<typeof workerSchema> & { mailAllow: MailAllow };
export type IntakeEnv = z.infer<typeof intakeSchema>;
export type OperatorEnv = z.infer<typeof operatorSchema>;
export type MailAllow = 'everybody' | 'nobody' | readonly string[];

/** Throws ConfigError with all faults. */
export function readApiEnv(source: Source = process.env): ApiEnv {
  return read(apiSchema, source, temporalFaults);
}

/** Throws ConfigError with all faults. */
export function readWorkerEnv(source: Source = process.env): WorkerEnv {
  const env = read(workerSchema, source, (values) => [...temporalFaults(values), ...mailFaults(values)]);
  return { ...env, mailAllow: mailAllowOf(env) };
}

/** Throws ConfigError with all faults. */
export function readIntakeEnv(source: Source = process.env): IntakeEnv {
  return read(intakeSchema, source, (values) => [...mailboxFaults(values), ...certificateFaults(values)]);
}

/** Migrations, headquarters, tokens, reconcile: needs no mail server. Throws ConfigError with all faults. */
export function readOperatorEnv(source: Source = process.env): OperatorEnv {
  return read(operatorSchema, source, temporalFaults);
}

/** Outside production a forgotten setting must not mail real people: then only a server on this machine gets mail. */
function mailAllowOf(env: z.infer<typeof workerSchema>): MailAllow {
  if (env.NODE_ENV === 'production') return 'everybody';
  if (env.MAIL_ALLOW !== undefined) {
    return env.MAIL_ALLOW.split(',')
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => entry !== '');
  }
  return isThisMachine(env.SMTP_URL) ? 'everybody' : 'nobody';
}

/** Whether the server that a URL names runs here, by its name alone. */
export function isThisMachine(serverUrl: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(serverUrl).hostname);
}

type Values = Readonly<Record<string, string>>;
type Check = (values: Values) => string[];

const mailFaults: Check = (values) => {
  const faults: string[] = [];
  const dkim = ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_PRIVATE_KEY'].filter(
    (name) => values[name] !== undefined,
  );
  if (dkim.length === 1 || dkim.length === 2) {
    faults.push('DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY are given together or not at all');
  }
  // A rehearsal that runs as production would mail everybody in spite of its list.
  if (values['NODE_ENV'] === 'production' && values['MAIL_ALLOW'] !== undefined) {
    faults.push('MAIL_ALLOW does nothing in production: remove it, or give NODE_ENV another value (staging)');
  }
  return faults;
};

/** A mail that is moved to where it is read would be read for ever. */
const mailboxFaults: Check = (values) => {
  const folder = parseImapUrl(values['BOUNCE_IMAP_URL'] ?? '')?.folder;
  const others = [values['BOUNCE_IMAP_DONE_FOLDER'] ?? DONE_FOLDER, ...Object.values(SET_ASIDE_FOLDERS)];
  return folder !== undefined && others.some((other) => isSameFolder(folder, other))
    ? ['BOUNCE_IMAP_URL reads a folder that BOUNCE_IMAP_DONE_FOLDER, TooLarge or Failed is the name of']
    : [];
};

const certificateFaults: Check = ({ BOUNCE_SMTP_TLS_CERT: certificate, BOUNCE_SMTP_TLS_KEY: key }) => {
  if ((certificate === undefined) !== (key === undefined))
    return ['BOUNCE_SMTP_TLS_CERT and BOUNCE_SMTP_TLS_KEY are given together or not at all'];
  if (certificate === undefined || key === undefined) return [];
  try {
    createSecureContext({ cert: readFileSync(certificate), key: readFileSync(key) });
    return [];
  } catch {
    return [
      'BOUNCE_SMTP_TLS_CERT, BOUNCE_SMTP_TLS_KEY: a file cannot be read, or the two do not belong together',
    ];
  }
};

const temporalFaults: Check = (values) => {
  try {
    loadClientConnectConfig({ overrideEnvVars: { ...values } });
    return [];
  } catch {
    return ['TEMPORAL_*: a certificate, a key or the configuration file named there cannot be read'];
  }
};

/** Secrets that everybody knows, and plain HTTP, are for one machine only. */
const productionFaults: Check = (values) => {
  const production = values['NODE_ENV'] === 'production';
  if (values['NET119_LOCAL_STACK'] === '1') {
    return production
      ? ['NET119_LOCAL_STACK marks the stack of one machine and cannot run as production']
      : [];
  }
  const faults = wellKnownSecrets(values).map(
    (name) => `${name} holds a missing, well-known or too simple secret: only the local stack may`,
  );
  if (production && values['PUBLIC_BASE_URL']?.startsWith('http:')) {
    faults.push('PUBLIC_BASE_URL must begin with https:// in production');
  }
  return faults;
};

function read<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, source: Source, check: Check) {
  const { values, faults } = valuesOf(source, Object.keys(schema.shape));
  const parsed = schema.safeParse(values);
  for (const issue of parsed.error?.issues ?? []) {
    const name = issue.path.join('.');
    faults.push(values[name] === undefined ? `${name} must be set` : `${name}: ${issue.message}`);
  }
  const used = Object.fromEntries(
    Object.entries(values).filter(([name]) => name in schema.shape || name.startsWith('TEMPORAL_')),
  );
  faults.push(...check(values), ...productionFaults(used));
  if (parsed.success && faults.length === 0) return parsed.data;
  throw new ConfigError(faults);
}

/** `NAME_FILE` holds the path of a file with the value (Docker secrets); an empty value counts as not given. */
function valuesOf(
  source: Source,
  names: readonly string[],
): { values: Record<string, string>; faults: string[] } {
  const faults: string[] = [];
  const given = Object.entries(source).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  const values = Object.fromEntries(given);
  for (const name of names) {
    const path = values[`${name}_FILE`];
    if (path === undefined) continue;
    if (values[name] !== undefined) faults.push(`${name} and ${name}_FILE are both given`);
    try {
      values[name] = readFileSync(path, 'utf8').trim();
    } catch {
      faults.push(`${name}_FILE names a file that cannot be read`);
    }
  }
  return { values, faults };
}
