/** Before the print: who gets a letter, who is left out and why; then the print itself. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { press } from '../../../letters/press.js';
import type { LetterKind } from '../../../store/letters.js';
import type { Deps } from '../../../usecases/context.js';
import type { LetterPreview, LetterSelection } from '../../../usecases/print-letters.js';
import { MOST_LETTERS, previewLetters, printLetters } from '../../../usecases/print-letters.js';
import { readAccount } from '../../../usecases/read-account.js';
import { dayText, expiryText } from '../shell/dates.js';
import { Once, Tick } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { Table } from '../shell/parts.js';
import { PLACES, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, form, line, once, page, ticked, uuid } from '../shell/route.js';
import { commandOnce, staffOf } from '../shell/session.js';
import { LETTER_KINDS } from '../../../store/letters.js';
import { NotHereError } from '../shell/not-here.js';
import { here } from './batches.js';
import { PREVIEW, PRINT, batchPlace } from './letter-places.js';
import { SELECTION_FIELDS, fieldsOf, selectionOf } from './selection.js';
import { LETTER_KIND_WORDS, whyWords } from './words.js';

/** Names shown; with more, the number says it. */
const MOST_SHOWN = 100;

export function previewRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: '/letters/people/:accountId',
      who: 'letters.print',
      query: { kind: choice(LETTER_KINDS) },
      async handle({ query: { kind = 'POST' }, req, res }) {
        const accountId = String(req.params['accountId']);
        if (!uuid.safeParse(accountId).success) throw new NotHereError();
        await here(readAccount(deps, staffOf(res).fireHqId, accountId));
        const asked = { selection: { by: 'IDS', accountIds: [accountId] }, kind } as const;
        await sendPreview(deps, asked, null, req, res);
      },
    }),
    form({
      path: '/letters/preview',
      who: 'letters.print',
      fields: SELECTION_FIELDS,
      handle: ({ fields, req, res }) =>
        sendPreview(deps, { selection: selectionOf(fields), kind: fields.kind ?? 'POST' }, null, req, res),
    }),
    form({
      path: '/letters/print',
      who: 'letters.print',
      fields: { ...SELECTION_FIELDS, key: once, digest: line, large: ticked, ruby: ticked },
      async handle({ fields: { key, digest, large, ruby, kind = 'POST', ...said }, req, res }) {
        const selection = selectionOf(said);
        const request = { selection, kind, large, ruby, digest };
        const printed = await printLetters(deps, commandOnce(res, 'letters', key, request), press, request);
        if (printed.outcome === 'PRINTED') res.redirect(303, batchPlace(printed.batchId));
        else await sendPreview(deps, { selection, kind }, CHANGED, req, res);
      },
    }),
  ];
}

const CHANGED =
  '確かめているあいだに、送る人が変わりました。まだ印刷していません。もう一度、下を確かめてください。';

async function sendPreview(
  deps: Deps,
  { selection, kind }: { selection: LetterSelection; kind: LetterKind },
  trouble: string | null,
  req: Request,
  res: Response,
): Promise<void> {
  const nobody = selection.by === 'IDS' && selection.accountIds.length === 0;
  const preview = await previewLetters(deps, staffOf(res).fireHqId, press, selection, kind);
  sendPage(req, res, {
    status: nobody ? 422 : trouble === null ? 200 : 409,
    title: '案内書を印刷する前に',
    body: (
      <>
        {trouble !== null && (
          <Notice kind="bad">
            <p>{trouble}</p>
          </Notice>
        )}
        {nobody ? (
          <Notice kind="bad">
            <p>だれも選ばれていません。前のページで、印刷する人に印をつけてください。</p>
          </Notice>
        ) : (
          <Preview preview={preview} selection={selection} />
        )}
        <p>
          <a href={PLACES.letters}>案内書へもどる</a>
        </p>
      </>
    ),
  });
}

function Preview({ preview, selection }: { preview: LetterPreview; selection: LetterSelection }): VNode {
  const { included, leftOut, kind } = preview;
  const other: LetterKind = kind === 'POST' ? 'FAX' : 'POST';
  return (
    <>
      <p class="large">
        {LETTER_KIND_WORDS[kind]}で送る人：<strong>{included.length.toLocaleString('ja-JP')}人</strong>
        　入れない人：{leftOut.length.toLocaleString('ja-JP')}人
      </p>
      {included.length + leftOut.length >= MOST_LETTERS && (
        <p class="hint">1つのファイルに入るのは1,000人までです。残りの人は、このあとで印刷してください。</p>
      )}
      {included.length > 0 ? (
        <Form to={PRINT}>
          <Once />
          <Selected selection={selection} kind={kind} />
          <input type="hidden" name="digest" value={preview.digest} />
          <Tick name="large" label="大きい文字にする（紙が2枚になります）" />
          <Tick name="ruby" label="ふりがなをつける" />
          <button type="submit">{`${included.length.toLocaleString('ja-JP')}人の案内書を作る`}</button>
          <p class="hint">
            作った記録が残り、QRはすぐに使えるようになります。送らなかったときは、あとで取り消せます。
          </p>
        </Form>
      ) : (
        <p>送れる人がいません。</p>
      )}
      {leftOut.length > 0 && (
        <>
          <h2>入れない人</h2>
          <Table
            caption={captionOf('入れない人と、その理由', leftOut.length)}
            head={['氏名', '理由']}
            rows={leftOut
              .slice(0, MOST_SHOWN)
              .map((person) => [<a href={personPlace(person.accountId)}>{person.name}</a>, whyWords(person)])}
          />
          <Form to={PREVIEW}>
            <Selected selection={selection} kind={other} />
            <button class="quiet" type="submit">
              {LETTER_KIND_WORDS[other]}で送れるかを確かめる
            </button>
          </Form>
        </>
      )}
      {included.length > 0 && (
        <>
          <h2>送る人</h2>
          <Table
            caption={captionOf('送る人（印刷する順）', included.length)}
            head={['氏名', '登録番号', '有効期限日時', kind === 'POST' ? '住所' : 'FAX', '前に印刷した日']}
            rows={included
              .slice(0, MOST_SHOWN)
              .map((person) => [
                <a href={personPlace(person.accountId)}>{person.name}</a>,
                person.registrationNumber,
                expiryText(person),
                kind === 'POST' ? person.postalAddress : person.fax,
                person.printedAt === null ? '' : dayText(person.printedAt),
              ])}
          />
        </>
      )}
    </>
  );
}

/** The selection again, as hidden fields. */
function Selected({ selection, kind }: { selection: LetterSelection; kind: LetterKind }): VNode {
  const fields: [string, string][] =
    selection.by === 'IDS'
      ? [['who', 'ticked'], ...selection.accountIds.map((id): [string, string] => ['id', id])]
      : [['who', 'first'], ['first', String(selection.most)], ...Object.entries(fieldsOf(selection.filter))];
  return (
    <>
      {[...fields, ['kind', kind]].map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

function captionOf(what: string, count: number): string {
  return count > MOST_SHOWN ? `${what}：はじめの${MOST_SHOWN}人` : what;
}
