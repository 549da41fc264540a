/** One's own second factor and recovery codes. The password is asked again: a session left open is not enough. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { typedPassword } from '../../../domain/password.js';
import type { Deps } from '../../../usecases/context.js';
import {
  beginSecondFactor,
  confirmSecondFactor,
  readSecondFactorSetup,
  renewRecoveryCodes,
} from '../../../usecases/second-factor.js';
import { readSignedIn } from '../../../usecases/sign-in.js';
import { isOwnPassword } from '../../../usecases/staff-password.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, TextField } from '../shell/fields.js';
import { Form, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, page } from '../shell/route.js';
import { signedInOf, staffOf } from '../shell/session.js';
import type { PasswordLimit } from '../sign-in/limits.js';
import { RecoveryCodes, SetUp, WRONG_CODE } from '../sign-in/set-up.js';
import { CODES_PLACE, FACTOR_CONFIRM_PLACE, FACTOR_PLACE } from './places.js';
import { tooOften } from './too-often.js';

const FACTOR = {
  title: '2段階の確認を始める・新しくする',
  place: FACTOR_PLACE,
  text: 'はじめに、今のパスワードで、あなたであることを確かめます。新しい認証アプリの数字を入れ終わるまで、前のものが使えます。',
  button: '次へ',
} as const;
const CODES = {
  title: '回復用の番号を新しくする',
  place: CODES_PLACE,
  text: '10個の新しい番号が出ます。前の番号は、すぐに使えなくなります。今のパスワードで、あなたであることを確かめます。',
  button: '新しくする',
} as const;
type Asked = typeof FACTOR | typeof CODES;

export function ownFactorRoutes(deps: Deps, limit: PasswordLimit): StaffRoute[] {
  /** `work` runs when the password is right. */
  const behindPassword = (
    asked: Asked,
    work: (req: Request, res: Response) => Promise<void>,
  ): StaffRoute[] => [
    page({ path: below(asked.place), who: 'SIGNED_IN', handle: ({ req, res }) => ask(req, res, asked, []) }),
    form({
      path: below(asked.place),
      who: 'SIGNED_IN',
      fields: { oldPassword: line },
      async handle({ fields, req, res }) {
        const { staffId } = staffOf(res);
        if (await tooOften(limit, req, res, staffId)) return;
        if (!(await isOwnPassword(deps, signedInOf(req), typedPassword(fields.oldPassword)))) {
          ask(req, res, asked, [{ field: 'oldPassword', code: 'wrong', message: '' }]);
          return;
        }
        await limit.succeeded(staffId);
        await work(req, res);
      },
    }),
  ];
  return [
    ...behindPassword(FACTOR, async (req, res) => {
      await beginSecondFactor(deps, signedInOf(req));
      res.redirect(303, FACTOR_CONFIRM_PLACE);
    }),
    ...behindPassword(CODES, async (req, res) => {
      const codes = await renewRecoveryCodes(deps, signedInOf(req));
      sendPage(req, res, {
        title: '新しい回復用の番号',
        body: <RecoveryCodes codes={codes} next={PLACES.me} />,
      });
    }),
    page({
      path: below(FACTOR_CONFIRM_PLACE),
      who: 'SIGNED_IN',
      handle: ({ req, res }) => showSetUp(deps, req, res, []),
    }),
    form({
      path: below(FACTOR_CONFIRM_PLACE),
      who: 'SIGNED_IN',
      fields: { code: line },
      async handle({ fields, req, res }) {
        const codes = await confirmSecondFactor(deps, signedInOf(req), fields.code);
        if (codes === null) await showSetUp(deps, req, res, WRONG_CODE);
        else {
          const body = <RecoveryCodes codes={codes} next={PLACES.me} />;
          sendPage(req, res, { title: '2段階の確認を始めました', body });
        }
      },
    }),
  ];
}

async function showSetUp(deps: Deps, req: Request, res: Response, faults: Faults): Promise<void> {
  const signedIn = signedInOf(req);
  const [secret, person] = await Promise.all([
    readSecondFactorSetup(deps, signedIn),
    readSignedIn(deps, signedIn),
  ]);
  if (person === null) throw new NotHereError();
  if (secret === null) {
    // Nothing is being set up, or it is done.
    res.redirect(303, FACTOR_PLACE);
    return;
  }
  sendPage(req, res, {
    status: faults.length === 0 ? 200 : 422,
    title: FACTOR.title,
    body: (
      <>
        <FaultList faults={faults} />
        <SetUp secret={secret} signInName={person.signInName} to={FACTOR_CONFIRM_PLACE} faults={faults} />
      </>
    ),
  });
}

function ask(req: Request, res: Response, asked: Asked, faults: Faults): void {
  sendPage(req, res, {
    status: faults.length === 0 ? 200 : 422,
    title: asked.title,
    body: <AskPassword asked={asked} faults={faults} />,
  });
}

function AskPassword({ asked: { place, text, button }, faults }: { asked: Asked; faults: Faults }): VNode {
  return (
    <>
      <FaultList faults={faults} />
      <p>{text}</p>
      <Form to={place}>
        <TextField
          name="oldPassword"
          label="今のパスワード"
          type="password"
          value=""
          required
          autocomplete="current-password"
          maxlength={200}
          faults={faults}
        />
        <p class="actions">
          <button type="submit">{button}</button>
          <a href={PLACES.me}>やめて、もどる</a>
        </p>
      </Form>
    </>
  );
}
