// Packs the built package and installs it beside ai 4, 5, 6 and 7, in one folder each, outside the repository.
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder that holds `ai-4` to `ai-7`. */
    readonly installations: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The packages of each generation, as they are called in this repository; of zod, each major in turn. */
const generations = {
  4: { ai: 'ai-v4', zod: 'zod' },
  5: { ai: 'ai-v5', zod: 'zod' },
  6: { ai: 'ai-v6', zod: 'zod-v4' },
  7: { ai: 'ai', zod: 'zod-v4' },
};
/** Of the newest generation by their own names, of the others as `openai-v4` and so on. */
const providers = ['openai', 'anthropic', 'google', 'openai-compatible'];

const peers = [
  'js-tiktoken',
  '@huggingface/tokenizers',
  '@huggingface/jinja',
  'image-dimensions',
  'yaml',
  '@opentelemetry/api',
  'smol-toml',
];

// A package of its own in node_modules, which vitest leaves to Node: whatever it imports is resolved
// from the installation, never from this repository.
const entry = `
export * as sdk from 'ai';
export * as mocks from 'ai/test';
export * as aiAlloy from 'ai-alloy';
export { createOpenAI } from '@ai-sdk/openai';
export { createAnthropic } from '@ai-sdk/anthropic';
export { createGoogleGenerativeAI } from '@ai-sdk/google';
export { createOpenAICompatible } from '@ai-sdk/openai-compatible';
export * as counting from 'ai-alloy/tiktoken';
export * as countingOpen from 'ai-alloy/huggingface';
export * as local from 'ai-alloy/local';
export * as media from 'ai-alloy/media';
export * as otel from 'ai-alloy/otel';
export * as redis from 'ai-alloy/redis';
export * as declared from 'ai-alloy/gateway';
export * as loading from 'ai-alloy/load';
`;

/** Vitest's global setup: returns the teardown. */
export default function install(project: TestProject): () => void {
  if (!existsSync(join(root, 'dist/index.js'))) {
    throw new Error('dist/ is missing: run `npm run build` before the tests in test/compat.');
  }
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ai-alloy-compat-')));
  const unpacked = pack(folder);
  for (const [major, { ai, zod }] of Object.entries(generations)) {
    const modules = join(folder, `ai-${major}`, 'node_modules');
    mkdirSync(join(modules, 'entry'), { recursive: true });
    writeFileSync(join(modules, 'entry', 'index.mjs'), entry);
    cpSync(unpacked, join(modules, 'ai-alloy'), { recursive: true });
    link(ai, join(modules, 'ai'));
    for (const provider of providers) {
      const name = `@ai-sdk/${provider}`;
      link(major === '7' ? name : `${provider}-v${major}`, join(modules, name));
    }
    for (const peer of peers) link(peer, join(modules, peer));
    link(zod, join(modules, 'zod'));
  }
  project.provide('installations', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}

/** Packs this package as npm would publish it, and unpacks it into `folder`. */
function pack(folder: string): string {
  const options = ['--ignore-scripts', '--offline', '--no-update-notifier', '--silent'];
  const npm = ['pack', ...options, '--pack-destination', folder];
  const tarball = execFileSync('npm', npm, { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  execFileSync('tar', ['-xzf', tarball], { cwd: folder });
  if (!existsSync(join(folder, 'package/dist/index.js'))) throw new Error('The packed package has no dist/.');
  return join(folder, 'package');
}

/** Links to a package of this repository, whose own nested dependencies stay where they are. */
function link(name: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), path, 'dir');
}
