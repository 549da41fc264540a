/** R10: what a file says: letters, marks, columns, cells; nothing is guessed that could be wrong. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJapaneseDate } from '../../domain/japanese-date.js';
import { readCells } from '../../usecases/import-cells.js';
import { COLUMNS, matchHeads } from '../../usecases/import-columns.js';
import type { FileFault } from '../../usecases/import-file.js';
import { FileRefusedError, IMPORT_LIMITS, readRecords } from '../../usecases/import-file.js';
import { HEADS, tryFile } from './import-world.js';
import { createWorld } from './world.js';
import type { World } from './world.js';

const records = async (bytes: Buffer): Promise<string[][] | FileFault> => {
  const found: string[][] = [];
  try {
    for await (const { cells } of readRecords(bytes)) found.push(cells);
    return found;
  } catch (error) {
    if (error instanceof FileRefusedError) return error.fault;
    throw error;
  }
};
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** 登録番号 and 氏名 in CP932. */
const NUMBER = hex('93 6f 98 5e 94 d4 8d 86');
const NAME = hex('8e 81 96 bc');
const text = (...parts: (string | Buffer)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));

describe('letters and marks', () => {
  it.each<[string, Buffer, string[][]]>([
    [
      'UTF-8',
      text('登録番号,氏名\n1,髙﨑\n'),
      [
        ['登録番号', '氏名'],
        ['1', '髙﨑'],
      ],
    ],
    [
      '… with a mark and CRLF',
      text('\ufeff登録番号,氏名\r\n1,𠮷\r\n'),
      [
        ['登録番号', '氏名'],
        ['1', '𠮷'],
      ],
    ],
    [
      'CP932',
      text(NUMBER, ',', NAME, '\r\n1,', hex('fb fc')),
      [
        ['登録番号', '氏名'],
        ['1', '髙'],
      ],
    ],
    [
      'UTF-16',
      Buffer.from('\ufeff登録番号\t氏名\r\n1\t髙', 'utf16le'),
      [
        ['登録番号', '氏名'],
        ['1', '髙'],
      ],
    ],
    [
      'tabs and lone returns',
      text('登録番号\t氏名\r1\ta, b\r'),
      [
        ['登録番号', '氏名'],
        ['1', 'a, b'],
      ],
    ],
    [
      'quotes, line ends in cells, empty rows',
      text('a,b\n\n"x ""y""","1\n2"\n,,\n \n'),
      [
        ['a', 'b'],
        ['x "y"', '1\n2'],
      ],
    ],
    [
      'a quote in the middle',
      text('a,b\n1,5" x\n'),
      [
        ['a', 'b'],
        ['1', '5" x'],
      ],
    ],
    [
      'semicolons',
      text('a;b\n1;2,3\n'),
      [
        ['a', 'b'],
        ['1', '2,3'],
      ],
    ],
  ])('%s', async (_name, bytes, wanted) => {
    expect(await records(bytes)).toEqual(wanted);
  });

  it.each<[string, Buffer, FileFault]>([
    ['nothing', Buffer.alloc(0), { code: 'empty' }],
    [
      'a row of UTF-8 in a file of CP932',
      text(NUMBER, '\n', NAME, '\n氏名\n'),
      { code: 'mixed-encodings', line: 3 },
    ],
    [
      'a row of CP932 in a file of UTF-8',
      text('登録番号\n1\n', NAME, '\n'),
      { code: 'mixed-encodings', line: 3 },
    ],
    ['letters that are none', text(NUMBER, '\n', hex('85 ff ff')), { code: 'unreadable-letters', line: 2 }],
    ['a row without an end', text('a,b\n', 'x'.repeat(50_000)), { code: 'row-too-long', line: 2 }],
    [
      'a head line of nothing but separators',
      text(','.repeat(3_000_000)),
      { code: 'too-many-columns', line: 1 },
    ],
    [
      'a row of nothing but separators',
      text('a,b\r\n"1\r\n2",x\r\n\r\n', ','.repeat(3_000_000)),
      { code: 'too-many-columns', line: 5 },
    ],
    ['a row of nothing but quotes', text('a,b\n', '"'.repeat(3_000_000)), { code: 'row-too-long', line: 2 }],
    [
      'a row that never ends, in quotes',
      text('a,b\n1,"x\n', '2,y\n'.repeat(10_000)),
      { code: 'row-too-long', line: 2 },
    ],
    ['a quote without an end', text('a,b\n1,"x\n2,y\n'), { code: 'quote', line: 3 }],
    ['a workbook', text('PK\u0003\u0004', Buffer.alloc(100)), { code: 'workbook' }],
    ['zeros', Buffer.alloc(1_000), { code: 'not-text' }],
  ])('%s: refused', async (_name, bytes, fault) => {
    expect(await records(bytes)).toEqual(fault);
  });
});

