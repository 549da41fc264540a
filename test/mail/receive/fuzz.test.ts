/** Reports arrive torn and garbled: that must never throw, and never make a failure out of what is none. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readReport } from '../../../mail/receive/read-report.js';
import { EXPECTED, readCorpus } from './corpus/expected.js';

const SEED = 20270302;
const CORPUS = Object.entries(EXPECTED).map(([name, { what, findings }]) => ({
  name,
  raw: readCorpus(name),
  isHarmless: what !== 'REPORT' || findings.every(({ action }) => action === 'DELAYED'),
}));

const octet = fc.tuple(
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  fc.integer({ min: 0, max: 255 }),
);
const garbling = fc.record({
  mail: fc.constantFrom(...CORPUS),
  /** Where it ends, as a share of its length. */
  until: fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true })),
  flips: fc.array(octet, { maxLength: 3 }),
});

test('garbled reports never throw, and what was no failure does not become one', async () => {
  await fc.assert(
    fc.asyncProperty(garbling, async ({ mail, until, flips }) => {
      const raw = Buffer.from(mail.raw.subarray(0, Math.ceil(mail.raw.length * until)));
      for (const [where, value] of flips) if (raw.length > 0) raw[Math.floor(where * raw.length)] = value;
      const reading = await readReport(raw);
      if (!mail.isHarmless || reading.what !== 'REPORT') return;
      expect(reading.findings.filter(({ action }) => action === 'FAILED')).toEqual([]);
    }),
    { seed: SEED, numRuns: 3_000 },
  );
});

describe('every harmless mail, cut at every 16th octet, stays harmless', () => {
  test.each(CORPUS.filter(({ isHarmless }) => isHarmless))('$name', async ({ raw }) => {
    for (let end = 0; end <= raw.length; end += 16) {
      const reading = await readReport(raw.subarray(0, end));
      const findings = reading.what === 'REPORT' ? reading.findings : [];
      expect(findings.filter(({ action }) => action === 'FAILED')).toEqual([]);
    }
  });
});

test('octets of no mail never throw and tell nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 3_000 }), async (octets) => {
      expect((await readReport(Buffer.from(octets))).what).not.toBe('REPORT');
    }),
    { seed: SEED, numRuns: 300 },
  );
});
