/** The very first middleware: when a request arrived (R7: arrival decides) and the id it is known by. */
import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import type { Instant } from '../../domain/calendar.js';
import type { Clock } from '../../platform/clock.js';

/** What is known of a request; ids and patterns only, so it may be logged. */
export interface Arrival {
  /** Epoch ms. */
  receivedAt: Instant;
  requestId: string;
  /** The route's pattern, never the path. */
  route: string | null;
  tokenId: string | null;
  fireHqId: string | null;
  /** A token of the vendor; `fireHqId` is then the headquarters it names. */
  byVendor: boolean;
}

export function stampArrival(clock: Clock): RequestHandler {
  return (_req, res, next) => {
    const arrival: Arrival = {
      receivedAt: clock.now(),
      requestId: randomUUID(),
      route: null,
      tokenId: null,
      fireHqId: null,
      byVendor: false,
    };
    res.locals.arrival = arrival;
    res.set('X-Request-Id', arrival.requestId);
    next();
  };
}

export function arrivalOf(res: Response): Arrival {
  return res.locals.arrival as Arrival;
}

/** Names the route by its pattern: what logs and metrics tell. */
export function named(pattern: string): RequestHandler {
  return (_req, res, next) => {
    arrivalOf(res).route = pattern;
    next();
  };
}
