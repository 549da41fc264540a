/** 新しい利用者の登録 (R2, R10): the same form, with the number and, where it is known, the expiry. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { AddressDoubts } from '../../../usecases/address-doubts.js';
import { doubtsAbout } from '../../../usecases/address-doubts.js';
import type { Deps } from '../../../usecases/context.js';
import type { FieldFault } from '../../../usecases/errors.js';
import { isRefused } from '../../../usecases/errors.js';
import { readPolicy } from '../../../usecases/policy.js';
import type { NewAccount } from '../../../usecases/register-account.js';
import { faultsOfNewAccount, registerAccount } from '../../../usecases/register-account.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, Once, TextField, Tick } from '../shell/fields.js';
import { Form, sendPage } from '../shell/layout.js';
import { PLACES, below, personPlace } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, once, page, ticked } from '../shell/route.js';
import { commandOf, staffOf, tell, commandOnce } from '../shell/session.js';
import { DoubtsNotice, isDoubtful } from './doubts.js';
import type { PersonDraft } from './person-fields.js';
import {
  AddressFields,
  NOBODY,
  PersonFields,
  byRow,
  differing,
  personShape,
  residentInput,
  typedContacts,
} from './person-fields.js';

interface NewDraft extends PersonDraft {
  registrationNumber: string;
  expiresOn: string;
  withoutCheck: boolean;
}

export function newPersonRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.newPerson),
      who: 'people.edit',
      handle: ({ req, res }) =>
        send(deps, req, res, {
          draft: { ...NOBODY, registrationNumber: '', expiresOn: '', withoutCheck: false },
        }),
    }),
    form({
      path: below(PLACES.newPerson),
      who: 'people.edit',
      fields: {
        key: once,
        sure: line,
        registrationNumber: line,
        expiresOn: line,
        withoutCheck: ticked,
        ...personShape,
      },
      async handle({ fields: { key, sure, ...typed }, req, res }) {
        const draft: NewDraft = { ...typed, contacts: typedContacts(req) };
        const faults = [
          ...byRow(draft, await faultsOfNewAccount(deps, commandOf(res), accountOf(draft))),
          ...differing(draft),
        ];
        const doubts = await doubtsOf(deps, res, draft);
        const asks = faults.length === 0 && isDoubtful(doubts, draft.mailAddress, sure);
        const outcome = faults.length > 0 || asks ? faults : await register(deps, res, key, draft);
        if (typeof outcome !== 'string') {
          await send(deps, req, res, {
            draft,
            faults: outcome,
            ...(asks ? { doubts, sure: draft.mailAddress, status: 409 } : { sure, status: 422 }),
          });
          return;
        }
        tell(
          req,
          draft.withoutCheck
            ? '登録しました。'
            : '登録しました。メールアドレスに、確認のメールを送ります（夜は朝8時に送ります）。',
        );
        res.redirect(303, personPlace(outcome, 'basics'));
      },
    }),
  ];
}

function accountOf(draft: NewDraft): NewAccount {
  const { registrationNumber, expiresOn, mailAddress, withoutCheck, name, kana } = draft;
  return {
    ...residentInput(draft),
    name,
    kana,
    registrationNumber,
    mailAddress,
    expiresOn: expiresOn === '' ? undefined : expiresOn,
    checkMail: !withoutCheck,
  };
}

/** Whoever has this very number is this person, when the form is sent twice; else the number is taken. */
async function doubtsOf(deps: Deps, res: Response, draft: NewDraft): Promise<AddressDoubts> {
  const { others, meant } = await doubtsAbout(deps, staffOf(res).fireHqId, null, draft.mailAddress);
  return {
    others: others.filter(({ registrationNumber }) => registrationNumber !== draft.registrationNumber),
    meant,
  };
}

/** The new account's id, or the faults of its fields. */
async function register(
  deps: Deps,
  res: Response,
  key: string,
  draft: NewDraft,
): Promise<string | readonly FieldFault[]> {
  try {
    const command = commandOnce(res, 'register', key, draft);
    return (await registerAccount(deps, command, accountOf(draft))).id;
  } catch (error) {
    if (!isRefused(error, 'registration-number-taken')) throw error;
    return [{ field: 'registrationNumber', code: 'taken', message: 'taken' }];
  }
}

async function send(
  deps: Deps,
  req: Request,
  res: Response,
  shown: { draft: NewDraft; faults?: Faults; doubts?: AddressDoubts; sure?: string; status?: number },
): Promise<void> {
  const { draft, faults = [], doubts, sure = '', status = 200 } = shown;
  const { basis } = await readPolicy(deps, staffOf(res).fireHqId);
  sendPage(req, res, {
    status,
    title: '新しい利用者の登録',
    body: (
      <>
        <FaultList faults={faults} />
        {doubts !== undefined && <DoubtsNotice doubts={doubts} />}
        <Form to={PLACES.newPerson}>
          <Once />
          <input type="hidden" name="sure" value={sure} />
          <TextField
            name="registrationNumber"
            label="登録番号"
            value={draft.registrationNumber}
            faults={faults}
            required
            maxlength={40}
          />
          {basis === 'date' && (
            <TextField
              name="expiresOn"
              label="有効期限日時（この日の終わりまで有効）"
              type="date"
              hint="分からないときは、空のままにしてください。今日から有効期間を数えます。"
              value={draft.expiresOn}
              faults={faults}
            />
          )}
          <PersonFields
            draft={draft}
            faults={faults}
            address={<AddressPart draft={draft} faults={faults} />}
          />
          <div class="actions">
            <button type="submit">登録する</button>
            <a href={PLACES.people}>やめる（登録しません）</a>
          </div>
        </Form>
      </>
    ),
  });
}

function AddressPart({ draft, faults }: { draft: NewDraft; faults: Faults }): VNode {
  return (
    <>
      <p class="hint">
        登録すると、このアドレスに確認のメールを送ります（夜は朝8時に送ります）。氏名もNET119という言葉も書きません。
      </p>
      <AddressFields draft={draft} faults={faults} isNew />
      <Tick
        name="withoutCheck"
        label="確認のメールを送らない（前のしくみから移す人のとき）"
        checked={draft.withoutCheck}
      />
    </>
  );
}
