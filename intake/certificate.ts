/** The certificate for STARTTLS, from files that whoever renews it writes anew. */
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { MINUTE } from '../domain/calendar.js';
import type { Logger } from '../platform/log.js';

export interface CertificateFiles {
  cert: string;
  key: string;
}

/** PEM; the certificate with those that vouch for it behind it. */
export interface Certificate {
  cert: string;
  key: string;
}

/** Throws when a file cannot be read, or when the two do not belong together. */
export async function readCertificate(files: CertificateFiles): Promise<Certificate> {
  const [cert, key] = await Promise.all([readFile(files.cert, 'utf8'), readFile(files.key, 'utf8')]);
  // A file that is just being written is empty for a moment, and an empty one is no fault to createSecureContext.
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    throw new Error('certificate and key do not belong together');
  createSecureContext({ cert, key });
  return { cert, key };
}

/**
 * Looks at the files every minute, and hands on a pair that is new and good. A bad one is told once, and the present one
 * stays: a caller whom we cannot serve by TLS comes without it.
 */
export function followCertificate(options: {
  files: CertificateFiles;
  present: Certificate;
  log: Logger;
  registry: Registry;
  onNew: (certificate: Certificate) => void;
  /** In ms. */
  every?: number;
}): { stop(): void } {
  const { files, log, registry, onNew, every = MINUTE } = options;
  const expires = new Gauge({
    name: 'net119_intake_certificate_expires_seconds',
    help: 'When the certificate for STARTTLS ends, in seconds since 1970.',
    registers: [registry],
  });
  let { present } = options;
  let isBad = false;
  // One look at a time: one that is overtaken would bring back what it read before.
  let isLooking = false;
  const tell = () => expires.set(Date.parse(new X509Certificate(present.cert).validTo) / 1_000);
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    try {
      const found = await readCertificate(files);
      isBad = false;
      if (found.cert === present.cert && found.key === present.key) return;
      present = found;
      onNew(found);
      tell();
      log.info({ event: 'certificate-renewed' });
    } catch (error) {
      if (!isBad) log.error({ event: 'certificate-failed', err: error });
      isBad = true;
    } finally {
      isLooking = false;
    }
  };
  tell();
  const timer = setInterval(() => void look(), every);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
