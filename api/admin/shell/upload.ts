/** A form with one file. Fields come before it; the token among them is checked before a byte of the file is kept. */
import busboy from 'busboy';
import type { Request, Response } from 'express';
import { SECOND } from '../../../domain/calendar.js';
import { FormRefusedError } from '../../middleware/refused-form.js';
import { checkFormToken, staffOf } from './session.js';

export interface Upload {
  name: string;
  /** Null: longer than was allowed; the rest was read and thrown away. */
  bytes: Buffer | null;
}

const LIMITS = { fields: 20, fieldSize: 1_024, fieldNameSize: 100, files: 1, parts: 21, headerPairs: 50 };
/** Whole files are in memory while they are read: so many at once in this process, and nobody takes the room of others. */
const AT_ONCE = { person: 1, fireHq: 2, all: 4 } as const;
/** Who sends less than so many bytes in so many milliseconds keeps others waiting for nothing. */
const PROGRESS = { bytes: 10_000, within: 10 * SECOND } as const;

const underWay = new Set<{ staffId: string; fireHqId: string }>();

/** So many files are being read already. */
export class TooManyUploadsError extends Error {
  constructor(readonly whose: 'OWN' | 'OTHERS') {
    super('too many files at once');
    this.name = 'TooManyUploadsError';
  }
}

/** The file came too slowly, or no longer. */
export class SlowUploadError extends Error {
  constructor() {
    super('the file came too slowly');
    this.name = 'SlowUploadError';
  }
}

/**
 * Reads the file and hands it to `work`; null where none was chosen. Throws a FormRefusedError for what is no such form,
 * the error of the form token, a TooManyUploadsError or a SlowUploadError.
 */
export async function withUpload<T>(
  req: Request,
  res: Response,
  mostBytes: number,
  work: (upload: Upload | null) => Promise<T>,
): Promise<T> {
  const leave = takePlace(staffOf(res));
  try {
    return await work(await readUpload(req, res, mostBytes));
  } finally {
    leave();
    // What is left unread would keep the browser from reading our answer.
    req.resume();
  }
}

function takePlace({ staffId, fireHqId }: { staffId: string; fireHqId: string }): () => void {
  const others = [...underWay];
  if (others.filter((other) => other.staffId === staffId).length >= AT_ONCE.person)
    throw new TooManyUploadsError('OWN');
  if (
    others.length >= AT_ONCE.all ||
    others.filter((other) => other.fireHqId === fireHqId).length >= AT_ONCE.fireHq
  )
    throw new TooManyUploadsError('OTHERS');
  const place = { staffId, fireHqId };
  underWay.add(place);
  return () => underWay.delete(place);
}

function readUpload(req: Request, res: Response, mostBytes: number): Promise<Upload | null> {
  if (req.is('multipart/form-data') === false) throw new FormRefusedError(415);
  return new Promise((resolve, reject) => {
    const parser = busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: { ...LIMITS, fileSize: mostBytes },
    });
    const fields: Record<string, string> = {};
    let upload: Upload | null = null;
    let isOurs = false;
    let fresh = 0;
    const count = (chunk: Buffer) => (fresh += chunk.length);
    const watch = setInterval(() => {
      if (fresh < PROGRESS.bytes) end(() => reject(new SlowUploadError()));
      fresh = 0;
    }, PROGRESS.within);
    const end = (settle: () => void) => {
      clearInterval(watch);
      req.unpipe(parser);
      req.off('close', cutOff).off('data', count);
      settle();
    };
    const cutOff = () => {
      if (!req.complete) end(() => reject(new FormRefusedError(400)));
    };
    const checkToken = () => {
      req.body = fields;
      checkFormToken(req, res, (error?: unknown) => {
        if (error === undefined) isOurs = true;
        else end(() => reject(error instanceof Error ? error : new FormRefusedError(403)));
      });
    };
    parser.on('field', (name, value) => (fields[name] = value));
    parser.on('file', (_name, file, { filename }) => {
      checkToken();
      if (!isOurs) {
        file.resume();
        return;
      }
      const chunks: Buffer[] = [];
      const name = filename ?? '';
      file.on('data', (chunk: Buffer) => chunks.push(chunk));
      file.on('limit', () => end(() => resolve({ name, bytes: null })));
      file.on('end', () => {
        const bytes = Buffer.concat(chunks);
        if (name !== '' || bytes.length > 0) upload = { name, bytes };
      });
    });
    parser.on('error', () => end(() => reject(new FormRefusedError(400))));
    parser.on('close', () => {
      if (!isOurs) checkToken();
      if (isOurs) end(() => resolve(upload));
    });
    req.on('close', cutOff).on('data', count);
    req.pipe(parser);
  });
}
