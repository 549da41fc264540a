/** Changing the policy: a form, then a preview with numbers and one person's dates, then saving with a reason (R13). */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { addDays, dayInJapan } from '../../../domain/calendar.js';
import type { PolicyDocument } from '../../../domain/policy.js';
import { parsePolicy } from '../../../domain/policy.js';
import type { Deps } from '../../../usecases/context.js';
import type { FieldFault } from '../../../usecases/errors.js';
import { isRefused } from '../../../usecases/errors.js';
import { putPolicy, readPolicy, readPolicyHistory } from '../../../usecases/policy.js';
import type { PolicyEffect } from '../../../usecases/preview-policy.js';
import { previewPolicy } from '../../../usecases/preview-policy.js';
import { previewSchedule } from '../../../usecases/preview-schedule.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { dayText, momentText } from '../shell/dates.js';
import type { Faults } from '../shell/fields.js';
import { Choices, FaultList, Once, Select, TextArea, TextField } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { Table } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';
import { commandOnce, staffOf, tell } from '../shell/session.js';
import type { PolicyFields } from './policy-fields.js';
import { POLICY_FIELDS, documentOf, fieldsOf, toFormFaults } from './policy-fields.js';
import { POLICY_PLACES } from './policy.js';
import { UNDELIVERABLE_WORDS, policySentences } from './words.js';

/** What a save rests on: the version it was made from, so that a colleague's change in between is not lost. */
export interface Draft {
  fields: PolicyFields;
  version: number;
}

export async function showEdit(
  deps: Deps,
  from: number | undefined,
  req: Request,
  res: Response,
): Promise<void> {
  const { versions } = await readPolicyHistory(deps, staffOf(res).fireHqId);
  const present = versions[0];
  const base = from === undefined ? present : versions.find(({ version }) => version === from);
  if (present === undefined || base === undefined) throw new NotHereError();
  const fields = present.basis === 'time' ? null : fieldsOf(base.document);
  if (fields === null) {
    sendPage(req, res, {
      title: '設定を変える',
      body: <p>この設定は、この画面では変えられない書き方です。システムの運用担当に相談してください。</p>,
    });
    return;
  }
  sendEdit(req, res, { draft: { fields, version: present.version }, faults: [] });
}

export function sendEdit(
  req: Request,
  res: Response,
  { draft: { fields, version }, faults, status = 200 }: { draft: Draft; faults: Faults; status?: number },
): void {
  sendPage(req, res, {
    status,
    title: '設定を変える',
    body: (
      <>
        <FaultList faults={faults} />
        <p>まだ保存しません。次のページで、だれのメールがどう変わるかを確かめます。</p>
        <Form to={POLICY_PLACES.preview}>
          <input type="hidden" name="version" value={version} />
          <Fields fields={fields} faults={faults} />
          <button type="submit">変わることを確かめる</button>
        </Form>
      </>
    ),
  });
}

