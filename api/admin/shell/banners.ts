/** What everybody who is signed in must know while it lasts: mail that is being held back (R24, R36), the vendor's look. */
import type { Instant } from '../../../domain/calendar.js';
import type { Deps } from '../../../usecases/context.js';
import type { MailStopView } from '../../../usecases/mail-stop.js';
import { listMailStopsInForce } from '../../../usecases/mail-stop.js';
import { readOpenVendorAccess } from '../../../usecases/vendor-access.js';
import { momentText } from './dates.js';

export async function readBanners(deps: Deps, fireHqId: string, now: Instant): Promise<string[]> {
  const stops = await listMailStopsInForce(deps, fireHqId, now);
  const open = await readOpenVendorAccess(deps, fireHqId, now);
  return [
    ...(open === null ? [] : [`運用担当が見られる状態です（${momentText(open.until)}まで）`]),
    ...stops.map(bannerOf),
  ];
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
