/** A form with one file. Fields come before it; the token among them is checked before a byte of the file is kept. */
import busboy from 'busboy';
import type { Request, Response } from 'express';
import { FormRefusedError } from '../../middleware/refused-form.js';
import { checkFormToken } from './session.js';

export interface Upload {
  name: string;
  /** Null: longer than was allowed; the rest was read and thrown away. */
  bytes: Buffer | null;
}

const LIMITS = { fields: 20, fieldSize: 1_024, fieldNameSize: 100, files: 1, parts: 21, headerPairs: 50 };
/** Whole files are in memory while they are read: so many at once in this process. */
const AT_ONCE = 2;
let underWay = 0;

/** So many files are being read already. */
export class TooManyUploadsError extends Error {
  constructor() {
    super('too many files at once');
    this.name = 'TooManyUploadsError';
  }
}

/**
 * Reads the file and hands it to `work`; null where none was chosen. Throws a FormRefusedError for what is no such form,
 * the error of the form token, or a TooManyUploadsError.
 */
export async function withUpload<T>(
  req: Request,
  res: Response,
  mostBytes: number,
  work: (upload: Upload | null) => Promise<T>,
): Promise<T> {
  if (underWay >= AT_ONCE) throw new TooManyUploadsError();
  underWay += 1;
  try {
    return await work(await readUpload(req, res, mostBytes));
  } finally {
    underWay -= 1;
    // What is left unread would keep the browser from reading our answer.
    req.resume();
  }
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
    const end = (settle: () => void) => {
      req.unpipe(parser);
      req.off('close', cutOff);
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
    req.on('close', cutOff);
    req.pipe(parser);
  });
}
