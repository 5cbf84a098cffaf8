import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bundle, type Bundling, emptyModule, runInNode, runWithoutNode } from './bundles.ts';

/** What an application sees that has these peers. */
function expected(peers: readonly string[]) {
  const file = matching(/^file is .* no such file/);
  // Without a model of OpenAI's, nothing is counted by js-tiktoken.
  const found = { code: 'local/small', json: 'local/small', auto: 'local/small', file };
  const loaded = { yaml: 'local/small', toml: 'local/small', exact: 'local/small', count: '5', open: '3' };
  const missing = {
    yaml: matching(/^format is "yaml": .*package yaml\b.*: npm install yaml\b/),
    toml: matching(/^format is "toml": .*package smol-toml\b.*: npm install smol-toml\b/),
    exact: matching(/^<json>:1:\d+ tokenizer\.kind: "tiktoken": .*npm install js-tiktoken\b/m),
    open: matching(
      /^huggingFaceTokenizer\.tokenizer is .*package @huggingface\/tokenizers\b.*: npm install @hugg/,
    ),
    count: matching(/^tiktoken\.encoding is .*package js-tiktoken\b.*: npm install js-tiktoken\b/),
  };
  const { yaml } = peers.includes('yaml') ? loaded : missing;
  const { toml } = peers.includes('smol-toml') ? loaded : missing;
  const { exact, count } = peers.includes('js-tiktoken') ? loaded : missing;
  const { open } = openPeers.every((each) => peers.includes(each)) ? loaded : missing;
  return { ...found, yaml, toml, exact, count, open };
}

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

const formats: readonly Bundling['format'][] = ['esm', 'cjs'];
const openPeers = ['@huggingface/tokenizers', '@huggingface/jinja'];
const everything = ['yaml', 'smol-toml', 'js-tiktoken', ...openPeers];
const subsets = [['yaml'], ['smol-toml'], ['js-tiktoken'], openPeers, everything, []];
const cases = subsets.flatMap((peers) => formats.map((format) => ({ peers, format })));

describe.concurrent('R-35: bundled by esbuild', { timeout: 60_000 }, () => {
  test.each(cases)('beside $peers, and run where no package is ($format)', async ({ peers, format }) => {
    const output = await bundle({ peers, format });
    expect(await runInNode(output, { alone: true })).toEqual(expected(peers));
  });

  const external = ['ai', 'zod', ...everything];
  test.each(cases.filter(({ peers }) => peers.length <= 1))(
    'with all packages external, beside $peers ($format)',
    async ({ peers, format }) => {
      const output = await bundle({ peers, format, external });
      expect(await runInNode(output)).toEqual(expected(peers));
    },
  );

  test.each(formats)('finds what was installed after the build (%s)', async (format) => {
    const output = await bundle({ peers: [], format, installedLater: everything });
    expect(await runInNode(output)).toEqual(expected(everything));
  });

  test('with empty modules for what is missing, as Next.js does: finds it where it was installed later', async () => {
    const absent = ['yaml', 'smol-toml', 'js-tiktoken/ranks/o200k_base', ...openPeers];
    const alias = Object.fromEntries(absent.map((name) => [name, emptyModule]));
    const output = await bundle({ peers: [], format: 'cjs', alias, installedLater: everything });
    expect(await runInNode(output, { alone: true })).toEqual(expected([]));
    expect(await runInNode(output)).toEqual(expected(everything));
  });

  test('in several files, where the exports of a CommonJS package are a default export', async () => {
    const output = await bundle({ peers: everything, format: 'esm', splitting: true });
    expect(await runInNode(output, { alone: true })).toEqual(expected(everything));
  });

  test('finds a file by its URL where it is copied beside the bundle, and takes it as a text', async () => {
    const output = await bundle({
      peers: ['yaml'],
      format: 'esm',
      entry: 'of-file',
      loader: { '.yaml': 'text' },
    });
    const where = matching(
      /^file is "file:.*there is no such file, it was looked for at \/.*models\.yaml\.$/,
    );
    expect(await runInNode(output, { alone: true })).toEqual({ file: where, text: 'local/small' });
    cpSync(join(output.folder, 'models.yaml'), join(output.made, 'models.yaml'));
    expect(await runInNode(output, { alone: true })).toEqual({ file: 'local/small', text: 'local/small' });
  });

  test.each([{ peers: ['yaml'] }, { peers: everything }, { peers: [] }])(
    'for a runtime without Node: reads texts, and imports nothing but peers ($peers)',
    async ({ peers }) => {
      const output = await bundle({ peers, format: 'iife', platform: 'browser' });
      const isPeer = (path: string) => everything.some((peer) => path.startsWith(peer));
      expect(output.imports.filter((path) => !isPeer(path))).toEqual([]);
      expect(await runWithoutNode(output)).toEqual({
        ...expected(peers),
        file: 'file is "missing.json": there are no files in this runtime: pass { text, format }.',
      });
    },
  );
});
