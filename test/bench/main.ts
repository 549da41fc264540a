/**
 * `npm run bench [-- renewals mass history lists memory idle reports staff-site import letters] [--runs 3]`: the figures of speed and size on this machine,
 * as ratios of two measurements in one run wherever that can be. Prints one Markdown table.
 */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Figure } from './figure.js';
import { medianFigures, tableOf } from './figure.js';
import { measureHistory } from './history.js';
import { measureIdle } from './idle.js';
import { measureImport } from './import.js';
import { measureLetters } from './letters.js';
import { measureLists } from './lists.js';
import { measureMass } from './mass.js';
import { measureMemory } from './memory.js';
import { measureRenewals } from './renewals.js';
import { measureReports } from './reports.js';
import { measureStaffSite } from './staff-site.js';
import { stopAll } from './stack.js';

const MEASURES: Record<string, () => Promise<Figure[]>> = {
  renewals: measureRenewals,
  mass: measureMass,
  history: measureHistory,
  lists: measureLists,
  memory: measureMemory,
  idle: measureIdle,
  reports: measureReports,
  import: measureImport,
  'staff-site': measureStaffSite,
  letters: measureLetters,
};

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '3' } },
  allowPositionals: true,
});
const runs = Number(values.runs);
const names = positionals.length > 0 ? positionals : Object.keys(MEASURES);
const unknown = names.filter((name) => !(name in MEASURES));
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1) {
  console.error(`npm run bench [-- ${Object.keys(MEASURES).join(' ')}] [--runs 3]`);
  process.exit(2);
}

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (interrupted) return;
    interrupted = true;
    void stopAll().finally(() => process.exit(130));
  });
}

// API and worker run as in production.
execFileSync(process.execPath, ['deploy/build.mjs'], { stdio: 'inherit' });
const tables: string[] = [];
let missed = 0;
for (const name of names) {
  const done: Figure[][] = [];
  for (let run = 1; run <= runs; run += 1) {
    console.error(`${name}: run ${run} of ${runs} …`);
    done.push(await measure(name));
  }
  const figures = medianFigures(done);
  missed += figures.filter(({ meets }) => meets === false).length;
  tables.push(`**${name}**\n\n${tableOf(figures, done)}`);
  console.error(tables.at(-1));
}
const command = ['npm run bench --', ...names, `--runs ${runs}`].join(' ');
console.log(
  `\`${command}\`, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}\n\n${tables.join('\n\n')}`,
);
process.exit(missed === 0 ? 0 : 1);

/** What fails because everything is being ended says nothing. */
async function measure(name: string): Promise<Figure[]> {
  try {
    return (await MEASURES[name]?.()) ?? [];
  } catch (error) {
    if (!interrupted) throw error;
    return await new Promise<never>(() => {});
  }
}
