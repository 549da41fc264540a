// The whole truth about a tree: every check and every test, one line each, and a count at the end.
// `npm test -- <filter>` runs only the test files whose path holds the filter.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import process from 'node:process';
import { ensureInstalled } from '../local/install.mjs';

const REPORT = '.local/test-report.json';
/** Checks need nothing of each other; a machine with two cores runs two. */
const AT_ONCE = 2;
const CHECKS = [
  ['types', 'check:types'],
  ['lint', 'lint'],
  ['format', 'check:format'],
  ['boundaries', 'check:boundaries'],
  ['dead code', 'check:dead-code'],
  ['workflow bundle', 'check:bundle'],
  ['OpenAPI document', 'check:openapi'],
  ['migrations', 'check:migrations'],
  ['compose file', 'check:compose'],
  ['Dockerfile', 'check:dockerfile'],
];

const env = {
  ...process.env,
  TZ: 'UTC',
  // Checks must not call home.
  REDOCLY_TELEMETRY: 'off',
  REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
};
const filters = process.argv.slice(2);
const total = { passed: 0, failed: 0 };

process.chdir(new URL('..', import.meta.url).pathname);
await ensureInstalled();
if (filters.length === 0) await runChecks([...CHECKS]);
await runTests(filters);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

async function runChecks(waiting) {
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await runCheck(...next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

async function runCheck(name, script) {
  const began = performance.now();
  const { code, output } = await run('npm', ['run', '--silent', script], 'kept');
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  total[code === 0 ? 'passed' : 'failed'] += 1;
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (code !== 0) console.log(`${output.trimEnd()}\n       alone: npm run ${script}`);
}

async function runTests(names) {
  rmSync(REPORT, { force: true });
  const { code } = await run('node', ['node_modules/vitest/vitest.mjs', 'run', ...names], 'shown');
  if (!existsSync(REPORT)) {
    console.log('FAILED tests: they ended without a report');
    total.failed += 1;
    return;
  }
  const report = JSON.parse(readFileSync(REPORT, 'utf8'));
  const silent = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(hasFailed),
  );
  const skipped = report.numPendingTests + report.numTodoTests;
  total.passed += report.numPassedTests;
  total.failed += report.numFailedTests + silent.length;
  for (const file of silent)
    console.log(`FAILED ${relative('.', file.name)}: it did not load, or its set-up or tear-down failed`);
  if (skipped > 0)
    console.log(
      `${skipped} skipped${process.env.CI === 'true' ? ': counted as failed, because CI has every tool' : ''}`,
    );
  if (process.env.CI === 'true') total.failed += skipped;
  // Something outside every test went wrong, such as an unhandled rejection.
  if (code !== 0 && report.numFailedTests + silent.length === 0) total.failed += 1;
}

function hasFailed({ status }) {
  return status === 'failed';
}

/** Runs a command; `kept` collects what it prints, `shown` passes it on. A tool that is missing is a failure. */
function run(command, args, mode) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env,
      stdio: ['ignore', ...Array(2).fill(mode === 'shown' ? 'inherit' : 'pipe')],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', (error) =>
      resolve({ code: 1, output: `${command} could not be started: ${error.message}` }),
    );
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
