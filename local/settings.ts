/** What this run of the stack is made of: what the environment gives, what was kept from the last run, and what is made new. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DemoAccess } from './demo/load.js';
import type { KeptSignIns } from './demo/staff.js';
import { keptSignIns } from './demo/staff.js';
import { readJson, writeJson } from './files.js';
import type { PortName, Ports } from './ports.js';
import { USUAL_PORTS, choosePorts } from './ports.js';
import type { Report } from './temporal-binary.js';

/** Kept from run to run in secrets.json: links already mailed and tokens already copied go on working. */
export interface Secrets {
  /** In the form of LINK_KEYS. */
  linkKeys: string;
  postgresPassword: string;
  ownerPassword: string;
  appPassword: string;
  /** API tokens of the demonstration headquarters, by code. */
  tokens: Record<string, string>;
  /** Passwords and second factors of the demonstration's staff, by sign-in name. */
  signIns: KeptSignIns;
}

/** Parts of somebody else's that are used instead of our own. */
export interface Given {
  database: { url: string; ownerUrl: string } | null;
  temporal: { address: string; uiUrl: string | null } | null;
  smtpUrl: string | null;
}

export interface Settings {
  /** Of this run alone; everything is in it. */
  folder: string;
  given: Given;
  ports: Partial<Ports>;
  secrets: Secrets;
  /** None were kept: the first run, or secrets.json was lost. */
  secretsAreNew: boolean;
  temporalNamespace: string;
  databaseUrl: string;
  databaseOwnerUrl: string;
  temporalAddress: string;
  temporalUiUrl: string | null;
  smtpUrl: string;
  /** Null when SMTP_URL is given. */
  mailInboxUrl: string | null;
  apiUrl: string;
  residentBaseUrl: string;
  /** 管理サイト. */
  adminUrl: string;
  /** Where reports about mails that did not arrive are taken. */
  bounceSmtpUrl: string;
  metricsUrls: { api: string; worker: string; intake: string };
  mailFrom: string;
  bounceDomain: string;
}

/** Throws with a text for the person at the terminal. */
export async function readSettings(
  folder: string,
  env: NodeJS.ProcessEnv,
  report: Report,
): Promise<Settings> {
  const given = readGiven(env);
  const portsFile = join(folder, 'ports.json');
  const lastRun = (readJson(portsFile) ?? {}) as Partial<Ports>;
  const chosen = await choosePorts(env, lastRun, neededPorts(given), report);
  // A port of a part that this run does without is kept for the next.
  writeJson(portsFile, { ...lastRun, ...chosen });
  const secretsAreNew = readJson(join(folder, 'secrets.json')) === null;
  const secrets = readSecrets(folder, env);
  const port = (name: PortName) => chosen[name] ?? 0;
  const database = (login: string, password: string) =>
    `postgres://${login}:${password}@127.0.0.1:${port('POSTGRES_PORT')}/net119`;
  const url = (name: PortName) => `http://127.0.0.1:${port(name)}`;
  return {
    folder,
    given,
    ports: chosen,
    secrets,
    secretsAreNew,
    temporalNamespace: env['TEMPORAL_NAMESPACE'] || 'net119',
    databaseUrl: given.database?.url ?? database('net119_app_login', secrets.appPassword),
    databaseOwnerUrl: given.database?.ownerUrl ?? database('net119_owner_login', secrets.ownerPassword),
    temporalAddress: given.temporal?.address ?? `127.0.0.1:${port('TEMPORAL_PORT')}`,
    temporalUiUrl: given.temporal ? given.temporal.uiUrl : url('TEMPORAL_UI_PORT'),
    smtpUrl: given.smtpUrl ?? `smtp://127.0.0.1:${port('SMTP_PORT')}`,
    mailInboxUrl: given.smtpUrl === null ? url('MAIL_INBOX_PORT') : null,
    apiUrl: url('PORT'),
    residentBaseUrl: (env['PUBLIC_BASE_URL'] || url('PORT')).replace(/\/+$/, ''),
    adminUrl: `${url('PORT')}/admin`,
    mailFrom: env['MAIL_FROM'] || 'net119@mail.example.jp',
    bounceDomain: env['BOUNCE_DOMAIN'] || 'bounce.example.jp',
    bounceSmtpUrl: `smtp://127.0.0.1:${port('BOUNCE_SMTP_PORT')}`,
    metricsUrls: {
      api: `${url('METRICS_PORT')}/metrics`,
      worker: `${url('WORKER_METRICS_PORT')}/metrics`,
      intake: `${url('INTAKE_METRICS_PORT')}/metrics`,
    },
  };
}

function readGiven(env: NodeJS.ProcessEnv): Given {
  const url = env['DATABASE_URL'];
  const ownerUrl = env['DATABASE_OWNER_URL'];
  if (Boolean(url) !== Boolean(ownerUrl)) {
    throw new Error(
      'DATABASE_URL (login of the application) and DATABASE_OWNER_URL (login that owns the tables, with CREATEROLE) are given together or not at all.',
    );
  }
  const address = env['TEMPORAL_ADDRESS'];
  return {
    database: url && ownerUrl ? { url, ownerUrl } : null,
    temporal: address ? { address, uiUrl: env['TEMPORAL_UI_URL'] || null } : null,
    smtpUrl: env['SMTP_URL'] || null,
  };
}

function neededPorts(given: Given): PortName[] {
  const without: PortName[] = [
    ...(given.database ? (['POSTGRES_PORT'] as const) : []),
    ...(given.temporal ? (['TEMPORAL_PORT', 'TEMPORAL_UI_PORT'] as const) : []),
    ...(given.smtpUrl === null ? [] : (['SMTP_PORT', 'MAIL_INBOX_PORT'] as const)),
  ];
  return (Object.keys(USUAL_PORTS) as PortName[]).filter((name) => !without.includes(name));
}

function readSecrets(folder: string, env: NodeJS.ProcessEnv): Secrets {
  const made = () => randomBytes(24).toString('hex');
  const kept = (readJson(join(folder, 'secrets.json')) ?? {}) as Partial<Secrets>;
  const secrets: Secrets = {
    linkKeys:
      kept.linkKeys ?? `local-${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64url')}`,
    postgresPassword: kept.postgresPassword ?? made(),
    ownerPassword: kept.ownerPassword ?? made(),
    appPassword: kept.appPassword ?? made(),
    tokens: kept.tokens ?? {},
    signIns: kept.signIns ?? {},
  };
  keepSecrets(folder, secrets);
  return { ...secrets, linkKeys: env['LINK_KEYS'] || secrets.linkKeys };
}

export function keepAccess(settings: Settings, { tokens, signIns }: DemoAccess): void {
  const kept = readJson(join(settings.folder, 'secrets.json')) as Secrets;
  keepSecrets(settings.folder, { ...kept, tokens, signIns: keptSignIns(signIns) });
}

function keepSecrets(folder: string, secrets: Secrets): void {
  writeJson(join(folder, 'secrets.json'), secrets);
}
