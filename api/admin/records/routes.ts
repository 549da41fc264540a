/** 記録と数字: looking back, and finding out. */
import type { Deps } from '../../../usecases/context.js';
import type { StaffRoute } from '../shell/route.js';
import { completenessRoutes } from './completeness.js';
import { figuresRoutes } from './figures.js';
import { historyRoutes } from './history.js';
import { mailHealthRoutes } from './mail-health.js';

export function recordsRoutes(deps: Deps): StaffRoute[] {
  return [
    ...historyRoutes(deps),
    ...completenessRoutes(deps),
    ...figuresRoutes(deps),
    ...mailHealthRoutes(deps),
  ];
}
