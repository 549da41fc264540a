/** The second step: a code of the authenticator, or a recovery code. */
import type { Request, RequestHandler, Response } from 'express';
import { MINUTE } from '../../../domain/calendar.js';
import type { CodeVerdict } from '../../../usecases/weigh-code.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { TextField } from '../shell/fields.js';
import { Form, Notice, sendStepPage } from '../shell/layout.js';
import { line } from '../shell/route.js';
import { atStep, goOn } from './step.js';
import type { Way } from './way.js';

export function showCodeStep<P>(way: Way<P>): RequestHandler {
  return atStep(way, 'CODE', (req, res) => {
    show(way, req, res, 200, null);
    return Promise.resolve();
  });
}

export function takeCodeStep<P>(way: Way<P>): RequestHandler {
  return atStep(way, 'CODE', async (req, res, { pending, to }) => {
    const said = line.safeParse((req.body as Record<string, unknown> | undefined)?.['code']);
    const given = await way.giveCode(pending, said.data ?? '');
    const { verdict } = given;
    if (verdict.verdict === 'RIGHT') {
      await goOn(way, req, res, { pending: given.pending, to });
      return;
    }
    const now = arrivalOf(res).receivedAt;
    if (verdict.verdict === 'WAIT') res.set('Retry-After', String(Math.ceil((verdict.until - now) / 1000)));
    show(way, req, res, verdict.verdict === 'WAIT' ? 429 : 403, troubleText(verdict, now));
  });
}

function troubleText(verdict: Exclude<CodeVerdict, { verdict: 'RIGHT' }>, now: number): string {
  switch (verdict.verdict) {
    case 'WRONG':
      return 'コードがちがいます。アプリに今出ている6けたの数字を入れてください。';
    case 'USED':
      return 'このコードは、もう使いました。30秒ほど待って、次に出る数字を入れてください。';
    case 'WAIT':
      return `何回も続けてまちがえたので、少し待ってください（あと${Math.ceil((verdict.until - now) / MINUTE)}分）。急ぐときは、「2段階の確認」をやり直せるようにしてもらってください（下を見てください）。`;
  }
}

function show<P>(way: Way<P>, req: Request, res: Response, status: number, trouble: string | null): void {
  sendStepPage(req, res, {
    status,
    title: '2段階の確認',
    body: (
      <>
        {trouble !== null && <Notice kind="bad">{trouble}</Notice>}
        <Form to={way.places.CODE}>
          <TextField
            name="code"
            label="確認コード"
            value=""
            autocomplete="one-time-code"
            maxlength={40}
            size={20}
            hint="スマートフォンの認証アプリに出ている、6けたの数字です。アプリが使えないときは、しまっておいた回復用の番号を入れてください。"
          />
          <button type="submit">確認する</button>
        </Form>
        <p class="hint">どちらもないときは、{way.lost}</p>
        <p>
          <a href={way.places.start}>サインインの最初へもどる</a>
        </p>
      </>
    ),
  });
}
