/** What was printed: the file again, the record that it was sent, and 「印刷しなかったことにする」. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { recordSending, voidLetters } from '../../../usecases/print-letters.js';
import type { LetterBatch } from '../../../usecases/read-letters.js';
import { listLetterBatches, readLetterBatch } from '../../../usecases/read-letters.js';
import { readAllStaff } from '../../../usecases/staff.js';
import { expiryText, momentText } from '../shell/dates.js';
import { Once } from '../shell/fields.js';
import { Form, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { Facts, NextPage, Table } from '../shell/parts.js';
import { PLACES, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, once, page, uuid } from '../shell/route.js';
import { commandOnce, staffOf, tell } from '../shell/session.js';
import { actorWords } from '../shell/words.js';
import { BATCHES, batchDeed, batchPlace } from './letter-places.js';
import { LETTER_KIND_WORDS } from './words.js';

const A_PAGE = 50;

export function batchRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: '/letters/batches',
      who: 'letters.print',
      query: { cursor: z.string() },
      handle: ({ query, req, res }) => showBatches(deps, query.cursor, req, res),
    }),
    page({
      path: '/letters/batches/:batchId',
      who: 'letters.print',
      query: { cursor: z.string() },
      handle: ({ query, req, res }) => showBatch(deps, query.cursor, req, res),
    }),
    form({
      path: '/letters/batches/:batchId/sent',
      who: 'letters.print',
      fields: { key: once },
      async handle({ fields: { key }, req, res }) {
        const batchId = batchIdOf(req);
        const done = await here(recordSending(deps, commandOnce(res, 'letters-sent', key, batchId), batchId));
        if (done) tell(req, '送った記録をつけました。それぞれの人の連絡の記録に入りました。');
        else tell(req, '取り消した印刷なので、記録はつけられません。', 'bad');
        res.redirect(303, batchPlace(batchId));
      },
    }),
    form({
      path: '/letters/batches/:batchId/void',
      who: 'letters.print',
      fields: { key: once },
      async handle({ fields: { key }, req, res }) {
        const batchId = batchIdOf(req);
        const done = await here(voidLetters(deps, commandOnce(res, 'letters-void', key, batchId), batchId));
        if (done) tell(req, '印刷しなかったことにしました。紙のQRは、もう使えません。紙は捨ててください。');
        else tell(req, '送った記録があるので、取り消せません。', 'bad');
        res.redirect(303, batchPlace(batchId));
      },
    }),
  ];
}

/** The id of the address is looked at before the database is. */
export function batchIdOf(req: Request): string {
  const batchId = String(req.params['batchId']);
  if (!uuid.safeParse(batchId).success) throw new NotHereError();
  return batchId;
}

/** Another headquarters' batch is as unknown as any other. */
export async function here<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw isRefused(error, 'not-found') ? new NotHereError() : error;
  }
}

async function staffNames(deps: Deps, fireHqId: string): Promise<Map<string, string>> {
  return new Map((await readAllStaff(deps, fireHqId)).map(({ id, displayName }) => [id, displayName]));
}

async function showBatches(
  deps: Deps,
  cursor: string | undefined,
  req: Request,
  res: Response,
): Promise<void> {
  const { fireHqId } = staffOf(res);
  const [batches, names] = await Promise.all([
    listLetterBatches(deps, fireHqId, { limit: A_PAGE, cursor }),
    staffNames(deps, fireHqId),
  ]);
  sendPage(req, res, {
    title: '案内書の印刷の記録',
    body: (
      <>
        {batches.items.length === 0 ? (
          <p>まだ印刷していません。</p>
        ) : (
          <Table
            caption="印刷の記録（新しい順）"
            head={['印刷した日時', '人数', '送りかた', '印刷した人', '今']}
            rows={batches.items.map((batch) => [
              <a href={batchPlace(batch.id)}>{momentText(batch.printedAt)}</a>,
              `${batch.letters.toLocaleString('ja-JP')}人`,
              LETTER_KIND_WORDS[batch.kind],
              actorWords(batch.printedBy, names),
              stateWords(batch),
            ])}
          />
        )}
        <NextPage href={batches.nextCursor === null ? null : `${BATCHES}?cursor=${batches.nextCursor}`} />
        <p>
          <a href={PLACES.letters}>案内書へもどる</a>
        </p>
      </>
    ),
  });
}

