/** What a person sees when everything runs. */
import { join, relative } from 'node:path';
import type { DemoAccess } from './demo/load.js';
import { PROJECT } from './folders.js';
import type { Settings } from './settings.js';
import { stackFile } from './stack-file.js';

export function summary(settings: Settings, { tokens, signIns }: DemoAccess, seconds: string): string {
  const { folder, apiUrl, mailInboxUrl, temporalUiUrl, temporalNamespace } = settings;
  const rows: [string, string][] = [
    ['Staff site 管理サイト', settings.adminUrl],
    ...signIns
      .filter(({ role }) => role === 'MANAGER')
      .flatMap(({ signInName, password, totpSecret }): [string, string][] => [
        [`Sign in as ${signInName}`, password],
        ...(totpSecret === undefined
          ? []
          : [
              ['  and its code', `npm run operator -- staff code --totp-secret ${totpSecret}`] as [
                string,
                string,
              ],
            ]),
      ]),
    ['Other sign-ins', 'signIns in stack.json; who has no totpSecret there gives no code'],
    ['REST API', `${apiUrl}/v1   (its documentation: ${apiUrl}/docs)`],
    ['Mail inbox', mailInboxUrl ?? `none: mail goes to ${new URL(settings.smtpUrl).host}`],
    [
      'Temporal Web UI',
      temporalUiUrl ? `${temporalUiUrl}/namespaces/${temporalNamespace}/workflows` : 'not ours',
    ],
    ['Reports of lost mail', `${settings.bounceSmtpUrl}   (for b+…@${settings.bounceDomain})`],
    ['Metrics', Object.values(settings.metricsUrls).join('   ')],
    ...Object.entries(tokens).map(([code, token]): [string, string] => [`Token of ${code}`, token]),
    ['All of this', shown(stackFile(folder))],
    ['Logs', shown(join(folder, 'logs'))],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [
    '',
    `Everything runs (${seconds} s).`,
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`),
    '',
    ...next(mailInboxUrl),
    'Ctrl-C stops everything; npm start goes on with the same data; npm start -- --fresh begins anew.',
    '',
  ].join('\n');
}

function next(inbox: string | null): string[] {
  if (inbox === null) return [];
  return [
    'Try this: in mihon (見本市消防本部) a whole life passes in minutes. Open the mail inbox: a request arrives within a',
    'minute. Open its link, answer, and find the workflow in the Temporal Web UI. In reiji (例示市消防本部) about 60',
    'fictional people stand at every point of an ordinary year.',
    '',
  ];
}

function shown(path: string): string {
  const short = relative(PROJECT, path);
  return short.startsWith('..') ? path : short;
}
