/** 本人からの連絡 (R28): what a person tells on the page of a link, and what staff answer. */
import { randomUUID } from 'node:crypto';
import type { Instant } from '../domain/calendar.js';
import { DAY } from '../domain/calendar.js';
import { CHECKS_A_DAY_BY_PAGE, isPendingAt } from '../domain/check-mail.js';
import { bumpVersion } from '../store/accounts.js';
import { appendAudit } from '../store/audit.js';
import type { Tx } from '../store/database.js';
import { enqueueLook } from '../store/outbox.js';
import { countChecksSince } from '../store/reminders.js';
import type {
  ChangeItem,
  ReachBy,
  RequestFilter,
  RequestRow,
  RequestState,
  RequestedAddress,
} from '../store/requests.js';
import {
  closeRequest as close,
  completeChange,
  countRequestsSince,
  findOpenChange,
  findOpenStopRequest,
  findRequest,
  insertRequest,
  listRequests as readRequests,
  lockRequest,
  noteNewAddress,
} from '../store/requests.js';
import type { AccountSnapshot } from '../store/rows.js';
import { lockedSnapshot, runCommand } from './command.js';
import type { Command, Deps } from './context.js';
import { decodeCursor, pageOf } from './cursor.js';
import { refuse } from './errors.js';
import { mailKey, queueReceipt } from './mail-queue.js';
import { enterAddress } from './new-address.js';
import { noteFaults } from './notes.js';
import type { Link } from './open-link.js';
import { isLiving } from './open-link.js';
import { proveMail } from './renew-account.js';
import { checkMailAddress } from './resident-data.js';
import type { Page } from './views.js';

export interface RequestView extends Omit<RequestRow, 'reminderId' | 'letterId' | 'newAddress'> {
  /** R19, R28: what became of `newMailAddress`; null when none was told. */
  newAddress: NewAddressFate | null;
}

/**
 * NOT_ENTERED: staff have to, because it was one too many for a day. PENDING: its check mail can be answered until
 * `until`. NOT_ANSWERED: it was not. REPLACED: another one was entered, or staff took it back. PRESENT, and FORMER once
 * another one has followed.
 */
export interface NewAddressFate {
  state: 'NOT_ENTERED' | 'PENDING' | 'NOT_ANSWERED' | 'REPLACED' | 'PRESENT' | 'FORMER';
  /** Exclusive; only while PENDING. */
  until: Instant | null;
}

export interface ChangeRequest {
  items: ChangeItem[];
  newMailAddress?: string | undefined;
  reachBy?: ReachBy | undefined;
  message?: string | undefined;
}

/** What is written of a request when it comes. */
type Told = Pick<RequestRow, 'items' | 'newMailAddress' | 'reachBy' | 'message'>;
const NOTHING_SAID: Told = { items: [], newMailAddress: null, reachBy: null, message: null };

/** Past this many requests of one account in 24 h they are still kept, but no more receipts are mailed. */
const RECEIPTS_A_DAY = 5;
/** Past this many something is wrong with the sender: refused, nothing is lost for a person. */
const REQUESTS_A_DAY = 30;

/**
 * ② itself: staff know from here on, also when the person closes the page that asks what changed. While a change told
 * on this link is open, it is that one. Refuses like `submitChangeRequest`.
 */
export async function announceChange(deps: Deps, command: Command, link: Link): Promise<RequestView> {
  return runCommand(deps, command, async (tx) => {
    const snapshot = await livingLink(tx, command, link);
    const standing = await findOpenChange(tx, link.accountId, cameWith(link));
    if (standing) return requestView(standing, command.receivedAt);
    return open(tx, snapshot, command, link, { kind: 'CHANGE', ...NOTHING_SAID });
  });
}

/**
 * What changed. Completes what ② announced on this link; told without it, told more, or after staff have closed it,
 * it is a request of its own. Refuses with `validation`; `not-found` when the link is dead (its address was
 * replaced, R19).
 */
export async function submitChangeRequest(
  deps: Deps,
  command: Command,
  link: Link,
  request: ChangeRequest,
): Promise<RequestView> {
  const address = request.newMailAddress ? checkMailAddress('newMailAddress', request.newMailAddress) : null;
  const faults = [...(address?.faults ?? [])];
  if (request.items.length === 0) {
    faults.push({
      field: 'items',
      code: 'required',
      message: 'items must name at least one thing that changed.',
    });
  }
  if ([...(request.message ?? '')].length > 1_000) {
    faults.push({ field: 'message', code: 'too-long', message: 'message may have at most 1000 characters.' });
  }
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  return runCommand(deps, command, async (tx) => {
    const snapshot = await livingLink(tx, command, link);
    const told = {
      items: [...new Set(request.items)],
      newMailAddress: address?.address ?? null,
      reachBy: request.reachBy ?? null,
      message: request.message?.trim() ? request.message.trim() : null,
    };
    const standing = await findOpenChange(tx, link.accountId, cameWith(link));
    const written =
      standing?.items.length === 0
        ? await complete(tx, command, standing, told)
        : await open(tx, snapshot, command, link, { kind: 'CHANGE', ...told });
    if (told.newMailAddress === null) return written;
    await enterNewAddress(tx, command, written.id, {
      accountId: link.accountId,
      address: told.newMailAddress,
    });
    return requestView(
      (await findRequest(tx, written.id)) ?? refuse({ code: 'not-found' }),
      command.receivedAt,
    );
  });
}

