/** /, /docs, /openapi.json and /problems: everything from our own origin, so it works without the internet. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import express, { Router } from 'express';
import type { RequestHandler } from 'express';
import { named } from '../middleware/arrival.js';
import { openApiDocument } from './openapi.js';
import { PROBLEMS } from './problem-kinds.js';
import { ROUTES } from './routes.js';

const ASSETS = fileURLToPath(new URL('../assets/', import.meta.url));
const require = createRequire(import.meta.url);
const SWAGGER_UI = dirname(require.resolve('swagger-ui-dist/swagger-ui-bundle.js'));
const SWAGGER_UI_FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
// Swagger UI draws its icons from data URLs.
const DOCS_POLICY = `${PAGE_POLICY}; script-src 'self'; connect-src 'self'; img-src 'self' data:`;

export function createDocsRouter(): Router {
  const router = Router();
  const document = JSON.stringify(openApiDocument(ROUTES));
  router.get('/', named('/'), page(asset('index.html'), PAGE_POLICY));
  router.get('/docs', named('/docs'), page(asset('docs.html'), DOCS_POLICY));
  router.get('/openapi.json', named('/openapi.json'), (_req, res) => res.type('json').send(document));
  router.get('/problems', named('/problems'), page(problemPage(Object.keys(PROBLEMS)), PAGE_POLICY));
  for (const code of Object.keys(PROBLEMS)) {
    router.get(`/problems/${code}`, named('/problems/:code'), page(problemPage([code]), PAGE_POLICY));
  }
  router.use(
    '/assets',
    named('/assets'),
    express.static(ASSETS, { index: false, redirect: false, maxAge: '1h' }),
  );
  for (const file of SWAGGER_UI_FILES) {
    router.get(`/docs/${file}`, named('/docs/:file'), (_req, res) => {
      res.sendFile(file, { root: SWAGGER_UI, maxAge: '1h' });
    });
  }
  return router;
}

function asset(name: string): string {
  return readFileSync(`${ASSETS}${name}`, 'utf8');
}

function page(html: string, policy: string): RequestHandler {
  return (_req, res) => {
    res.set('Content-Security-Policy', policy).type('html').send(html);
  };
}

function problemPage(codes: readonly string[]): string {
  const rows = codes.map((code) => {
    const { status, title, help } = PROBLEMS[code as keyof typeof PROBLEMS];
    const words = escaped(help).replace(/`([^`]*)`/g, '<code>$1</code>');
    return `<tr><td><a href="/problems/${code}">${code}</a></td><td>${status}</td><td>${escaped(title)}. ${words}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Kinds of problems: NET119 renewal API</title>
<link rel="stylesheet" href="/assets/site.css">
</head>
<body>
<main>
<h1>${codes.length === 1 ? escaped(codes[0] as string) : 'Kinds of problems'}</h1>
<table>
<thead><tr><th>type</th><th>status</th><th>meaning</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
<p><a href="/problems">All kinds</a> · <a href="/docs">API documentation</a></p>
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
