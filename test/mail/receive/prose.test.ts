import { describe, expect, test } from 'vitest';
import { readProse } from '../../../mail/receive/prose.js';

function fates(text: string, ours: string[] = []) {
  return readProse(text, '', ours).fates;
}

describe('whom a report in words speaks of', () => {
  const INTRO = 'Your message could not be delivered to the following recipients:\n\n';

  test.each([
    ['<a@example.jp>: 550 no such user', 'a@example.jp'],
    ['  a@example.jp', 'a@example.jp'],
    ['"a..b."@docomo.ne.jp', '"a..b."@docomo.ne.jp'],
    ['    Recipient: <a@example.jp>', 'a@example.jp'],
    ['宛先：a@example.jp', 'a@example.jp'],
    ['・a@example.jp', 'a@example.jp'],
    ['a@example.jp<mailto:a@example.jp>', 'a@example.jp'],
    ['> a@example.jp', 'a@example.jp'],
    ['>>> a@example.jp <a@example.jp>', 'a@example.jp'],
    ['Recipient: [SMTP:a@example.jp]', 'a@example.jp'],
    ['Failed Recipient: a@example.jp', 'a@example.jp'],
    ['<b@isp.example>\n    (expanded from: <a@example.jp>)', 'a@example.jp'],
    ['********@***.biglobe.ne.jp', null],
  ])('%s', (line, recipient) => {
    expect(fates(`${INTRO}${line}\n`).map((fate) => fate.recipient)).toEqual([recipient]);
  });

  test.each([
    ["Your mail wasn't delivered to a@example.jp because of this."],
    ['Your message could not be delivered: the mailbox of user a@example.jp is full.'],
    ['メールは a@example.jp に配信されませんでした。'],
  ])('within a sentence: %s', (sentence) => {
    expect(fates(sentence)).toMatchObject([{ action: 'FAILED', recipient: 'a@example.jp' }]);
  });

  test('not what stands in a line about the mail or its sender', () => {
    const text =
      'Your message could not be delivered:\nMessage-ID: <x@example.jp>\n\nFrom: <c@example.jp>\n\nRejected: <a@example.jp>\n';
    expect(fates(text).map(({ recipient }) => recipient)).toEqual(['a@example.jp']);
  });

  test('not the sender of the report, its reader, or whom to ask', () => {
    const text = `${INTRO}daemon@mx.example.jp\nb+k7@bounce.example.jp\npostmaster@example.jp\na@example.jp\n`;
    const ours = ['daemon@mx.example.jp', 'b+k7@bounce.example.jp'];
    expect(fates(text, ours).map(({ recipient }) => recipient)).toEqual(['a@example.jp']);
  });

  test('not one in a quotation; a transcript of the talk is none', () => {
    const text = `${INTRO}> c@example.jp: 550\n<a@example.jp>\n>>> RCPT TO:<a@example.jp>\n<<< 550 5.1.1 no\n`;
    expect(fates(text)).toMatchObject([{ recipient: 'a@example.jp', status: '5.1.1' }]);
  });

  test('named twice, it is one, with what both places say', () => {
    const text = `${INTRO}a@example.jp\nThe address was not found.\n\nA@example.jp\n#550 5.1.10 RESOLVER\n`;
    expect(fates(text)).toEqual([
      {
        action: 'FAILED',
        recipient: 'a@example.jp',
        status: '5.1.10',
        diagnostic: 'The address was not found. #550 5.1.10 RESOLVER',
        remoteMta: null,
      },
    ]);
  });
});

