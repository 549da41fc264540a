/** The workflows as one script for the SDK's sandbox: prebuilt for production, built from source in development. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';

/** One to two seconds. Bundler and worker must be of the same version of the SDK. */
export async function buildWorkflowBundle(): Promise<{ code: string }> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: modulePath('index'),
    payloadConverterPath: modulePath('tolerant-payloads'),
    logger: new DefaultLogger('WARN'),
  });
  return { code };
}

/** In `workflows/` beside this folder: as source, or compiled under `dist/`. */
function modulePath(name: string): string {
  return fileURLToPath(new URL(`../workflows/${name}${extname(import.meta.url)}`, import.meta.url));
}
