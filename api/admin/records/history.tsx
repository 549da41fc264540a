/** 操作履歴 (R34) of the whole headquarters: who did what, looked through by person, staff, kind of act and time. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import { isCivilDate } from '../../../domain/calendar.js';
import { mayDo } from '../../../domain/roles.js';
import { instantsOf } from '../../../domain/period.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { findAccountId, readAccount } from '../../../usecases/read-account.js';
import type { AuditSearch } from '../../../usecases/search-audit.js';
import { EXPORT_AT_MOST, exportAudit, searchAudit } from '../../../usecases/search-audit.js';
import { readAllStaff } from '../../../usecases/staff.js';
import type { AccountView } from '../../../usecases/views.js';
import { momentText } from '../shell/dates.js';
import { Select, TextField } from '../shell/fields.js';
import { FilterForm, Form, Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { NextPage } from '../shell/parts.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, page, uuid } from '../shell/route.js';
import { commandOf, staffOf } from '../shell/session.js';
import { ACT_KINDS, ACT_KIND_WORDS, actionsOf } from './acts.js';
import { sendCsv } from './csv.js';
import { HistoryTable } from './history-table.js';
import { sentenceOf } from './sentences.js';

const A_PAGE = 30;
const PERSON = `${PLACES.history}/person`;
const CSV = `${PLACES.history}/csv`;

/** Who did it; staff by their id. */
const OTHERS = [
  ['resident', '本人'],
  ['system', 'システム'],
  ['tokens', '連携システム'],
  ['operator', '運用担当'],
] as const;

const day = z.string().refine(isCivilDate);
const QUERY = {
  person: uuid,
  by: z.string().regex(/^(?:staff:[0-9a-f-]{36}|resident|system|tokens|operator)$/),
  kind: z.enum(ACT_KINDS),
  from: day,
  to: day,
  cursor: z.string(),
};
type Wanted = {
  [Name in Exclude<keyof typeof QUERY, 'cursor'>]?: z.output<(typeof QUERY)[Name]> | undefined;
};

export function historyRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.history),
      who: 'audit.read',
      query: QUERY,
      handle: ({ query: { cursor, ...wanted }, req, res }) => show(deps, req, res, { wanted, cursor }),
    }),
    form({
      path: below(PERSON),
      who: 'audit.read',
      fields: { registrationNumber: line },
      handle: ({ fields, req, res }) => findPerson(deps, fields.registrationNumber, req, res),
    }),
    form({
      path: below(CSV),
      // Names, addresses and mail addresses of everybody stand in the trail.
      who: 'people.export-addresses',
      fields: { person: line, by: line, kind: line, from: line, to: line },
      handle: ({ fields, res }) => sendFile(deps, fields, res),
    }),
  ];
}

async function show(
  deps: Deps,
  req: Request,
  res: Response,
  {
    wanted,
    cursor,
    notFound = null,
  }: { wanted: Wanted; cursor?: string | undefined; notFound?: string | null },
): Promise<void> {
  const { fireHqId, role } = staffOf(res);
  const person = wanted.person === undefined ? null : await personOf(deps, fireHqId, wanted.person);
  const [found, staff] = await Promise.all([
    searchAudit(deps, fireHqId, { ...searchOf(wanted), limit: A_PAGE, cursor }),
    readAllStaff(deps, fireHqId),
  ]);
  const names = new Map(staff.map(({ id, displayName }) => [id, displayName]));
  const next = found.nextCursor === null ? null : addressOf({ ...wanted, cursor: found.nextCursor });
  sendPage(req, res, {
    title: '操作履歴',
    status: notFound === null ? 200 : 404,
    body: (
      <>
        {notFound !== null && (
          <Notice kind="bad">
            <p>登録番号「{notFound}」の人はいません。番号を確かめてください。</p>
          </Notice>
        )}
        <div class="no-print">
          {person === null ? (
            <PersonForm typed={notFound ?? ''} />
          ) : (
            <ChosenPerson person={person} wanted={wanted} />
          )}
          <Filter wanted={wanted} staff={[...names]} />
        </div>
        {found.items.length === 0 ? (
          <p>当てはまる操作はありません。</p>
        ) : (
          <HistoryTable
            caption={captionOf(wanted, person, names)}
            acts={found.items}
            names={names}
            withPerson={person === null}
          />
        )}
        <NextPage href={next} />
        {mayDo(role, 'people.export-addresses') && <FileForm wanted={wanted} />}
      </>
    ),
  });
}

function PersonForm({ typed }: { typed: string }): VNode {
  return (
    <Form to={PERSON}>
      <div class="row">
        <TextField
          name="registrationNumber"
          label="1人だけ見る（登録番号）"
          value={typed}
          size={16}
          maxlength={64}
        />
        <button type="submit">この人の操作を見る</button>
      </div>
    </Form>
  );
}

function ChosenPerson({ person, wanted }: { person: AccountView; wanted: Wanted }): VNode {
  const { person: _person, ...others } = wanted;
  return (
    <p>
      <strong>{person.name}さん</strong>（登録番号 {person.registrationNumber}）の操作だけを見ています。
      <a href={addressOf(others)}>全員の操作を見る</a>
    </p>
  );
}

