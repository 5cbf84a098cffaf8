// The packed package, bundled by esbuild beside some of its optional peers only, and run.
import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';
import { build, type BuildOptions } from 'esbuild';
import { afterAll, inject } from 'vitest';

/** An application: prints what each way to a gateway leads to, ids or an error's message. */
const application = `
import { createModelGateway } from 'ai-alloy/gateway';
import { huggingFaceTokenizer } from 'ai-alloy/huggingface';
import { loadModelGateway } from 'ai-alloy/load';
import { tiktoken } from 'ai-alloy/tiktoken';

const config = { models: [{ id: 'local/small', context_window: '8K' }] };
const yaml = 'models:\\n  - { id: local/small, context_window: 8K }\\n';
const toml = '[[models]]\\nid = "local/small"\\ncontext_window = "8K"\\n';
const model = { specificationVersion: 'v4', provider: 'local', modelId: 'small', supportedUrls: {} };
const options = { providers: () => ({ ...model, doGenerate() {}, doStream() {} }) };
const load = async (source) => (await loadModelGateway(source, options)).ids.join();
const loadText = (format, text) => load({ format, text });
const count = async () => {
  const estimator = tiktoken();
  await estimator.load();
  return String(estimator.estimateText('Hello, world!'));
};

const tokenizer = { model: { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] } };
const countOpen = async () => {
  const chat = '{% for message in messages %}{{ message.content }}{% endfor %}';
  const estimator = huggingFaceTokenizer({ tokenizer, config: { chat_template: chat }, safetyMargin: 1 });
  const prompt = ['abab', 'a'].map((content) => ({ role: 'user', content }));
  return String(await estimator.estimateCall({ prompt }, 4));
};

async function main() {
  const outcomes = {
    code: (async () => createModelGateway(config, options).ids.join())(),
    json: loadText('json', JSON.stringify(config)),
    yaml: loadText('yaml', yaml),
    toml: loadText('toml', toml),
    auto: loadText('json', JSON.stringify({ ...config, tokenizer: { kind: 'auto' } })),
    exact: loadText('json', JSON.stringify({ ...config, tokenizer: { kind: 'tiktoken' } })),
    count: count(),
    open: countOpen(),
    file: load('missing.json'),
  };
  const told = Object.entries(outcomes).map(async ([name, promise]) => [name, await promise.catch((e) => e.message)]);
  console.log(JSON.stringify(Object.fromEntries(await Promise.all(told))));
}
main();
`;

/** An application that has its file beside it, and in it. */
const applicationOfFile = `
import { loadModelGateway } from 'ai-alloy/load';
import text from './models.yaml';

const options = { providers: (id) => ({ specificationVersion: 'v4', provider: id, modelId: id, doGenerate() {}, doStream() {} }) };
const sources = { file: new URL('./models.yaml', import.meta.url), text: { text, format: 'yaml' } };
const told = Object.entries(sources).map(async ([name, source]) => [
  name,
  await loadModelGateway(source, options).then(({ ids }) => ids.join(), ({ message }) => message),
]);
console.log(JSON.stringify(Object.fromEntries(await Promise.all(told))));
`;

// Some packages are CommonJS, and require modules of Node's: of ESM output, esbuild wants this for any of them.
const banner = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

/** A module that exports nothing. */
export const emptyModule = './empty.js';

export interface Bundling {
  /** The optional peers that are installed. */
  readonly peers: readonly string[];
  readonly format: 'esm' | 'cjs' | 'iife';
  readonly platform?: 'node' | 'browser';
  /** Peers that are installed once the bundle is made. */
  readonly installedLater?: readonly string[];
  readonly external?: string[];
  readonly splitting?: boolean;
  readonly alias?: Record<string, string>;
  readonly loader?: Record<string, 'text'>;
  /** The application: `app`, or `of-file`, for `loader` text. */
  readonly entry?: 'app' | 'of-file';
}

export interface Output {
  /** The folder of the application, which has `node_modules`. */
  readonly folder: string;
  /** The folder with what esbuild made, below that. */
  readonly made: string;
  readonly file: string;
  /** What the output imports, or may import. */
  readonly imports: readonly string[];
}

