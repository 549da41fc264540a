import { describe, expect, test } from 'vitest';
import {
  COPY_FOLLOWS,
  HEADER_BEGINS,
  PHRASES,
  SUBJECTS,
  WEAK_PHRASES,
} from '../../../mail/receive/prose-phrases.js';
import type { Phrase } from '../../../mail/receive/prose-phrases.js';
import { readProse } from '../../../mail/receive/prose.js';

/** For every row of the table a sentence that no other row understands so. */
const SENTENCES: [sentence: string, action: Phrase['action']][] = [
  ['# THIS IS A WARNING ONLY.', 'DELAYED'],
  ['Your message could not be delivered for more than 4 hour(s).', 'DELAYED'],
  ['A message that you sent has not yet been delivered to one of its recipients.', 'DELAYED'],
  ['No action is required on your part. Delivery attempts will continue for some time.', 'DELAYED'],
  ['----- The following addresses had transient non-fatal errors -----', 'DELAYED'],
  ['Warning: message still undelivered after 4 hours', 'DELAYED'],
  ['A message is delayed for more than 4 hours for the following', 'DELAYED'],
  ['Please note that this is only a temporary failure report.', 'DELAYED'],
  ['THIS IS A WARNING MESSAGE ONLY.', 'DELAYED'],
  ['There was a temporary problem delivering your message.', 'DELAYED'],
  ['Delivery is delayed to these recipients or groups:', 'DELAYED'],
  ['It will be retried until it is 5 day(s) old.', 'DELAYED'],
  ['You do not need to resend your message.', 'DELAYED'],
  ['次の宛先への配信が遅れています。', 'DELAYED'],
  ['Delivery to this address has been postponed.', 'DELAYED'],
  ['Die Zustellung verzögert sich: Verzögerung bei diesen Empfängern', 'DELAYED'],
  ['----- The following addresses had successful delivery notifications -----', 'SUCCESS'],
  ['Your message was successfully delivered to the destination(s) listed below.', 'SUCCESS'],
  ['Your message was relayed to these recipients.', 'SUCCESS'],
  ['No delivery notification was sent by the destination server:', 'SUCCESS'],
  ['メールは正常に配信されました。', 'SUCCESS'],
  ['Die Zustellung an diese Empfänger ist abgeschlossen.', 'SUCCESS'],
  ["I'm afraid I wasn't able to deliver your message to these addresses.", 'FAILED'],
  ['Sorry, we were unable to deliver your message to the following address.', 'FAILED'],
  ['A message that you sent could not be delivered to all of its recipients.', 'FAILED'],
  ['The following address(es) failed:', 'FAILED'],
  ['----- The following addresses had permanent fatal errors -----', 'FAILED'],
  ['----- The following addresses had delivery problems -----', 'FAILED'],
  ['The mail recipient was not found.', 'FAILED'],
  ['An error has occurred while attempting to deliver a message for', 'FAILED'],
  ["Your message wasn't delivered to the address.", 'FAILED'],
  ['** Address not found **', 'FAILED'],
  ['Delivery to the following recipient failed permanently:', 'FAILED'],
  ['Your message did not reach some or all of the intended recipients.', 'FAILED'],
  ['The following recipient(s) could not be reached:', 'FAILED'],
  ['Each of these was rejected by a remote mail server.', 'FAILED'],
  ['The following recipients did not receive this message:', 'FAILED'],
  ['UNDELIVERABLE MAIL', 'FAILED'],
  ['Your mail was not sent because of its size.', 'FAILED'],
  ['An error occurred while trying to deliver the mail to the following recipients:', 'FAILED'],
  ["We're sorry. There's a problem with the e-mail address(es) you're trying to send to.", 'FAILED'],
  ['We had trouble delivering your message. Full details follow:', 'FAILED'],
  ['Your message to: a was blocked by our filter.', 'FAILED'],
  ['アドレスが見つからないか、メールを受信できません。', 'FAILED'],
  ['次の受信者またはグループへの配信に失敗しました:', 'FAILED'],
  ['メールは届きませんでした。', 'FAILED'],
  ['We could not deliver it to this recipient:', 'FAILED'],
  ['---The following addresses had delivery errors---', 'FAILED'],
  ['|------------------------- Failed addresses follow: ---------------------|', 'FAILED'],
  ['The attached message had PERMANENT fatal delivery errors!', 'FAILED'],
  ['Delevery to this recipient was aborted after 5.0 hour(s):', 'FAILED'],
  ['The following addresses did NOT receive a copy of your message:', 'FAILED'],
  ["Failed to deliver to 'a@example.jp'", 'FAILED'],
  ['お届けすることができませんでした。', 'FAILED'],
  ['Ihre Nachricht konnte leider nicht zugestellt werden.', 'FAILED'],
  ['Fehler bei der Zustellung der Nachricht an folgende Empfänger:', 'FAILED'],
  ["Votre message n'a pas pu être remis au destinataire :", 'FAILED'],
  ['Échec de la remise pour ces destinataires :', 'FAILED'],
  ['No se pudo realizar la entrega a estos destinatarios:', 'FAILED'],
  ['A mensagem não pôde ser entregue.', 'FAILED'],
  ['Recapito non riuscito per i seguenti destinatari:', 'FAILED'],
  ['Leveransen misslyckades för följande mottagare:', 'FAILED'],
  ['抱歉，您的邮件被退回来了', 'FAILED'],
  ['Сообщение не может быть доставлено:', 'FAILED'],
];
const WEAK_SENTENCES: [string, Phrase['action']][] = [
  ['----- Transcript of session follows -----', 'FAILED'],
  ['Reason for failure: no such thing', 'FAILED'],
  ['a@example.jp - no such user here.', 'FAILED'],
];
const HEADINGS: [string, Phrase['action']][] = [
  ['Delivery Status Notification (Delay)', 'DELAYED'],
  ['Undelivered Mail Returned to Sender', 'FAILED'],
  ['Non remis : NET119', 'FAILED'],
];

