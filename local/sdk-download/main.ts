/**
 * Lets the Temporal SDK fetch one of its servers into a folder, and proves by a start and a stop that it runs here.
 * A program of its own, because the SDK's download takes no time limit: its caller ends it when it takes too long.
 * Arguments: `cli` or `test-server`, and the folder.
 */
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [kind, downloadDir] = process.argv.slice(2);
const server = { executable: { type: 'cached-download', downloadDir } } as const;
const environment =
  kind === 'cli'
    ? await TestWorkflowEnvironment.createLocal({ server })
    : await TestWorkflowEnvironment.createTimeSkipping({ server });
await environment.teardown();
