/** 案内書 (R31): choose, look, print, download, record; from a list or from one person's page. */
import type { Deps } from '../../../usecases/context.js';
import { z } from 'zod';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { batchRoutes } from './batches.js';
import { showChoose } from './choose.js';
import { downloadRoutes } from './download.js';
import { previewRoutes } from './preview.js';
import { FILTER_FIELDS, filterOf } from './selection.js';
import type { LetterSettings } from './site.js';

export function lettersRoutes(deps: Deps, settings: LetterSettings): StaffRoute[] {
  return [
    page({
      path: below(PLACES.letters),
      who: 'letters.print',
      query: { ...FILTER_FIELDS, cursor: z.string() },
      handle: ({ query: { cursor, ...said }, req, res }) =>
        showChoose(deps, { filter: filterOf(said), cursor }, req, res),
    }),
    ...previewRoutes(deps),
    ...downloadRoutes(deps, settings),
    ...batchRoutes(deps),
  ];
}