describe('each sentence is understood, and without its row would not be', () => {
  test.each(SENTENCES)('%s', (sentence, action) => {
    expect(PHRASES.filter((row) => row.action === action && row.says.test(sentence))).toHaveLength(1);
    expect(readProse(sentence, '', []).fates.map((fate) => fate.action)).toEqual([action]);
  });

  test.each(WEAK_SENTENCES)('%s', (sentence, action) => {
    expect(WEAK_PHRASES.filter(({ says }) => says.test(sentence))).toHaveLength(1);
    expect(readProse(sentence, '', []).fates.map((fate) => fate.action)).toEqual([action]);
  });

  test.each(HEADINGS)('%s', (subject, action) => {
    expect(SUBJECTS.filter(({ says }) => says.test(subject))).toHaveLength(1);
    expect(readProse('Kakuu.', subject, []).fates.map((fate) => fate.action)).toEqual([action]);
  });

  test.each([
    ['PHRASES', PHRASES, SENTENCES],
    ['WEAK_PHRASES', WEAK_PHRASES, WEAK_SENTENCES],
    ['SUBJECTS', SUBJECTS, HEADINGS],
  ] as const)('no row of %s is without a sentence', (_name, phrases, sentences) => {
    const unused = phrases.filter(({ says }) => !sentences.some(([sentence]) => says.test(sentence)));
    expect(unused).toEqual([]);
  });
});

describe('the copy of the original is told from the words', () => {
  const MARKERS = [
    '--- Below this line is a copy of the message.',
    '------ This is a copy of the message, including all the headers. ------',
    '   ----- Unsent message follows -----',
    'Original message headers:',
    '    Below is a copy of the original message:',
    'Returned message follows',
    'Original message follows.',
    '|------------------------- Message header follows: ----------------------|',
    'Ursprüngliche Nachrichtenkopfzeilen:',
    '---- 元のメール ----',
  ];

  test.each(MARKERS)('%s', (marker) => {
    expect(COPY_FOLLOWS.filter((follows) => follows.test(marker))).toHaveLength(1);
    const { fates, copy } = readProse(
      `Your message could not be delivered to:\n\na@example.jp\n  no such user\n\n${marker}\n\nb@example.jp\n`,
      '',
      [],
    );
    expect(fates.map(({ recipient }) => recipient)).toEqual(['a@example.jp']);
    expect(copy).toContain('b@example.jp');
  });

  test('no marker is without an example', () => {
    expect(COPY_FOLLOWS.filter((follows) => !MARKERS.some((marker) => follows.test(marker)))).toEqual([]);
  });

  test('a header in the middle of the words begins it', () => {
    const header = 'Received: from app.example.jp\n by mx.example.jp\nTo: b@example.jp\n';
    expect(HEADER_BEGINS.test(header)).toBe(true);
    const { fates } = readProse(`Could not be delivered to: a@example.jp\n\n${header}b@example.jp\n`, '', []);
    expect(fates.map(({ recipient }) => recipient)).toEqual(['a@example.jp']);
  });
});
