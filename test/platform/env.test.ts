import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ConfigError,
  readApiEnv,
  readIntakeEnv,
  readOperatorEnv,
  readWorkerEnv,
} from '../../platform/env.js';

const key = (start: number) =>
  Buffer.from(Array.from({ length: 32 }, (_, i) => (start + i * 7) % 256)).toString('base64url');

const api = {
  DATABASE_URL: 'postgres://net119_app_login:rk3Hq8w2@127.0.0.1:5432/net119',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  LINK_KEYS: `2026a:${key(1)},2025a:${key(2)}`,
  PUBLIC_BASE_URL: 'https://renewal.example.jp/',
  MAIL_FROM: 'no-reply@example.jp',
  BOUNCE_DOMAIN: 'bounce.example.jp',
};
const worker = {
  ...api,
  SMTP_URL: 'smtp://mail.example.jp:587',
};

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('all faults are told at once', () => {
  it('names every missing setting of the API', () => {
    expect(faultsOf(() => readApiEnv({}))).toEqual([
      'DATABASE_URL must be set',
      'TEMPORAL_ADDRESS must be set',
      'LINK_KEYS must be set',
      'PUBLIC_BASE_URL must be set',
      'MAIL_FROM must be set',
      'BOUNCE_DOMAIN must be set',
    ]);
  });

  it('tells malformed, missing and half-given settings together', () => {
    const { SMTP_URL: _, ...rest } = worker;
    const faults = faultsOf(() =>
      readWorkerEnv({ ...rest, LINK_KEYS: 'a:b', METRICS_PORT: '70000', DKIM_DOMAIN: 'example.jp' }),
    );
    expect(faults.map((fault) => fault.split(/[: ]/)[0])).toEqual([
      'LINK_KEYS',
      'METRICS_PORT',
      'SMTP_URL',
      'DKIM_DOMAIN,',
    ]);
  });

  it('never shows a value', () => {
    const faults = faultsOf(() =>
      readWorkerEnv({
        ...worker,
        DATABASE_URL: 'mysql://u:hidden-1@h/d',
        LINK_KEYS: 'k:hidden-2',
        LOG_LEVEL: 'hidden-3',
      }),
    );
    expect(faults).toHaveLength(3);
    expect(faults.join('\n')).not.toContain('hidden');
  });

  it('counts an empty value as not given', () => {
    expect(faultsOf(() => readApiEnv({ ...api, DATABASE_URL: '' }))).toEqual(['DATABASE_URL must be set']);
  });
});

