/** Before a new mail address is saved: what looks like a mistake. Saving again saves it. */
import type { VNode } from 'preact';
import type { AddressDoubts } from '../../../usecases/address-doubts.js';
import { Notice } from '../shell/layout.js';
import { personPlace } from '../shell/places.js';

/** Whether the clerk must be asked: not what was asked already about this very address. */
export function isDoubtful({ others, meant }: AddressDoubts, address: string, asked: string): boolean {
  return address !== '' && asked !== address && (others.length > 0 || meant !== null);
}

export function DoubtsNotice({ doubts: { others, meant } }: { doubts: AddressDoubts }): VNode {
  return (
    <Notice kind="warn">
      <p>
        <strong>まだ保存していません。メールアドレスを確かめてください。</strong>
      </p>
      <ul>
        {meant !== null && (
          <li>
            打ちまちがいかもしれません。もしかして：<strong>{meant}</strong>
          </li>
        )}
        {others.length > 0 && (
          <li>
            同じメールアドレスの人が、ほかにいます：
            {others.map(({ id, name, registrationNumber }, i) => (
              <>
                {i > 0 && '、'}
                <a href={personPlace(id, 'basics')}>
                  {name}（登録番号 {registrationNumber}）
                </a>
              </>
            ))}
            。家族で使っているときは、このままでもかまいません。
          </li>
        )}
      </ul>
      <p>このままでよければ、もう一度、下のボタンを押してください。</p>
    </Notice>
  );
}
