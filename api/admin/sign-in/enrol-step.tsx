/** Who must have a second factor and has none sets it up before anything else is open. */
import type { Request, RequestHandler, Response } from 'express';
import { arrivalOf } from '../../middleware/arrival.js';
import type { Faults } from '../shell/fields.js';
import { FaultList } from '../shell/fields.js';
import { Form, sendPublicPage, sendStepPage } from '../shell/layout.js';
import { line } from '../shell/route.js';
import { RecoveryCodes, SetUp, WRONG_CODE } from './set-up.js';
import type { AtStep } from './step.js';
import { atStep } from './step.js';
import type { Way } from './way.js';

export function showEnrolStep<P>(way: Way<P>): RequestHandler {
  return atStep(way, 'ENROL', (req, res, at) => show(way, req, res, at, []));
}

export function takeEnrolStep<P>(way: Way<P>): RequestHandler {
  return atStep(way, 'ENROL', async (req, res, at) => {
    const said = line.safeParse((req.body as Record<string, unknown> | undefined)?.['code']);
    if ((await way.readSecondFactorSetup(at.pending)) === null) {
      await way.beginSecondFactor(at.pending);
      res.redirect(303, way.places.ENROL);
      return;
    }
    const confirmed = await way.confirmSecondFactor(at.pending, said.data ?? '');
    if (confirmed === null) {
      await show(way, req, res, at, WRONG_CODE);
      return;
    }
    await way.enter(req, confirmed.pending, arrivalOf(res).receivedAt);
    // Shown in the answer itself: kept nowhere, so there is no page to be sent on to.
    sendPublicPage(res, {
      title: '2段階の確認を始めました',
      body: <RecoveryCodes codes={confirmed.codes} next={at.to} />,
    });
  });
}

async function show<P>(
  way: Way<P>,
  req: Request,
  res: Response,
  { pending, person }: AtStep<P>,
  faults: Faults,
): Promise<void> {
  const secret = await way.readSecondFactorSetup(pending);
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
          <Form to={way.places.ENROL}>
            <button type="submit">始める</button>
          </Form>
        ) : (
          <SetUp secret={secret} signInName={person.signInName} to={way.places.ENROL} faults={faults} />
        )}
      </>
    ),
  });
}
