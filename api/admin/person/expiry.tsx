/** 有効期限日時の訂正 (R39), for managers: first what it changes and who gets mail, then with a reason. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import type {
  CorrectedLife,
  ExpiryCorrection,
  ExpiryCorrectionRequest,
} from '../../../usecases/correct-expiry.js';
import { correctExpiry } from '../../../usecases/correct-expiry.js';
import type { FieldFault } from '../../../usecases/errors.js';
import { RefusedError } from '../../../usecases/errors.js';
import { listAuditEvents } from '../../../usecases/read-audit.js';
import type { AccountView } from '../../../usecases/views.js';
import { dayText, expiryText, momentText } from '../shell/dates.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, Once, TextField } from '../shell/fields.js';
import { FilterForm, Form, Notice, sendPage } from '../shell/layout.js';
import { Facts, StatusMark, Table } from '../shell/parts.js';
import { personDeed, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, once, page } from '../shell/route.js';
import { commandOf, staffOf, tell, commandOnce } from '../shell/session.js';
import { AUTO_MAIL_WORDS, CAUSE_WORDS, PURPOSE_WORDS } from '../shell/words.js';
import { japanTimeText, parseJapanTime } from './japan-time.js';
import { personOf } from './person.js';
import { refusalWords } from './words.js';

type Basis = 'date' | 'time';
const MAILS_SHOWN = 5;

export function expiryRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: '/people/:accountId/expiry',
      who: 'expiry.correct',
      query: { to: z.string().max(40) },
      async handle({ query: { to = '' }, req, res }) {
        const person = await personOf(deps, req, res);
        const basis = basisOf(person);
        if (to === '')
          send(req, res, person, { basis, to, earlier: await lastCorrection(deps, res, person) });
        else await sendPreview(deps, req, res, person, { basis, to });
      },
    }),
    form({
      path: '/people/:accountId/expiry-correction',
      who: 'expiry.correct',
      fields: {
        key: once,
        to: line,
        replaces: z.coerce.number().int().min(-8.64e15).max(8.64e15),
        reason: line,
      },
      async handle({ fields: { key, to, replaces, reason }, req, res }) {
        const person = await personOf(deps, req, res);
        const basis = basisOf(person);
        const command = commandOnce(res, 'expiry', key, [person.id, to, replaces, reason]);
        const request = { ...expiryOf(basis, to), replaces, reason, dryRun: false };
        try {
          await correctExpiry(deps, command, person.id, request);
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error;
          const { refusal } = error;
          if (refusal.code === 'validation') {
            await sendPreview(deps, req, res, person, {
              basis,
              to,
              reason,
              faults: asTyped(refusal.fields),
              replaces,
            });
            return;
          }
          const trouble = refusalWords(refusal);
          if (trouble === null) throw error;
          send(req, res, person, { basis, to, trouble, status: 409 });
          return;
        }
        tell(
          req,
          `有効期限日時を訂正しました（訂正の前：${expiryOfLife(person)}）。まちがえたときは、［有効期限日時を訂正する］から元に戻せます。`,
        );
        res.redirect(303, personPlace(person.id, 'usage'));
      },
    }),
  ];
}

/** What the last correction of this cycle replaced, as the form takes it; null: there was none. */
async function lastCorrection(deps: Deps, res: Response, person: AccountView): Promise<string | null> {
  const { items } = await listAuditEvents(deps, staffOf(res).fireHqId, { accountId: person.id, limit: 100 });
  const last = items.find(({ action }) => action === 'account.expiry-corrected');
  const before = (last?.before ?? null) as {
    cycle: number;
    expiresOn: string | null;
    expiresAt: number;
  } | null;
  if (before?.cycle !== person.cycle) return null;
  return before.expiresOn ?? japanTimeText(before.expiresAt);
}

/** Of the cycle that is corrected (R13). */
function basisOf({ expiresOn }: AccountView): Basis {
  return expiresOn === null ? 'time' : 'date';
}

/** What cannot be read is refused by the use case, as a day that is none. */
function expiryOf(basis: Basis, to: string): Pick<ExpiryCorrectionRequest, 'expiresOn' | 'expiresAt'> {
  if (to === '') return {};
  return basis === 'date' ? { expiresOn: to } : { expiresAt: parseJapanTime(to) ?? undefined };
}

/** The form has one field for either. */
function asTyped(faults: readonly FieldFault[]): FieldFault[] {
  return faults.map((fault) => (fault.field.startsWith('expires') ? { ...fault, field: 'to' } : fault));
}

interface Shown {
  basis: Basis;
  to: string;
  reason?: string;
  faults?: Faults;
  trouble?: string;
  preview?: ExpiryCorrection;
  /** To go back to: what an earlier correction replaced. */
  earlier?: string | null;
  status?: number;
}

async function sendPreview(
  deps: Deps,
  req: Request,
  res: Response,
  person: AccountView,
  shown: Shown & { replaces?: number },
): Promise<void> {
  const { basis, to, faults = [], replaces } = shown;
  try {
    const preview = await correctExpiry(deps, commandOf(res), person.id, {
      ...expiryOf(basis, to),
      replaces,
      dryRun: true,
    });
    send(req, res, person, { ...shown, preview, status: faults.length > 0 ? 422 : 200 });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const { refusal } = error;
    if (refusal.code === 'validation') {
      const unread = basis === 'time' && to !== '' && parseJapanTime(to) === null;
      const found = unread
        ? [{ field: 'to', code: 'malformed', message: 'not a time' }]
        : asTyped(refusal.fields);
      send(req, res, person, { ...shown, faults: found, status: 422 });
      return;
    }
    const trouble = refusalWords(refusal);
    if (trouble === null) throw error;
    send(req, res, person, { ...shown, trouble, status: 409 });
  }
}

