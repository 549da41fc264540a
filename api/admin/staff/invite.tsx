/** 職員を招待する: a sign-in name, a name to show, a role; the answer shows the code to hand over. */
import type { Request, Response } from 'express';
import { ROLES } from '../../../domain/roles.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { inviteStaff } from '../../../usecases/invite-staff.js';
import type { Faults } from '../shell/fields.js';
import { Choices, FaultList, Once, TextField } from '../shell/fields.js';
import { Form, sendPage } from '../shell/layout.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, form, line, once, page } from '../shell/route.js';
import { commandOnce } from '../shell/session.js';
import { ROLE_WORDS } from '../shell/words.js';
import { sendCode } from './code-page.js';

const PLACE = `${PLACES.staff}/new`;

interface Typed {
  signInName: string;
  displayName: string;
  role: (typeof ROLES)[number] | '';
}

export function inviteRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACE),
      who: 'staff.manage',
      handle: ({ req, res }) => show(req, res, { signInName: '', displayName: '', role: '' }, []),
    }),
    form({
      path: below(PLACE),
      who: 'staff.manage',
      fields: { key: once, signInName: line, displayName: line, role: choice(ROLES) },
      async handle({ fields: { key, role, ...typed }, req, res }) {
        // As it will be typed to sign in.
        const signInName = typed.signInName.normalize('NFKC').toLowerCase();
        const person = { ...typed, signInName };
        if (role === undefined) {
          show(req, res, { ...person, role: '' }, [{ field: 'role', code: 'required', message: '' }]);
          return;
        }
        try {
          const command = commandOnce(res, 'invite', key, [person, role]);
          const { id, code } = await inviteStaff(deps, command, { ...person, role });
          sendCode(req, res, { id, ...person }, code);
        } catch (error) {
          if (!isRefused(error, 'validation')) throw error;
          show(req, res, { ...person, role }, error.refusal.fields);
        }
      },
    }),
  ];
}

function show(req: Request, res: Response, typed: Typed, faults: Faults): void {
  sendPage(req, res, {
    status: faults.length === 0 ? 200 : 422,
    title: '職員を招待する',
    body: (
      <>
        <FaultList faults={faults} />
        <p>
          次のページに、本人に手渡す番号が出ます。番号は7日間使えます。パスワードは、本人が決めます。招待は、あとで取りやめられます。
        </p>
        <Form to={PLACE}>
          <Once />
          <TextField
            name="signInName"
            label="サインイン名"
            required
            value={typed.signInName}
            faults={faults}
            maxlength={40}
            hint="半角の英小文字と数字、「.」「_」「-」で3文字から40文字。あとで変えられません。メールアドレスとは別のものにします。例：mihon.yamada"
          />
          <TextField
            name="displayName"
            label="表示名"
            required
            value={typed.displayName}
            faults={faults}
            maxlength={40}
            hint="同僚の画面と操作履歴に出る名前です。"
          />
          <Choices
            name="role"
            label="役割"
            required
            value={typed.role}
            faults={faults}
            options={[
              ['VIEWER', `${ROLE_WORDS.VIEWER}（見るだけ）`],
              ['CLERK', `${ROLE_WORDS.CLERK}（毎日の仕事をする）`],
              ['MANAGER', `${ROLE_WORDS.MANAGER}（設定と職員も変える）`],
            ]}
          />
          <button type="submit">招待して、番号を出す</button>
        </Form>
        <p>
          <a href={`${PLACES.staff}/roles`}>役割ごとにできること</a>
        </p>
      </>
    ),
  });
}
