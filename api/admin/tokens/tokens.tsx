/** 連携システムの鍵: tokens for the REST API. Shown once, may do only what was ticked, end on a day. */
import type { Request, Response } from 'express';
import type { VNode } from 'preact';
import { z } from 'zod';
import { DAY, addDays, instantInJapan, isCivilDate } from '../../../domain/calendar.js';
import { SCOPES } from '../../../domain/scopes.js';
import type { Scope } from '../../../domain/scopes.js';
import type { TokenListRow } from '../../../store/tokens.js';
import type { Deps } from '../../../usecases/context.js';
import { isRefused } from '../../../usecases/errors.js';
import { issueApiToken, listTokens, revokeToken } from '../../../usecases/headquarters.js';
import { arrivalOf } from '../../middleware/arrival.js';
import { dayText, momentText } from '../shell/dates.js';
import type { Faults } from '../shell/fields.js';
import { FaultList, Once, TextField } from '../shell/fields.js';
import { Form, Notice, sendPage } from '../shell/layout.js';
import { NotHereError } from '../shell/not-here.js';
import { Table } from '../shell/parts.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, line, once, page, uuid } from '../shell/route.js';
import { commandOf, commandOnce, staffOf, tell } from '../shell/session.js';
import { SCOPE_WORDS } from './words.js';

const scopes = z.preprocess(
  (value): unknown => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
  z.array(z.enum(SCOPES)),
);

interface NewToken {
  label: string;
  until: string;
  scopes: Scope[];
}

/** Longer than that and nobody remembers whose it is. */
const LONGEST_DAYS = 1096;
const LONGEST_LABEL = 100;

export function tokenRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: below(PLACES.tokens),
      who: 'tokens.manage',
      handle: ({ req, res }) => show(deps, req, res),
    }),
    form({
      path: below(PLACES.tokens),
      who: 'tokens.manage',
      fields: { key: once, label: line, until: line, scopes },
      handle: ({ fields: { key, ...token }, req, res }) => create(deps, token, key, req, res),
    }),
    form({
      path: `${below(PLACES.tokens)}/:tokenId/revoke`,
      who: 'tokens.manage',
      fields: {},
      handle: ({ req, res }) => revoke(deps, req, res),
    }),
  ];
}

async function show(
  deps: Deps,
  req: Request,
  res: Response,
  { draft, faults = [], status = 200 }: { draft?: NewToken; faults?: Faults; status?: number } = {},
): Promise<void> {
  const now = arrivalOf(res).receivedAt;
  const tokens = await listTokens(deps, staffOf(res).fireHqId);
  const live = tokens.filter((token) => isLive(token, now));
  const dead = tokens.filter((token) => !isLive(token, now));
  sendPage(req, res, {
    status,
    title: '連携システムの鍵',
    body: (
      <>
        <FaultList faults={faults} />
        <p>
          指令台など、ほかのシステムがこのシステムに聞いたり知らせたりするときに使う鍵です。1つのシステムに1つ作り、いらなくなったら止めます。
        </p>
        <h2>使える鍵</h2>
        {live.length === 0 ? (
          <p>ありません。</p>
        ) : (
          <Table
            caption="使える鍵"
            head={['名前', 'できること', '作った日', 'いつまで', '止める']}
            rows={live.map((token) => [
              <strong>{token.label}</strong>,
              scopesText(token.scopes),
              dayText(token.createdAt),
              token.expiresAt === null ? '終わりなし' : `${momentText(token.expiresAt)}まで`,
              <Form to={`${PLACES.tokens}/${token.id}/revoke`}>
                <button class="quiet" type="submit">
                  止める<span class="hidden">（{token.label}）</span>
                </button>
              </Form>,
            ])}
          />
        )}
        <New draft={draft} faults={faults} now={now} />
        {dead.length > 0 && (
          <>
            <h2>使えない鍵</h2>
            <Table
              caption="使えない鍵"
              head={['名前', '作った日', '使えなくなった日']}
              rows={dead.map((token) => [
                token.label,
                dayText(token.createdAt),
                dayText(token.revokedAt ?? token.expiresAt ?? token.createdAt),
              ])}
            />
          </>
        )}
      </>
    ),
  });
}

