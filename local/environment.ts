/** The environment of the parts: the starter's own, without what would lead them astray, and what this run decides. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writePrivate } from './files.js';
import type { Settings } from './settings.js';

/** A stray profile, key or certificate meant for another Temporal server would be used for ours. */
export function withoutTemporal(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/** `own` wins over the starter's environment, also over its `NAME_FILE`. */
function partEnv(settings: Settings, own: Record<string, string>): NodeJS.ProcessEnv {
  const inherited = settings.given.temporal ? { ...process.env } : withoutTemporal(process.env);
  const set: Record<string, string> = {
    NODE_ENV: 'development',
    TZ: 'UTC',
    NET119_LOCAL_STACK: '1',
    BIND_ADDRESS: '127.0.0.1',
    DATABASE_URL: settings.databaseUrl,
    LINK_KEYS: settings.secrets.linkKeys,
    LOG_LEVEL: process.env['LOG_LEVEL'] || 'info',
    PUBLIC_BASE_URL: settings.residentBaseUrl,
    ...temporalEnv(settings),
    ...own,
  };
  const shadowed = Object.keys(set).map((name) => `${name}_FILE`);
  return {
    ...Object.fromEntries(Object.entries(inherited).filter(([name]) => !shadowed.includes(name))),
    ...set,
  };
}

function temporalEnv(settings: Settings): Record<string, string> {
  const { temporalAddress, temporalNamespace, given, folder } = settings;
  const address = { TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: temporalNamespace };
  const file = join(folder, 'temporal.toml');
  if (given.temporal) {
    rmSync(file, { force: true });
    return address;
  }
  // Instead of the user's own configuration file; the SDK fails on one without this profile.
  writePrivate(
    file,
    `[profile.default]\naddress = "${temporalAddress}"\nnamespace = "${temporalNamespace}"\n`,
  );
  return { ...address, TEMPORAL_CONFIG_FILE: file };
}

function mailNames({ mailFrom, bounceDomain }: Settings): Record<string, string> {
  return { MAIL_FROM: mailFrom, BOUNCE_DOMAIN: bounceDomain };
}

export function apiEnv(settings: Settings): NodeJS.ProcessEnv {
  const { PORT, METRICS_PORT } = settings.ports;
  return partEnv(settings, {
    PORT: String(PORT),
    METRICS_PORT: String(METRICS_PORT),
    STAFF_SITE: 'on',
    ...mailNames(settings),
  });
}

export function intakeEnv(settings: Settings): NodeJS.ProcessEnv {
  const { BOUNCE_SMTP_PORT, INTAKE_METRICS_PORT } = settings.ports;
  return partEnv(settings, {
    BOUNCE_SMTP_PORT: String(BOUNCE_SMTP_PORT),
    METRICS_PORT: String(INTAKE_METRICS_PORT),
    ...mailNames(settings),
  });
}

export function workerEnv(settings: Settings): NodeJS.ProcessEnv {
  return partEnv(settings, {
    METRICS_PORT: String(settings.ports.WORKER_METRICS_PORT),
    SMTP_URL: settings.smtpUrl,
    ...mailNames(settings),
    // Ctrl-C ends everything within 10 s.
    SHUTDOWN_GRACE_SECONDS: '5',
  });
}
