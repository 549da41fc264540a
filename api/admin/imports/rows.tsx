/** The rows of a file, each with what becomes of it. */
import type { ComponentChildren, VNode } from 'preact';
import type { EmergencyContact } from '../../../store/rows.js';
import type { ImportRow, RowFilter } from '../../../usecases/read-import.js';
import { dayInWords } from '../../../mail/compose-dates.js';
import { NextPage, Table } from '../shell/parts.js';
import { personPlace } from '../shell/places.js';
import { SHOW_WORDS, fieldName, noteText, rowReasons } from './words.js';

/** Longer texts are cut: the file has them whole. */
const LETTERS_SHOWN = 60;

interface Layout {
  head: string[];
  cells: (row: ImportRow) => ComponentChildren[];
}

const LAYOUTS: Readonly<Record<RowFilter, Layout>> = {
  ADD: { head: ['はじめの自動のお願い', '気づいたこと'], cells: (row) => [firstMail(row), notes(row)] },
  CHANGE: { head: ['変わるところ', '気づいたこと'], cells: (row) => [changes(row), notes(row)] },
  SAME: { head: ['気づいたこと'], cells: (row) => [notes(row)] },
  FAULT: { head: ['理由'], cells: (row) => [list(rowReasons(row))] },
  NOT_DONE: { head: ['理由'], cells: (row) => [list(rowReasons(row))] },
};

export function Rows({
  show,
  rows,
  next,
}: {
  show: RowFilter;
  rows: readonly ImportRow[];
  next: string | null;
}): VNode {
  if (rows.length === 0) return <p>ありません。</p>;
  const { head, cells } = LAYOUTS[show];
  return (
    <>
      <Table
        caption={SHOW_WORDS[show]}
        head={['行', '登録番号', '氏名', ...head]}
        rows={rows.map((row) => [`${row.line}`, numberOf(row), short(row.name ?? ''), ...cells(row)])}
      />
      <NextPage href={next} />
    </>
  );
}

function numberOf({ registrationNumber, accountId }: ImportRow): ComponentChildren {
  const number = short(registrationNumber ?? '');
  return accountId === null ? number : <a href={personPlace(accountId, 'basics')}>{number}</a>;
}

function firstMail({ nextMailOn }: ImportRow): string {
  return nextMailOn === null ? '送りません' : dayInWords(nextMailOn);
}

function notes(row: ImportRow): ComponentChildren {
  return list(row.notes.map(noteText));
}

function changes(row: ImportRow): ComponentChildren {
  return list(
    row.changes.map(({ field, before, after }) => `${fieldName(field)}：${said(before)} → ${said(after)}`),
  );
}

function list(texts: readonly string[]): ComponentChildren {
  if (texts.length === 0) return '';
  return (
    <ul>
      {texts.map((text) => (
        <li>{text}</li>
      ))}
    </ul>
  );
}

function said(value: unknown): string {
  if (value === null || value === undefined || value === '') return '（なし）';
  if (!Array.isArray(value)) return short(typeof value === 'string' ? value : JSON.stringify(value));
  if (value.length === 0) return '（なし）';
  return (value as EmergencyContact[])
    .map(({ name, relation, phone, mail, fax }) =>
      short([`${name}（${relation}）`, phone, mail, fax].filter(Boolean).join(' ')),
    )
    .join('、');
}

function short(text: string): string {
  const letters = [...text];
  return letters.length <= LETTERS_SHOWN ? text : `${letters.slice(0, LETTERS_SHOWN).join('')}…`;
}
