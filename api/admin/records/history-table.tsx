/** Acts of the trail as a table of sentences, for 操作履歴 and for one person's tab. */
import type { VNode } from 'preact';
import type { FoundAuditRow } from '../../../usecases/search-audit.js';
import { momentText } from '../shell/dates.js';
import { Table } from '../shell/parts.js';
import { personPlace } from '../shell/places.js';
import { sentenceOf } from './sentences.js';

/** So many letters of details a page has; of what comes after them the first line is shown. */
const MOST_LETTERS = 9_000;
const A_LINE = 140;

export function HistoryTable({
  caption,
  acts,
  names,
  withPerson,
}: {
  caption: string;
  acts: readonly FoundAuditRow[];
  /** Staff by id. */
  names: ReadonlyMap<string, string>;
  withPerson: boolean;
}): VNode {
  let letters = 0;
  const rows = acts.map((act) => {
    const { who, what, details } = sentenceOf(act, names);
    const lines = details.map((line) => (line.length > A_LINE ? `${line.slice(0, A_LINE)}…` : line));
    const length = lines.reduce((sum, line) => sum + line.length, 0);
    const shown =
      letters + length > MOST_LETTERS ? [lines[0] ?? '', '（続きは、ファイルに出すと見られます）'] : lines;
    letters += length;
    return [
      momentText(act.at),
      who,
      ...(withPerson ? [<Whom act={act} />] : []),
      <>
        {what}
        {shown.length > 0 && (
          <ul class="changes">
            {shown.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        )}
      </>,
    ];
  });
  return (
    <Table
      caption={caption}
      head={['日時', 'だれが', ...(withPerson ? ['だれの'] : []), 'したこと']}
      rows={rows}
    />
  );
}

function Whom({ act: { accountId, name, registrationNumber } }: { act: FoundAuditRow }): VNode {
  if (accountId === null || name === null) return <>—</>;
  return (
    <a href={personPlace(accountId, 'history')}>
      {name}
      <small>登録番号 {registrationNumber}</small>
    </a>
  );
}
