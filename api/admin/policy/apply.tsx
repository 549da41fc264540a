/** 「今回の手続きにも使う」 (R13 "apply now"): who gets which mail, then the deed with a reason. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { AppliedChange } from '../../../usecases/apply-policy.js';
import { applyPolicy } from '../../../usecases/apply-policy.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { dayText, momentText } from '../shell/dates.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, Once, TextArea } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { Table } from '../shell/parts.js';
import { PLACES, personPlace } from '../shell/places.js';
import { commandOf, commandOnce, tell } from '../shell/session.js';
import { POLICY_PLACES } from './policy.js';

export async function showApply(
  deps: Deps,
  req: Request,
  res: Response,
  { faults = [], status = 200, stale = false }: { faults?: Faults; status?: number; stale?: boolean } = {},
): Promise<void> {
  const { version, accounts, changed } = await applyPolicy(deps, commandOf(res), { dryRun: true });
  sendPage(req, res, {
    status,
    title: '今回の手続きにも使う',
    body: (
      <>
        {stale && (
          <Notice kind="bad">
            <p>
              確かめているあいだに、設定が変わりました。下は新しい設定でのようすです。もう一度確かめてください。
            </p>
          </Notice>
        )}
        <FaultList faults={faults} />
        <p>
          第{version}版の設定を、今続いている{accounts}
          人の手続きに使います。有効期限日時は変わりません。過ぎた予定のメールを、もう一度送ることはありません。始まった受付期間は閉じません。終わった自動の送信は、また始まりません。
        </p>
        {accounts === 0 ? <p>変わる人はいません。</p> : <Changes changed={changed} accounts={accounts} />}
        {accounts > 0 && (
          <Form to={POLICY_PLACES.apply}>
            <Once />
            <input type="hidden" name="version" value={version} />
            <TextArea
              name="reason"
              label="使う理由（あとで、だれでも読めます）"
              value=""
              faults={faults}
              required
            />
            <p class="actions">
              <button type="submit">{accounts}人の今回の手続きに使う</button>
              <a href={PLACES.policy}>やめる</a>
            </p>
          </Form>
        )}
      </>
    ),
  });
}

export async function takeApply(
  deps: Deps,
  { key, reason, version }: { key: string; reason: string; version: number },
  req: Request,
  res: Response,
): Promise<void> {
  if (reason === '') {
    const faults = [{ field: 'reason', code: 'required', message: 'reason must be given.' }];
    await showApply(deps, req, res, { faults, status: 422 });
    return;
  }
  try {
    const command = commandOnce(res, 'policy-apply', key, [version, reason]);
    const choice = { dryRun: false, reason: reason.slice(0, 500), expectedVersion: version };
    const { accounts } = await applyPolicy(deps, command, choice);
    tell(req, `${accounts}人の今回の手続きに、今の設定を使うことにしました。`);
  } catch (error) {
    if (!isRefused(error, 'version-conflict')) throw error;
    await showApply(deps, req, res, { stale: true, status: 409 });
    return;
  }
  res.redirect(303, PLACES.policy);
}

function Changes({ changed, accounts }: { changed: readonly AppliedChange[]; accounts: number }): VNode {
  const next = ({ nextReminderAt }: AppliedChange['before']) =>
    nextReminderAt === null ? 'なし' : momentText(nextReminderAt);
  return (
    <>
      {accounts > changed.length && <p class="hint">はじめの{changed.length}人を出しています。</p>}
      <Table
        caption="変わる人"
        head={[
          '登録番号',
          '次のメール（今）',
          '次のメール（あと）',
          'これからの通数',
          '受付期間',
          '自動の送信の終わり',
        ]}
        rows={changed.map(({ accountId, registrationNumber, before, after }) => [
          <a href={personPlace(accountId)}>{registrationNumber}</a>,
          next(before),
          next(after),
          `${before.reminders.length} → ${after.reminders.length}`,
          fromTo(dayText(before.windowOpensAt), dayText(after.windowOpensAt)),
          fromTo(dayText(before.autoStopsAt - 1), dayText(after.autoStopsAt - 1)),
        ])}
      />
    </>
  );
}

function fromTo(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`;
}
