/** 職員: who has access, who was invited, who must give a second factor, and what each role may do. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import type { Role } from '../../../domain/roles.js';
import { ACTIONS, ROLES, mayDo } from '../../../domain/roles.js';
import type { SecondFactorRule } from '../../../domain/second-factor.js';
import type { StaffRow } from '../../../store/staff.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { putSecondFactorRule, readSecondFactorPolicy } from '../../../usecases/second-factor.js';
import { readAllStaff } from '../../../usecases/staff.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { Choices } from '../shell/fields.js';
import { Form, sendPage } from '../shell/layout.js';
import { Table } from '../shell/parts.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { choice, form, page } from '../shell/route.js';
import { commandOf, staffOf, tell } from '../shell/session.js';
import { ROLE_WORDS } from '../shell/words.js';
import { lastSignInText, secondFactorText, staffPlace, stateText } from './state.js';
import { DEED_WORDS, RULE_WORDS, staffRefusalText } from './words.js';

const ROLES_PLACE = `${PLACES.staff}/roles`;
const RULE_PLACE = `${PLACES.staff}/second-factor`;

export function listRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.staff),
      who: 'staff.manage',
      handle: ({ req, res }) => showStaff(deps, req, res),
    }),
    page({
      path: below(ROLES_PLACE),
      who: 'SIGNED_IN',
      handle: ({ req, res }) => sendPage(req, res, { title: '役割ごとにできること', body: <Roles /> }),
    }),
    form({
      path: below(RULE_PLACE),
      who: 'staff.manage',
      fields: { rule: choice(['EVERYBODY', 'WRITERS']) },
      async handle({ fields: { rule }, req, res }) {
        try {
          if (rule !== undefined) await putSecondFactorRule(deps, commandOf(res), rule);
          tell(req, '2段階の確認をする人を決めました。まだの人は、次のサインインで始めます。');
        } catch (error) {
          if (!isRefused(error, 'staff-refused')) throw error;
          tell(req, staffRefusalText(error.refusal.why), 'bad');
        }
        res.redirect(303, PLACES.staff);
      },
    }),
  ];
}

async function showStaff(deps: Deps, req: Request, res: Response): Promise<void> {
  const { fireHqId } = staffOf(res);
  const [people, rule] = await Promise.all([
    readAllStaff(deps, fireHqId),
    readSecondFactorPolicy(deps, fireHqId),
  ]);
  const now = arrivalOf(res).receivedAt;
  const open = people.filter(({ lockedAt }) => lockedAt === null);
  const locked = people.filter(({ lockedAt }) => lockedAt !== null);
  sendPage(req, res, {
    title: '職員',
    body: (
      <>
        <p class="actions">
          <a class="button" href={`${PLACES.staff}/new`}>
            職員を招待する
          </a>
          <a href={ROLES_PLACE}>役割ごとにできること</a>
          <a href={PLACES.handover}>引き継ぎ</a>
        </p>
        <h2>サインインできる人と、招待中の人（{open.length}人）</h2>
        <StaffTable caption="サインインできる人と、招待中の人" people={open} now={now} />
        {locked.length > 0 && (
          <>
            <h2>サインインを止めている人（{locked.length}人）</h2>
            <StaffTable caption="サインインを止めている人" people={locked} now={now} />
          </>
        )}
        <Rule rule={rule} />
      </>
    ),
  });
}

function StaffTable({
  caption,
  people,
  now,
}: {
  caption: string;
  people: readonly StaffRow[];
  now: number;
}): VNode {
  return (
    <Table
      caption={caption}
      head={['表示名', 'サインイン名', '役割', '今のようす', '最後のサインイン', '2段階の確認']}
      rows={people.map((person) => [
        <a href={staffPlace(person.id)}>{person.displayName}</a>,
        person.signInName,
        ROLE_WORDS[person.role],
        stateText(person, now),
        lastSignInText(person),
        secondFactorText(person),
      ])}
    />
  );
}

function Rule({ rule }: { rule: SecondFactorRule }): VNode {
  return (
    <>
      <h2>2段階の確認をする人</h2>
      <p>パスワードのほかに、認証アプリの数字でも確認します。決まりに入る人は、次のサインインで始めます。</p>
      {rule === 'NOBODY' ? (
        <p>
          今は「{RULE_WORDS.NOBODY}
          」です（閉じたネットワークのための設定）。変えるときは、システムの運用担当に頼んでください。
        </p>
      ) : (
        <Form to={RULE_PLACE}>
          <Choices
            name="rule"
            label="かならずする人"
            value={rule}
            options={[
              ['WRITERS', RULE_WORDS.WRITERS],
              ['EVERYBODY', RULE_WORDS.EVERYBODY],
            ]}
          />
          <button type="submit">決める</button>
        </Form>
      )}
    </>
  );
}

/** Word and sign: read out, printed, and told apart without colour. */
const mark = (role: Role, action: (typeof ACTIONS)[number]) => (mayDo(role, action) ? '○ できる' : '－');

function Roles(): VNode {
  return (
    <>
      <p>自分の役割は、画面の上の名前のとなりにあります。役割を変えられるのは、ほかの管理者だけです。</p>
      <Table
        caption="役割ごとにできること"
        head={['すること', ...ROLES.map((role) => ROLE_WORDS[role])]}
        rows={ACTIONS.map((action) => [DEED_WORDS[action], ...ROLES.map((role) => mark(role, action))])}
      />
    </>
  );
}
