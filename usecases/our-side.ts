/** Our names in the mail, for who must tell an answer about us from one about the person (R24). */
import type { OurSide } from '../mail/receive/own-names.js';

/** Each return path is in the bounce domain, which is our name in EHLO too. */
export function ourSide(settings: { MAIL_FROM: string; BOUNCE_DOMAIN: string }): OurSide {
  return { hostName: settings.BOUNCE_DOMAIN, senders: [settings.MAIL_FROM] };
}
