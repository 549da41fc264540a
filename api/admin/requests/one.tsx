/** One 本人からの連絡: what was told beside what is registered, what was done so far, and what can be done. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { mayDo } from '../../../domain/roles.js';
import type { ContactRow } from '../../../store/contacts.js';
import type { Deps } from '../../../usecases/context.js';
import type { Refusal } from '../../../usecases/errors.js';
import { isRefused } from '../../../usecases/errors.js';
import { readAccount } from '../../../usecases/read-account.js';
import type { AuditEventView } from '../../../usecases/read-audit.js';
import { listAuditEvents } from '../../../usecases/read-audit.js';
import { readContactPage } from '../../../usecases/record-contact.js';
import { readRequest } from '../../../usecases/read-requests.js';
import type { RequestView } from '../../../usecases/resident-request.js';
import { readAllStaff } from '../../../usecases/staff.js';
import { Contacts } from '../person/contact-section.js';
import { PersonHead } from '../person/person-head.js';
import { KIND_OF_REQUEST_WORDS, REQUEST_STATE_WORDS, refusalText } from '../person/words.js';
import { momentText } from '../shell/dates.js';
import { FaultList } from '../shell/fields.js';
import { Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { Facts, Table } from '../shell/parts.js';
import { PLACES } from '../shell/places.js';
import { uuid } from '../shell/route.js';
import { staffOf } from '../shell/session.js';
import { actionWords, actorWords } from '../shell/words.js';
import type { Trouble } from './answer-forms.js';
import { AnswerForms } from './answer-forms.js';
import { Told } from './told.js';

/** The newest records and events of the person, among which are those since the request. */
const LOOKED_THROUGH = 50;

/** Another headquarters' request is as unknown as any other. */
export async function requestOf(deps: Deps, req: Request, res: Response): Promise<RequestView> {
  const id = String(req.params['requestId']);
  if (!uuid.safeParse(id).success) throw new NotHereError();
  try {
    return await readRequest(deps, staffOf(res).fireHqId, id);
  } catch (error) {
    throw isRefused(error, 'not-found') ? new NotHereError() : error;
  }
}

/** `trouble`: why what was just asked for was not done. */
export async function sendRequest(
  deps: Deps,
  req: Request,
  res: Response,
  trouble: Trouble | null,
): Promise<void> {
  const request = await requestOf(deps, req, res);
  const { fireHqId, role } = staffOf(res);
  const { accountId, createdAt } = request;
  const [person, contacts, staff, acts] = await Promise.all([
    readAccount(deps, fireHqId, accountId),
    readContactPage(deps, fireHqId, accountId, { limit: LOOKED_THROUGH }),
    readAllStaff(deps, fireHqId),
    mayDo(role, 'audit.read')
      ? listAuditEvents(deps, fireHqId, { accountId, limit: LOOKED_THROUGH })
      : { items: [] },
  ]);
  const names = new Map(staff.map(({ id, displayName }) => [id, displayName]));
  const mayAnswer = mayDo(role, 'requests.answer');
  sendPage(req, res, {
    status: trouble === null ? 200 : trouble.refusal.code === 'validation' ? 422 : 409,
    title: `${person.name}さんからの連絡`,
    body: (
      <>
        <p>
          <a href={PLACES.requests}>本人からの連絡へもどる</a>
        </p>
        {trouble !== null && <TroubleNotice refusal={trouble.refusal} />}
        <PersonHead person={person} />
        <h2>伝えられたこと</h2>
        <State request={request} names={names} />
        <Told request={request} person={person} shown={mayDo(role, 'people.edit')} />
        <Done
          contacts={contacts.items.filter((contact) => contact.createdAt >= createdAt)}
          acts={acts.items.filter(({ at, actor, action }) => at >= createdAt && isActOfStaff(actor, action))}
          names={names}
        />
        {mayAnswer ? (
          <AnswerForms request={request} person={person} trouble={trouble} />
        ) : (
          <p class="hint">対応は、担当者か管理者ができます。</p>
        )}
      </>
    ),
  });
}

function TroubleNotice({ refusal }: { refusal: Refusal }): VNode {
  if (refusal.code === 'validation') return <FaultList faults={refusal.fields} />;
  return (
    <Notice kind="bad">
      <p>{refusalText(refusal)}</p>
    </Notice>
  );
}

function State({ request, names }: { request: RequestView; names: ReadonlyMap<string, string> }): VNode {
  const { kind, state, createdAt, closedAt, closedBy, staffNote } = request;
  return (
    <Facts
      rows={[
        ['内容', <strong>{KIND_OF_REQUEST_WORDS[kind]}</strong>],
        ['受け取った日時', momentText(createdAt)],
        ['状態', REQUEST_STATE_WORDS[state]],
        ...(closedAt === null
          ? []
          : ([
              ['終わりにした人', `${actorWords(closedBy ?? '', names)}（${momentText(closedAt)}）`],
              ['メモ', staffNote === null ? null : <span class="as-written">{staffNote}</span>],
            ] as [string, VNode | string | null][])),
      ]}
    />
  );
}

/** What stands among the records of contact is not told twice. */
function isActOfStaff(actor: string, action: string): boolean {
  return /^(staff|token|operator)/.test(actor) && action !== 'contact.recorded';
}

function Done({
  contacts,
  acts,
  names,
}: {
  contacts: readonly ContactRow[];
  acts: readonly AuditEventView[];
  names: ReadonlyMap<string, string>;
}): VNode {
  return (
    <>
      <h2>これまでにしたこと</h2>
      {contacts.length + acts.length === 0 && <p>この連絡のあとに、したことはまだありません。</p>}
      {contacts.length > 0 && (
        <Contacts caption="連絡の記録（この連絡のあと、新しい順）" contacts={contacts} staff={names} />
      )}
      {acts.length > 0 && (
        <Table
          caption="操作履歴（この連絡のあと、新しい順）"
          head={['日時', 'だれが', 'したこと']}
          rows={acts.map(({ at, actor, action }) => [
            momentText(at),
            actorWords(actor, names),
            actionWords(action),
          ])}
        />
      )}
    </>
  );
}
