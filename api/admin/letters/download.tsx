/** The PDF itself, composed in a thread beside the pages. */
import type { Request, Response } from 'express';
import { once } from 'node:events';
import { pipeline } from 'node:stream';
import { dayInJapan } from '../../../domain/calendar.js';
import type { Print } from '../../../letters/content.js';
import { letterStream } from '../../../letters/letter-stream.js';
import { press } from '../../../letters/press.js';
import type { LetterHead, PrintedLetters } from '../../../usecases/read-letters.js';
import { fetchLetters, readLetterHead } from '../../../usecases/read-letters.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { sendPage } from '../shell/layout.js';
import type { StaffRoute } from '../shell/route.js';
import { page } from '../shell/route.js';
import { commandOf, staffOf } from '../shell/session.js';
import { batchIdOf, here } from './batches.js';
import { BATCHES, batchPlace } from './letter-places.js';
import type { LetterDeps } from './site.js';
import { whyWords } from './words.js';

const RETRY_AFTER_SECONDS = '30';

export function downloadRoutes(deps: LetterDeps): StaffRoute[] {
  return [
    page({
      path: '/letters/blank',
      who: 'letters.blank',
      async handle({ req, res }) {
        const head = await readLetterHead(deps, staffOf(res).fireHqId);
        const printedOn = dayInJapan(arrivalOf(res).receivedAt);
        const blank = { what: 'BLANK', large: false, ruby: true, printedOn } as const;
        await sendPdf(req, res, { ...blank, ...commonOf(head, deps) }, 'annaisho.pdf');
      },
    }),
    page({
      path: '/letters/batches/:batchId/pdf',
      who: 'letters.print',
      async handle({ req, res }) {
        const batchId = batchIdOf(req);
        const printed = await here(fetchLetters(deps, commandOf(res), press, batchId));
        if (printed === null) sendGone(req, res, batchId, DEAD);
        else if (printed.letters.length === 0) sendGone(req, res, batchId, NOBODY_LEFT);
        else await sendPdf(req, res, printOf(printed, deps), fileName(printed));
      },
    }),
  ];
}

const DEAD =
  'この印刷のPDFは、もう作れません（印刷しなかったことにしたか、リンクの鍵が新しくなりました）。必要なときは、もう一度選んで印刷してください。';
const NOBODY_LEFT = 'この印刷の人は、みんな更新が終わったか、今は印刷できません。送るものはありません。';

function commonOf({ hq, validity }: LetterHead, { letters: { mailFrom } }: LetterDeps) {
  const { displayName, fax, counter } = hq;
  return { hq: { displayName, fax, counter }, validity, mailFrom };
}

function printOf(printed: PrintedLetters, deps: LetterDeps): Print {
  const { kind, large, ruby, printedAt } = printed.batch;
  return {
    what: 'LETTERS',
    ...commonOf(printed, deps),
    kind,
    large,
    ruby,
    printedAt,
    printedOn: dayInJapan(printedAt),
    letters: printed.letters.map(({ token, expiresOn, expiresAt, ...letter }) => ({
      ...letter,
      expiry: { expiresOn, expiresAt },
      link: `${deps.letters.publicBaseUrl}/r/${token}`,
    })),
    missing: printed.gone.map(({ why, ...person }) => ({ ...person, why: whyWords(why) })),
  };
}

/** By day and number of people; nothing of anybody. */
function fileName({ batch, letters }: PrintedLetters): string {
  return `annaisho-${dayInJapan(batch.printedAt)}-${letters.length}.pdf`;
}

async function sendPdf(req: Request, res: Response, print: Print, name: string): Promise<void> {
  if (req.method === 'HEAD') {
    res.type('pdf').attachment(name).end();
    return;
  }
  const stream = letterStream(print);
  if (stream === null) {
    res.set('Retry-After', RETRY_AFTER_SECONDS);
    sendPage(req, res, { status: 503, title: '少し待ってください', body: <p>{BUSY}</p> });
    return;
  }
  // What fails at once is told on a page.
  await once(stream, 'readable');
  res.type('pdf').attachment(name);
  // Cut off in the middle the browser says that the download failed; there is nobody left to be told anything else.
  pipeline(stream, res, () => {});
}

const BUSY =
  '今、ほかの案内書を作っています。1分ほど待ってから、もう一度ダウンロードしてください。印刷の記録は残っています。';

function sendGone(req: Request, res: Response, batchId: string, text: string): void {
  sendPage(req, res, {
    status: 409,
    title: 'ダウンロードできません',
    body: (
      <>
        <p>{text}</p>
        <p>
          <a href={batchPlace(batchId)}>この印刷の記録へ</a>　<a href={BATCHES}>すべての印刷の記録へ</a>
        </p>
      </>
    ),
  });
}
