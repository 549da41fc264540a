/** 本人からの連絡 (R28): the list, one of them, and what staff answer. */
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, page } from '../shell/route.js';
import { answerRoutes } from './answers.js';
import { KINDS, STATES, showRequests } from './list.js';
import { sendRequest } from './one.js';

const LIST = below(PLACES.requests);

export function requestRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: LIST,
      who: 'requests.read',
      query: { state: choice(STATES), kind: choice(KINDS), cursor: z.string().max(500) },
      handle: ({ query, req, res }) => showRequests(deps, req, res, query),
    }),
    page({
      path: `${LIST}/:requestId`,
      who: 'requests.read',
      handle: ({ req, res }) => sendRequest(deps, req, res, null),
    }),
    ...answerRoutes(deps),
  ];
}