async function showBatch(deps: Deps, cursor: string | undefined, req: Request, res: Response): Promise<void> {
  const { fireHqId } = staffOf(res);
  const batchId = batchIdOf(req);
  const [{ batch, people }, names] = await here(
    Promise.all([
      readLetterBatch(deps, fireHqId, batchId, { limit: A_PAGE, cursor }),
      staffNames(deps, fireHqId),
    ]),
  );
  sendPage(req, res, {
    title: `案内書の印刷（${batch.letters.toLocaleString('ja-JP')}人）`,
    body: (
      <>
        <Facts
          rows={[
            ['印刷した日時', momentText(batch.printedAt)],
            ['印刷した人', actorWords(batch.printedBy, names)],
            ['送りかた', LETTER_KIND_WORDS[batch.kind]],
            ['文字', `${batch.large ? '大きい文字' : 'ふつうの文字'}${batch.ruby ? '、ふりがなつき' : ''}`],
            ['今', stateWords(batch)],
          ]}
        />
        {batch.voidedAt === null && <Steps batch={batch} />}
        <h2>この印刷の人</h2>
        <Table
          caption="印刷した順"
          head={['順', '氏名', '登録番号', '有効期限日時', '今']}
          rows={people.items.map((person) => [
            String(person.position),
            <a href={personPlace(person.accountId)}>{person.name}</a>,
            person.registrationNumber,
            expiryText(person),
            person.withdrawnAt !== null
              ? '廃止'
              : person.renewedAt !== null
                ? '更新が終わりました'
                : 'まだ更新していません',
          ])}
        />
        <NextPage
          href={people.nextCursor === null ? null : `${batchPlace(batchId)}?cursor=${people.nextCursor}`}
        />
        <p>
          <a href={BATCHES}>印刷の記録へもどる</a>
        </p>
      </>
    ),
  });
}

function Steps({ batch }: { batch: LetterBatch }): VNode {
  const post = batch.kind === 'POST';
  return (
    <>
      <h2>次にすること</h2>
      <ol>
        <li>
          <a href={batchDeed(batch.id, 'pdf')} download>
            PDFをダウンロードする
          </a>
          {batch.letters > 100 && '（人数が多いので、終わるまで1分ほどかかることがあります）'}
        </li>
        <li>A4の紙に、倍率100%で印刷する（両面でも片面でもかまいません）</li>
        {post ? (
          <li>
            窓あき封筒（長形3号）に入れて、
            <strong>封書で送る</strong>
            （はがきでは送れません。登録していることが、ほかの人に見えます）
          </li>
        ) : (
          <li>FAX番号を確かめてから、1人分ずつ送る</li>
        )}
        <li>送ったら、記録をつける</li>
      </ol>
      <p>印刷した紙とPDFには、個人の情報があります。余った紙は切って捨て、PDFは消してください。</p>
      {batch.sentRecordedAt === null && (
        <>
          <Form to={batchDeed(batch.id, 'sent')}>
            <Once />
            <button type="submit">
              {post ? '郵送した記録をつける' : 'FAXを送った記録をつける'}（
              {batch.letters.toLocaleString('ja-JP')}人）
            </button>
          </Form>
          <Form to={batchDeed(batch.id, 'void')}>
            <Once />
            <button class="quiet" type="submit">
              印刷しなかったことにする
            </button>
            <p class="hint">紙を1枚も送らなかったときだけ、押してください。紙のQRは使えなくなります。</p>
          </Form>
        </>
      )}
    </>
  );
}

function stateWords({ voidedAt, sentRecordedAt }: LetterBatch): string {
  if (voidedAt !== null) return `印刷しなかったことにしました（${momentText(voidedAt)}）`;
  return sentRecordedAt === null
    ? 'まだ送った記録がありません'
    : `送りました（${momentText(sentRecordedAt)}に記録）`;
}
