/** 定期更新の設定: what is in force, in sentences; what came before; and whether running cycles still follow an older one. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { mayDo } from '../../../domain/roles.js';
import type { Deps } from '../../../usecases/context.js';
import type { PolicyView } from '../../../usecases/policy.js';
import { readPolicyHistory } from '../../../usecases/policy.js';
import { readAllStaff } from '../../../usecases/staff.js';
import { momentText } from '../shell/dates.js';
import { sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { Table } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';
import { staffOf } from '../shell/session.js';
import { actorWords } from '../shell/words.js';
import { policySentences } from './words.js';

export const POLICY_PLACES = {
  edit: `${PLACES.policy}/edit`,
  preview: `${PLACES.policy}/preview`,
  apply: `${PLACES.policy}/apply`,
} as const;

export async function showPolicy(
  deps: Deps,
  wanted: number | undefined,
  req: Request,
  res: Response,
): Promise<void> {
  const { fireHqId, role } = staffOf(res);
  const [{ versions, underOlder }, staff] = await Promise.all([
    readPolicyHistory(deps, fireHqId),
    readAllStaff(deps, fireHqId),
  ]);
  const names = new Map(staff.map(({ id, displayName }) => [id, displayName]));
  const present = versions[0];
  const shown = wanted === undefined ? present : versions.find(({ version }) => version === wanted);
  if (present === undefined || shown === undefined) throw new NotHereError();
  const isPresent = shown.version === present.version;
  const mayChange = mayDo(role, 'policy.change') && present.basis === 'date';
  sendPage(req, res, {
    title: isPresent ? '定期更新の設定' : `定期更新の設定（第${shown.version}版・前のもの）`,
    body: (
      <>
        {!isPresent && (
          <p>
            <a href={PLACES.policy}>今の設定を見る</a>
          </p>
        )}
        <Sentences policy={shown} />
        {present.basis === 'time' && (
          <p class="hint">
            この消防本部は、試しに使うための設定（日ではなく、分や秒で動く）です。この画面では変えられません。
          </p>
        )}
        {mayChange && (
          <p class="actions">
            <a
              class="button"
              href={isPresent ? POLICY_PLACES.edit : `${POLICY_PLACES.edit}?from=${shown.version}`}
            >
              {isPresent ? '設定を変える' : 'この版にもどす（確かめてから保存します）'}
            </a>
          </p>
        )}
        {isPresent && underOlder > 0 && <Older underOlder={underOlder} mayChange={mayChange} />}
        <h2>これまでの設定</h2>
        <Table
          caption="これまでの設定（新しい順）"
          head={['版', '保存した日時', 'だれが', '理由']}
          rows={versions.map(({ version, createdAt, createdBy, reason }) => [
            <a href={version === present.version ? PLACES.policy : `${PLACES.policy}?version=${version}`}>
              第{version}版
            </a>,
            momentText(createdAt),
            actorWords(createdBy, names),
            reason === 'first policy' ? 'はじめの設定' : reason,
          ])}
        />
      </>
    ),
  });
}

function Sentences({ policy }: { policy: Pick<PolicyView, 'document'> }): VNode {
  return (
    <Table
      caption="設定の内容"
      head={['項目', '内容', 'こうなります']}
      rows={policySentences(policy.document).map(({ name, says, effect }) => [
        <strong>{name}</strong>,
        says,
        effect,
      ])}
    />
  );
}

function Older({ underOlder, mayChange }: { underOlder: number; mayChange: boolean }): VNode {
  return (
    <>
      <h2>今の手続きへの反映</h2>
      <p>
        {underOlder}
        人の今回の手続きは、始まったときの設定のまま続いています。この人たちは、次の更新のあとから、今の設定になります。
      </p>
      {mayChange && (
        <p>
          <a href={POLICY_PLACES.apply}>
            今の設定を、今回の手続きにも使う（だれのメールがどう変わるかを、先に見ます）
          </a>
        </p>
      )}
    </>
  );
}
