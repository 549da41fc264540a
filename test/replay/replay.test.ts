/** Every history that was ever released replays on the present code; a change that breaks one needs `patched()`. */
import { readFileSync, readdirSync } from 'node:fs';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import { describe, expect, test } from 'vitest';
import { HISTORIES } from './histories.js';

const NAMES = readdirSync(HISTORIES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));
const NEEDED = [
  'sleeping',
  'in-the-window',
  'lapsed',
  'stopped',
  'just-renewed',
  'with-catch-up',
  'with-resend',
  'with-a-day-of-smtp-trouble',
];
const code = readFileSync(process.env['WORKFLOW_BUNDLE'] ?? '', 'utf8');

function historyOf(name: string): Record<string, unknown> & { events: Record<string, unknown>[] } {
  const text = readFileSync(new URL(`${name}.json`, HISTORIES), 'utf8');
  return JSON.parse(text) as ReturnType<typeof historyOf>;
}

test('the corpus has every phase of a life', () => {
  expect(NAMES).toEqual(expect.arrayContaining(NEEDED));
});

test.each(NAMES)('%s replays', async (name) => {
  await Worker.runReplayHistory({ workflowBundle: { code } }, historyFromJSON(historyOf(name)));
});

describe('the check itself', () => {
  test('sees a workflow that would do something else', async () => {
    const history = historyOf('in-the-window');
    const scheduled = history.events.filter(
      (event) => event['activityTaskScheduledEventAttributes'] !== undefined,
    );
    const attributes = scheduled.at(-1)?.['activityTaskScheduledEventAttributes'] as {
      activityType: { name: string };
    };
    attributes.activityType.name = 'somethingElse';
    await expect(
      Worker.runReplayHistory({ workflowBundle: { code } }, historyFromJSON(history)),
    ).rejects.toThrow(DeterminismViolationError);
  });

  test.each(NAMES)('%s holds no name, address or link', (name) => {
    const text = readFileSync(new URL(`${name}.json`, HISTORIES), 'utf8');
    const payloads = [...text.matchAll(/"data": "([A-Za-z0-9+/=]+)"/g)].map(([, data]) =>
      Buffer.from(data ?? '', 'base64').toString('utf8'),
    );
    for (const each of [text.replaceAll(/"identity": "[^"]*"/g, ''), ...payloads]) {
      expect(each).not.toMatch(/[^\s"@]+@[^\s"@]+\.[a-z]|\/r\/|さま|消防本部/);
    }
  });
});