describe('what is read', () => {
  it('gives the API its ring in order, its numbers as numbers and its base without a slash', () => {
    const env = readApiEnv({ ...api, PORT: '20123' });
    expect(env.LINK_KEYS.map(({ id }) => id)).toEqual(['2026a', '2025a']);
    expect(env).toMatchObject({
      PORT: 20_123,
      BIND_ADDRESS: '127.0.0.1',
      PUBLIC_BASE_URL: 'https://renewal.example.jp',
    });
  });

  it('asks no mail server of the API, and neither keys nor Temporal of the operator', () => {
    expect(readApiEnv(api)).not.toHaveProperty('SMTP_URL');
    expect(readOperatorEnv({ DATABASE_URL: api.DATABASE_URL }).TEMPORAL_ADDRESS).toBeUndefined();
  });

  it('gives the intake, which faces the internet, no key, no mail server and no Temporal', () => {
    const env = readIntakeEnv({ ...worker, BOUNCE_SMTP_PORT: '20025' });
    expect(env).toEqual({
      DATABASE_URL: worker.DATABASE_URL,
      LOG_LEVEL: 'info',
      NODE_ENV: 'development',
      BIND_ADDRESS: '127.0.0.1',
      MAIL_FROM: 'no-reply@example.jp',
      BOUNCE_DOMAIN: 'bounce.example.jp',
      BOUNCE_SMTP_PORT: 20_025,
      BOUNCE_IMAP_DONE_FOLDER: 'Done',
      METRICS_PORT: 9_466,
    });
    expect(
      faultsOf(() => readIntakeEnv({ BOUNCE_SMTP_PORT: 'smtp' })).map((one) => one.split(/[: ]/)[0]),
    ).toEqual(['DATABASE_URL', 'MAIL_FROM', 'BOUNCE_DOMAIN', 'BOUNCE_SMTP_PORT']);
  });

  it('takes webhooks of mail services only when they are set up, and names what is no topic or key', () => {
    expect(readApiEnv(api)).toMatchObject({ SES_SNS_TOPIC_ARNS: [] });
    expect(readApiEnv(api).SENDGRID_WEBHOOK_PUBLIC_KEY).toBeUndefined();
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const topics = 'arn:aws:sns:ap-northeast-1:123456789012:a, arn:aws:sns:ap-northeast-3:123456789012:b';
    const env = readApiEnv({
      ...api,
      SES_SNS_TOPIC_ARNS: topics,
      SENDGRID_WEBHOOK_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    });
    expect(env.SES_SNS_TOPIC_ARNS).toEqual(topics.split(', '));
    expect(env.SENDGRID_WEBHOOK_PUBLIC_KEY?.equals(publicKey)).toBe(true);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    for (const [arns, key] of [
      ['net119', 'AAAA'],
      [
        'arn:aws:sns:x.example.net/:123456789012:a',
        rsa.export({ type: 'spki', format: 'der' }).toString('base64'),
      ],
      [`${topics},`, 'hidden'],
    ] as const) {
      const settings = { ...api, SES_SNS_TOPIC_ARNS: arns, SENDGRID_WEBHOOK_PUBLIC_KEY: key };
      const faults = faultsOf(() => readApiEnv(settings));
      expect(faults.map((one) => one.split(':')[0])).toEqual([
        'SES_SNS_TOPIC_ARNS',
        'SENDGRID_WEBHOOK_PUBLIC_KEY',
      ]);
    }
  });

  it('hands no foreign setting on', () => {
    expect(readApiEnv({ ...api, HOME: '/nowhere' })).not.toHaveProperty('HOME');
  });
});

