// Compiles src/ to dist/, from scratch, so that no file of an earlier build is packed.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildCommandLine } from './build-cli.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(`${root}dist`, { recursive: true, force: true });
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
// tsc puts a helper between `import(` and a specifier that it can't rewrite, where bundlers look for their comments.
await build({
  absWorkingDir: root,
  entryPoints: ['src/import-at-run-time.ts'],
  outdir: 'dist',
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  logLevel: 'warning',
});
await buildCommandLine(root);
