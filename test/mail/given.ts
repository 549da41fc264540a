/** Fictional mails and settings. */
import type { Clock } from '../../platform/clock.js';
import type { SmtpSettings } from '../../mail/smtp-transport.js';
import type { OutgoingMail } from '../../mail/transport.js';

export const realClock: Clock = { now: () => Date.now() };

export function settingsFor(url: string, more: Partial<SmtpSettings> = {}): SmtpSettings {
  return {
    SMTP_URL: url,
    SMTP_CONNECTIONS: 2,
    MAIL_FROM: 'net119@mail.example.org',
    BOUNCE_DOMAIN: 'bounce.example.org',
    ...more,
  };
}

export function outgoing(more: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    to: 'taro@example.jp',
    envelopeFrom: 'b+abcdefghijklmnopqrstuvwxyz@bounce.example.org',
    fromName: '見本市消防本部',
    replyTo: 'shirei@city.example.jp',
    messageId: '<0b0e7c1e-0000-4000-8000-000000000001@bounce.example.org>',
    subject: '【見本消防】NET119定期更新手続きのお願い',
    text: '山田 太郎 さま\n\n見本市消防本部です。\n',
    ...more,
  };
}

export function inTenSeconds(): number {
  return Date.now() + 10_000;
}
