/** 登録を直す: everything that staff know of a person, with the mail address typed twice (R19). */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import type { AddressDoubts } from '../../../usecases/address-doubts.js';
import { doubtsAbout } from '../../../usecases/address-doubts.js';
import { changeAccount } from '../../../usecases/change-account.js';
import { changesSince, newestEvent } from '../../../usecases/changes-since.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { readAllStaff } from '../../../usecases/staff.js';
import type { AccountView } from '../../../usecases/views.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, Once } from '../shell/fields.js';
import { Form, sendPage } from '../shell/layout.js';
import { Facts } from '../shell/parts.js';
import { personDeed, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, once, page } from '../shell/route.js';
import { staffOf, tell, commandOnce } from '../shell/session.js';
import type { ConflictLine } from './conflict.js';
import { ConflictNotice, mergeDraft } from './conflict.js';
import { DoubtsNotice, isDoubtful } from './doubts.js';
import type { PersonDraft } from './person-fields.js';
import {
  AddressFields,
  PersonFields,
  draftOf,
  faultsOfDraft,
  personShape,
  residentInput,
  typedContacts,
} from './person-fields.js';
import { personOf } from './person.js';

const count = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export function editRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: '/people/:accountId/edit',
      who: 'people.edit',
      async handle({ req, res }) {
        const seen = await seenOf(deps, req, res);
        const person = await personOf(deps, req, res);
        send(req, res, person, { draft: draftOf(person), seen });
      },
    }),
    form({
      path: '/people/:accountId/edit',
      who: 'people.edit',
      fields: { key: once, version: count, seen: count, sure: line, ...personShape },
      async handle({ fields: { key, version, seen, sure, ...typed }, req, res }) {
        const person = await personOf(deps, req, res);
        const draft = { ...typed, contacts: typedContacts(req) };
        const faults = faultsOfDraft(draft);
        const form = { draft, seen, version, sure };
        if (faults.length > 0) {
          send(req, res, person, { ...form, faults, status: 422 });
          return;
        }
        const { mailAddress } = draft;
        const doubts = await doubtsAbout(deps, staffOf(res).fireHqId, person.id, mailAddress);
        if (isDoubtful(doubts, mailAddress, sure)) {
          send(req, res, person, { ...form, doubts, sure: mailAddress, status: 409 });
          return;
        }
        try {
          const after = await changeAccount(
            deps,
            commandOnce(res, 'edit', key, [person.id, version, draft]),
            person.id,
            version,
            { ...residentInput(draft), ...(mailAddress === '' ? {} : { mailAddress }) },
          );
          tell(req, savedWords(person, after, mailAddress !== ''));
          res.redirect(303, personPlace(person.id, 'basics'));
        } catch (error) {
          if (!isRefused(error, 'version-conflict')) throw error;
          await sendConflict(deps, req, res, form);
        }
      },
    }),
  ];
}

/** To be read before the person is, so that no change falls between the two unseen. */
async function seenOf(deps: Deps, req: Request, res: Response): Promise<number> {
  const { id } = await personOf(deps, req, res);
  return newestEvent(deps, staffOf(res).fireHqId, id);
}

async function sendConflict(
  deps: Deps,
  req: Request,
  res: Response,
  { draft, seen, sure }: { draft: PersonDraft; seen: number; sure: string },
): Promise<void> {
  const { fireHqId } = staffOf(res);
  const seenNow = await seenOf(deps, req, res);
  const person = await personOf(deps, req, res);
  const [changes, staff] = await Promise.all([
    changesSince(deps, fireHqId, person.id, seen),
    readAllStaff(deps, fireHqId),
  ]);
  const merged = mergeDraft(draft, person, changes);
  const names = new Map(staff.map(({ id, displayName }) => [id, displayName]));
  const conflict = { lines: merged.lines, names };
  send(req, res, person, { draft: merged.draft, seen: seenNow, sure, conflict, status: 409 });
}

interface Shown {
  draft: PersonDraft;
  /** The trail's newest event when the person was read. */
  seen: number;
  /** Of the account, when the person was read; left out: the present one. */
  version?: number;
  /** The address that was asked about. */
  sure?: string;
  faults?: Faults;
  doubts?: AddressDoubts;
  conflict?: { lines: readonly ConflictLine[]; names: ReadonlyMap<string, string> };
  status?: number;
}