function Filter({ wanted, staff }: { wanted: Wanted; staff: readonly [string, string][] }): VNode {
  return (
    <FilterForm to={PLACES.history}>
      {wanted.person !== undefined && <input type="hidden" name="person" value={wanted.person} />}
      <Select
        name="by"
        label="だれが"
        value={wanted.by ?? ''}
        options={[['', '全員'], ...staff.map(([id, name]) => [`staff:${id}`, name] as const), ...OTHERS]}
      />
      <Select
        name="kind"
        label="したこと"
        value={wanted.kind ?? ''}
        options={[['', 'すべて'], ...ACT_KIND_WORDS]}
      />
      <TextField name="from" label="いつから" type="date" value={wanted.from ?? ''} />
      <TextField name="to" label="いつまで" type="date" value={wanted.to ?? ''} />
      <p class="field">
        <button class="quiet" type="submit">
          絞り込む
        </button>
      </p>
    </FilterForm>
  );
}

function FileForm({ wanted }: { wanted: Wanted }): VNode {
  return (
    <div class="no-print">
      <h2>ファイルに出す</h2>
      <Form to={CSV}>
        {(['person', 'by', 'kind', 'from', 'to'] as const).map((name) => (
          <input type="hidden" name={name} value={wanted[name] ?? ''} />
        ))}
        <p class="hint">
          今しぼっている操作を、表計算ソフトのファイル（CSV）にします。氏名とメールアドレスが入ります。だれがいつ出したかは、操作履歴に残ります。
        </p>
        <button type="submit">操作履歴をファイルに出す</button>
      </Form>
    </div>
  );
}

async function findPerson(deps: Deps, typed: string, req: Request, res: Response): Promise<void> {
  const number = typed.normalize('NFKC');
  const { fireHqId } = staffOf(res);
  try {
    res.redirect(303, addressOf({ person: await findAccountId(deps, fireHqId, number) }));
  } catch (error) {
    if (!isRefused(error, 'not-found')) throw error;
    await show(deps, req, res, { wanted: {}, notFound: typed });
  }
}

async function personOf(deps: Deps, fireHqId: string, accountId: string): Promise<AccountView> {
  try {
    return await readAccount(deps, fireHqId, accountId);
  } catch (error) {
    throw isRefused(error, 'not-found') ? new NotHereError() : error;
  }
}

async function sendFile(
  deps: Deps,
  fields: Record<'person' | 'by' | 'kind' | 'from' | 'to', string>,
  res: Response,
): Promise<void> {
  const wanted = wantedOf(fields);
  const { fireHqId } = staffOf(res);
  const staff = await readAllStaff(deps, fireHqId);
  const names = new Map(staff.map(({ id, displayName }) => [id, displayName]));
  await sendCsv(res, 'sousa-rireki.csv', rowsOf(deps, res, wanted, names));
}

async function* rowsOf(
  deps: Deps,
  res: Response,
  wanted: Wanted,
  names: ReadonlyMap<string, string>,
): AsyncGenerator<string[][]> {
  yield [['日時', 'だれが', '登録番号', '氏名', 'したこと', '内容']];
  let count = 0;
  for await (const acts of exportAudit(deps, commandOf(res), searchOf(wanted))) {
    count += acts.length;
    yield acts.map((act) => {
      const { who, what, details } = sentenceOf(act, names);
      return [
        momentText(act.at),
        who,
        act.registrationNumber ?? '',
        act.name ?? '',
        what,
        details.join('\n'),
      ];
    });
  }
  if (count >= EXPORT_AT_MOST)
    yield [[`${EXPORT_AT_MOST}件まで出しました。続きは、期間を短くして出してください。`]];
}

/** A field that makes no sense is as if it were empty, as in the address. */
function wantedOf(fields: Readonly<Record<string, string>>): Wanted {
  const { cursor: _cursor, ...shapes } = QUERY;
  return Object.fromEntries(
    Object.entries(shapes).flatMap(([name, shape]) => {
      const value = shape.safeParse(fields[name]);
      return value.success ? [[name, value.data]] : [];
    }),
  );
}

function searchOf({ person, by, kind, from, to }: Wanted): AuditSearch {
  return {
    accountId: person,
    ...(by === 'tokens' ? { byTokens: true } : { actor: by }),
    ...(kind === undefined ? {} : actionsOf(kind)),
    ...(from === undefined ? {} : { from: instantsOf({ from, to: from }).from }),
    ...(to === undefined ? {} : { until: instantsOf({ from: to, to }).until }),
  };
}

function captionOf(
  { by, kind, from, to }: Wanted,
  person: AccountView | null,
  names: ReadonlyMap<string, string>,
): string {
  const who = by?.startsWith('staff:') ? names.get(by.slice(6)) : OTHERS.find(([each]) => each === by)?.[1];
  const parts = [
    person === null ? null : `${person.name}さん`,
    who === undefined ? null : `${who}がしたこと`,
    ACT_KIND_WORDS.find(([each]) => each === kind)?.[1],
    from === undefined && to === undefined ? null : `${from ?? ''}〜${to ?? ''}`,
  ].filter(Boolean);
  return `操作履歴（${[...parts, '新しい順'].join('・')}）`;
}

function addressOf(wanted: Wanted & { cursor?: string }): string {
  const query = new URLSearchParams(JSON.parse(JSON.stringify(wanted)) as Record<string, string>).toString();
  return query === '' ? PLACES.history : `${PLACES.history}?${query}`;
}
