/** The workflow bundle builds, and nothing got into it that a sandbox lacks or that would change under old histories. */
import { buildWorkflowBundle } from '../../worker/bundle.js';

const FOREIGN = ['temporal-polyfill', 'zod', 'pg', 'nodemailer'];

const { code } = await buildWorkflowBundle();
const found = FOREIGN.filter((name) => code.includes(`/node_modules/${name}/`));
if (found.length > 0) {
  console.error(`the workflows reach ${found.join(', ')}: import only the part of domain/ without packages`);
  process.exitCode = 1;
}
