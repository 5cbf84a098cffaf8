// Bundles the command line with all that it needs but `ai`, so that it works where no optional peer is installed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

// The ranks of js-tiktoken are 3 MB: whoever needs them has it installed.
const external = ['ai', /^js-tiktoken\/ranks\//];

export async function buildCommandLine(root) {
  const bundle = await rolldown({
    cwd: root,
    input: { cli: 'src/cli/bin.ts' },
    external,
    platform: 'node',
    resolve: {
      // Its build for Node is CommonJS, of which an import on demand would be the default export alone.
      alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    },
  });
  const { output } = await bundle.write({
    dir: 'dist',
    chunkFileNames: 'cli/[name].js',
    minify: true,
  });
  const modules = output.flatMap(({ moduleIds }) => moduleIds ?? []);
  writeFileSync(join(root, 'dist/cli/LICENSES.txt'), licensesOf(modules));
}

/** The licences of the packages that are bundled: they ask to be passed on. */
function licensesOf(modules) {
  const packages = new Set(
    modules.flatMap((id) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[0] ?? []),
  );
  return [...packages]
    .toSorted()
    .map((path) => {
      const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
      const file = existsSync(path) && readdirSync(path).find((each) => /^licen[cs]e/i.test(each));
      return `${name} ${version}\n\n${file ? readFileSync(join(path, file), 'utf8') : 'see its package'}`;
    })
    .join('\n\n---\n\n');
}
