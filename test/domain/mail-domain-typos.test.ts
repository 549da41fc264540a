import { expect, test } from 'vitest';
import { meantDomain } from '../../domain/mail-domain-typos.js';

test.each([
  ['docomo.ne.jo', 'docomo.ne.jp'],
  ['docomo.en.jp', 'docomo.ne.jp'],
  ['docmo.ne.jp', 'docomo.ne.jp'],
  ['docomoo.ne.jp', 'docomo.ne.jp'],
  ['gmail.con', 'gmail.com'],
  ['gmail.co', 'gmail.com'],
  ['gmial.com', 'gmail.com'],
  ['yaho.co.jp', 'yahoo.co.jp'],
  ['i.softbank.jo', 'i.softbank.jp'],
])('%s: %s was meant', (typed, meant) => expect(meantDomain(typed)).toBe(meant));

test.each([
  'docomo.ne.jp',
  'au.com',
  'aa.com',
  'mail.com',
  'ymail.com',
  'outlook.com',
  'city.mihon.lg.jp',
  '',
  'a',
])('%s is taken as it is', (typed) => expect(meantDomain(typed)).toBeNull());
