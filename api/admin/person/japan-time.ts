/** Instants as staff type them under exact time (R12): 「2027-03-31 23:59:30」, in Japan. */
import type { Instant } from '../../../domain/calendar.js';
import { SECOND, instantInJapan, isCivilDate, timeOfDayInJapan } from '../../../domain/calendar.js';
import { dayInJapan } from '../../../domain/calendar.js';

/** Null for what is none. */
export function parseJapanTime(text: string): Instant | null {
  const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.normalize('NFKC').trim());
  const [, day = '', hours, minutes, seconds = '0'] = parts ?? [];
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  if (!isCivilDate(day) || !(h < 24 && m < 60 && s < 60)) return null;
  return instantInJapan(day, h * 60 + m) + s * SECOND;
}

export function japanTimeText(at: Instant): string {
  const seconds = Math.floor(timeOfDayInJapan(at) / SECOND);
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  return `${dayInJapan(at)} ${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
