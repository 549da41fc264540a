import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readReport } from '../../../mail/receive/read-report.js';
import { EXPECTED, readCorpus } from './corpus/expected.js';

const NAMES = Object.keys(EXPECTED);

describe('every report of the corpus is read as the table says', () => {
  test.each(NAMES)('%s', async (name) => {
    const expected = EXPECTED[name];
    const reading = await readReport(readCorpus(name));
    const findings = reading.what === 'REPORT' ? reading.findings : [];
    expect({ what: reading.what, messageId: reading.messageId, findings }).toEqual({
      what: expected?.what,
      messageId: expected?.messageId,
      findings: expected?.findings.map(({ action, recipient, status, says }) => ({
        action,
        recipient,
        status,
        diagnostic: says === null ? null : expect.stringContaining(says),
        remoteMta: expect.toSatisfy((mta: unknown) => mta === null || typeof mta === 'string'),
      })),
    });
  });
});

describe('the corpus itself', () => {
  test('has a row for every file and a file for every row', () => {
    const files = readdirSync(new URL('./corpus/', import.meta.url)).filter((file) => file.endsWith('.eml'));
    expect(files.map((file) => file.slice(0, -4)).sort()).toEqual([...NAMES].sort());
  });

  test('has enough of both kinds', () => {
    const harmless = NAMES.filter((name) => EXPECTED[name]?.what !== 'REPORT');
    expect(NAMES.length).toBeGreaterThanOrEqual(80);
    expect(harmless.length).toBeGreaterThanOrEqual(20);
  });
});
