// Builds dist/: the compiled rooms, the files beside them that are read at run time, and the workflow bundle.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import process from 'node:process';

process.chdir(new URL('..', import.meta.url).pathname);
const { include: rooms } = JSON.parse(readFileSync('tsconfig.build.json', 'utf8'));

rmSync('dist', { recursive: true, force: true });
execFileSync('node', ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });

// Migrations, style sheets and the like stay where their code looks for them: beside it.
for (const room of rooms) {
  cpSync(room, `dist/${room}`, {
    recursive: true,
    filter: (path) => !['.ts', '.tsx'].includes(extname(path)),
  });
}

// Bundler and worker are of one version, and the image needs no compiler at start.
const { buildWorkflowBundle } = await import('../dist/worker/bundle.js');
const { code } = await buildWorkflowBundle();
writeFileSync('dist/workflow-bundle.js', code);
