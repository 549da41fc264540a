/** 代理更新 (R8, R18, R32): what it would do, on what it rests, and what it does not show. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import type { FieldFault, Refusal } from '../../../usecases/errors.js';
import { RefusedError } from '../../../usecases/errors.js';
import type { RenewalPreview } from '../../../usecases/preview-renewal.js';
import { previewStaffRenewal } from '../../../usecases/preview-renewal.js';
import type { RenewOutcome, StaffRenewal } from '../../../usecases/renew-account.js';
import { renewByStaff } from '../../../usecases/renew-account.js';
import type { AccountView } from '../../../usecases/views.js';
import { dayText, expiryText } from '../shell/dates.js';
import { Choices, FaultList, Once, TextArea } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { Facts } from '../shell/parts.js';
import { personDeed, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, form, lines, once, page, ticked } from '../shell/route.js';
import { commandOnce, staffOf, tell } from '../shell/session.js';
import { PersonHead } from './person-head.js';
import { personOf } from './person.js';
import { STAFF_CHANNEL_WORDS, dueText, refusalText } from './words.js';

const CHANNELS = ['fax', 'post', 'counter', 'proxy', 'mailReply'] as const;

interface Typed {
  channel?: StaffRenewal['channel'] | undefined;
  note: string;
  evidence: string;
  early: boolean;
}
const NOTHING: Typed = { note: '', evidence: '', early: false };

export function renewalRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: '/people/:accountId/renewal',
      who: 'renewals.proxy',
      handle: ({ req, res }) => sendRenewal(deps, req, res, { typed: NOTHING, refusal: null }),
    }),
    form({
      path: '/people/:accountId/renewal',
      who: 'renewals.proxy',
      fields: {
        key: once,
        cycle: z.coerce.number().int().min(1).max(1_000_000),
        channel: choice(CHANNELS),
        note: lines,
        evidence: lines,
        early: ticked,
      },
      async handle({ fields: { key, cycle, ...typed }, req, res }) {
        const { id } = await personOf(deps, req, res);
        try {
          const { channel, ...rest } = typed;
          const faults = faultsOf(typed);
          if (channel === undefined || faults.length > 0)
            throw new RefusedError({ code: 'validation', fields: faults });
          const command = commandOnce(res, 'renewal', key, [id, cycle, typed]);
          const done = await renewByStaff(deps, command, id, { channel, cycle, ...rest });
          const { mailUnconfirmed } = await personOf(deps, req, res);
          tell(req, outcomeText(done, mailUnconfirmed), done.outcome === 'RENEWED' ? 'good' : 'bad');
          res.redirect(303, personPlace(id, 'usage'));
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error;
          await sendRenewal(deps, req, res, { typed, refusal: error.refusal });
        }
      },
    }),
  ];
}

/** What a colleague needs who asks years later; the lengths are known to the use case. */
function faultsOf({ channel, note, evidence }: Typed): FieldFault[] {
  return Object.entries({ channel: channel ?? '', evidence, note })
    .filter(([, value]) => value === '')
    .map(([field]) => ({ field, code: 'required', message: `${field} is missing.` }));
}

function outcomeText(done: RenewOutcome, mailUnconfirmed: boolean): string {
  if (done.outcome !== 'RENEWED') {
    return `この手続きの更新は、もう済んでいました（今の有効期限日時は、${expiryText(done)}）。今の操作では、何も変わっていません。`;
  }
  const renewed = `更新しました。新しい有効期限日時は、${expiryText(done)}です。`;
  return mailUnconfirmed
    ? `${renewed}メールが届くことは、まだ確認できていません。確認のメールを送ります。`
    : renewed;
}

