/** R17: what works for a person, in words for staff and dispatchers, with the other ways to reach them. */
import type { Instant } from '../domain/calendar.js';
import { dayInJapan } from '../domain/calendar.js';
import type { Alternative, Capability, CapabilityReason, Level } from '../domain/capabilities.js';
import { capabilitiesAt } from '../domain/capabilities.js';
import { readSnapshot } from '../store/snapshots.js';
import type { AccountSnapshot } from '../store/rows.js';
import type { Deps } from './context.js';
import { refuse } from './errors.js';
import { planAccount } from './life-plan.js';

export interface CapabilityView {
  level: Level;
  reasonCode: CapabilityReason;
  /** Japanese, for a dispatcher. */
  text: string;
  alternatives: Alternative[];
}

export interface CapabilitiesView {
  emergencyReport: CapabilityView;
  practiceReport: CapabilityView;
  callback: CapabilityView;
  mailManagement: CapabilityView;
  lastProvenAt: Instant | null;
  /** The last failure that counts against the present address; it may have been proven since. */
  lastFailedAt: Instant | null;
}

type CapabilityName = Exclude<keyof CapabilitiesView, 'lastProvenAt' | 'lastFailedAt'>;

const NAMES: Record<CapabilityName, string> = {
  emergencyReport: '緊急通報',
  practiceReport: '練習通報',
  callback: '呼び返し',
  mailManagement: 'メール管理',
};

export async function readCapabilities(
  deps: Deps,
  fireHqId: string,
  accountId: string,
): Promise<CapabilitiesView> {
  const snapshot = await deps.database.inTenant(fireHqId, (tx) => readSnapshot(tx, accountId));
  if (!snapshot) refuse({ code: 'not-found' });
  return capabilitiesOf(snapshot, deps.clock.now());
}

export function capabilitiesOf(snapshot: AccountSnapshot, now: Instant): CapabilitiesView {
  const { status, lapseCause } = planAccount(snapshot, now);
  const { address } = snapshot;
  const found = capabilitiesAt({
    status,
    lapseCause,
    presentAddress: address.state,
    unverifiedAfterChange: address.state === 'UNVERIFIED' && address.replacedAnother,
    lastProvenAt: address.lastProvenAt,
    now,
  });
  const view = (name: CapabilityName): CapabilityView => {
    const capability = found[name];
    return {
      ...capability,
      text: textOf(name, capability, snapshot, { provenLongAgo: found.provenLongAgo, now }),
      alternatives: capability.level === 'ok' ? [] : alternativesOf(snapshot),
    };
  };
  return {
    emergencyReport: view('emergencyReport'),
    practiceReport: view('practiceReport'),
    callback: view('callback'),
    mailManagement: view('mailManagement'),
    lastProvenAt: found.lastProvenAt,
    lastFailedAt: address.lastFailedAt,
  };
}

/** A dispatcher reads the first words and acts: they say whether it works. */
function textOf(
  name: CapabilityName,
  capability: Capability,
  { address, account }: AccountSnapshot,
  { provenLongAgo, now }: { provenLongAgo: boolean; now: Instant },
): string {
  const verb = name === 'callback' ? '呼び返し' : 'メール管理でのメール送信は';
  const failed = address.lastFailedAt;
  const proven = provenText(address.lastProvenAt, provenLongAgo);
  switch (capability.reasonCode) {
    case 'ALWAYS_AVAILABLE':
      return `${NAMES[name]}は使えます。更新手続きの状態には関係しません。`;
    case 'NOT_DECIDED_HERE':
      return `廃止された利用者です。${NAMES[name]}が使えるかは、このシステムでは決めていません。`;
    case 'LAPSED_UNDELIVERABLE': {
      const last = failed === null ? '' : `。最後の不達：${inJapanese(failed)}`;
      return `${verb}できません（メールが届きません${last}）。本人からの緊急通報は今もできます。${proven}`;
    }
    case 'WITHDRAWN':
      return `廃止された利用者です。${NAMES[name]}は試せますが、届くかは分かりません。${proven}`;
    case 'ADDRESS_UNDELIVERABLE':
    case 'ADDRESS_SUSPECT': {
      const last = failed === null ? '' : `（${shortDate(failed, now)}）`;
      const next = account.emergencyContacts.length > 0 ? '緊急連絡先へ' : 'ほかの方法へ';
      return `${verb}できます。ただし最近のメールが届いていません${last}。返事がなければ${next}。${proven}`;
    }
    case 'ADDRESS_CHANGED_UNVERIFIED':
      return `${verb}できます。ただしメールアドレスが変わり、届くことをまだ確認できていません。`;
    case 'MAIL_UNPROVEN':
    case 'MAIL_REACHES':
      return `${verb}できます。${proven}`;
  }
}

/** R17: every answer about the fire side says when the person last answered a mail, and when that is long ago or never. */
function provenText(lastProvenAt: Instant | null, longAgo: boolean): string {
  if (lastProvenAt === null) return 'このアドレスのメールに本人が答えたことは、まだありません。';
  return `本人が最後にメールに答えた日：${inJapanese(lastProvenAt)}${longAgo ? '（1年以上前）' : ''}。`;
}

/** In the order a dispatcher should try them. */
export function alternativesOf({ account }: AccountSnapshot): Alternative[] {
  const ways: Alternative[] = [
    { kind: 'CHAT', label: '通報の画面（チャット）がまだつながっていれば、そこで話す', value: null },
  ];
  for (const contact of account.emergencyContacts) {
    const values = [contact.phone, contact.mail, contact.fax].filter(
      (value) => value !== undefined && value !== '',
    );
    ways.push({
      kind: 'EMERGENCY_CONTACT',
      label: `緊急連絡先 ${contact.name}（${contact.relation}）`,
      value: values.join(' ／ ') || null,
    });
  }
  if (account.postalAddress)
    ways.push({ kind: 'POSTAL_ADDRESS', label: '登録の住所', value: account.postalAddress });
  if (account.fax) ways.push({ kind: 'FAX', label: 'FAX（自宅にいるとき）', value: account.fax });
  if (account.mobileNumber) {
    ways.push({
      kind: 'MOBILE',
      label: '携帯電話番号（音声では話せません。SMS用）',
      value: account.mobileNumber,
    });
  }
  return ways;
}

/** Without the year while it is the present one. */
function shortDate(at: Instant, now: Instant): string {
  const thisYear = dayInJapan(at).slice(0, 4) === dayInJapan(now).slice(0, 4);
  return thisYear ? inJapanese(at).replace(/^\d+年/, '') : inJapanese(at);
}

function inJapanese(at: Instant): string {
  const [year, month, day] = dayInJapan(at).split('-').map(Number);
  return `${year}年${month}月${day}日`;
}