function Fields({ fields, faults }: { fields: PolicyFields; faults: Faults }): VNode {
  const text = (name: keyof PolicyFields, label: string, hint?: string) => (
    <TextField
      name={name}
      label={label}
      value={String(fields[name] ?? '')}
      faults={faults}
      inputmode="numeric"
      size={12}
      {...(hint === undefined ? {} : { hint })}
    />
  );
  const unit = (name: 'validityUnit' | 'longUnit', label: string) => (
    <Select
      name={name}
      label={label}
      value={fields[name] ?? 'Y'}
      options={[
        ['Y', '年'],
        ['M', 'か月'],
        ['D', '日'],
      ]}
    />
  );
  return (
    <>
      <h2>有効期間と受付期間</h2>
      {text('validityNumber', '更新すると、次の期限は何年（何か月・何日）後になりますか')}
      {unit('validityUnit', 'その単位')}
      {text(
        'remindBefore',
        '期限の何日前から、更新を受け付けますか',
        'この日に、1通目のお願いのメールを送ります。',
      )}
      <h2>お願いのメールを送る日</h2>
      <Choices
        name="mode"
        label="2通目からの決め方"
        value={fields.mode ?? 'offsets'}
        options={[
          ['offsets', '日を決めて送る（下の「何日前」「何日後」を使います）'],
          ['every', '同じ間をあけて送る（下の「何日ごと」を使います）'],
        ]}
      />
      {text('before', '2通目からは、期限の何日前に送りますか', '例：60、30、14、7、3')}
      {text('after', '期限がすぎたあとは、何日後に送りますか', '例：1、14、30、60、90')}
      {text('every', '何日ごとに送りますか', '「同じ間をあけて送る」を選んだときだけ使います。')}
      {text('sendAt', '何時から送りますか', '8:00から20:59まで。例：10:00')}
      {text('spread', '何分のあいだに分けて送りますか', '例：30')}
      <h2>自動の送信の終わり</h2>
      {text('autoStopAfter', '何日で、自動の送信を終えますか')}
      <Choices
        name="autoStopFrom"
        label="どこから数えますか"
        value={fields.autoStopFrom ?? ''}
        options={[
          ['firstReminder', '1通目のお願いのメールの日から'],
          ['expiry', '有効期限から'],
        ]}
      />
      <h2>届かないとき</h2>
      {text('failures', '続けて何通届かなかったら「不達」にしますか', '1から10まで')}
      {text('retry', '1通目が届かなかったとき、何日後にもう一度送りますか')}
      <Choices
        name="onUndeliverable"
        label="「不達」の人への自動のメール"
        value={fields.onUndeliverable ?? ''}
        options={(['probe', 'stop', 'continue'] as const).map((each) => [each, UNDELIVERABLE_WORDS[each]])}
      />
      <h2>長期間未利用</h2>
      {text('longNumber', '何年（何か月・何日）通報がない人を、一覧に出しますか')}
      {unit('longUnit', 'その単位（長期間未利用）')}
    </>
  );
}

/** Shows what the draft would do; of one that is no policy, the form again with its faults. */
export async function showPreview(
  deps: Deps,
  draft: Draft,
  req: Request,
  res: Response,
  more: { reason?: string; faults?: Faults; status?: number } = {},
): Promise<void> {
  const { fireHqId } = staffOf(res);
  const checked = check(draft.fields);
  if ('faults' in checked) {
    sendEdit(req, res, { draft, faults: checked.faults, status: 422 });
    return;
  }
  const now = arrivalOf(res).receivedAt;
  const present = await readPolicy(deps, fireHqId);
  const effect = await previewPolicy(deps, fireHqId, checked.document, now);
  const example = await exampleOf(deps, fireHqId, { old: present.document, fresh: checked.document, now });
  const changes = changesOf(present.document, checked.document);
  const { faults = [], reason = '', status = 200 } = more;
  const stale = draft.version !== present.version;
  sendPage(req, res, {
    status,
    title: '変わることの確認',
    body: (
      <>
        {stale && (
          <Notice kind="bad">
            <p>
              あなたが直しているあいだに、ほかの職員が設定を変えました（今は第{present.version}
              版）。下の「今」は、その新しい設定です。このまま保存すると、下の「新しい設定」になります。
            </p>
          </Notice>
        )}
        <FaultList faults={faults} />
        {changes.length === 0 ? (
          <p>今の設定と同じです。保存するものはありません。</p>
        ) : (
          <Table caption="変わる項目" head={['項目', '今', '新しい設定']} rows={changes} />
        )}
        <Effect effect={effect} />
        <h2>例：有効期限が{example.day}の人</h2>
        <p>メールアドレスにメールが届いていて、まだ更新していない人の予定です。</p>
        <Table caption="例の人の予定" head={['こと', '今', '新しい設定']} rows={example.rows} />
        <Form to={PLACES.policy}>
          <Kept draft={{ ...draft, version: present.version }} />
          <Once />
          <TextArea
            name="reason"
            label="変える理由（あとで、だれでも読めます）"
            value={reason}
            faults={faults}
            required
          />
          <p class="actions">
            {changes.length > 0 && <button type="submit">この設定を保存する</button>}
            <button class="quiet" type="submit" formaction={POLICY_PLACES.edit}>
              直しにもどる
            </button>
            <a href={PLACES.policy}>やめる</a>
          </p>
        </Form>
      </>
    ),
  });
}

