/**
 * Adds a history to the replay corpus from a running server:
 *   npm run record-history -- --name lapsed --workflow-id account:<uuid> [--run-id <id>] [--address host:port]
 * A file that exists is never written over: histories stand for what was released, and are kept for ever.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { openTemporalClient } from '../../platform/temporal.js';
import { HISTORIES } from './histories.js';

const { values } = parseArgs({
  options: {
    name: { type: 'string' },
    'workflow-id': { type: 'string' },
    'run-id': { type: 'string' },
    address: { type: 'string', default: process.env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233' },
    namespace: { type: 'string', default: process.env['TEMPORAL_NAMESPACE'] ?? 'net119' },
  },
});

const { name, 'workflow-id': workflowId, 'run-id': runId } = values;
if (name === undefined || !/^[a-z0-9-]+$/.test(name) || workflowId === undefined) {
  console.error('Give --name (a–z, 0–9, "-") and --workflow-id.');
  process.exit(1);
}
const file = new URL(`${name}.json`, HISTORIES);
if (existsSync(file)) {
  console.error(
    `${name} is recorded already, and a recorded history is never made anew: choose another name.`,
  );
  process.exit(1);
}
const client = openTemporalClient({ address: values.address, namespace: values.namespace });
try {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  // Who did it, process and machine, is no part of the shape.
  const json = JSON.stringify(
    JSON.parse(historyToJSON(history)),
    (name, value: unknown) => (name === 'identity' ? 'recorded' : value),
    1,
  );
  writeFileSync(file, `${json}\n`);
  console.log(`${fileURLToPath(file)}: ${history.events?.length ?? 0} events`);
} finally {
  await client.connection.close();
}
