/** Where the stack of one machine keeps its things. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Data, secrets and logs of the stack; NET119_LOCAL_FOLDER lets several stand side by side. */
export function localFolder(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(PROJECT, env['NET119_LOCAL_FOLDER'] || '.local');
}

/** Programs fetched once per user: it outlives `--fresh` and serves every clone. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'net119-renewal-keeper');
}
