/** stack.json: where everything is, for people and programs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DemoAccess } from './demo/load.js';
import { writeJson } from './files.js';
import type { Settings } from './settings.js';

export function writeStackFile(
  settings: Settings,
  { tokens, signIns }: DemoAccess,
  pids: Record<string, number>,
): void {
  writeJson(stackFile(settings.folder), {
    apiUrl: settings.apiUrl,
    residentBaseUrl: settings.residentBaseUrl,
    adminUrl: settings.adminUrl,
    mailInboxUrl: settings.mailInboxUrl,
    smtpUrl: settings.smtpUrl,
    bounceSmtpUrl: settings.bounceSmtpUrl,
    temporalAddress: settings.temporalAddress,
    temporalNamespace: settings.temporalNamespace,
    temporalUiUrl: settings.temporalUiUrl,
    databaseUrl: settings.databaseUrl,
    databaseOwnerUrl: settings.databaseOwnerUrl,
    metricsUrls: settings.metricsUrls,
    tokens,
    signIns,
    pids,
  });
}

/** It is there only when everything in it can be used, or could be when the stack was last stopped. */
export function removeStackFile(folder: string): void {
  rmSync(stackFile(folder), { force: true });
}

export function stackFile(folder: string): string {
  return join(folder, 'stack.json');
}
