/** 利用者の取り込み (R10): a file, its dry run, the run. A clerk tries, a manager carries out. */
import { z } from 'zod';
import type { Deps } from '../../../usecases/context.js';
import { takeImportFile } from '../../../usecases/import-file-in.js';
import { IMPORT_LIMITS } from '../../../usecases/import-file.js';
import { endImport, startImport } from '../../../usecases/import-run.js';
import { importRun, takeUntakenRows } from '../../../usecases/read-import.js';
import { NotHereError } from '../shell/not-here.js';
import { PLACES, below } from '../shell/places.js';
import type { StaffRoute } from '../shell/route.js';
import { form, once, page, ticked, uuid } from '../shell/route.js';
import { commandOf, commandOnce, staffOf, tell } from '../shell/session.js';
import { SlowUploadError, TooManyUploadsError, withUpload } from '../shell/upload.js';
import { isRefused } from '../../../usecases/errors.js';
import { setCsvHeaders, templateCsv, writeUntakenRows } from './csv.js';
import { SHOWS, importPlace, sendImport } from './one.js';
import { sendImports } from './start.js';

const HERE = below(PLACES.imports);
const ONE = `${HERE}/:importId`;

export function importRoutes(deps: Deps): StaffRoute[] {
  return [
    page({
      path: HERE,
      who: 'imports.try',
      handle: ({ req, res }) => sendImports(deps, req, res),
    }),
    page({
      path: `${HERE}/template`,
      who: 'imports.try',
      handle({ res }) {
        setCsvHeaders(res, '利用者の取り込み_ひな形.csv');
        res.send(templateCsv());
      },
    }),
    uploadRoute(deps),
    page({
      path: ONE,
      who: 'imports.try',
      query: { show: z.enum(SHOWS), after: z.coerce.number().int().min(0).max(10_000_000) },
      handle: ({ query, req, res }) => sendImport(deps, idOf(req.params), query, req, res),
    }),
    form({
      path: `${ONE}/run`,
      who: 'imports.run',
      fields: { key: once, checkMail: ticked },
      async handle({ fields: { key, checkMail }, req, res }) {
        const id = idOf(req.params);
        const command = commandOnce(res, 'import', key, [id, checkMail]);
        const started = await orNotHere(startImport(deps, command, id, { checkMail }));
        const trouble = { STARTED: null, NOT_READY: NOT_READY, OTHER_RUNNING: OTHER_RUNNING }[started];
        if (trouble !== null) tell(req, trouble, 'bad');
        res.redirect(303, importPlace(id));
      },
    }),
    form({
      path: `${ONE}/end`,
      who: 'imports.run',
      fields: {},
      async handle({ req, res }) {
        const id = idOf(req.params);
        await orNotHere(endImport(deps, commandOf(res), id));
        res.redirect(303, importPlace(id));
      },
    }),
    form({
      path: `${ONE}/mistakes`,
      who: 'imports.try',
      fields: {},
      async handle({ req, res }) {
        const run = await orNotHere(importRun(deps, staffOf(res).fireHqId, idOf(req.params)));
        setCsvHeaders(res, '取り込まなかった行.csv');
        await writeUntakenRows(res, run, takeUntakenRows(deps, commandOf(res), run.id));
      },
    }),
  ];
}

const NOT_READY = 'この取り込みは、もう始まっているか、終わっています。';
const OTHER_RUNNING = 'ほかの取り込みが進んでいます。終わってから、もう一度押してください。';
const NONE_CHOSEN = 'ファイルを選んでから、押してください。まだ何も変わっていません。';
const TOO_MANY = {
  OWN: 'あなたが先に送ったファイルを、まだ読んでいます。少し待ってから、もう一度送ってください。',
  OTHERS: 'ほかの人のファイルを読んでいます。少し待ってから、もう一度送ってください。',
} as const;
const TOO_SLOW =
  'ファイルがとちゅうから届かないので、受け取るのをやめました。まだ何も変わっていません。つながりのよいところから、もう一度送ってください。';

function uploadRoute(deps: Deps): StaffRoute {
  return {
    method: 'post',
    path: HERE,
    who: 'imports.try',
    body: 'FILE',
    async handle(req, res) {
      const retry = (status: number, text: string) => sendImports(deps, req, res, { status, text });
      try {
        await withUpload(req, res, IMPORT_LIMITS.bytes, async (upload) => {
          if (upload === null) {
            await retry(400, NONE_CHOSEN);
            return;
          }
          const { name, bytes } = upload;
          const content = bytes === null ? { fault: { code: 'too-large' } as const } : { bytes };
          const id = await takeImportFile(deps, commandOf(res), { name, content });
          res.redirect(303, importPlace(id));
        });
      } catch (error) {
        if (error instanceof TooManyUploadsError) {
          await retry(503, TOO_MANY[error.whose]);
        } else if (error instanceof SlowUploadError) {
          // The rest is not waited for.
          res.set('Connection', 'close');
          await retry(408, TOO_SLOW);
        } else throw error;
      }
    },
  };
}

function idOf(params: Readonly<Record<string, unknown>>): string {
  const id = uuid.safeParse(params['importId']);
  if (!id.success) throw new NotHereError();
  return id.data;
}

/** Another headquarters' run is as unknown as any other. */
async function orNotHere<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isRefused(error, 'not-found') ? new NotHereError() : error;
  }
}