describe('secrets from files', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'env-'));
    writeFileSync(join(folder, 'keys'), `${api.LINK_KEYS}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are trimmed and checked like given ones', () => {
    const { LINK_KEYS: _, ...rest } = api;
    expect(readApiEnv({ ...rest, LINK_KEYS_FILE: join(folder, 'keys') }).LINK_KEYS).toHaveLength(2);
  });

  it('are a fault when the file is missing or the value is given twice', () => {
    expect(faultsOf(() => readApiEnv({ ...api, LINK_KEYS_FILE: join(folder, 'none') }))).toEqual([
      'LINK_KEYS and LINK_KEYS_FILE are both given',
      'LINK_KEYS_FILE names a file that cannot be read',
    ]);
  });
});

describe('outside the local stack', () => {
  const weak = { ...api, DATABASE_URL: 'postgres://net119_app_login:changeme@db/net119' };

  it.each([
    ['a password from a manual', weak.DATABASE_URL],
    ['no password', 'postgres://net119_app_login@db/net119'],
    ['the name as password', 'postgres://somebody:somebody@db/net119'],
  ])('%s refuses', (_what, url) => {
    expect(faultsOf(() => readApiEnv({ ...api, DATABASE_URL: url })).join()).toContain('DATABASE_URL holds');
  });

  it('a key made by leaning on the keyboard refuses', () => {
    const LINK_KEYS = `k1:${Buffer.alloc(32, 'ab').toString('base64url')}`;
    expect(faultsOf(() => readApiEnv({ ...api, LINK_KEYS })).join()).toContain('LINK_KEYS holds');
  });

  it('the local stack may', () => {
    expect(faultsOf(() => readApiEnv({ ...weak, NET119_LOCAL_STACK: '1' }))).toEqual([]);
  });

  it('the local stack is never production', () => {
    expect(
      faultsOf(() => readApiEnv({ ...api, NET119_LOCAL_STACK: '1', NODE_ENV: 'production' })),
    ).toHaveLength(1);
  });

  it('production needs https', () => {
    const env = { ...api, PUBLIC_BASE_URL: 'http://renewal.example.jp' };
    expect(faultsOf(() => readApiEnv(env))).toEqual([]);
    expect(faultsOf(() => readApiEnv({ ...env, NODE_ENV: 'production' }))).toHaveLength(1);
  });

  it('a certificate of Temporal that cannot be read refuses', () => {
    const env = { ...api, TEMPORAL_TLS: 'true', TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' };
    expect(faultsOf(() => readApiEnv(env)).join()).toContain('TEMPORAL_*');
  });
});

describe('a mailbox of reports', () => {
  const read = (url: string, more = {}) => readIntakeEnv({ ...worker, BOUNCE_IMAP_URL: url, ...more });

  it.each([
    ['imaps://u:p%40ss-1@mail.example.jp', 993, true, 'INBOX'],
    ['imap://u:p%40ss-1@mail.example.jp/', 143, false, 'INBOX'],
    ['imaps://u:p%40ss-1@mail.example.jp:1993/INBOX.%E4%B8%8D%E9%81%94', 1_993, true, 'INBOX.不達'],
  ])('%s', (url, port, secure, folder) => {
    expect(read(url).BOUNCE_IMAP_URL).toEqual({
      host: 'mail.example.jp',
      port,
      secure,
      user: 'u',
      password: 'p@ss-1',
      folder,
    });
  });

  it('may be at an address of IPv6, and its user an address', () => {
    expect(read('imaps://hansou%40example.jp:geheim-4711@[2001:db8::1]/x').BOUNCE_IMAP_URL).toMatchObject({
      host: '2001:db8::1',
      user: 'hansou@example.jp',
    });
  });

  it.each(['mail.example.jp', 'https://u:p1234567@h/', 'imaps://h/', 'imaps://u@h/', 'imaps://u:%zz@h/'])(
    'is refused, and not shown: %s',
    (url) => {
      const faults = faultsOf(() => read(url));
      expect(faults).toHaveLength(1);
      expect(faults[0]).toMatch(/^BOUNCE_IMAP_URL: must be imaps:/);
    },
  );

  it.each([
    ['imaps://u:geheim-4711@h/Done', {}],
    ['imaps://u:geheim-4711@h/Failed', {}],
    ['imaps://u:geheim-4711@h/', { BOUNCE_IMAP_DONE_FOLDER: 'inbox' }],
  ])('is never read where it is moved to: %s', (url, more) => {
    expect(faultsOf(() => read(url, more))).toEqual([expect.stringContaining('BOUNCE_IMAP_DONE_FOLDER')]);
  });

  it('needs a password that is none of a manual', () => {
    expect(faultsOf(() => read('imaps://reports:changeme@h/'))).toEqual([
      expect.stringMatching(/^BOUNCE_IMAP_URL holds/),
    ]);
  });
});

describe('who may get mail', () => {
  it.each([
    ['a server on this machine', { SMTP_URL: 'smtp://127.0.0.1:1025' }, 'everybody'],
    ['a server elsewhere', {}, 'nobody'],
    ['a list', { MAIL_ALLOW: ' Taro@example.jp, @example.org ,' }, ['taro@example.jp', '@example.org']],
    ['production', { NODE_ENV: 'production' }, 'everybody'],
  ])('%s', (_what, settings, allowed) => {
    expect(readWorkerEnv({ ...worker, ...settings }).mailAllow).toEqual(allowed);
  });

  it('a list in production is refused rather than forgotten', () => {
    const env = { ...worker, NODE_ENV: 'production', MAIL_ALLOW: '@example.org' };
    expect(faultsOf(() => readWorkerEnv(env))).toHaveLength(1);
  });
});