export async function save(
  deps: Deps,
  { draft, key, reason }: { draft: Draft; key: string; reason: string },
  req: Request,
  res: Response,
): Promise<void> {
  const checked = check(draft.fields);
  if ('faults' in checked) {
    sendEdit(req, res, { draft, faults: checked.faults, status: 422 });
    return;
  }
  if (reason === '') {
    const faults = [{ field: 'reason', code: 'required', message: 'reason must be given.' }];
    await showPreview(deps, draft, req, res, { faults, status: 422 });
    return;
  }
  try {
    const command = commandOnce(res, 'policy', key, [checked.document, draft.version, reason]);
    await putPolicy(deps, command, draft.version, { policy: checked.document, reason: reason.slice(0, 500) });
  } catch (error) {
    if (!isRefused(error, 'version-conflict') && !isRefused(error, 'policy-basis-in-use')) throw error;
    await showPreview(deps, draft, req, res, { reason, status: 409 });
    return;
  }
  tell(req, '新しい設定を保存しました。今続いている手続きは、始まったときの設定のままです。');
  res.redirect(303, PLACES.policy);
}

function check(fields: PolicyFields): { document: PolicyDocument } | { faults: FieldFault[] } {
  const { document, faults } = documentOf(fields);
  if (faults.length > 0) return { faults };
  const parsed = parsePolicy(document);
  if (parsed.ok) return { document: parsed.policy.document };
  return { faults: toFormFaults(parsed.faults, fields) };
}

function Kept({ draft: { fields, version } }: { draft: Draft }): VNode {
  return (
    <>
      <input type="hidden" name="version" value={version} />
      {(Object.keys(POLICY_FIELDS) as (keyof PolicyFields)[]).map((name) => (
        <input type="hidden" name={name} value={fields[name] ?? ''} />
      ))}
    </>
  );
}

function changesOf(old: PolicyDocument, fresh: PolicyDocument): VNode[][] {
  const before = new Map(policySentences(old).map(({ name, says }) => [name, says]));
  return policySentences(fresh)
    .filter(({ name, says }) => before.get(name) !== says)
    .map(({ name, says }) => [<strong>{name}</strong>, <>{before.get(name) ?? ''}</>, <>{says}</>]);
}

function Effect({ effect }: { effect: PolicyEffect }): VNode {
  const { people, moreMails, fewerMails, otherDays, opensNow, mailsAdded, mailsLeftOut, partial } = effect;
  return (
    <>
      <h2>だれに、いつから</h2>
      <p>
        保存しただけでは、今続いている手続き（{people}
        人）は変わりません。それぞれの人の、次の更新のあとから、新しい設定になります。
      </p>
      <p>保存したあとに「今回の手続きにも使う」を選ぶと、こうなります（今の時点の数）：</p>
      <ul>
        <li>
          {moreMails}人にメールが増えます（あわせて{mailsAdded}通）
        </li>
        <li>
          {fewerMails}人のメールが減ります（あわせて{mailsLeftOut}通）
        </li>
        <li>{otherDays}人は、通数は同じで、送る日が変わります</li>
        <li>{opensNow}人の更新の受付期間が、すぐに始まります</li>
      </ul>
      {partial && <p class="hint">人数が多いので、はじめの{people}人で数えました。</p>}
    </>
  );
}

/** Somebody whose window opens soon under either policy. */
async function exampleOf(
  deps: Deps,
  fireHqId: string,
  { old, fresh, now }: { old: PolicyDocument; fresh: PolicyDocument; now: number },
): Promise<{ day: string; rows: string[][] }> {
  const ahead = [old, fresh].map(({ remindBefore }) => Number(/\d+/.exec(remindBefore)?.[0] ?? 0));
  const expiresOn = addDays(dayInJapan(now), Math.max(...ahead) + 30);
  const [before, after] = await Promise.all(
    [old, fresh].map((policy) => previewSchedule(deps, fireHqId, { policy, expiresOn, now })),
  );
  if (before === undefined || after === undefined) throw new Error('two policies were previewed');
  const mails = Math.max(before.steps.length, after.steps.length);
  const mail = (plan: typeof before, i: number) => {
    const step = plan.steps[i];
    return step === undefined ? '送りません' : momentText(step.at);
  };
  return {
    day: dayText(before.expiresAt - 1),
    rows: [
      ['受付期間が始まる', dayText(before.windowOpensAt), dayText(after.windowOpensAt)],
      ...Array.from({ length: Math.min(mails, 40) }, (_, i) => [
        `お願いのメール ${i + 1}通目`,
        mail(before, i),
        mail(after, i),
      ]),
      ['自動の送信が終わる', dayText(before.autoStopsAt - 1), dayText(after.autoStopsAt - 1)],
    ],
  };
}
