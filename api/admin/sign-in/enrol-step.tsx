/** Who must have a second factor and has none sets it up before anything else is open. */
import type { Request, RequestHandler, Response } from 'express';
import type { Deps } from '../../../usecases/context.js';
import {
  beginSecondFactor,
  confirmSecondFactor,
  readSecondFactorSetup,
} from '../../../usecases/second-factor.js';
import { completeSignIn } from '../../../usecases/sign-in.js';
import { arrivalOf } from '../../middleware/arrival.js';
import type { Faults } from '../shell/fields.js';
import { FaultList } from '../shell/fields.js';
import { Form, sendPublicPage, sendStepPage } from '../shell/layout.js';
import { PLACES } from '../shell/places.js';
import { line } from '../shell/route.js';
import { beginSession } from '../shell/session.js';
import { RecoveryCodes, SetUp, WRONG_CODE } from './set-up.js';
import type { AtStep } from './step.js';
import { atStep } from './step.js';

export function showEnrolStep(deps: Deps): RequestHandler {
  return atStep(deps, 'ENROL', (req, res, at) => show(deps, req, res, at, []));
}

export function takeEnrolStep(deps: Deps): RequestHandler {
  return atStep(deps, 'ENROL', async (req, res, at) => {
    const said = line.safeParse((req.body as Record<string, unknown> | undefined)?.['code']);
    if ((await readSecondFactorSetup(deps, at.pending)) === null) {
      await beginSecondFactor(deps, at.pending);
      res.redirect(303, PLACES.signInSecondFactor);
      return;
    }
    const codes = await confirmSecondFactor(deps, at.pending, said.data ?? '');
    if (codes === null) {
      await show(deps, req, res, at, WRONG_CODE);
      return;
    }
    // The code that was just given is the second step of this sign-in.
    const signedIn = await completeSignIn(deps, { ...at.pending, codeGiven: true });
    await beginSession(req, signedIn, arrivalOf(res).receivedAt);
    // Shown in the answer itself: kept nowhere, so there is no page to be sent on to.
    sendPublicPage(res, {
      title: '2段階の確認を始めました',
      body: <RecoveryCodes codes={codes} next={at.to} />,
    });
  });
}

async function show(
  deps: Deps,
  req: Request,
  res: Response,
  { pending, person }: AtStep,
  faults: Faults,
): Promise<void> {
  const secret = await readSecondFactorSetup(deps, pending);
  sendStepPage(req, res, {
    status: faults.length === 0 ? 200 : 422,
    title: '2段階の確認を始める',
    body: (
      <>
        <FaultList faults={faults} />
        <p>
          {person.hqName}
          では、パスワードのほかに、認証アプリの数字でも確認します。一度だけ、次の3つをしてください。終わるまで、ほかのページは開けません。
        </p>
        {secret === null ? (
          <Form to={PLACES.signInSecondFactor}>
            <button type="submit">始める</button>
          </Form>
        ) : (
          <SetUp
            secret={secret}
            signInName={person.signInName}
            to={PLACES.signInSecondFactor}
            faults={faults}
          />
        )}
      </>
    ),
  });
}
