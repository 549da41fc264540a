import { describe, expect, it } from 'vitest';
import { createLogger, describeError } from '../../platform/log.js';

const ADDRESS = 'taro@example.jp';

function capture(level = 'debug') {
  const lines: string[] = [];
  const log = createLogger('test', level, { write: (line: string) => void lines.push(line) });
  return { log, lines };
}

/** An error as PostgreSQL's driver makes them: everything but the code may quote a row. */
function databaseError(): Error {
  return Object.assign(new Error(`duplicate key: ${ADDRESS}`), {
    code: '23505',
    detail: `Key (address)=(${ADDRESS}) already exists.`,
    where: ADDRESS,
  });
}

function smtpError(): Error {
  return Object.assign(new Error(`Can't send mail: 550 5.1.1 <${ADDRESS}> unknown`), {
    code: 'EENVELOPE',
    response: `550 5.1.1 <${ADDRESS}> unknown`,
    rejected: [ADDRESS],
  });
}

describe('log lines', () => {
  it('are one JSON object each, with the level as a word and the time in UTC', () => {
    const { log, lines } = capture();
    log.info({ event: 'request', accountId: 'a1' });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      part: 'test',
      event: 'request',
      accountId: 'a1',
    });
    expect((JSON.parse(lines[0] ?? '') as { time: string }).time).toMatch(/Z$/);
  });

  it('stay silent below their level', () => {
    const { log, lines } = capture('warn');
    log.info({ event: 'request' });
    expect(lines).toEqual([]);
  });

  it.each([
    ['as err', (error: Error) => ({ event: 'failed', err: error })],
    ['as error', (error: Error) => ({ event: 'failed', error })],
    ['under any other name', (error: Error) => ({ event: 'failed', reason: error })],
    ['alone', (error: Error) => error],
  ])('never show an address of an error given %s', (_how, give) => {
    for (const error of [databaseError(), smtpError()]) {
      const { log, lines } = capture();
      log.error(give(error));
      log.error(give(new Error(`wrapped: ${ADDRESS}`, { cause: error })));
      log.child({ requestId: 'r1' }).warn(give(error));
      expect(lines).toHaveLength(3);
      expect(lines.join('')).not.toContain('@');
      expect(lines.join('')).toContain((error as { code?: string }).code);
    }
  });
});

describe('described errors', () => {
  it('keep name, code, type and places', () => {
    const error = Object.assign(new RangeError('x'), { code: 7, type: 'NotDue' });
    expect(describeError(error)).toMatchObject({ name: 'RangeError', code: '7', type: 'NotDue' });
    expect(describeError(error).frames[0]).toMatch(/^at .*log\.test\.ts:\d+:\d+/);
  });

  it('take no text for a code', () => {
    expect(describeError(Object.assign(new Error('x'), { code: `550 <${ADDRESS}>` }))).not.toHaveProperty(
      'code',
    );
  });

  it('take no line of a message for a place', () => {
    const error = new Error(`x\n    at ${ADDRESS} (file:1:1)`);
    expect(describeError(error).frames.join()).not.toContain('taro');
  });

  it('follow causes, but not in circles', () => {
    const error = new Error('x');
    error.cause = error;
    expect(JSON.stringify(describeError(error)).match(/"name"/g)?.length).toBe(4);
  });

  it('say only the type of what is no error', () => {
    expect(describeError(ADDRESS)).toEqual({ name: 'string', frames: [] });
  });
});
