/**
 * The relay: delivers the outbox to Temporal as `look` signals, always by signal-with-start, so that a lost or closed run
 * is no dead end. Runs in every API process; rows are locked while they are delivered, so each is one relay's. A signal
 * that arrives twice does no harm: it only makes the workflow look.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { MINUTE, SECOND } from '../domain/calendar.js';
import type { Logger } from '../platform/log.js';
import { isTemporalAway, withCallDeadline } from '../platform/temporal.js';
import type { OutboxHealth, OutboxRow } from '../store/outbox.js';
import { outboxHealth, parkLooks, postponeLooks, removeLooks, takeDueLooks } from '../store/outbox.js';
import type { Deps } from '../usecases/context.js';
import type { AccountLifecycleState } from '../workflows/messages.js';
import { ACCOUNT_LIFECYCLE, LIFECYCLE_QUEUE, SIGNALS, accountWorkflowId } from '../workflows/messages.js';

export interface RelayOptions {
  deps: Deps;
  client: Client;
  log: Logger;
  registry: Registry;
}

export interface Relay {
  /** Ends after the batch that is under way. */
  stop(): Promise<void>;
}

/** Rows of one transaction; with the deadline of a call it stays well below the database's limit for idle transactions. */
const BATCH = 100;
const IN_FLIGHT = 25;
/** Notifications may be lost with their connection; this often the outbox is looked at anyway. */
const SWEEP_EVERY = 5 * SECOND;
/** While Temporal or the database is away. */
const BACK_OFF = { first: 250, most: 10 * SECOND };
/** A row that Temporal refuses this often is poison: set aside and told; reconcile wakes the account all the same. */
const REFUSALS = 5;
const REFUSED_AGAIN_AFTER = MINUTE;

/** Returns at once; neither database nor Temporal need be there. */
export function startRelay({ deps, client, log, registry }: RelayOptions): Relay {
  const bell = createBell();
  const stopping = new AbortController();
  const listening = listenForever(deps, bell.ring, stopping.signal);
  const delivering = deliverForever();
  watch(registry, deps);

  async function deliverForever(): Promise<void> {
    let pause = 0;
    while (!stopping.signal.aborted) {
      try {
        const full = await deliverBatch(deps, client, log);
        pause = 0;
        if (!full) await bell.wait(SWEEP_EVERY, stopping.signal);
      } catch (error) {
        if (pause === 0) log.warn({ event: 'relay-waits', err: error });
        pause = Math.min(BACK_OFF.most, Math.max(BACK_OFF.first, pause * 2));
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  return {
    async stop() {
      stopping.abort();
      bell.ring();
      await Promise.all([delivering, listening]);
    },
  };
}

/** One transaction: rows that were delivered go, rows that were refused wait. True when there may be more. */
async function deliverBatch(deps: Deps, client: Client, log: Logger): Promise<boolean> {
  let trouble: unknown = null;
  const full = await deps.database.withoutTenant(async (tx) => {
    const now = deps.clock.now();
    const rows = await takeDueLooks(tx, now, BATCH);
    const accounts = [...new Map(rows.map((row) => [row.accountId, row])).values()];
    const delivered: number[] = [];
    const refused: OutboxRow[] = [];
    const lane = async () => {
      for (let row = accounts.shift(); row && trouble === null; row = accounts.shift()) {
        const { accountId } = row;
        const same = rows.filter((each) => each.accountId === accountId);
        try {
          await signal(client, row);
          delivered.push(...idsOf(same));
        } catch (error) {
          if (isTemporalAway(error)) trouble = error;
          else refused.push(...same);
        }
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    await removeLooks(tx, delivered);
    const [poison, again] = [refused.filter(isPoison), refused.filter((row) => !isPoison(row))];
    await postponeLooks(tx, idsOf(again), now + REFUSED_AGAIN_AFTER);
    await parkLooks(tx, idsOf(poison), now);
    for (const { id, accountId } of poison)
      log.error({ event: 'outbox-row-parked', outboxId: id, accountId });
    return rows.length === BATCH;
  });
  // After the commit, so that what was delivered before the trouble stays delivered.
  if (trouble !== null) throw trouble as Error;
  return full;
}

function isPoison(row: OutboxRow): boolean {
  return row.attempts + 1 >= REFUSALS;
}

function idsOf(rows: readonly OutboxRow[]): number[] {
  return rows.map((row) => row.id);
}

async function signal(client: Client, { fireHqId, accountId }: OutboxRow): Promise<void> {
  const state: AccountLifecycleState = { schemaVersion: 1, fireHqId, accountId };
  await withCallDeadline(client, () =>
    client.workflow.signalWithStart(ACCOUNT_LIFECYCLE, {
      workflowId: accountWorkflowId(accountId),
      taskQueue: LIFECYCLE_QUEUE,
      args: [state],
      signal: SIGNALS.look,
    }),
  );
}

/** Hears of new rows at once while the database is there; comes back when the connection was lost. */
async function listenForever(deps: Deps, ring: () => void, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      const lost = new AbortController();
      const listener = await deps.database.listen('signal_outbox', ring, () => lost.abort());
      ring();
      const ended = AbortSignal.any([stop, lost.signal]);
      if (!ended.aborted) await once(ended, 'abort');
      await listener.stop();
    } catch {
      // The sweep tells in the log that the database is away.
    }
    await sleep(SECOND, undefined, { signal: stop }).catch(() => {});
  }
}

/** Rung before somebody waits, it is heard all the same; rung twice, once. */
function createBell(): { ring: () => void; wait: (ms: number, stop: AbortSignal) => Promise<void> } {
  let rung = false;
  let wake: () => void = () => {};
  return {
    ring() {
      rung = true;
      wake();
    },
    async wait(ms, stop) {
      if (!rung && !stop.aborted) {
        const timer = new AbortController();
        const heard = new Promise<void>((resolve) => (wake = resolve));
        await Promise.race([heard, sleep(ms, undefined, { signal: timer.signal }).catch(() => {})]);
        timer.abort();
      }
      rung = false;
    },
  };
}

/** How much waits, and for how long: the outbox should be empty within a minute. Read when Prometheus asks. */
function watch(registry: Registry, { database, clock }: Deps): void {
  let asking: Promise<OutboxHealth | null> | null = null;
  // All three are asked for at once: one look at the table serves them.
  const health = () =>
    (asking ??= database
      .withoutTenant(outboxHealth)
      .catch(() => null)
      .finally(() => (asking = null)));
  const gauge = (name: string, help: string, valueOf: (found: OutboxHealth) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const found = await health();
        if (found) this.set(valueOf(found));
      },
    });
  gauge('net119_outbox_waiting', 'Signals not yet delivered to Temporal.', ({ waiting }) => waiting);
  gauge(
    'net119_outbox_parked',
    'Signals set aside because Temporal refused them: a person must look.',
    ({ parked }) => parked,
  );
  gauge(
    'net119_outbox_oldest_seconds',
    'Age of the oldest signal not yet delivered.',
    ({ oldestCreatedAt }) => (oldestCreatedAt === null ? 0 : (clock.now() - oldestCreatedAt) / SECOND),
  );
}
