/** 自分のページ: one's own password, second factor and open screens. Of oneself alone. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { typedPassword } from '../../../domain/password.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { endOwnSessions, readSignedIn } from '../../../usecases/sign-in.js';
import { changePassword } from '../../../usecases/staff-password.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, TextField } from '../shell/fields.js';
import { Form, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { Facts } from '../shell/parts.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, page } from '../shell/route.js';
import { commandOf, keepSession, signedInOf, staffOf, tell } from '../shell/session.js';
import { ROLE_WORDS } from '../shell/words.js';
import type { PasswordLimit } from '../sign-in/limits.js';
import { createPasswordLimit } from '../sign-in/limits.js';
import { NewPasswordFields } from '../sign-in/new-password.js';
import { secondFactorText } from '../staff/state.js';
import { ownFactorRoutes } from './own-factor.js';
import { CODES_PLACE, FACTOR_PLACE, PASSWORD_PLACE, SESSIONS_PLACE } from './places.js';
import { tooOften } from './too-often.js';

export function meRoutes(deps: Deps): StaffRoute[] {
  const limit = createPasswordLimit();
  return [
    page({ path: below(PLACES.me), who: 'SIGNED_IN', handle: ({ req, res }) => show(deps, req, res, []) }),
    passwordRoute(deps, limit),
    form({
      path: below(SESSIONS_PLACE),
      who: 'SIGNED_IN',
      fields: {},
      async handle({ req, res }) {
        keepSession(req, await endOwnSessions(deps, commandOf(res), signedInOf(req)));
        tell(req, 'この画面のほかは、すべてサインアウトしました。');
        res.redirect(303, PLACES.me);
      },
    }),
    ...ownFactorRoutes(deps, limit),
  ];
}

function passwordRoute(deps: Deps, limit: PasswordLimit): StaffRoute {
  return form({
    path: below(PASSWORD_PLACE),
    who: 'SIGNED_IN',
    fields: { oldPassword: line, password: line, passwordAgain: line },
    async handle({ fields, req, res }) {
      const { staffId } = staffOf(res);
      if (await tooOften(limit, req, res, staffId)) return;
      try {
        const epoch = await changePassword(deps, signedInOf(req), {
          oldPassword: typedPassword(fields.oldPassword),
          password: typedPassword(fields.password),
          passwordAgain: typedPassword(fields.passwordAgain),
        });
        await limit.succeeded(staffId);
        keepSession(req, epoch);
      } catch (error) {
        if (!isRefused(error, 'validation')) throw error;
        const faults = error.refusal.fields;
        if (!faults.some(({ field }) => field === 'oldPassword')) await limit.succeeded(staffId);
        await show(deps, req, res, faults);
        return;
      }
      tell(req, 'パスワードを変えました。ほかの画面は、すべてサインアウトしました。');
      res.redirect(303, PLACES.me);
    },
  });
}

async function show(deps: Deps, req: Request, res: Response, faults: Faults): Promise<void> {
  const person = await readSignedIn(deps, signedInOf(req));
  if (person === null) throw new NotHereError();
  sendPage(req, res, {
    status: faults.length === 0 ? 200 : 422,
    title: '自分のページ',
    body: (
      <>
        <FaultList faults={faults} />
        <Facts
          rows={[
            ['表示名', person.displayName],
            ['サインイン名', person.signInName],
            ['役割', ROLE_WORDS[person.role]],
            ['2段階の確認', secondFactorText(person)],
          ]}
        />
        <p>
          <a href={`${PLACES.staff}/roles`}>役割ごとにできること</a>
        </p>
        <h2>パスワードを変える</h2>
        <Form to={PASSWORD_PLACE}>
          <OldPassword id="oldPassword" faults={faults} />
          <NewPasswordFields faults={faults} />
          <button type="submit">パスワードを変える</button>
        </Form>
        <SecondFactor has={person.hasSecondFactor} />
        <h2>ほかの画面</h2>
        <p>別のパソコンなどでサインインしたままのときは、ここから全部サインアウトできます。</p>
        <Form to={SESSIONS_PLACE}>
          <button type="submit">ほかの画面をすべてサインアウトする</button>
        </Form>
      </>
    ),
  });
}

function OldPassword({ id, faults }: { id: string; faults: Faults }): VNode {
  return (
    <TextField
      name={id}
      label="今のパスワード"
      type="password"
      value=""
      required
      autocomplete="current-password"
      maxlength={200}
      faults={faults}
    />
  );
}

function SecondFactor({ has }: { has: boolean }): VNode {
  return (
    <>
      <h2>2段階の確認</h2>
      <p>
        {has
          ? 'スマートフォンを替えるときは、前のアプリが使えるうちに、ここで新しくします。'
          : 'パスワードがもれても、ほかの人が入れないようにします。認証アプリを使います。'}
      </p>
      <p class="actions">
        <a class="button" href={FACTOR_PLACE}>
          {has ? '認証アプリを新しくする' : '2段階の確認を始める'}
        </a>
        {has && (
          <a class="button" href={CODES_PLACE}>
            回復用の番号を新しくする
          </a>
        )}
      </p>
    </>
  );
}
