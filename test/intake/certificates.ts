/** Self-made certificates, by OpenSSL's command line. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CertificateFiles } from '../../intake/certificate.js';

const OPENSSL = '/usr/bin/openssl';

export const canMakeCertificates = existsSync(OPENSSL);

/** Files of this name in the folder, written over. */
export async function makeCertificate(folder: string, name: string, days = 30): Promise<CertificateFiles> {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  await promisify(execFile)(OPENSSL, [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-subj', `/CN=${name}.example.jp`, '-days', String(days), '-keyout', files.key, '-out', files.cert],
  ]);
  return files;
}