describe('heads', () => {
  it('each column is known by its own head, and by others that people write', () => {
    expect(matchHeads(COLUMNS.map(({ head }) => head)).keys).toEqual(COLUMNS.map(({ key }) => key));
    const { keys, unknown, twice } = matchHeads([
      ' 登録番号（必須）',
      'フリガナ',
      'ﾒｰﾙｱﾄﾞﾚｽ',
      'ＦＡＸ',
      '緊急連絡先２電話番号',
      '緊急連絡先4の名前',
      '理由',
      '',
      '備考',
      'カナ',
    ]);
    expect(keys.slice(0, 5)).toEqual([
      'registrationNumber',
      'kana',
      'mailAddress',
      'fax',
      'emergencyContacts[1].phone',
    ]);
    expect([unknown, twice]).toEqual([['緊急連絡先4の名前', '備考'], ['カナ']]);
  });
});

describe('days', () => {
  it.each([
    ['2027/3/31', '2027-03-31'],
    ['2027-03-31', '2027-03-31'],
    ['２０２７．３．３１', '2027-03-31'],
    ['20270331', '2027-03-31'],
    ['2027年3月31日（水）', '2027-03-31'],
    ['2027/3/31 0:00:00', '2027-03-31'],
    ['令和9年3月31日', '2027-03-31'],
    ['令和元年5月1日', '2019-05-01'],
    ['㋿9年3月31日', '2027-03-31'],
    ['R9.3.31', '2027-03-31'],
    ['r9/3/31', '2027-03-31'],
    ['平成31年4月30日', '2019-04-30'],
    ['H40.3.31', '2028-03-31'],
    ['昭和64年1月7日', '1989-01-07'],
    ['2027/2/29', null],
    ['27/3/31', null],
    ['3月31日', null],
    ['令和0年1月1日', '2018-01-01'],
    ['#######', null],
    ['', null],
  ])('%s is %s', (written, day) => {
    expect(parseJapaneseDate(written)).toBe(day);
  });
});

describe('cells', () => {
  const read = (cells: Record<string, string>) => {
    const { keys } = matchHeads(Object.keys(cells));
    return readCells(keys, Object.values(cells));
  };

  it('what programs did to numbers is mended and told; a mail address is never changed unasked', () => {
    const row = read({
      登録番号: ' Ｎ－１ ',
      携帯電話番号: '9012345678',
      FAX番号: '０３‐１２３４‐５６７８',
      緊急連絡先1の電話: '312345678',
      かな: 'ﾐﾎﾝ ﾀﾛｳ',
      氏名: '髙﨑　𠮷',
      メールアドレス: 'ｔａｒｏ@example.jp ',
    });
    expect(row.input).toMatchObject({
      registrationNumber: 'N-1',
      mobileNumber: '09012345678',
      fax: '03-1234-5678',
      contacts: [{ phone: '0312345678' }],
      kana: 'ミホン タロウ',
      name: '髙﨑　𠮷',
    });
    expect(row.notes.map(({ field }) => field)).toEqual(['mobileNumber', 'emergencyContacts[0].phone']);
    expect(row.faults).toEqual([
      { field: 'mailAddress', code: 'mail-address-full-width-character', hint: 'taro@example.jp' },
    ]);
  });

  it('what was disarmed as a formula is read as it was', () => {
    expect(
      read({ 登録番号: '="0012"', 住所: "'=1+1", 携帯電話番号: "'+81-90-0000-0000" }).input,
    ).toMatchObject({
      registrationNumber: '0012',
      postalAddress: '=1+1',
      mobileNumber: '+81-90-0000-0000',
    });
  });

  it.each<[Record<string, string>, string[]]>([
    [{ 最後のメールの結果: '届かなかった' }, ['priorMailOn needs-date']],
    [{ 最後のメールの日: '2026/1/1' }, ['priorMail needs-result']],
    [{ 最後のメールの結果: 'たぶん', 最後のメールの日: '2026/1/1' }, ['priorMail unknown-word']],
    [{ 失効の原因: '不達' }, ['priorMailOn needs-date']],
    [
      { 失効の原因: '不達', 最後のメールの結果: '送れた', 最後のメールの日: '2026/1/1' },
      ['priorCause contradicts-mail'],
    ],
    [{ 失効の原因: '未送信（システム都合）' }, []],
    [{ 失効の原因: '不明', 有効期限日: '2026/13/1' }, ['expiresOn no-date']],
    [{ 最後のメールの結果: '不達', 最後のメールの日: 'きのう' }, ['priorMailOn no-date']],
  ])('R10: %o: %o', (cells, faults) => {
    const row = read({ 登録番号: '1', ...cells });
    expect(row.faults.map(({ field, code }) => `${field} ${code}`)).toEqual(faults);
  });
});

