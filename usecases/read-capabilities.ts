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
}

type CapabilityName = Exclude<keyof CapabilitiesView, 'lastProvenAt'>;

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
  return capabilitiesOf(snapshot ?? refuse({ code: 'not-found' }), deps.clock.now());
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
      text: textOf(name, capability, snapshot, found.provenLongAgo),
      alternatives: capability.level === 'ok' ? [] : alternativesOf(snapshot),
    };
  };
  return {
    emergencyReport: view('emergencyReport'),
    practiceReport: view('practiceReport'),
    callback: view('callback'),
    mailManagement: view('mailManagement'),
    lastProvenAt: found.lastProvenAt,
  };
}

function textOf(
  name: CapabilityName,
  capability: Capability,
  { address }: AccountSnapshot,
  provenLongAgo: boolean,
): string {
  const verb = name === 'callback' ? '呼び返し' : 'メール管理でのメール送信';
  const failed = address.lastFailedAt === null ? '' : `（最後の不達：${inJapanese(address.lastFailedAt)}）`;
  const proven = provenText(address.lastProvenAt, provenLongAgo);
  switch (capability.reasonCode) {
    case 'ALWAYS_AVAILABLE':
      return `${NAMES[name]}は使えます。更新手続きの状態には関係しません。`;
    case 'NOT_DECIDED_HERE':
      return `廃止された利用者です。${NAMES[name]}が使えるかは、このシステムでは決めていません。`;
    case 'LAPSED_UNDELIVERABLE':
      return `${verb}はできません。メールが届きません${failed}。${proven}本人からの緊急通報は今もできます。`;
    case 'WITHDRAWN':
      return `廃止された利用者です。${verb}は試せますが、届くかは分かりません。${proven}`;
    case 'ADDRESS_UNDELIVERABLE':
    case 'ADDRESS_SUSPECT':
      return `${verb}はできます。ただし最近のメールが届いていません${failed}。返事がなければ、ほかの方法で連絡してください。${proven}`;
    case 'ADDRESS_CHANGED_UNVERIFIED':
      return `${verb}はできます。ただしメールアドレスが変わり、届くことをまだ確認できていません。`;
    case 'MAIL_UNPROVEN':
    case 'MAIL_REACHES':
      return `${verb}はできます。${proven}`;
  }
}

/** R17: every answer about the fire side says when the person last answered a mail, and when that is long ago or never. */
function provenText(lastProvenAt: Instant | null, longAgo: boolean): string {
  if (lastProvenAt === null) return 'このアドレスのメールに本人が答えたことは、まだありません。';
  return `本人が最後にメールに答えた日：${inJapanese(lastProvenAt)}${longAgo ? '（1年以上前）' : ''}。`;
}

/** In the order a dispatcher should try them. */
function alternativesOf({ account }: AccountSnapshot): Alternative[] {
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

function inJapanese(at: Instant): string {
  const [year, month, day] = dayInJapan(at).split('-').map(Number);
  return `${year}年${month}月${day}日`;
}
