/** What pages load, all of it from us: one style sheet, small modules, the font. Named by content, kept for ever. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import express from 'express';
import { Router } from 'express';
import { PLACES } from './places.js';

const OURS = new URL('../../assets/admin/', import.meta.url);
const require = createRequire(import.meta.url);
const FONT_FOLDER = dirname(require.resolve('@fontsource/biz-udpgothic/400.css'));
const FOR_EVER = { maxAge: '1y', immutable: true } as const;

interface Asset {
  type: string;
  text: string;
  place: string;
}

/** The tokens first, then ours in the order of their names. */
function readStyle(): string {
  const tokens = readFileSync(require.resolve('@digital-go-jp/design-tokens/dist/tokens.css'), 'utf8');
  const ours = readdirSync(OURS)
    .filter((name) => name.endsWith('.css'))
    .sort((a, b) => Number(b === 'base.css') - Number(a === 'base.css') || a.localeCompare(b))
    .map((name) => readFileSync(new URL(name, OURS), 'utf8'));
  return [tokens, ...ours].join('\n');
}

/** A browser loads only the ranges whose letters a page has; woff2 is understood everywhere by now. */
function readFontStyle(): string {
  return ['400.css', '700.css']
    .map((name) => readFileSync(join(FONT_FOLDER, name), 'utf8'))
    .join('\n')
    .replace(
      /url\(\.\/files\/([^)]*\.woff2)\) format\('woff2'\), url\([^)]*\) format\('woff'\)/g,
      'url(fonts/$1)',
    )
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/\s+/g, ' ');
}

const SCRIPTS = readdirSync(OURS).filter((name) => name.endsWith('.js'));

const ASSETS = new Map<string, Asset>(
  [
    { name: 'style.css', type: 'css', text: readStyle() },
    { name: 'font.css', type: 'css', text: readFontStyle() },
    ...SCRIPTS.map((name) => ({ name, type: 'js', text: readFileSync(new URL(name, OURS), 'utf8') })),
  ].map(({ name, type, text }) => {
    const version = createHash('sha256').update(text).digest('hex').slice(0, 12);
    return [name, { type, text, place: `${PLACES.assets}/${name}?v=${version}` }];
  }),
);

/** Another content is another address, so that a browser never shows a page in an old style. */
export function assetPlace(name: string): string {
  const asset = ASSETS.get(name);
  if (asset === undefined) throw new Error(`there is no asset ${name}`);
  return asset.place;
}

/** To be mounted at PLACES.assets; nobody needs to be signed in. */
export function createAssetRouter(): Router {
  const router = Router();
  router.use(
    '/fonts',
    express.static(join(FONT_FOLDER, 'files'), { ...FOR_EVER, index: false, redirect: false }),
  );
  router.get('/:name', (req, res, next) => {
    const asset = ASSETS.get(req.params.name);
    if (asset === undefined) {
      next();
      return;
    }
    res.set('Cache-Control', 'public, max-age=31536000, immutable').type(asset.type).send(asset.text);
  });
  return router;
}
