/** /quarantine: 未照合, reports that fit no mail of ours: how many, how old, of which kinds, and never what they say. */
import type { QuarantineView } from '../../usecases/read-quarantine.js';
import { QUARANTINE_REASONS, QUARANTINE_SOURCES, readQuarantine } from '../../usecases/read-quarantine.js';
import { recordedReport } from './bounces.js';
import { defineRoute } from './route.js';
import { instant, iso, pageQuery, uuid } from './scalars.js';
import { z } from './zod.js';

const why = z.enum(QUARANTINE_REASONS).openapi({
  description:
    'NO_MATCH: neither return path nor returned original is one of ours. CONTRADICTION: they name two different mails.',
});
const way = z.enum(QUARANTINE_SOURCES).openapi({ description: 'The way in which it came.' });
const counts = <Name extends string>(names: readonly Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, z.int().min(0)])));

const quarantine = z
  .object({
    count: z.int().min(0),
    oldestReceivedAt: instant('null when nothing lies there.').nullable(),
    byReason: counts(QUARANTINE_REASONS),
    bySource: counts(QUARANTINE_SOURCES),
    items: z.array(
      z
        .object({
          id: uuid.openapi({ description: 'For the operator’s `quarantine read --id`.' }),
          receivedAt: instant(),
          why,
          source: way,
          reading: recordedReport.shape.reading,
          deleteAfter: instant('It is forgotten then.'),
        })
        .openapi('QuarantinedReport'),
    ),
    nextCursor: z.string().nullable().openapi({ description: 'For the next page; null on the last one.' }),
  })
  .openapi('Quarantine');

export const quarantineRoutes = [
  defineRoute({
    method: 'get',
    path: '/quarantine',
    operationId: 'readQuarantine',
    tag: 'Watching',
    scope: null,
    vendorScope: 'quarantine:read',
    summary: 'Reports that fit no mail of ours (未照合), newest first',
    description:
      'Counts are of all that lies there, whatever the page. They belong to no headquarters. Without content and addresses: reading one is an act of the operator, on the command line, that leaves its reason in the audit trails.',
    query: z.strictObject(pageQuery),
    answers: { 200: { description: 'Counts, and a page of reports.', schema: quarantine } },
    async handler({ deps, query }) {
      return { status: 200, body: quarantineJson(await readQuarantine(deps, query)) };
    },
  }),
];

function quarantineJson(view: QuarantineView): z.infer<typeof quarantine> {
  return {
    ...view,
    oldestReceivedAt: iso(view.oldestReceivedAt),
    items: view.items.map(({ id, receivedAt, why, source, what, deleteAfter }) => ({
      id,
      receivedAt: iso(receivedAt),
      why,
      source: way.parse(source),
      reading: recordedReport.shape.reading.parse(what),
      deleteAfter: iso(deleteAfter),
    })),
  };
}
