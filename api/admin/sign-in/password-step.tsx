/** After an invitation or a reset: a password of one's own, which nobody else knows. */
import type { Request, RequestHandler, Response } from 'express';
import { typedPassword } from '../../../domain/password.js';
import { isRefused } from '../../../usecases/errors.js';
import type { Faults } from '../shell/fields.js';
import { FaultList } from '../shell/fields.js';
import { Form, sendStepPage } from '../shell/layout.js';
import { line } from '../shell/route.js';
import { NewPasswordFields } from './new-password.js';
import type { AtStep } from './step.js';
import { atStep, goOn } from './step.js';
import type { Way } from './way.js';

export function showPasswordStep<P>(way: Way<P>): RequestHandler {
  return atStep(way, 'PASSWORD', (req, res, at) => {
    show(way, req, res, at, []);
    return Promise.resolve();
  });
}

export function takePasswordStep<P>(way: Way<P>): RequestHandler {
  return atStep(way, 'PASSWORD', async (req, res, at) => {
    const chosen = { password: passwordOf(req, 'password'), passwordAgain: passwordOf(req, 'passwordAgain') };
    try {
      await goOn(way, req, res, { pending: await way.choosePassword(at.pending, chosen), to: at.to });
    } catch (error) {
      if (!isRefused(error, 'validation')) throw error;
      show(way, req, res, at, error.refusal.fields);
    }
  });
}

function passwordOf(req: Request, name: string): string {
  const said = line.safeParse((req.body as Record<string, unknown> | undefined)?.[name]);
  return typedPassword(said.data ?? '');
}

function show<P>(way: Way<P>, req: Request, res: Response, { person }: AtStep<P>, faults: Faults): void {
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
        <Form to={way.places.PASSWORD}>
          <input type="hidden" name="username" value={person.signInName} autocomplete="username" />
          <NewPasswordFields faults={faults} />
          <button type="submit">決める</button>
        </Form>
      </>
    ),
  });
}
