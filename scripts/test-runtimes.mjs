// Runs a smoke test of the built package in Bun, Deno and workerd, which npm installs: none of them is there, and none
// passes, where it doesn't. Not a part of `npm test`: it installs 400 MB.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { startServer } from '../test/runtimes/server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ai-alloy-runtimes-'));
const app = join(folder, 'app');
const tools = join(folder, 'tools');
const versions = JSON.parse(readFileSync(join(root, 'test/runtimes/versions.json'), 'utf8'));
const run = promisify(execFile);
const inApp = { cwd: app, timeout: 180_000, maxBuffer: 1e8 };

/** The packed package, beside `ai` and a provider, and the smoke test. */
function prepare() {
  cpSync(join(root, 'test/runtimes'), app, { recursive: true });
  mkdirSync(join(app, 'node_modules/@ai-sdk'), { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const tarball = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim();
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', folder]);
  cpSync(join(folder, 'package'), join(app, 'node_modules/ai-alloy'), { recursive: true });
  for (const name of ['ai', '@ai-sdk/openai', 'zod'])
    symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name), 'dir');
}

/** Installs a runtime by itself, so that one that can't be had does not take the others with it. */
function install(name) {
  const at = join(tools, name);
  mkdirSync(at, { recursive: true });
  const quietly = [
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
  ];
  execFileSync('npm', ['install', '--prefix', at, ...quietly, `${name}@${versions[name]}`], {
    stdio: 'pipe',
  });
  return join(at, 'node_modules');
}

/** What a program that ends with a line of results found. */
async function resultsOf(command, args, url) {
  const { stdout } = await run(command, [...args, 'main.mjs', url], inApp);
  return JSON.parse(/^results: (.*)$/m.exec(stdout)[1]);
}

const runtimes = {
  async bun(modules, url) {
    const bun = join(modules, '.bin/bun');
    const { stdout } = await run(bun, ['--version']);
    return { version: `Bun ${stdout.trim()}`, results: await resultsOf(bun, [], url) };
  },
  async deno(modules, url) {
    const deno = join(modules, '.bin/deno');
    const { stdout } = await run(deno, ['--version']);
    const args = ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual'];
    const results = await resultsOf(deno, args, url);
    return { version: `Deno ${/^deno (\S+)/.exec(stdout)[1]}`, results };
  },
  async miniflare(modules, url) {
    const { outputFiles } = await build({
      entryPoints: [join(app, 'worker.mjs')],
      bundle: true,
      write: false,
      format: 'esm',
      conditions: ['workerd', 'worker', 'browser'],
      external: ['node:*'],
    });
    const { Miniflare } = await import(pathToFileURL(join(modules, 'miniflare/dist/src/index.js')).href);
    const script = outputFiles[0].text;
    const miniflare = new Miniflare({ modules: true, script, compatibilityDate: '2026-01-01' });
    try {
      const { version } = JSON.parse(readFileSync(join(modules, 'workerd/package.json'), 'utf8'));
      const response = await miniflare.dispatchFetch(`http://smoke/?url=${encodeURIComponent(url)}`);
      return { version: `workerd ${version}`, results: await response.json() };
    } finally {
      await miniflare.dispose();
    }
  },
};

let [passed, failed] = [0, 0];
const { url, stop } = await startServer();
try {
  prepare();
  for (const [name, test] of Object.entries(runtimes)) {
    try {
      const { version, results } = await test(install(name), url);
      const wrong = results.filter((each) => each.wrong !== undefined);
      passed += results.length - wrong.length;
      failed += wrong.length + Number(results.length === 0);
      console.log(`${version}: ${results.length - wrong.length} passed, ${wrong.length} failed`);
      for (const each of wrong) console.error(`${version}: ${each.name}: ${each.wrong}`);
    } catch (error) {
      failed++;
      console.error(
        `${name} ${versions[name]} can't be installed, or doesn't run:\n${error.stderr || error.stack}`,
      );
    }
  }
} finally {
  stop();
  rmSync(folder, { recursive: true, force: true });
}
// Counted by .ci/run.
console.log(`runtimes: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
