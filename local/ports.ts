/** Which port each part gets: the environment's, else the last run's, else the usual one, else the next free one. */
import { createServer } from 'node:net';
import type { Report } from './temporal-binary.js';

/** Names as in the environment, with the usual numbers. */
export const USUAL_PORTS = {
  PORT: 8119,
  METRICS_PORT: 9464,
  WORKER_METRICS_PORT: 9465,
  INTAKE_METRICS_PORT: 9466,
  POSTGRES_PORT: 5119,
  TEMPORAL_PORT: 7233,
  TEMPORAL_UI_PORT: 8233,
  SMTP_PORT: 2525,
  BOUNCE_SMTP_PORT: 2526,
  MAIL_INBOX_PORT: 8025,
} as const;

export type PortName = keyof typeof USUAL_PORTS;
export type Ports = Record<PortName, number>;

/** How far the search for a free one goes. */
const NEXT = 200;

/** Throws, with every fault at once, when the environment names a port that is taken or none at all. */
export async function choosePorts(
  env: NodeJS.ProcessEnv,
  lastRun: Partial<Ports>,
  needed: readonly PortName[],
  report: Report,
): Promise<Partial<Ports>> {
  const chosen = new Map<PortName, number>();
  const isFree = async (port: number) => ![...chosen.values()].includes(port) && (await canListen(port));
  const given = needed.filter((name) => env[name]);
  const faults: string[] = [];
  for (const name of given) {
    const port = Number(env[name]);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      faults.push(`${name} must be a port, 1 to 65535`);
    else if (!(await isFree(port))) faults.push(`${name}: port ${port} is taken by another program`);
    else chosen.set(name, port);
  }
  if (faults.length > 0) throw new Error(faults.join('\n'));
  // Those of the last run first: a usual number of one part may have been given to another.
  const rest = needed.filter((name) => !given.includes(name));
  for (const name of rest) {
    const last = lastRun[name];
    if (last !== undefined && (await isFree(last))) chosen.set(name, last);
  }
  for (const name of rest.filter((one) => !chosen.has(one))) {
    const port = await firstFree(USUAL_PORTS[name], isFree);
    chosen.set(name, port);
    const wanted = lastRun[name] ?? USUAL_PORTS[name];
    if (port !== wanted) report(`${name}: ${wanted} is taken, using ${port}`);
  }
  return Object.fromEntries(chosen);
}

async function firstFree(from: number, isFree: (port: number) => Promise<boolean>): Promise<number> {
  for (let port = from; port < from + NEXT; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(`no port from ${from} to ${from + NEXT - 1} is free`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
