/**
 * The inbox over HTTP: pages for people, JSON for programs.
 *
 * `GET /api/messages?to=&since=` → `{items: [{id, receivedAt, envelopeFrom, envelopeTo: [address], messageId, subject,
 * text}]}`, newest first; `since` is an ISO instant and inclusive, so a caller who goes on from the last `receivedAt`
 * meets that message once more. `GET /api/rules`, `PUT` or `POST /api/rules` (see rules.ts), `DELETE
 * /api/rules[?address=]`.
 */
import { fileURLToPath } from 'node:url';
import express from 'express';
import type { ErrorRequestHandler, Express, Request } from 'express';
import { ZodError } from 'zod';
import type { Mailbox, Message } from './mailbox.js';
import { listPage, messagePage, notFoundPage } from './pages.js';
import type { Rules } from './rules.js';

const ASSETS = fileURLToPath(new URL('./assets', import.meta.url));
/** What a mail holds never runs or loads anything here. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export function createInbox(mailbox: Mailbox, rules: Rules): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((_req, res, next) => {
    res.set({
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    next();
  });
  app.use(express.static(ASSETS, { index: false }));
  app.use(express.json({ limit: '10kb' }));

  app.get('/', (req, res) => {
    const to = textOf(req, 'to') ?? '';
    res.send(listPage(mailbox.list({ to: to === '' ? undefined : to }), to));
  });
  app.get('/messages/:id', (req, res) => {
    const message = mailbox.find(req.params.id);
    if (message) res.send(messagePage(message));
    else res.status(404).send(notFoundPage());
  });
  app.get('/messages/:id/source', (req, res) => {
    const message = mailbox.find(req.params.id);
    res
      .status(message ? 200 : 404)
      .type('text/plain')
      .send(message?.source ?? '');
  });

  app.get('/api/messages', (req, res) => {
    const since = textOf(req, 'since');
    const instant = since === undefined ? undefined : Date.parse(since);
    if (Number.isNaN(instant)) {
      res.status(400).json({ error: 'since must be an ISO instant' });
      return;
    }
    res.json({ items: mailbox.list({ to: textOf(req, 'to'), since: instant }).map(shortOf) });
  });
  app.get('/api/newest', (req, res) => {
    res.json({ id: mailbox.list({ to: textOf(req, 'to') })[0]?.id ?? null });
  });
  app
    .route('/api/rules')
    .get((_req, res) => void res.json({ items: rules.all() }))
    .put((req, res) => void res.json(rules.put(req.body)))
    .post((req, res) => void res.status(201).json(rules.put(req.body)))
    .delete((req, res) => {
      rules.clear(textOf(req, 'address'));
      res.status(204).end();
    });
  app.use((_req, res) => void res.status(404).send(notFoundPage()));
  app.use(tellFaults);
  return app;
}

const tellFaults: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (error instanceof ZodError) {
    res.status(400).json({ error: error.issues.map(({ path, message }) => [...path, message].join(': ')) });
  } else if ((error as { status?: unknown }).status === 400) {
    res.status(400).json({ error: 'the body must be JSON' });
  } else next(error);
};

/** An empty parameter counts as not given. */
function textOf(req: Request, name: string): string | undefined {
  const value = req.query[name];
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function shortOf({ id, receivedAt, envelopeFrom, envelopeTo, messageId, subject, text }: Message) {
  return { id, receivedAt, envelopeFrom, envelopeTo, messageId, subject, text };
}