/**
 * R19, R28: the address is entered as staff would enter it. Past the day's number of check mails it is left to staff:
 * somebody may be trying addresses that are not theirs.
 */
async function enterNewAddress(
  tx: Tx,
  command: Command,
  requestId: string,
  { accountId, address }: { accountId: string; address: string },
): Promise<void> {
  const today = await countChecksSince(tx, accountId, command.receivedAt - DAY);
  if (today >= CHECKS_A_DAY_BY_PAGE) return;
  // Read anew: the link that was just used has proven the present address.
  const addressId = await enterAddress(tx, await lockedSnapshot(tx, accountId), address, command);
  await noteNewAddress(tx, requestId, addressId);
  await bumpVersion(tx, accountId);
}

/** Asked again while one is open, it is the same request. Holds automatic mail until staff act; the lapse runs on. */
export async function submitStopRequest(deps: Deps, command: Command, link: Link): Promise<RequestView> {
  return runCommand(deps, command, async (tx) => {
    const snapshot = await livingLink(tx, command, link);
    const standing = await findOpenStopRequest(tx, link.accountId);
    if (standing) return requestView(standing, command.receivedAt);
    return open(tx, snapshot, command, link, { kind: 'STOP', ...NOTHING_SAID });
  });
}

/** 「やっぱり使います」 on any link of the cycle, until staff act; nothing to take back changes nothing. */
export async function takeBackStopRequest(deps: Deps, command: Command, link: Link): Promise<void> {
  await runCommand(deps, command, async (tx) => {
    await livingLink(tx, command, link);
    const standing = await findOpenStopRequest(tx, link.accountId);
    if (!standing) return;
    await close(tx, standing.id, {
      state: 'TAKEN_BACK',
      at: command.receivedAt,
      by: command.actor,
      staffNote: null,
    });
    await auditClosed(tx, command, standing, 'TAKEN_BACK', null);
    await enqueueLook(tx, [link.accountId], command.receivedAt);
  });
}

export interface Answer {
  state: 'DONE' | 'DECLINED';
  staffNote?: string | undefined;
  /** What the clerk has read; when the person has told more since, or a colleague was quicker, nothing is done. */
  expectedVersion?: number | undefined;
}

/**
 * A declined or done STOP lets automatic mail go on (R9 applies). Refuses with `request-already-closed`,
 * `version-conflict`, `validation` or `not-found`.
 */
export async function closeRequest(
  deps: Deps,
  command: Command,
  requestId: string,
  answer: Answer,
): Promise<RequestView> {
  return runCommand(deps, command, async (tx) => {
    const request = await requestToAnswer(tx, requestId, answer.expectedVersion);
    await closeAs(tx, command, request, answer);
    await enqueueLook(tx, [request.accountId], command.receivedAt);
    return requestView((await findRequest(tx, requestId)) ?? request, command.receivedAt);
  });
}

/** Locked, open, and as the clerk has read it. */
export async function requestToAnswer(
  tx: Tx,
  requestId: string,
  expectedVersion: number | undefined,
): Promise<RequestRow> {
  const request = (await lockRequest(tx, requestId)) ?? refuse({ code: 'not-found' });
  if (request.state !== 'OPEN') refuse({ code: 'request-already-closed' });
  if (expectedVersion !== undefined && request.version !== expectedVersion) {
    refuse({ code: 'version-conflict', currentVersion: request.version });
  }
  return request;
}

export async function closeAs(
  tx: Tx,
  command: Command,
  request: RequestRow,
  { state, staffNote }: Pick<Answer, 'state' | 'staffNote'>,
): Promise<void> {
  const faults = noteFaults('staffNote', staffNote, { required: false });
  if (faults.length > 0) refuse({ code: 'validation', fields: faults });
  const note = staffNote?.trim() ? staffNote.trim() : null;
  const closed = await close(tx, request.id, {
    state,
    at: command.receivedAt,
    by: command.actor,
    staffNote: note,
  });
  if (!closed) refuse({ code: 'request-already-closed' });
  await auditClosed(tx, command, request, state, note);
}

/** For 廃止 (R15): it is what an open STOP asked for. */
export async function closeStopAsDone(
  tx: Tx,
  command: Command,
  accountId: string,
  staffNote?: string,
): Promise<void> {
  const standing = await findOpenStopRequest(tx, accountId);
  if (standing) await closeAs(tx, command, standing, { state: 'DONE', staffNote });
}