/** Installs the package beside `ai`, zod and those peers, and bundles the application. No warnings are tolerated. */
export async function bundle(bundling: Bundling): Promise<Output> {
  const { peers, format, platform = 'node', installedLater = [], external = [], ...others } = bundling;
  const { entry = 'app', ...options } = others;
  const folder = installationOf(peers, installedLater.length > 0);
  const made = mkdtempSync(join(folder, 'made-'));
  const isBannerNeeded = format === 'esm' && external.length === 0;
  const settings: BuildOptions = {
    ...options,
    absWorkingDir: folder,
    entryPoints: [`${entry}.js`],
    outdir: made,
    outExtension: { '.js': format === 'esm' ? '.mjs' : '.cjs' },
    bundle: true,
    format,
    platform,
    external,
    ...(isBannerNeeded && { banner: { js: banner } }),
    metafile: true,
    logLevel: 'silent',
  };
  const { warnings, metafile } = await build(settings);
  if (warnings.length > 0) throw new Error(JSON.stringify(warnings));
  install(folder, installedLater);
  const file = `${entry}.${format === 'esm' ? 'mjs' : 'cjs'}`;
  const imports = Object.values(metafile!.outputs).flatMap((output) => output.imports);
  return { folder, made, file, imports: imports.filter((each) => each.external).map(({ path }) => path) };
}

/** What the application prints; `alone` where there are no packages, as in a function that was deployed. */
export async function runInNode({ made, file }: Output, { alone = false } = {}): Promise<unknown> {
  const folder = alone ? temporary() : made;
  if (alone) cpSync(made, folder, { recursive: true });
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, file)], { cwd: folder });
  return JSON.parse(stdout);
}

/** What it prints in a realm that has what edge runtimes and browsers share, and can't import anything. */
export async function runWithoutNode({ made, file }: Output): Promise<unknown> {
  const code = readFileSync(join(made, file), 'utf8');
  return new Promise((resolve, reject) => {
    const shared = Object.fromEntries(webGlobals.map((name) => [name, Reflect.get(globalThis, name)]));
    const console = { log: (line: string) => resolve(JSON.parse(line)), warn() {}, error: reject };
    runInContext(code, createContext({ ...shared, console }));
  });
}

const ofNode = ['process', 'Buffer', 'global', 'globalThis', 'setImmediate', 'clearImmediate', 'require'];
const ofLanguage = new Set(
  runInContext('Object.getOwnPropertyNames(globalThis)', createContext()) as string[],
);
const webGlobals = Object.getOwnPropertyNames(globalThis).filter(
  (name) => !ofNode.includes(name) && !ofLanguage.has(name),
);

// Outside of the repository, whose packages would be found.
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'ai-alloy-bundles-')));
afterAll(() => rmSync(scratch, { recursive: true }));

const temporary = (): string => mkdtempSync(join(scratch, 'app-'));

const installations = new Map<string, string>();

/** A folder with the package, `ai`, zod and those peers, and the application. Shared by all that don't change it. */
function installationOf(peers: readonly string[], isOwn: boolean): string {
  const known = isOwn ? undefined : installations.get(peers.join());
  if (known) return known;
  const folder = temporary();
  if (!isOwn) installations.set(peers.join(), folder);
  const from = join(inject('installations'), 'package');
  const isNeeded = (path: string) => /package\.json$|\.js$|\/[^.]+$/.test(path);
  for (const part of ['package.json', 'dist']) {
    const to = join(folder, 'node_modules/ai-alloy', part);
    cpSync(join(from, part), to, { recursive: true, filter: isNeeded });
  }
  install(folder, ['ai', 'zod', ...peers]);
  writeFileSync(join(folder, 'app.js'), application);
  writeFileSync(join(folder, 'of-file.js'), applicationOfFile);
  writeFileSync(join(folder, 'models.yaml'), 'models: [{ id: local/small, context_window: 8K }]');
  writeFileSync(join(folder, emptyModule), '');
  return folder;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

function install(folder: string, names: readonly string[]): void {
  for (const name of names) {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), path, 'dir');
  }
}