async function sendRenewal(
  deps: Deps,
  req: Request,
  res: Response,
  { typed, refusal }: { typed: Typed; refusal: Refusal | null },
): Promise<void> {
  const person = await personOf(deps, req, res);
  const preview = await previewStaffRenewal(deps, staffOf(res).fireHqId, person.id);
  const faults = refusal?.code === 'validation' ? refusal.fields : [];
  sendPage(req, res, {
    status: refusal === null ? 200 : refusal.code === 'validation' ? 422 : 409,
    title: `${person.name}さんの代理更新`,
    body: (
      <>
        <FaultList faults={faults} />
        {refusal !== null && refusal.code !== 'validation' && (
          <Notice kind="bad">
            <p>{refusalText(refusal)}</p>
          </Notice>
        )}
        <PersonHead person={person} />
        {preview.next === null ? (
          <Refused person={person} preview={preview} />
        ) : (
          <Entry person={person} preview={preview} next={preview.next} typed={typed} faults={faults} />
        )}
        <p>
          <a href={personPlace(person.id, 'usage')}>利用状況へもどる</a>
        </p>
      </>
    ),
  });
}

function Refused({ person, preview }: { person: AccountView; preview: RenewalPreview }): VNode {
  return (
    <p class="warn">
      {preview.what === 'WITHDRAWN'
        ? '廃止された利用者なので、更新できません。'
        : `今更新しても、有効期限日時（${expiryText(person)}）は先に延びません。更新の受付期間は、${dayText(preview.windowOpensAt)}からです。`}
    </p>
  );
}

interface EntryProps {
  person: AccountView;
  preview: RenewalPreview;
  next: NonNullable<RenewalPreview['next']>;
  typed: Typed;
  faults: readonly FieldFault[];
}

function Entry({ person, preview, next, typed, faults }: EntryProps): VNode {
  const early = preview.what === 'RENEW_EARLY';
  return (
    <>
      {!early && <OwnWayFirst personId={person.id} />}
      <h2>更新すると、こうなります</h2>
      <Facts
        rows={[
          ['更新する手続き', `今回の手続き（${dueText(preview.present)}）`],
          ['今の有効期限日時', expiryText(preview.present)],
          ['新しい有効期限日時', <strong>{expiryText(next)}</strong>],
        ]}
      />
      {preview.mailInDoubt && (
        <p class="warn">
          メールの返信のほかの方法で更新しても、メールが届くことは、まだ確認できていません。更新のあとに、確認のメールを送ります。本人が答えるまで、「更新済み・メール未確認」になります。
        </p>
      )}
      <h2>何をもとに更新しますか</h2>
      <Form to={personDeed(person.id, 'renewal')}>
        <Once />
        <input type="hidden" name="cycle" value={String(preview.cycle)} />
        {early && (
          <p class="field">
            更新の受付期間（{dayText(preview.windowOpensAt)}から）の前です。
            <label>
              <input type="checkbox" name="early" value="yes" checked={typed.early} /> 今回の手続き（
              {dueText(preview.present)}）を、早めに更新する
            </label>
          </p>
        )}
        <Choices
          name="channel"
          label="答えを受け取った方法"
          required
          value={typed.channel ?? ''}
          options={CHANNELS.map((channel) => [channel, STAFF_CHANNEL_WORDS[channel]] as const)}
          faults={faults}
        />
        <TextArea
          name="evidence"
          label="確認したもの"
          required
          hint="例：FAXの返信用紙、窓口で見た障害者手帳"
          value={typed.evidence}
          rows={2}
          maxlength={1000}
          faults={faults}
        />
        <TextArea
          name="note"
          label="メモ"
          required
          hint="だれから、何と聞いたか。例：本人から「変わっていない」とFAX"
          value={typed.note}
          maxlength={1000}
          faults={faults}
        />
        <button type="submit">この内容で更新する</button>
      </Form>
    </>
  );
}

/** The customer's own order: the mail first, because only an answered mail shows that mail arrives (R18). */
function OwnWayFirst({ personId }: { personId: string }): VNode {
  return (
    <div class="notice">
      <p>代理更新では、メールが届くことは分かりません。できれば、先に次の順でします。</p>
      <ol>
        <li>FAXか郵送で、メールアドレスと受信設定を確認する</li>
        <li>
          変わっていたら、<a href={personDeed(personId, 'edit')}>登録を直す</a>
        </li>
        <li>
          <a href={`${personPlace(personId, 'usage')}#resend`}>リマインダーメールを送信</a>
          して、本人にメールから更新してもらう
        </li>
      </ol>
    </div>
  );
}