function New({ draft, faults, now }: { draft: NewToken | undefined; faults: Faults; now: number }): VNode {
  const fault = faults.find(({ field }) => field === 'scopes');
  return (
    <>
      <h2>新しく作る</h2>
      <Form to={PLACES.tokens}>
        <Once />
        <TextField
          name="label"
          label="名前（どのシステムの鍵か）"
          hint="例：指令台（呼び返しの確認）"
          value={draft?.label ?? ''}
          maxlength={LONGEST_LABEL}
          faults={faults}
          required
        />
        <TextField
          name="until"
          type="date"
          label="いつまで使えるか（その日の終わりまで）"
          hint="3年より先の日は入れられません。"
          value={draft?.until ?? ''}
          faults={faults}
          required
        />
        <fieldset id="scopes" aria-describedby={fault && 'scopes-fault'}>
          <legend>できること（いるものだけ）</legend>
          {fault !== undefined && (
            <p class="fault" id="scopes-fault">
              1つ以上選んでください。
            </p>
          )}
          {SCOPES.map((scope) => (
            <label>
              <input type="checkbox" name="scopes" value={scope} checked={draft?.scopes.includes(scope)} />{' '}
              {SCOPE_WORDS[scope]}
            </label>
          ))}
        </fieldset>
        <button type="submit">鍵を作る</button>
        <p class="hint">作った日：{dayText(now)}</p>
      </Form>
    </>
  );
}

async function create(deps: Deps, draft: NewToken, key: string, req: Request, res: Response): Promise<void> {
  const now = arrivalOf(res).receivedAt;
  const faults = faultsOf(draft, now);
  if (faults.length > 0) {
    await show(deps, req, res, { draft, faults, status: 422 });
    return;
  }
  const { label, scopes: chosen, until } = draft;
  const expiresAt = instantInJapan(addDays(until, 1));
  const command = commandOnce(res, 'token', key, draft);
  const { token } = await issueApiToken(deps, command, { label, scopes: chosen, expiresAt });
  sendPage(req, res, {
    title: '鍵を作りました',
    body:
      token === null ? (
        <>
          <p>
            この鍵は、もう作ってあります。鍵の文字は一度しか出ません。書き写していないときは、その鍵を止めて、新しく作ってください。
          </p>
          <Back />
        </>
      ) : (
        <>
          <Notice kind="warn">
            <p>
              <strong>この文字は、今だけ見えます。</strong>
              書き写すか、相手のシステムに入れてから、このページを閉じてください。メールで送らないでください。
            </p>
          </Notice>
          <p>{label}</p>
          <p class="secret">
            <code>{token}</code>
          </p>
          <Back />
        </>
      ),
  });
}

function Back(): VNode {
  return (
    <p>
      <a href={PLACES.tokens}>連携システムの鍵へもどる</a>
    </p>
  );
}

async function revoke(deps: Deps, req: Request, res: Response): Promise<void> {
  const tokenId = uuid.safeParse(req.params['tokenId']);
  if (!tokenId.success) throw new NotHereError();
  try {
    await revokeToken(deps, commandOf(res), tokenId.data);
  } catch (error) {
    // Stopped already, or never here.
    throw isRefused(error, 'not-found') ? new NotHereError() : error;
  }
  tell(req, '鍵を止めました。もう使えません。');
  res.redirect(303, PLACES.tokens);
}

function faultsOf({ label, until, scopes: chosen }: NewToken, now: number): Faults {
  const fault = (field: string, code: string) => ({ field, code, message: `${field}: ${code}` });
  const end = isCivilDate(until) ? instantInJapan(addDays(until, 1)) : null;
  return [
    ...(label === '' ? [fault('label', 'required')] : []),
    ...([...label].length > LONGEST_LABEL ? [fault('label', 'too-long')] : []),
    ...(until === '' ? [fault('until', 'required')] : end === null ? [fault('until', 'malformed')] : []),
    ...(end !== null && end <= now ? [fault('until', 'in-past')] : []),
    ...(end !== null && end > now + LONGEST_DAYS * DAY ? [fault('until', 'too-far')] : []),
    ...(chosen.length === 0 ? [fault('scopes', 'none')] : []),
  ];
}

function isLive({ revokedAt, expiresAt }: TokenListRow, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

function scopesText(names: readonly string[]): string {
  if (names.length === SCOPES.length) return 'すべて';
  return SCOPES.filter((scope) => names.includes(scope))
    .map((scope) => SCOPE_WORDS[scope])
    .join('、');
}