function send(req: Request, res: Response, person: AccountView, shown: Shown): void {
  const {
    draft,
    seen,
    version = person.version,
    sure = '',
    faults = [],
    doubts,
    conflict,
    status = 200,
  } = shown;
  sendPage(req, res, {
    status,
    title: `${person.name}さんの登録を直す`,
    body: (
      <>
        <FaultList faults={faults} />
        {doubts !== undefined && <DoubtsNotice doubts={doubts} />}
        {conflict !== undefined && <ConflictNotice {...conflict} />}
        <Form to={personDeed(person.id, 'edit')}>
          <Once />
          <input type="hidden" name="version" value={version} />
          <input type="hidden" name="seen" value={seen} />
          <input type="hidden" name="sure" value={sure} />
          <PersonFields
            draft={draft}
            faults={faults}
            address={<AddressPart person={person} draft={draft} faults={faults} />}
          />
          <div class="actions">
            <button type="submit">保存する</button>
            <a href={personPlace(person.id, 'basics')}>やめる（何も変えません）</a>
          </div>
        </Form>
      </>
    ),
  });
}

/** R19: what a new address will do, before it is saved. */
function AddressPart({
  person,
  draft,
  faults,
}: {
  person: AccountView;
  draft: PersonDraft;
  faults: Faults;
}): VNode {
  const { pendingAddress } = person;
  return (
    <>
      <Facts
        rows={[
          ['今のメールアドレス', person.mailAddress],
          ...(pendingAddress === null
            ? []
            : [['確認を待っているアドレス', pendingAddress.maskedAddress] as [string, string]]),
        ]}
      />
      <p class="hint">{whatWillHappen(person)}</p>
      <AddressFields draft={draft} faults={faults} isNew={false} />
    </>
  );
}

function whatWillHappen({ addressState, pendingAddress, status }: AccountView): string {
  if (status === 'WITHDRAWN') return '廃止された人なので、新しいアドレスにもメールは送りません。';
  if (addressState !== 'OK') {
    return '今のアドレスは、届くことを確認できていません。そのため、新しいアドレスを保存すると、すぐに切り替わります。前に送ったメールのリンクは使えなくなります。';
  }
  const replaced = pendingAddress === null ? '' : '今、確認を待っているアドレスは、やめになります。';
  return `今のアドレスは届いています。新しいアドレスを保存すると、そこに確認のメールを送ります。本人が14日のうちに答えると切り替わります。それまでは、今のアドレスに送ります。${replaced}`;
}

/** Without a name or an address: it is kept in the session until it is said. */
function savedWords(before: AccountView, after: AccountView, addressTyped: boolean): string {
  const saved = '保存しました。';
  if (!addressTyped) return saved;
  if (after.mailAddress !== before.mailAddress) return saved + switchedWords(after);
  if (after.pendingAddress !== null && after.pendingAddress.id !== before.pendingAddress?.id) {
    return `${saved}新しいメールアドレスに、確認のメールを送ります（夜は朝8時に送ります）。本人が答えると切り替わります。それまでは、今のアドレスに送ります。`;
  }
  if (before.pendingAddress !== null && after.pendingAddress === null) {
    return `${saved}新しいメールアドレスへの変更は、やめました。今のアドレスのままです。`;
  }
  return `${saved}メールアドレスは、前と同じです。`;
}

function switchedWords({ status, autoMail }: AccountView): string {
  const switched = 'メールアドレスは、すぐに切り替わりました。';
  if (status === 'WITHDRAWN') return switched;
  if (status !== 'ACTIVE' && autoMail === 'HELD')
    return `${switched}自動送信を止めているので、お願いのメールは、止めるのを終えてから送ります。`;
  if (status !== 'ACTIVE' && autoMail === 'RUNNING')
    return `${switched}今のお願いのメールを、新しいアドレスに送ります（夜は朝に送ります）。`;
  return `${switched}新しいアドレスに、確認のメールを送ります（夜は朝8時に送ります）。`;
}
