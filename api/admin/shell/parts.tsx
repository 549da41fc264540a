/** Parts that several pages share. */
import type { ComponentChildren, VNode } from 'preact';
import type { Status } from '../../../domain/status.js';
import { STATUS_WORDS } from './words.js';

export function StatusMark({ status }: { status: Status }): VNode {
  const { word, sign } = STATUS_WORDS[status];
  return (
    <span class={`status ${status.toLowerCase().replace('_', '-')}`}>
      <span aria-hidden="true">{sign}</span> {word}
    </span>
  );
}

export function Facts({ rows }: { rows: readonly [label: string, value: ComponentChildren][] }): VNode {
  return (
    <dl>
      {rows.map(([label, value]) => (
        <div>
          <dt>{label}</dt>
          <dd>{value === null || value === '' ? 'なし' : value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Wide tables scroll in their own box; on a narrow screen each row is a card, with the heads beside its cells. */
export function Table({
  caption,
  head,
  rows,
}: {
  caption: string;
  head: readonly string[];
  rows: readonly (readonly ComponentChildren[])[];
}): VNode {
  return (
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((word) => (
              <th scope="col">{word}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell, i) => (
                <td data-label={head[i]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** 「次のページ」 of a list; null at its end. */
export function NextPage({ href }: { href: string | null }): VNode | null {
  return href === null ? null : (
    <p>
      <a href={href}>次のページ</a>
    </p>
  );
}
