/** After an invitation or a reset: a password of one's own, which nobody else knows. */
import type { Request, RequestHandler, Response } from 'express';
import { typedPassword } from '../../../domain/password.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { choosePassword } from '../../../usecases/staff-password.js';
import type { Faults } from '../shell/fields.js';
import { FaultList } from '../shell/fields.js';
import { Form, sendStepPage } from '../shell/layout.js';
import { PLACES } from '../shell/places.js';
import { line } from '../shell/route.js';
import { NewPasswordFields } from './new-password.js';
import type { AtStep } from './step.js';
import { atStep, goOn } from './step.js';

export function showPasswordStep(deps: Deps): RequestHandler {
  return atStep(deps, 'PASSWORD', (req, res, at) => {
    show(req, res, at, []);
    return Promise.resolve();
  });
}

export function takePasswordStep(deps: Deps): RequestHandler {
  return atStep(deps, 'PASSWORD', async (req, res, at) => {
    const chosen = { password: passwordOf(req, 'password'), passwordAgain: passwordOf(req, 'passwordAgain') };
    try {
      await goOn(deps, req, res, { pending: await choosePassword(deps, at.pending, chosen), to: at.to });
    } catch (error) {
      if (!isRefused(error, 'validation')) throw error;
      show(req, res, at, error.refusal.fields);
    }
  });
}

function passwordOf(req: Request, name: string): string {
  const said = line.safeParse((req.body as Record<string, unknown> | undefined)?.[name]);
  return typedPassword(said.data ?? '');
}

function show(req: Request, res: Response, { person }: AtStep, faults: Faults): void {
  sendStepPage(req, res, {
    status: faults.length === 0 ? 200 : 422,
    title: 'パスワードを決める',
    body: (
      <>
        <FaultList faults={faults} />
        <p>
          {person.hqName}　{person.displayName}
          さんのパスワードを決めてください。次からは、これでサインインします。
        </p>
        <Form to={PLACES.signInPassword}>
          <input type="hidden" name="username" value={person.signInName} autocomplete="username" />
          <NewPasswordFields faults={faults} />
          <button type="submit">決める</button>
        </Form>
      </>
    ),
  });
}
