// Bundles src/ into dist/, from scratch, so that no file of an earlier build is packed. tsc writes the declarations, and
// checks nothing here: `npm run check:types` does.
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { buildCommandLine } from './build-cli.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const subpaths = ['gateway', 'huggingface', 'load', 'local', 'media', 'otel', 'redis', 'tiktoken'];

rmSync(`${root}dist`, { recursive: true, force: true });
await Promise.all([writeDeclarations(), buildEntries(), buildCommandLine(root)]);

async function writeDeclarations() {
  const tsc = `${root}node_modules/typescript/bin/tsc`;
  const options = ['--emitDeclarationOnly', '--noCheck'];
  await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.build.json', ...options], { cwd: root });
}

/** Not minified, so that stack traces name functions and lines that can be read. */
async function buildEntries() {
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(
      ['index', ...subpaths.map((name) => `${name}/index`)].map((name) => [name, `src/${name}.ts`]),
    ),
    external: /^[^./]/, // every package
    platform: 'neutral',
  });
  await bundle.write({
    dir: 'dist',
    chunkFileNames: 'chunks/[name].js', // without a hash: stack traces of two builds can be compared
    comments: { jsdoc: false }, // in the declarations and in src/; here, an import takes a sixth longer for them
    sourcemap: true,
    sourcemapExcludeSources: true, // src/ is in the package
    // By itself, rolldown makes a chunk for each set of entries that share something.
    codeSplitting: { groups: [{ name: 'core', test: isCore }] },
  });
}

/** Whether a module is of no subpath, wherever this checkout lies. */
function isCore(id) {
  const [folder] = relative(join(root, 'src'), id).split(/[\\/]/);
  return folder !== '..' && !subpaths.includes(folder);
}
