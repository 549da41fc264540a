import { describe, expect, it } from 'vitest';
import { connectWorker } from '../../platform/temporal-worker.js';
import { isTemporalAway, openTemporalClient, withCallDeadline } from '../../platform/temporal.js';

/** Nothing listens there. */
const NOWHERE = '127.0.0.1:1';

describe('while Temporal is away', () => {
  it('a client opens, and its calls fail within three seconds as trouble that passes', async () => {
    const client = openTemporalClient({ address: NOWHERE, namespace: 'net119' });
    const began = performance.now();
    const failure: unknown = await withCallDeadline(client, () =>
      client.workflow.getHandle('account:none').signal('look'),
    ).catch((error: unknown) => error);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(isTemporalAway(failure)).toBe(true);
  });

  it('a worker waits, tells it, and stops waiting when told', async () => {
    const stop = new AbortController();
    const waits: unknown[] = [];
    const connection = await connectWorker(
      { address: NOWHERE },
      (error) => {
        waits.push(error);
        stop.abort();
      },
      stop.signal,
    );
    expect(connection).toBeNull();
    expect(waits).toHaveLength(1);
  });

  it('other errors are not taken for it', () => {
    expect(isTemporalAway(new Error('x'))).toBe(false);
    expect(isTemporalAway(undefined)).toBe(false);
  });
});
