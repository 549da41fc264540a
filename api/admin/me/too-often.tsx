/** The password was asked for too often at one's own page. */
import type { Request, Response } from 'express';
import { Notice, sendPage } from '../shell/layout.js';
import { PLACES } from '../shell/places.js';
import type { PasswordLimit } from '../sign-in/limits.js';

/** Counts the try. True: it was one too many, and is answered. */
export async function tooOften(
  limit: PasswordLimit,
  req: Request,
  res: Response,
  staffId: string,
): Promise<boolean> {
  const wait = await limit.begin(staffId);
  if (wait === null) return false;
  res.set('Retry-After', String(wait));
  sendPage(req, res, {
    status: 429,
    title: '少し待ってください',
    body: (
      <>
        <Notice kind="bad">
          <p>
            何回も続けてパスワードをまちがえたので、少し待ってください（あと{Math.ceil(wait / 60)}
            分）。何も変わっていません。
          </p>
        </Notice>
        <p>
          <a href={PLACES.me}>自分のページへもどる</a>
        </p>
      </>
    ),
  });
  return true;
}