function send(req: Request, res: Response, person: AccountView, shown: Shown): void {
  const { basis, to, reason = '', faults = [], trouble, preview, earlier = null, status = 200 } = shown;
  sendPage(req, res, {
    status,
    title: `${person.name}さんの有効期限日時の訂正`,
    body: (
      <>
        <FaultList faults={faults} />
        {trouble !== undefined && (
          <Notice kind="bad">
            <p>{trouble}</p>
          </Notice>
        )}
        <p>
          入力のまちがいを直すときに使います。更新の手続きをするときは、
          <a href={personPlace(person.id, 'usage')}>利用状況</a>から更新してください。
        </p>
        <Facts
          rows={[
            ['利用状況', <StatusMark status={person.status} />],
            ['今の有効期限日時', expiryOfLife(person)],
          ]}
        />
        <h2>1. 正しい日を入れる</h2>
        <FilterForm to={personDeed(person.id, 'expiry')}>
          <ToField basis={basis} to={to} faults={faults} />
          <p>
            <button class={preview === undefined ? '' : 'quiet'} type="submit">
              何が変わるかを見る（まだ変えません）
            </button>
          </p>
        </FilterForm>
        {earlier !== null && (
          <p>
            前に訂正しています。
            <a href={`${personDeed(person.id, 'expiry')}?${new URLSearchParams({ to: earlier }).toString()}`}>
              訂正の前（{earlier}）に戻すと何が変わるかを見る
            </a>
          </p>
        )}
        {preview !== undefined && <Preview person={person} preview={preview} />}
        {preview !== undefined && (
          <Form to={personDeed(person.id, 'expiry-correction')}>
            <h2>3. 理由を入れて、訂正する</h2>
            <Once />
            <input type="hidden" name="to" value={to} />
            <input type="hidden" name="replaces" value={person.expiresAt} />
            <TextField
              name="reason"
              label="理由（例：登録のときの入力の誤り）"
              value={reason}
              faults={faults}
              required
            />
            <div class="actions">
              <button type="submit">訂正する</button>
              <a href={personPlace(person.id, 'usage')}>やめる（何も変えません）</a>
            </div>
          </Form>
        )}
      </>
    ),
  });
}

function ToField({ basis, to, faults }: { basis: Basis; to: string; faults: Faults }): VNode {
  return basis === 'date' ? (
    <TextField
      name="to"
      label="正しい有効期限日時（この日の終わりまで有効）"
      type="date"
      value={to}
      faults={faults}
      required
    />
  ) : (
    <TextField
      name="to"
      label="正しい有効期限日時（例：2027-03-31 23:59:30）"
      value={to}
      faults={faults}
      required
    />
  );
}

function Preview({
  person,
  preview: { before, after, dropped },
}: {
  person: AccountView;
  preview: ExpiryCorrection;
}): VNode {
  const statusOf = ({ status, lapseCause }: CorrectedLife) => (
    <>
      <StatusMark status={status} />
      {lapseCause === null ? '' : `（${CAUSE_WORDS[lapseCause].word}）`}
    </>
  );
  return (
    <>
      <h2>2. 何が変わるかを見る</h2>
      <Table
        caption="訂正の前と後"
        head={['項目', '今', '訂正のあと']}
        rows={[
          ['有効期限日時', expiryOfLife(before), <strong>{expiryOfLife(after)}</strong>],
          ['利用状況', statusOf(before), statusOf(after)],
          ['更新の受付が始まる日', openingText(before), openingText(after)],
          ['自動の送信が終わる日時', momentText(before.autoStopsAt), momentText(after.autoStopsAt)],
          ['自動送信', AUTO_MAIL_WORDS[before.autoMail], AUTO_MAIL_WORDS[after.autoMail]],
          ['これから送るメール', mailsText(before), mailsText(after)],
        ]}
      />
      <ul>
        <li>訂正しただけでは、本人にメールは送りません。</li>
        <li>もう送ったメールのリンクは、そのまま使えます。ページには、訂正のあとの日が出ます。</li>
        <li>今までに送る日が来ていたメールは、あとから送りません。</li>
        {after.status === 'LAPSED' && before.status !== 'LAPSED' && (
          <li>
            <strong>{person.name}さんは、すぐに失効中になります。</strong>
          </li>
        )}
        {dropped.map(({ slot, purpose, dueAt }) => (
          <li>
            送信を待っている「{PURPOSE_WORDS[purpose]}」（{momentText(dueAt)}の{slot === null ? '分' : '予定'}
            ）は、送りません。
          </li>
        ))}
      </ul>
    </>
  );
}

/** With seconds where they matter. */
function expiryOfLife(life: { expiresOn: string | null; expiresAt: number }): string {
  return life.expiresOn === null ? japanTimeText(life.expiresAt) : expiryText(life);
}

function openingText({ expiresOn, windowOpensAt }: CorrectedLife): string {
  return expiresOn === null ? japanTimeText(windowOpensAt) : dayText(windowOpensAt);
}

function mailsText({ reminders }: CorrectedLife): VNode {
  if (reminders.length === 0) return <>ありません</>;
  const more = reminders.length - MAILS_SHOWN;
  return (
    <>
      {reminders.slice(0, MAILS_SHOWN).map(({ at }) => (
        <div>{momentText(at)}</div>
      ))}
      {more > 0 && <div>ほか{more}通</div>}
    </>
  );
}
