// Bundles the command line with all that it needs but `ai`, so that it works where no optional peer is installed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

// The ranks of js-tiktoken are 3 MB: whoever needs them has it installed.
const external = ['ai', 'js-tiktoken/ranks/*'];

// Some of what is bundled is CommonJS, and requires modules of Node's.
const banner = `#!/usr/bin/env node
import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);`;

export async function buildCommandLine(root) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli/bin.ts' },
    outdir: 'dist',
    chunkNames: 'cli/[name]-[hash]',
    banner: { js: banner },
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external,
    // Its build for Node is CommonJS, of which an import on demand would be the default export alone.
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    metafile: true,
    logLevel: 'warning',
  });
  writeFileSync(join(root, 'dist/cli/LICENSES.txt'), licensesOf(root, Object.keys(metafile.inputs)));
}

/** The licences of the packages that are bundled: they ask to be passed on. */
function licensesOf(root, inputs) {
  const packages = new Set(
    inputs.flatMap((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[0] ?? []),
  );
  return [...packages]
    .toSorted()
    .map((folder) => {
      const path = join(root, folder);
      const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
      const file = existsSync(path) && readdirSync(path).find((each) => /^licen[cs]e/i.test(each));
      return `${name} ${version}\n\n${file ? readFileSync(join(path, file), 'utf8') : 'see its package'}`;
    })
    .join('\n\n---\n\n');
}
