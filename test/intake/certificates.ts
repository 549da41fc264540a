/** Self-made certificates, by OpenSSL's command line. */
import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CertificateFiles } from '../../intake/certificate.js';

export const canMakeCertificates = (() => {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
})();

/** Files of this name in the folder, written over. */
export async function makeCertificate(folder: string, name: string, days = 30): Promise<CertificateFiles> {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-subj', `/CN=${name}.example.jp`, '-days', String(days), '-keyout', files.key, '-out', files.cert],
  ]);
  return files;
}
