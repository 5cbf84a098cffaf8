// Builds a minimal Next.js app beside the packed package, with Turbopack and with webpack, starts what `output:
// 'standalone'` made of it in another folder, and asks it for answers. Of the optional peers it has only yaml and zod.
// Not a part of `npm test`: it installs 400 MB.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { LLMock } from '@copilotkit/aimock';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ai-alloy-next-'));
const next = join(folder, 'node_modules/next/dist/bin/next');
const quietly = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];

/** What the text routes have to answer, by their query. */
const ofText = {
  yaml: /^Hello from small\.$/,
  toml: /^format is "toml": .*npm install smol-toml\b/,
  exact: /^<yaml>:1:14 tokenizer\.kind: "tiktoken": .*npm install js-tiktoken\b/m,
};

/** What requests have to be answered by, for each path. */
const texts = (route) =>
  Object.entries(ofText).map(([source, expected]) => ({ path: `/${route}?source=${source}`, expected }));
const chat = (text, expected, headers) => ({
  path: '/chat',
  headers,
  body: { messages: [{ id: '1', role: 'user', parts: [{ type: 'text', text }] }] },
  expected,
});
const always = [
  ...texts('node'),
  { path: '/file', expected: /^Hello from small\.$/ },
  chat('Hello!', /"delta":"Hello from small.*"messageMetadata":\{"answeredBy":"safe"\}/s),
  chat('Hello!', /"delta":"Hello from gold.*"messageMetadata":\{"answeredBy":"local\/gold"\}/s, {
    'x-tier': 'gold',
  }),
  chat('long '.repeat(9000), /"errorText":"That is too much at once: this chat takes about 2,800 words\./),
];

const bundlers = [
  {
    name: 'Turbopack',
    flag: '--turbopack',
    requests: [
      ...always,
      ...texts('edge'),
      { path: '/json', expected: /^Hello from small\.$/ },
      { path: '/url', expected: /^Hello from small\.$/ },
    ],
  },
  {
    name: 'webpack',
    flag: '--webpack',
    requests: [
      ...always,
      { path: '/url', expected: /^file is "\/_next\/static\/media\/models\.\w+\.yaml": .*pass a path/ },
    ],
    // `next build --webpack` of 16.4.6 fails on any route for the edge: it looks for a manifest that it didn't write.
    without: ['edge', 'json'],
  },
];

function install() {
  cpSync(join(root, 'test/next'), folder, { recursive: true });
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  const tarball = execFileSync('npm', pack, { cwd: root, encoding: 'utf8' }).trim();
  const args = ['install', '--no-package-lock', ...quietly, `./${tarball}`];
  execFileSync('npm', args, { cwd: folder, stdio: 'inherit' });
}

/** Whether an app that this bundler built answers as it should. */
async function passes({ name, flag, requests, without = [] }, env) {
  for (const route of without) rmSync(join(folder, 'app', route), { recursive: true });
  try {
    execFileSync(process.execPath, [next, 'build', flag], { cwd: folder, env, stdio: 'pipe' });
  } catch ({ stdout, stderr }) {
    console.error(`${name}: next build fails\n${stdout}${stderr}`);
    return false;
  }
  // Elsewhere, so that it can't find what was not copied.
  const standalone = mkdtempSync(join(tmpdir(), 'ai-alloy-standalone-'));
  renameSync(join(folder, '.next/standalone'), join(standalone, 'app'));
  const server = spawn(process.execPath, ['server.js'], {
    cwd: join(standalone, 'app'),
    env: { ...env, HOSTNAME: '127.0.0.1', PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const url = await urlOf(server);
    const wrong = [];
    for (const { path, body, headers, expected } of requests) {
      const response = await fetch(url + path, {
        ...(body && { method: 'POST', headers, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
      const text = await response.text();
      console.log(`${name}: ${path} answers ${response.status}: ${text.slice(0, 500)}`);
      if (!expected.test(text)) wrong.push(path);
    }
    if (wrong.length > 0) console.error(`${name}: this is wrong: ${wrong.join(', ')}`);
    return wrong.length === 0;
  } finally {
    server.kill();
    rmSync(standalone, { recursive: true, force: true });
  }
}

/** A port that nobody listens on: a standalone server doesn't choose one by itself. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Where a server says that it listens, once it is ready. */
async function urlOf(server) {
  let url;
  for await (const line of createInterface({ input: server.stdout })) {
    url ??= /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (line.includes('Ready')) return url;
  }
  throw new Error('the server has ended');
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
