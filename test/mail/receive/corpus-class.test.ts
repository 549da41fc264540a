/** Reader and classifier together: what the product would make of every report of the corpus. */
import { expect, test } from 'vitest';
import { classifyFor } from '../../../mail/receive/own-names.js';
import { readReport } from '../../../mail/receive/read-report.js';
import { EXPECTED, readCorpus } from './corpus/expected.js';

/** Nobody's domain in particular: a report need not name whom our mail was for. */
const SOMEWHERE = 'somebody@example.jp';
/** As the mails of the corpus were sent. */
const US = { hostName: 'bounce.example.jp', senders: ['net119@shobo.example.jp'] };

test.each(Object.entries(EXPECTED))('%s', async (name, expected) => {
  const reading = await readReport(readCorpus(name));
  const findings = reading.what === 'REPORT' ? reading.findings : [];
  const classes = findings.map(({ action, recipient, status, diagnostic }) => {
    const said = { action, status, diagnostic, code: null, stage: null };
    return classifyFor(recipient ?? SOMEWHERE, said, US).bounceClass;
  });
  const wanted = expected.findings.map(({ bounceClass }) => bounceClass);
  // Of a delay only a failure that follows has a class.
  const judged = (all: unknown[]) => all.filter((_, i) => expected.findings[i]?.action === 'FAILED');
  expect(judged(classes)).toEqual(judged(wanted));
});
