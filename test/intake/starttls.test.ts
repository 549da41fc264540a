/** STARTTLS: offered when there is a certificate, never demanded; a renewed one is taken without a restart. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import nodemailer from 'nodemailer';
import { Registry } from 'prom-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { followCertificate, readCertificate } from '../../intake/certificate.js';
import { createLogger } from '../../platform/log.js';
import { readIntakeEnv } from '../../platform/env.js';
import { testFolder, until } from '../local/folder.js';
import { canMakeCertificates, makeCertificate } from './certificates.js';
import { REPORT, RETURN_PATH, intake, line } from './world.js';

/** Who the listener says it is. */
async function nameAt(port: number): Promise<string> {
  const { socket, say } = await line(port);
  await say('EHLO x', 'STARTTLS');
  const secure: TLSSocket = connect({ socket, rejectUnauthorized: false });
  await once(secure, 'secureConnect');
  const { subject } = new X509Certificate(secure.getPeerCertificate().raw);
  secure.destroy();
  return subject;
}

describe.skipIf(!canMakeCertificates)('STARTTLS', () => {
  it('carries a report from a sender who demands it, and one from a sender without', async () => {
    const certificate = await readCertificate(await makeCertificate(await testFolder(), 'mx'));
    const { port, got } = await intake({ certificate });
    const { heard, say } = await line(port);
    await say('EHLO x');
    expect(heard.map((one) => one.slice(4))).toContain('STARTTLS');
    for (const how of [{ requireTLS: true, tls: { rejectUnauthorized: false } }, { ignoreTLS: true }]) {
      await nodemailer
        .createTransport({ host: '127.0.0.1', port, ...how })
        .sendMail({ envelope: { from: '', to: RETURN_PATH }, raw: REPORT });
    }
    expect(got.map(({ raw }) => raw.toString())).toEqual([REPORT, REPORT]);
  });

  it('obeys nothing that was said in the clear after STARTTLS', async () => {
    const certificate = await readCertificate(await makeCertificate(await testFolder(), 'mx'));
    const { port, got } = await intake({ certificate });
    const { socket, answers } = await line(port);
    socket.write(`EHLO x\r\nSTARTTLS\r\nMAIL FROM:<>\r\nRCPT TO:<${RETURN_PATH}>\r\nDATA\r\nx\r\n.\r\n`);
    await until('it is answered', () => answers.length === 3 || socket.destroyed);
    expect(answers.map((one) => one.slice(0, 3))).toEqual(['220', '250', '220']);
    expect(got).toEqual([]);
  });

  it('ends lines under way with everything else when it stops', async () => {
    const certificate = await readCertificate(await makeCertificate(await testFolder(), 'mx'));
    const { port, stop } = await intake({ certificate, limits: { drain: 60_000 } });
    const { socket, say } = await line(port);
    await say('EHLO x', 'STARTTLS');
    const secure = connect({ socket, rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    secure.resume();
    await stop();
    await until('the line is closed', () => socket.closed);
  });

  it('takes a renewed certificate for the next caller, and keeps the present one while the files are bad', async () => {
    const folder = await testFolder();
    const files = await makeCertificate(folder, 'mx');
    const present = await readCertificate(files);
    const logged: string[] = [];
    const registry = new Registry();
    const { port, renew } = await intake({ certificate: present });
    const following = followCertificate({
      files,
      present,
      log: createLogger('intake', 'info', { write: (one: string) => void logged.push(one) }),
      registry,
      onNew: renew,
      every: 20,
    });
    onTestFinished(() => following.stop());
    expect(await nameAt(port)).toBe('CN=mx.example.jp');
    await writeFile(files.cert, '');
    await until('an empty one is told', () => logged.join('').includes('certificate-failed'));
    await writeFile(files.cert, 'half a certif');
    await until('it is told', () => logged.join('').includes('certificate-failed'));
    expect(await nameAt(port)).toBe('CN=mx.example.jp');

    const fresh = await makeCertificate(folder, 'mx2', 60);
    await copyFile(fresh.key, files.key);
    await copyFile(fresh.cert, files.cert);
    await until('it is taken', () => logged.join('').includes('certificate-renewed'));
    expect(await nameAt(port)).toBe('CN=mx2.example.jp');
    const expires = await registry.getSingleMetric('net119_intake_certificate_expires_seconds')?.get();
    const { validTo } = new X509Certificate(await readFile(files.cert));
    expect(expires?.values[0]?.value).toBe(Date.parse(validTo) / 1_000);
    expect(logged.filter((one) => one.includes('certificate-failed'))).toHaveLength(1);
  });

  it('is not begun with half of what it needs', async () => {
    const folder = await testFolder();
    const [one, other] = [await makeCertificate(folder, 'a'), await makeCertificate(folder, 'b')];
    const env = {
      DATABASE_URL: 'postgres://u:rk3Hq8w2@h/d',
      BOUNCE_DOMAIN: 'bounce.example.jp',
      MAIL_FROM: 'net119@example.jp',
    };
    const read = (cert?: string, key?: string) =>
      readIntakeEnv({ ...env, BOUNCE_SMTP_TLS_CERT: cert, BOUNCE_SMTP_TLS_KEY: key });
    expect(read(one.cert, one.key).BOUNCE_SMTP_TLS_KEY).toBe(one.key);
    expect(() => read(one.cert)).toThrow('given together');
    expect(() => read(one.cert, other.key)).toThrow('do not belong together');
    expect(() => read(one.cert, `${one.key}x`)).toThrow('cannot be read');
  });
});
