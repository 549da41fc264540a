/** One address may not take all the room from others; a mail server of our own in front may. */
import { describe, expect, it } from 'vitest';
import { callerOf, isOurNetwork } from '../../intake/callers.js';
import { until } from '../local/folder.js';
import { RETURN_PATH, intake, line } from './world.js';

const isOurs = () => false;
const MESSAGE = ['MAIL FROM:<>', `RCPT TO:<${RETURN_PATH}>`, 'DATA', 'Subject: x\r\n\r\n.'];

describe('one address', () => {
  it('has a few lines at once; others are let in, and so is it when one is free again', async () => {
    const { port, count } = await intake({ limits: { isOurs, connectionsPerAddress: 2 } });
    const first = await line(port);
    await line(port);
    expect((await line(port)).answers[0]).toMatch(/^421 /);
    expect(await count('net119_reports_refused_total', { why: 'CALLER' })).toBe(1);
    expect((await line(port, '127.0.0.2')).answers[0]).toMatch(/^220 /);
    await first.say('QUIT');
    await until('a line is free', async () => (await count('net119_intake_connections', {})) === 2);
    expect((await line(port)).answers[0]).toMatch(/^220 /);
  });

  it('brings a few messages a minute; what is more comes again later, on the same line too', async () => {
    const { port, got } = await intake({ limits: { isOurs, messagesPerMinutePerAddress: 2 } });
    const { say } = await line(port);
    await say('EHLO x', ...MESSAGE, ...MESSAGE);
    expect(await say('MAIL FROM:<>')).toMatch(/^450 4\./);
    expect(got).toHaveLength(2);
    const other = await line(port, '127.0.0.2');
    expect(await other.say('EHLO x', ...MESSAGE)).toMatch(/^250 /);
  });

  it('of our own network has no limit but that of all', async () => {
    const limits = { connectionsPerAddress: 1, messagesPerMinutePerAddress: 1 };
    const { port, got } = await intake({ limits });
    await line(port);
    const { say } = await line(port);
    await say('EHLO x', ...MESSAGE, ...MESSAGE, ...MESSAGE);
    expect(got).toHaveLength(3);
  });
});

describe('an address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::6', '2001:db8:1:2'],
    ['2001:db8::6', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s counts as %s', (address, caller) => expect(callerOf(address)).toBe(caller));

  it.each(['127.0.0.1', '10.1.2.3', '172.18.0.1', '192.168.1.1', '::ffff:172.31.0.1', '::1', 'fd00::1'])(
    '%s is ours',
    (address) => expect(isOurNetwork(address)).toBe(true),
  );

  it.each(['192.0.2.7', '172.32.0.1', '11.0.0.1', '::ffff:192.0.2.7', '2001:db8::1'])(
    '%s is not',
    (address) => expect(isOurNetwork(address)).toBe(false),
  );
});