describe('the dry run', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
    world.setNow('2027-02-01 12:00');
  });
  afterAll(() => world.close());

  it('every fault of a row, once a field, with its line; good rows beside it', async () => {
    const file = await tryFile(
      world,
      `${HEADS},有効期限日,失効の原因\n1,a,b,a@example.jp,2040/1/1,\n2,,,x,,\n3,a,b,a@example.jp,2027/3/31,未応答\n4,a,b,a@example.jp\n,a,b,a@example.jp,,\n5,a,b,a@example.jp,,\n`,
    );
    expect(file.run.counts.kinds).toEqual({ ADD: 1, FAULT: 5 });
    expect(
      (await file.rows('FAULT')).map(({ line, faults }) => [
        line,
        ...faults.map(({ field, code }) => `${field} ${code}`),
      ]),
    ).toEqual([
      [2, 'expiresOn too-far'],
      [3, 'mailAddress mail-address-no-at-sign', 'name required', 'kana required'],
      [4, 'priorCause not-lapsed'],
      [5, 'row ragged'],
      [6, 'registrationNumber malformed'],
    ]);
  });

  it('somebody who was registered by a number of full width is known by it', async () => {
    await world.register(world.hq, { registrationNumber: '１２３', kana: 'あ' });
    const file = await tryFile(world, '登録番号,かな\n１２３,あ\n123,あ\n');
    expect(file.run.counts.kinds).toEqual({ FAULT: 2 });
    expect((await tryFile(world, '登録番号,かな\n１２３,あ\n')).run.counts.kinds).toEqual({ SAME: 1 });
  });

  it('R12: a headquarters in exact time takes no day as expiry', async () => {
    const file = await tryFile(
      world,
      `${HEADS},有効期限日\n1,a,b,a@example.jp,2027/3/31\n2,a,b,a@example.jp,\n`,
      world.minutesHq,
    );
    expect(file.run.counts.kinds).toEqual({ ADD: 1, FAULT: 1 });
  });

  it('more rows than are taken: refused before the first is read', async () => {
    const rows = '1,a,b,c\n'.repeat(IMPORT_LIMITS.rows + 3);
    const { run } = await tryFile(world, `${HEADS}\n${rows}`);
    expect([run.state, run.refusal, run.headers]).toEqual(['REFUSED', { code: 'too-many-rows' }, []]);
  });

  it('rows of a reading that was cut off are forgotten with the next upload an hour later', async () => {
    const first = await tryFile(world, `${HEADS}\n1,a,b,a@example.jp\n`);
    await world.sql(`UPDATE import_run SET state = 'READING' WHERE id = $1`, [first.run.id]);
    world.setNow(world.now() + 3_700_000);
    await tryFile(world, `${HEADS}\n1,a,b,a@example.jp\n`);
    expect(await world.sql('SELECT FROM import_row WHERE run_id = $1', [first.run.id])).toEqual([]);
  });
});