/** Newest first; with `oldestFirst` whoever has waited longest. */
export async function listRequests(
  deps: Deps,
  fireHqId: string,
  {
    limit,
    cursor,
    ...filter
  }: RequestFilter & { oldestFirst?: boolean | undefined; limit: number; cursor?: string | undefined },
): Promise<Page<RequestView>> {
  const after = cursor === undefined ? null : decodeCursor(cursor, ['instant', 'uuid']);
  const rows = await deps.database.inTenant(fireHqId, (tx) =>
    readRequests(tx, {
      ...filter,
      after: after && { createdAt: after[0] as number, id: after[1] as string },
      limit: limit + 1,
    }),
  );
  const now = deps.clock.now();
  return pageOf(
    rows,
    limit,
    (last) => [last.createdAt, last.id],
    (row) => requestView(row, now),
  );
}

/** R19, R27: the link must belong to the present address and the present or the just renewed cycle; a mailed one proves mail. */
async function livingLink(tx: Tx, command: Command, link: Link): Promise<AccountSnapshot> {
  const snapshot = await lockedSnapshot(tx, link.accountId);
  const { cycle, account } = snapshot;
  const older = link.cycle !== cycle.number && command.receivedAt >= cycle.windowOpensAt;
  if (!(await isLiving(tx, link, snapshot)) || older || account.withdrawnAt !== null)
    refuse({ code: 'not-found' });
  if (link.by === 'MAIL') await proveMail(tx, snapshot, link.reminderId, command.receivedAt);
  return snapshot;
}

async function open(
  tx: Tx,
  snapshot: AccountSnapshot,
  command: Command,
  link: Link,
  request: Told & Pick<RequestRow, 'kind'>,
): Promise<RequestView> {
  const now = command.receivedAt;
  const recent = await countRequestsSince(tx, link.accountId, now - DAY);
  if (recent >= REQUESTS_A_DAY) {
    refuse({
      code: 'validation',
      fields: [{ field: 'items', code: 'too-many', message: 'Too many requests in one day.' }],
    });
  }
  const id = randomUUID();
  await insertRequest(tx, {
    id,
    accountId: link.accountId,
    cycle: link.cycle,
    ...cameWith(link),
    createdAt: now,
    ...request,
  });
  if (recent < RECEIPTS_A_DAY) {
    await queueReceipt(tx, {
      accountId: link.accountId,
      cycle: snapshot.cycle.number,
      addressId: snapshot.address.id,
      key: mailKey.requestReceipt(id),
      purpose: 'REQUEST_RECEIPT',
      now,
      by: command.actor,
    });
  }
  await appendAudit(tx, {
    at: now,
    actor: command.actor,
    action: openedAs(request),
    accountId: link.accountId,
    after: { requestId: id, items: request.items, reachBy: request.reachBy },
  });
  await enqueueLook(tx, [link.accountId], now);
  return requestView((await findRequest(tx, id)) ?? refuse({ code: 'not-found' }), now);
}

function cameWith(link: Link): Pick<RequestRow, 'reminderId' | 'letterId'> {
  return link.by === 'MAIL'
    ? { reminderId: link.reminderId, letterId: null }
    : { reminderId: null, letterId: link.letterId };
}

function openedAs({ kind, items }: Pick<RequestRow, 'kind' | 'items'>): string {
  if (kind === 'STOP') return 'request.stop-asked';
  return items.length === 0 ? 'request.change-announced' : 'request.change-told';
}

/** The same request, and no second receipt. */
async function complete(tx: Tx, command: Command, announced: RequestRow, told: Told): Promise<RequestView> {
  await completeChange(tx, announced.id, told);
  await appendAudit(tx, {
    at: command.receivedAt,
    actor: command.actor,
    action: 'request.change-told',
    accountId: announced.accountId,
    before: { requestId: announced.id, items: announced.items, reachBy: announced.reachBy },
    after: { requestId: announced.id, items: told.items, reachBy: told.reachBy },
  });
  await enqueueLook(tx, [announced.accountId], command.receivedAt);
  return requestView(
    (await findRequest(tx, announced.id)) ?? refuse({ code: 'not-found' }),
    command.receivedAt,
  );
}

async function auditClosed(
  tx: Tx,
  command: Command,
  request: RequestRow,
  state: RequestState,
  staffNote: string | null,
): Promise<void> {
  await appendAudit(tx, {
    at: command.receivedAt,
    actor: command.actor,
    action: 'request.closed',
    accountId: request.accountId,
    before: { requestId: request.id, state: request.state },
    after: { requestId: request.id, state, staffNote },
  });
}

export function requestView(
  { reminderId: _reminderId, letterId: _letterId, newAddress, ...row }: RequestRow,
  now: Instant,
): RequestView {
  return { ...row, newAddress: row.newMailAddress === null ? null : fateOf(newAddress, now) };
}

function fateOf(entered: RequestedAddress | null, now: Instant): NewAddressFate {
  if (entered === null) return { state: 'NOT_ENTERED', until: null };
  const { role, pendingUntil, presentSince } = entered;
  if (role === 'PENDING' && pendingUntil !== null) {
    return isPendingAt({ until: pendingUntil }, now)
      ? { state: 'PENDING', until: pendingUntil }
      : { state: 'NOT_ANSWERED', until: null };
  }
  const neverPresent = role === 'FORMER' && pendingUntil !== null && presentSince === null;
  return { state: neverPresent ? 'REPLACED' : role, until: null };
}