describe('what it says of each', () => {
  test.each([
    ['Unknown user: a@example.jp', 'Unknown user'],
    ['a@example.jp on Thu, 1 Apr 2027 10:00:00 +0900\n  no such name', 'no such name'],
    ['a@example.jp\n\ndid not reach the following recipient(s):\n\nno such name', 'no such name'],
    ['a@example.jp\n\nTechnical details of permanent failure:\n\nno such name', 'no such name'],
  ])('a reason in the label, or below what only frames it: %s', (text, diagnostic) => {
    expect(fates(`Could not be delivered to:\n\n${text}\n`)).toMatchObject([{ diagnostic }]);
  });

  test('every section has its own sentence', () => {
    const text = [
      '----- The following addresses had permanent fatal errors -----',
      '<a@example.jp>',
      '----- The following addresses had transient non-fatal errors -----',
      '<b@example.jp>',
    ].join('\n');
    expect(fates(text)).toMatchObject([
      { action: 'FAILED', recipient: 'a@example.jp' },
      { action: 'DELAYED', recipient: 'b@example.jp' },
    ]);
  });

  test('a reason in which a sentence of the table stands does not tear the section', () => {
    const text =
      'The following address(es) failed:\n\n  a@example.jp\n    local delivery failed: user not found\n';
    expect(fates(text)).toMatchObject([{ diagnostic: 'local delivery failed: user not found' }]);
  });

  test('a delay of what has expired is a failure', () => {
    const head = 'A message is delayed for more than 0 seconds for the following\n\n';
    expect(fates(`${head}a@example.jp: Envelope expired\n`)).toMatchObject([{ action: 'FAILED' }]);
    expect(fates(`${head}a@example.jp: 454 TLS certificate expired\n`)).toMatchObject([
      { action: 'DELAYED' },
    ]);
  });

  test("the server's reply is added to the first paragraph when that has none", () => {
    const text = 'Could not be delivered to:\n\na@example.jp\n\nIt is so.\n\nMore.\n\n550 5.2.2 full\n';
    expect(fates(text)).toMatchObject([{ diagnostic: 'It is so. 550 5.2.2 full', status: '5.2.2' }]);
  });

  test('lines of one reason are words of one line', () => {
    expect(fates('Could not be delivered:\n\n<a@example.jp>: no\n\tsuch\n  user\n')).toMatchObject([
      { diagnostic: 'no such user' },
    ]);
  });

  test('headings and whom to ask are no reason', () => {
    const text =
      'Was not delivered to:\n\na@example.jp\n\nbecause:\n\n--- info ---\n件名：x\nPlease reply to b\nGone.\n';
    expect(fates(text)).toMatchObject([{ diagnostic: 'Gone.' }]);
  });

  test('a reason above the address is found', () => {
    const text =
      'The account is over quota.\n\nThe following recipients did not receive this message:\n\n<a@example.jp>\n';
    expect(fates(text)[0]?.diagnostic).toContain('over quota');
  });

  test('a reply above the only address is added', () => {
    const text =
      'Could not be delivered because of\n\n550 5.1.1 User unknown\n\nThese were affected:\n\na@example.jp\n\nSee our help.\n';
    expect(fates(text)).toMatchObject([{ status: '5.1.1' }]);
    expect(fates(`${text}b@example.jp\n\nSee our help.\n`)).toMatchObject([
      { status: null },
      { status: null },
    ]);
  });

  test('a round apostrophe is one', () => {
    expect(fates('Your message to a@example.jp couldn’t be delivered.')).toMatchObject([
      { action: 'FAILED' },
    ]);
  });

  test('nobody is named and a delay is told of: it is a delay', () => {
    const text = 'Your message could not be delivered.\nIt will be retried for some days.\n';
    expect(fates(text)).toMatchObject([{ action: 'DELAYED', recipient: null }]);
  });

  test('that it is tried on, said below the list of all of it', () => {
    const text = 'It could not be delivered to:\n\na@example.jp\n\nDelivery attempts will continue.\n';
    expect(fates(text)).toMatchObject([{ action: 'DELAYED', recipient: 'a@example.jp' }]);
  });

  test('who said it', () => {
    expect(
      fates('Could not be delivered:\n\n<a@example.jp>: host mx.example.jp[192.0.2.1] said: 550 no\n'),
    ).toMatchObject([{ remoteMta: 'mx.example.jp', status: null }]);
  });

  test('a sentence may run over two lines, and is none in a quotation', () => {
    expect(
      fates('I have to inform you that your message could not\nbe delivered to one of them.\n'),
    ).toHaveLength(1);
    expect(fates('You wrote:\n> Your message could not be delivered.\n')).toEqual([]);
  });

  test('a sentence far below is somebody else’s', () => {
    expect(fates(`${'A line.\n'.repeat(450)}Your message could not be delivered.\n`)).toEqual([]);
  });
});
