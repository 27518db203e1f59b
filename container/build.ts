import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Name of the bundle; the task definition starts `node worker.mjs`. */
export const WORKER_FILE = 'worker.mjs';

/** Modules in CommonJS that the bundle holds expect `require` and `__dirname`. */
const COMMONJS_NAMES = [
  `import { createRequire as makeRequire } from 'node:module'`,
  `const require = makeRequire(import.meta.url)`,
  `const __dirname = import.meta.dirname`,
].join(';');

/** Bundles the worker into one file, with the scripts that it needs beside it: what the image is built from. */
export function buildWorker(outFolder: string): void {
  mkdirSync(outFolder, { recursive: true });
  buildSync({
    entryPoints: [join(__dirname, 'worker.ts')],
    outfile: join(outFolder, WORKER_FILE),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    banner: { js: `${COMMONJS_NAMES};` },
    // fluent-ffmpeg picks its instrumented twin, which is not published, when this is set.
    define: { 'process.env.FLUENTFFMPEG_COV': 'undefined' },
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  });
  cpSync(join(__dirname, 'clean'), join(outFolder, 'clean'), { recursive: true });
  for (const file of ['Dockerfile', 'image-root']) cpSync(join(__dirname, file), join(outFolder, file));
}
