/** Headquarters and their policies. */
import { readFile } from 'node:fs/promises';
import { listFireHq } from '../store/fire-hq.js';
import { createHeadquarters, findHeadquarters } from '../usecases/headquarters.js';
import { putPolicy, readPolicy } from '../usecases/policy.js';
import type { OperatorCommand } from './command.js';
import { UsageError, textOf, withDeps } from './command.js';

const text = { type: 'string' } as const;

export const headquartersCommands: readonly OperatorCommand[] = [
  {
    name: 'hq create',
    usage:
      '--code mihon --display-name 見本市消防本部 --short-name 見本消防 --reply-to net119@example.jp --fax 000-000-0000 --counter "指令課（平日 9時〜17時）" [--policy policy.json]',
    help: 'A new fire headquarters with its first policy; without --policy the default one (one year, mails from 90 days before).',
    options: {
      code: text,
      'display-name': text,
      'short-name': text,
      'reply-to': text,
      fax: text,
      counter: text,
      policy: text,
    },
    required: ['code', 'display-name', 'short-name', 'reply-to', 'fax', 'counter'],
    run: (values) =>
      withDeps(async (deps) => {
        const id = await createHeadquarters(deps, {
          code: textOf(values, 'code'),
          displayName: textOf(values, 'display-name'),
          shortName: textOf(values, 'short-name'),
          replyTo: textOf(values, 'reply-to'),
          fax: textOf(values, 'fax'),
          counter: textOf(values, 'counter'),
          policy: values['policy'] === undefined ? {} : await readJson(textOf(values, 'policy')),
        });
        console.log(`${textOf(values, 'code')}  ${id}`);
      }),
  },
  {
    name: 'hq list',
    usage: '',
    help: 'Codes and ids of all headquarters.',
    options: {},
    required: [],
    run: () =>
      withDeps(async (deps) => {
        for (const { code, id } of await deps.database.withoutTenant(listFireHq))
          console.log(`${code}  ${id}`);
      }),
  },
  {
    name: 'policy show',
    usage: '--hq mihon',
    help: 'The policy in force, with its version.',
    options: { hq: text },
    required: ['hq'],
    run: (values) =>
      withDeps(async (deps) => {
        const { version, document } = await readPolicy(
          deps,
          await findHeadquarters(deps, textOf(values, 'hq')),
        );
        console.log(JSON.stringify({ version, policy: document }, null, 2));
      }),
  },
  {
    name: 'policy put',
    usage: '--hq mihon --file policy.json --reason "…"',
    help: 'A new version for cycles that begin from now on; running cycles keep theirs (POST /v1/policy/apply changes them).',
    options: { hq: text, file: text, reason: text },
    required: ['hq', 'file', 'reason'],
    run: (values) =>
      withDeps(async (deps) => {
        const fireHqId = await findHeadquarters(deps, textOf(values, 'hq'));
        const { version: present } = await readPolicy(deps, fireHqId);
        const { version } = await putPolicy(
          deps,
          { fireHqId, actor: 'operator', receivedAt: deps.clock.now() },
          present,
          { policy: await readJson(textOf(values, 'file')), reason: textOf(values, 'reason') },
        );
        console.log(`version ${version}`);
      }),
  },
];

/** `-` is standard input. */
async function readJson(path: string): Promise<unknown> {
  const json = await readFile(path === '-' ? '/dev/stdin' : path, 'utf8').catch(() => {
    throw new UsageError('The policy file cannot be read.');
  });
  try {
    return JSON.parse(json) as unknown;
  } catch {
    throw new UsageError('The policy file holds no JSON.');
  }
}
