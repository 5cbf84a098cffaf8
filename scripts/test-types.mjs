// Compiles the type tests against ai 4, 5, 6 and 7, those of the Redis clients, and every TypeScript example of
// the README, of AGENTS.md, of docs and of the docstrings against ai 7. All see the built declarations, as a user's
// compiler does. Last, the sources themselves: the build doesn't check them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = join(root, 'test/types/.generated');
rmSync(generated, { recursive: true, force: true });
mkdirSync(generated, { recursive: true });

const compilerOptions = {
  target: 'ES2022',
  module: 'NodeNext',
  lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  types: ['node'],
  jsx: 'preserve',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  // Declarations are where an inferred type that nobody can name would show.
  declaration: true,
  emitDeclarationOnly: true,
  allowImportingTsExtensions: true,
  rootDir: root,
  outDir: join(generated, 'out'),
};

/** Where each import is to be found for one major of the AI SDK. */
function pathsFor(major) {
  const suffix = major === 7 ? '' : `-v${major}`;
  return {
    'ai-alloy': [join(root, 'dist/index.d.ts')],
    'ai-alloy/*': [join(root, 'dist/*/index.d.ts')],
    ai: [join(root, `node_modules/ai${suffix}/dist/index.d.ts`)],
    '@ai-sdk/openai': [
      join(root, `node_modules/${major === 7 ? '@ai-sdk/openai' : `openai${suffix}`}/dist/index.d.ts`),
    ],
    '@/lib/models': [join(root, 'examples/next-route-handler/lib/models.ts')],
    '@/models.json': [join(root, 'test/next/models.json')],
  };
}

function compile(name, major, files) {
  const config = join(generated, `tsconfig.${name}.json`);
  writeFileSync(
    config,
    JSON.stringify({ compilerOptions: { ...compilerOptions, paths: pathsFor(major) }, files }),
  );
  return passes(`${name} (${files.length} files)`, config);
}

function passes(name, config, ...options) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', config, ...options], { cwd: root, stdio: 'inherit' });
    console.log(`types: ok: ${name}`);
    return true;
  } catch {
    console.log(`types: FAILED: ${name}`);
    return false;
  }
}

/** Writes each TypeScript fence of a text as a file of its own. */
function extract(source, text) {
  const fences = [...text.matchAll(/^```(?:ts|tsx|typescript)\n([\s\S]*?)^```/gm)];
  return fences.map(([, code], index) => {
    const file = join(generated, `${source.replaceAll(/[/.]/g, '-')}-${index + 1}.ts`);
    mkdirSync(dirname(file), { recursive: true });
    // A fence without imports would be a script, and its names global.
    writeFileSync(file, `${code}\nexport {};\n`);
    return file;
  });
}

const pages = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
const chapters = pages.map((file) => `docs/${file}`);
const markdown = ['README.md', 'AGENTS.md', ...chapters].map((file) => [
  file,
  readFileSync(join(root, file), 'utf8'),
]);
const docstrings = readdirSync(join(root, 'src'), { recursive: true })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => [`src/${file}`, readFileSync(join(root, 'src', file), 'utf8').replaceAll(/^ +\* ?/gm, '')]);
const examples = [...markdown, ...docstrings].flatMap(([file, text]) => extract(file, text));

const tests = (...names) => names.map((name) => join(root, `test/types/${name}.test-d.ts`));
const results = [
  compile('ai-4', 4, tests('api', 'gateway', 'no-string-ids')),
  ...[5, 6, 7].map((major) => compile(`ai-${major}`, major, tests('api', 'gateway', 'string-ids'))),
  compile('redis', 7, [join(root, 'test/redis/clients.test-d.ts')]),
  compile('examples-in-docs', 7, examples),
  passes('the sources, without what only Node has', 'tsconfig.build.json', '--noEmit'),
];
const passed = results.filter(Boolean).length;
console.log(`types: ${passed} passed, ${results.length - passed} failed`);
process.exit(passed === results.length ? 0 : 1);
