/** What a manager does to a colleague: first a page that says what will happen, then the button. */
import type { Request, Response } from 'express';
import { ROLES } from '../../../domain/roles.js';
import type { StaffRow } from '../../../store/staff.js';
import type { Command, Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { changeRole, lockStaff, unlockStaff } from '../../../usecases/change-staff.js';
import { resetPassword, resetSecondFactor } from '../../../usecases/help-staff.js';
import { withdrawInvitation } from '../../../usecases/invite-staff.js';
import { Choices, Once } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, form, once, page } from '../shell/route.js';
import { commandOf, commandOnce, tell } from '../shell/session.js';
import { ROLE_WORDS } from '../shell/words.js';
import { sendCode } from './code-page.js';
import type { Deed } from './deed-words.js';
import { DEEDS } from './deed-words.js';
import { staffMemberOf, staffPlace } from './state.js';
import { staffRefusalText } from './words.js';

const PATH = '/staff/:staffId/:deed';

interface Fields {
  key: string;
  was?: (typeof ROLES)[number] | undefined;
  role?: (typeof ROLES)[number] | undefined;
}

export function deedRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: PATH,
      who: 'staff.manage',
      async handle({ req, res }) {
        show(req, res, await staffMemberOf(deps, req, res), deedOf(req), null);
      },
    }),
    form({
      path: PATH,
      who: 'staff.manage',
      fields: { key: once, was: choice(ROLES), role: choice(ROLES) },
      async handle({ fields, req, res }) {
        const deed = deedOf(req);
        const person = await staffMemberOf(deps, req, res);
        try {
          await doIt(deps, req, res, { deed, person, fields });
        } catch (error) {
          if (!isRefused(error, 'staff-refused')) throw error;
          const now = await staffMemberOf(deps, req, res);
          show(req, res, now, deed, staffRefusalText(error.refusal.why));
        }
      },
    }),
  ];
}

async function doIt(
  deps: Deps,
  req: Request,
  res: Response,
  { deed, person, fields }: { deed: Deed; person: StaffRow; fields: Fields },
): Promise<void> {
  const { id } = person;
  if (deed === 'code') {
    const command = commandOnce(res, 'one-time-code', fields.key, id);
    sendCode(req, res, person, await resetPassword(deps, command, id));
    return;
  }
  if (deed === 'role') {
    const { was, role } = fields;
    if (was === undefined || role === undefined) {
      show(req, res, person, deed, '新しい役割を選んでください。');
      return;
    }
    await changeRole(deps, commandOf(res), id, { was, role });
  } else await SIMPLE[deed](deps, commandOf(res), id);
  tell(req, DEEDS[deed].done);
  res.redirect(303, staffPlace(id));
}

const SIMPLE = {
  'second-factor': resetSecondFactor,
  withdraw: withdrawInvitation,
  lock: (deps: Deps, command: Command, id: string) => lockStaff(deps, command, id),
  unlock: unlockStaff,
} as const;

function deedOf(req: Request): Deed {
  const deed = (Object.keys(DEEDS) as Deed[]).find((each) => each === req.params['deed']);
  if (deed === undefined) throw new NotHereError();
  return deed;
}

function show(req: Request, res: Response, person: StaffRow, deed: Deed, trouble: string | null): void {
  const { word, effects, button } = DEEDS[deed];
  sendPage(req, res, {
    status: trouble === null ? 200 : 409,
    title: `${person.displayName}さん：${word.replace(/（.*/, '')}`,
    body: (
      <>
        {trouble !== null && (
          <Notice kind="bad">
            <p>{trouble}</p>
          </Notice>
        )}
        <p>
          {person.displayName}（{person.signInName}、今の役割：{ROLE_WORDS[person.role]}）
        </p>
        <ul>
          {effects.map((text) => (
            <li>{text}</li>
          ))}
        </ul>
        <Form to={staffPlace(person.id, deed)}>
          <Once />
          {deed === 'role' && (
            <>
              <input type="hidden" name="was" value={person.role} />
              <Choices
                name="role"
                label="新しい役割"
                value={person.role}
                options={ROLES.map((role) => [role, ROLE_WORDS[role]] as const)}
              />
            </>
          )}
          <p class="actions">
            <button type="submit">{button}</button>
            <a href={staffPlace(person.id)}>やめて、もどる</a>
          </p>
        </Form>
      </>
    ),
  });
}
