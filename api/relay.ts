/**
 * The relay: delivers the outbox to Temporal as `look` signals, by signal-with-start where no run is there, so that a
 * lost or closed run is no dead end. Runs in every API process; rows are locked while they are delivered, so each is one
 * relay's. A signal that arrives twice does no harm: it only makes the workflow look.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { MINUTE, SECOND } from '../domain/calendar.js';
import type { Instant } from '../domain/calendar.js';
import type { Logger } from '../platform/log.js';
import { isTemporalAway, withCallDeadline } from '../platform/temporal.js';
import type { LookRank, OutboxHealth, OutboxRow } from '../store/outbox.js';
import { outboxHealth, parkLooks, postponeLooks, removeLooks, takeDueLooks } from '../store/outbox.js';
import type { Deps } from '../usecases/context.js';
import type { AccountLifecycleState } from '../workflows/messages.js';
import { ACCOUNT_LIFECYCLE, LIFECYCLE_QUEUE, SIGNALS, accountWorkflowId } from '../workflows/messages.js';

export interface RelayOptions {
  deps: Deps;
  client: Client;
  log: Logger;
  registry: Registry;
  /** True while people wait for answers of this process. */
  isBusy: () => boolean;
}

export interface Relay {
  /** Ends after the batch that is under way. */
  stop(): Promise<void>;
}

/** Rows of one transaction; with the deadline of a call it stays well below the database's limit for idle transactions. */
const BATCH = 250;
const IN_FLIGHT = 32;
/**
 * A person waits for the page, and nobody for a signal: in a rush, signals wait this long, so that answers come first.
 * Then they go whatever the rush, and the outbox stays this far behind and no further.
 */
const PEOPLE_FIRST = 5 * SECOND;
const RUSH_SEEN_EVERY = 100;
/** Notifications may be lost with their connection; this often the outbox is looked at anyway. */
const SWEEP_EVERY = 5 * SECOND;
/** While Temporal or the database is away. */
const BACK_OFF = { first: 250, most: 10 * SECOND };
/** A row that Temporal refuses this often is poison: set aside and told; reconcile wakes the account all the same. */
const REFUSALS = 5;
const REFUSED_AGAIN_AFTER = MINUTE;

/** Returns at once; neither database nor Temporal need be there. */
export function startRelay({ deps, client, log, registry, isBusy }: RelayOptions): Relay {
  const stopping = new AbortController();
  // Side by side: what somebody did never waits behind a batch of an import.
  const bells = { 'of somebody': createBell(), 'of many': createBell() };
  const ring = () => Object.values(bells).forEach((bell) => bell.ring());
  const listening = listenForever(deps, ring, stopping.signal);
  const delivering = [deliverForever('of somebody'), deliverForever('of many')];
  watch(registry, deps);

  async function deliverForever(rank: LookRank): Promise<void> {
    let pause = 0;
    while (!stopping.signal.aborted) {
      try {
        const rush = isBusy();
        const until = deps.clock.now() - (rush ? PEOPLE_FIRST : 0);
        const full = await deliverBatch({ deps, client, log }, { rank, until });
        pause = 0;
        if (full) continue;
        if (rush) await sleep(RUSH_SEEN_EVERY, undefined, { signal: stopping.signal }).catch(() => {});
        else await bells[rank].wait(SWEEP_EVERY, stopping.signal);
      } catch (error) {
        if (pause === 0) log.warn({ event: 'relay-waits', looks: rank, err: error });
        pause = Math.min(BACK_OFF.most, Math.max(BACK_OFF.first, pause * 2));
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      }
    }
  }

  return {
    async stop() {
      stopping.abort();
      ring();
      await Promise.all([...delivering, listening]);
    },
  };
}

/** One transaction: rows due by `until` that were delivered go, those refused wait. True when there may be more. */
async function deliverBatch(
  { deps, client, log }: Pick<RelayOptions, 'deps' | 'client' | 'log'>,
  { rank, until }: { rank: LookRank; until: Instant },
): Promise<boolean> {
  let trouble: unknown = null;
  const full = await deps.database.withoutTenant(async (tx) => {
    const now = deps.clock.now();
    const rows = await takeDueLooks(tx, { rank, until, limit: BATCH });
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

/** Nearly always the workflow is there, and a bare signal costs Temporal less than one that would also start it. */
async function signal(client: Client, { fireHqId, accountId }: OutboxRow): Promise<void> {
  const workflowId = accountWorkflowId(accountId);
  const state: AccountLifecycleState = { schemaVersion: 1, fireHqId, accountId };
  try {
    await withCallDeadline(client, () => client.workflow.getHandle(workflowId).signal(SIGNALS.look));
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    await withCallDeadline(client, () =>
      client.workflow.signalWithStart(ACCOUNT_LIFECYCLE, {
        workflowId,
        taskQueue: LIFECYCLE_QUEUE,
        args: [state],
        signal: SIGNALS.look,
      }),
    );
  }
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
