/** What everybody who is signed in must know while it lasts: mail that is being held back (R24, R36), the vendor's look. */
import type { Instant } from '../../../domain/calendar.js';
import type { Deps } from '../../../usecases/context.js';
import type { MailStopView } from '../../../usecases/mail-stop.js';
import { mailStopsInForce } from '../../../usecases/mail-stop.js';
import { readOpenVendorAccess } from '../../../usecases/vendor-access.js';
import { momentText } from './dates.js';

/** `vendorUntil`: 運用担当 may look until then; null: they may not. */
export function bannersOf(stops: readonly MailStopView[], vendorUntil: Instant | null): string[] {
  return [
    ...(vendorUntil === null ? [] : [`運用担当が見られる状態です（${momentText(vendorUntil)}まで）`]),
    ...stops.map(bannerOf),
  ];
}

export async function readBanners(deps: Deps, fireHqId: string, now: Instant): Promise<string[]> {
  const stops = await deps.database.inTenant(fireHqId, (tx) => mailStopsInForce(tx, now));
  const open = await readOpenVendorAccess(deps, fireHqId, now);
  return bannersOf(stops, open?.until ?? null);
}

function bannerOf(stop: MailStopView): string {
  const which = stop.mailDomain === null ? '' : `「${stop.mailDomain}」あての`;
  if (stop.cause === 'MASS_FAILURE') {
    return `${which}メールが続けて届かなかったので、システムが${which}メールを止めています。10分ごとに1通ためし、届くようになったら、また送ります。`;
  }
  const until = stop.until === null ? '終えるまで' : `${momentText(stop.until)}まで`;
  const who = stop.scope === 'ALL' ? 'システムの運用担当が、' : '';
  return `${who}${which}自動送信を止めています（${until}。理由：${stop.reason}）`;
}
