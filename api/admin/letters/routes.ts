/** 案内書 (R31): choose, look, print, download, record; from a list or from one person's page. */
import { z } from 'zod';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { batchRoutes } from './batches.js';
import { showChoose } from './choose.js';
import { downloadRoutes } from './download.js';
import { previewRoutes } from './preview.js';
import { FILTER_FIELDS, filterOf } from './selection.js';
import type { LetterDeps } from './site.js';

export function lettersRoutes(deps: LetterDeps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.letters),
      who: 'letters.print',
      query: { ...FILTER_FIELDS, cursor: z.string() },
      handle: ({ query: { cursor, ...said }, req, res }) =>
        showChoose(deps, { filter: filterOf(said), cursor }, req, res),
    }),
    ...previewRoutes(deps),
    ...downloadRoutes(deps),
    ...batchRoutes(deps),
  ];
}
