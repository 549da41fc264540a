/** The intake as a process of its own, on a PostgreSQL server that comes and goes. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../local/folder.js';
import { createTestDatabase, startServer } from '../support/postgres.js';
import type { TestPostgres } from '../support/postgres.js';
import { DOMAIN, RETURN_PATH, line } from './world.js';

const MESSAGE = ['EHLO x', 'MAIL FROM:<>', `RCPT TO:<${RETURN_PATH}>`, 'DATA'];

let postgres: TestPostgres;
let child: ChildProcess;
let output = '';
let ports: { port: number; metricsPort: number };

beforeAll(async () => {
  postgres = await startServer();
  const { databaseUrl } = await createTestDatabase(postgres.url);
  child = spawn(process.execPath, ['--import', 'tsx', 'intake/main.ts'], {
    env: {
      PATH: process.env['PATH'],
      TZ: 'UTC',
      NET119_LOCAL_STACK: '1',
      DATABASE_URL: databaseUrl,
      BOUNCE_DOMAIN: DOMAIN,
      MAIL_FROM: 'net119@example.jp',
      BOUNCE_SMTP_PORT: '0',
      METRICS_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout?.on('data', (chunk) => (output += String(chunk)));
  await until('it has started', () => output.includes('"event":"started"'), 60_000);
  ports = JSON.parse(output.split('\n')[0] ?? '') as typeof ports;
});
afterAll(async () => {
  child.kill('SIGKILL');
  await postgres.stop();
});

const ask = (path: string) => fetch(`http://127.0.0.1:${ports.metricsPort}${path}`);

describe('the intake process', () => {
  it('is ready while the database is there, and asks senders to come again while it is not', async () => {
    expect((await ask('/readyz')).status).toBe(200);
    const { say } = await line(ports.port);
    expect(await say(...MESSAGE, 'Subject: first\r\n\r\n.')).toMatch(/^250 /);
    await postgres.halt();
    expect((await ask('/readyz')).status).toBe(503);
    expect((await ask('/livez')).status).toBe(200);
    expect(await say(...MESSAGE.slice(1), 'Subject: second\r\n\r\n.')).toMatch(/^451 4\.3\.0 /);
    await postgres.resume();
    expect(await say(...MESSAGE.slice(1), 'Subject: second\r\n\r\n.')).toMatch(/^250 /);
    expect((await ask('/readyz')).status).toBe(200);
  });

  it('tells what it took in its metrics, and no address anywhere', async () => {
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toMatch(
      /^net119_reports_total\{outcome="CHANGED_NOTHING",reading="NOT_A_REPORT",match="WRONG_CODE",class="NONE",part="intake"\} 2$/m,
    );
    expect(metrics).toMatch(/^net119_reports_refused_total\{why="DATABASE",part="intake"\} 1$/m);
    expect(`${output}${metrics}`).not.toContain('@');
  });

  it('finishes the message under way when it is told to stop', async () => {
    const { say, socket, answers } = await line(ports.port);
    await say(...MESSAGE);
    child.kill('SIGTERM');
    await until('it is stopping', () => output.includes('"event":"stopping"'));
    socket.write('Subject: last\r\n\r\n.\r\n');
    await until('it has ended', () => child.exitCode !== null);
    expect(answers.slice(-2).map((answer) => answer.slice(0, 3))).toEqual(['250', '421']);
    expect(child.exitCode).toBe(0);
  });
});
