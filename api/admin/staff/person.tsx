/** One member of staff: how they stand, their name, and what a manager can do. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { StaffRow } from '../../../store/staff.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { renameStaff } from '../../../usecases/change-staff.js';
import { readAllStaff } from '../../../usecases/staff.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { momentText } from '../shell/dates.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, TextField } from '../shell/fields.js';
import { Form, sendPage } from '../shell/layout.js';
import { Facts } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, page } from '../shell/route.js';
import { commandOf, staffOf, tell } from '../shell/session.js';
import { ROLE_WORDS, actorWords } from '../shell/words.js';
import { DEEDS } from './deed-words.js';
import { lastSignInText, secondFactorText, staffMemberOf, staffPlace, stateText } from './state.js';

export function personRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: '/staff/:staffId',
      who: 'staff.manage',
      handle: ({ req, res }) => show(deps, req, res, null, []),
    }),
    form({
      path: '/staff/:staffId',
      who: 'staff.manage',
      fields: { displayName: line },
      async handle({ fields: { displayName }, req, res }) {
        const { id } = await staffMemberOf(deps, req, res);
        try {
          await renameStaff(deps, commandOf(res), id, displayName);
        } catch (error) {
          if (!isRefused(error, 'validation')) throw error;
          await show(deps, req, res, displayName, error.refusal.fields);
          return;
        }
        tell(req, '表示名を変えました。');
        res.redirect(303, staffPlace(id));
      },
    }),
  ];
}

async function show(
  deps: Deps,
  req: Request,
  res: Response,
  typed: string | null,
  faults: Faults,
): Promise<void> {
  const person = await staffMemberOf(deps, req, res);
  const me = staffOf(res);
  const names = new Map((await readAllStaff(deps, me.fireHqId)).map((each) => [each.id, each.displayName]));
  sendPage(req, res, {
    status: faults.length === 0 ? 200 : 422,
    title: person.displayName,
    body: (
      <>
        <FaultList faults={faults} />
        <Facts
          rows={[
            ['サインイン名', person.signInName],
            ['役割', ROLE_WORDS[person.role]],
            ['今のようす', stateText(person, arrivalOf(res).receivedAt)],
            ['最後のサインイン', lastSignInText(person)],
            ['2段階の確認', secondFactorText(person)],
            ['招待した人', `${actorWords(person.createdBy, names)}（${momentText(person.createdAt)}）`],
          ]}
        />
        <h2>表示名を変える</h2>
        <Form to={staffPlace(person.id)}>
          <TextField
            name="displayName"
            label="表示名"
            required
            value={typed ?? person.displayName}
            faults={faults}
            maxlength={40}
          />
          <button type="submit">表示名を変える</button>
        </Form>
        <h2>そのほかの操作</h2>
        {person.id === me.staffId ? (
          <p>
            これは、あなたです。パスワードと2段階の確認は<a href={PLACES.me}>自分のページ</a>
            で変えます。役割を変えたりサインインを止めたりするのは、ほかの管理者に頼んでください。
          </p>
        ) : (
          <Deeds person={person} />
        )}
        <p>
          <a href={PLACES.staff}>職員へもどる</a>
        </p>
      </>
    ),
  });
}

/** Each leads to a page that says what will happen; nothing is done by following it. */
function Deeds({ person }: { person: StaffRow }): VNode {
  return (
    <ul class="deeds">
      {Object.entries(DEEDS)
        .filter(([, { fits }]) => fits(person))
        .map(([deed, { word }]) => (
          <li>
            <a href={staffPlace(person.id, deed)}>{word}</a>
          </li>
        ))}
    </ul>
  );
}
