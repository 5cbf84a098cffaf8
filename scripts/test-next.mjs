// Builds a minimal Next.js app beside the packed package, with Turbopack and with webpack, starts it, and asks it for
// answers. Of the optional peers it has only yaml and zod. Not a part of `npm test`: it installs 400 MB.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { LLMock } from '@copilotkit/aimock';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ai-alloy-next-'));
const next = join(folder, 'node_modules/next/dist/bin/next');
const quietly = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

/** What each route has to answer, by its query. */
const answers = {
  yaml: /^Hello from small\.$/,
  toml: /^format is "toml": .*npm install smol-toml\b/,
  exact: /^<yaml>:1:14 tokenizer\.kind: "tiktoken": .*npm install js-tiktoken\b/m,
};

const bundlers = [
  { name: 'Turbopack', flag: '--turbopack', routes: ['node', 'edge'] },
  // `next build --webpack` of 16.4.6 fails on any route for the edge: it looks for a manifest that it didn't write.
  { name: 'webpack', flag: '--webpack', routes: ['node'] },
];

function install() {
  cpSync(join(root, 'test/next'), folder, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const tarball = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim();
  const args = ['install', '--no-package-lock', ...quietly, `./${tarball}`];
  execFileSync('npm', args, { cwd: folder, stdio: 'inherit' });
}

/** Whether an app that this bundler built answers as it should. */
async function passes({ name, flag, routes }, env) {
  for (const route of ['node', 'edge'].filter((each) => !routes.includes(each))) {
    rmSync(join(folder, 'app', route), { recursive: true });
  }
  try {
    execFileSync(process.execPath, [next, 'build', flag], { cwd: folder, env, stdio: 'pipe' });
  } catch ({ stdout, stderr }) {
    console.error(`${name}: next build fails\n${stdout}${stderr}`);
    return false;
  }
  const server = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', '0'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await urlOf(server);
    const wrong = [];
    for (const route of routes) {
      for (const [source, expected] of Object.entries(answers)) {
        const path = `/${route}?source=${source}`;
        const response = await fetch(url + path, { signal: AbortSignal.timeout(30_000) });
        const text = await response.text();
        console.log(`${name}: ${path} answers ${response.status}: ${text}`);
        if (!expected.test(text)) wrong.push(path);
      }
    }
    if (wrong.length > 0) console.error(`${name}: this is wrong: ${wrong.join(', ')}`);
    return wrong.length === 0;
  } finally {
    server.kill();
  }
}

/** Where a server says that it listens, once it is ready. */
async function urlOf(server) {
  let url;
  for await (const line of createInterface({ input: server.stdout })) {
    url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (line.includes('Ready')) return url;
  }
  throw new Error('next start has ended');
}

const upstream = new LLMock({ port: 0 });
upstream.on({}, ({ model }) => ({ content: `Hello from ${model}.` }));
const env = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: '1',
  NODE_ENV: 'production',
  OPENAI_BASE_URL: `${await upstream.start()}/v1`,
};
let passed = 0;
try {
  install();
  for (const bundler of bundlers) if (await passes(bundler, env)) passed++;
} catch (error) {
  console.error(error);
} finally {
  await upstream.stop();
  rmSync(folder, { recursive: true, force: true });
}
// Counted by .ci/run.
console.log(`next: ${passed} passed, ${bundlers.length - passed} failed`);
process.exitCode = passed === bundlers.length ? 0 : 1;
