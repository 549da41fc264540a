/** 職員 (managers only); the fixed addresses come before those of one person. */
import type { Deps } from '../../../usecases/context.js';
import type { StaffRoute } from '../shell/route.js';
import { deedRoutes } from './deeds.js';
import { inviteRoutes } from './invite.js';
import { listRoutes } from './list.js';
import { personRoutes } from './person.js';

export function staffAreaRoutes(deps: Deps): StaffRoute[] {
  return [...listRoutes(deps), ...inviteRoutes(deps), ...personRoutes(deps), ...deedRoutes(deps)];
}
