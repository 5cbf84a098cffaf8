import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { parseGatewayConfig } from 'ai-alloy/gateway';
import { type GatewayFormat, readGatewayFile } from 'ai-alloy/load';
import { describe, expect, it } from 'vitest';
import { gateway as gatewayOptions } from '../src/options/gateway.ts';
import { runCli, temporaryFiles } from './cli/command-line.ts';

const root = new URL('../', import.meta.url);
const pages = [
  'README.md',
  'AGENTS.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  ...readdirSync(new URL('docs/', root))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

const textOf = (url: URL): string => readFileSync(url, 'utf8');

/** Without fences, where a `#` is a comment and brackets are code. */
const proseOf = (url: URL): string => textOf(url).replaceAll(/^```[\s\S]*?^```/gm, '');

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(url: URL): string[] {
  const headings = [...proseOf(url).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a link; undefined if it leads somewhere. */
function problemOf(link: string, page: URL): string | undefined {
  const target = new URL(link, page);
  if (target.protocol !== 'file:') return undefined;
  const anchor = decodeURIComponent(target.hash.slice(1));
  if (!existsSync(target)) return `${link}: no such file`;
  if (anchor === '' || statSync(target).isDirectory()) return undefined;
  return anchorsOf(target).includes(anchor) ? undefined : `${link}: no such heading`;
}

/** The functions and classes of subpaths, and where they are exported; without those that an option is called like. */
async function namesOfSubpaths(): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  const subpaths = {
    gateway: import('ai-alloy/gateway'),
    huggingface: import('ai-alloy/huggingface'),
    load: import('ai-alloy/load'),
    local: import('ai-alloy/local'),
    media: import('ai-alloy/media'),
    otel: import('ai-alloy/otel'),
    redis: import('ai-alloy/redis'),
    tiktoken: import('ai-alloy/tiktoken'),
  };
  for (const [subpath, exported] of Object.entries(subpaths))
    for (const name of Object.keys(await exported)) names.set(name, `ai-alloy/${subpath}`);
  for (const name of ['mediaTokens', ...Object.keys(gatewayOptions)]) names.delete(name);
  return names;
}

/** The names in code spans of a page of which neither an import nor a paragraph there says the entry point. */
function withoutEntryPoint(text: string, names: ReadonlyMap<string, string>): string[] {
  const paragraphs = text.replaceAll(/^```[\s\S]*?^```/gm, '').split(/\n\s*\n|\n- |\n\|/);
  return [...names].flatMap(([name, entry]) => {
    const isImported = new RegExp(`import [^;]*\\b${name}\\b[^;]*'${entry}'`).test(text);
    const own = paragraphs.filter((each) => new RegExp(`\`${name}[\`(]`).test(each));
    return isImported || own.length === 0 || own.some((each) => each.includes(entry))
      ? []
      : [`${name} of ${entry}`];
  });
}

it('finds a name whose entry point is not said', () => {
  const names = new Map([['load', 'ai-alloy/load']]);
  const told = "`load` of `ai-alloy/load`.\n\n```ts\nimport { other } from 'ai-alloy/load';\n```\n";
  expect(withoutEntryPoint(told, names)).toEqual([]);
  expect(withoutEntryPoint(told.replace('of `ai-alloy/load`', 'does it'), names)).toEqual([
    'load of ai-alloy/load',
  ]);
});

it('questions.md names the runtimes that are tested, in their versions', () => {
  const versions = JSON.parse(textOf(new URL('test/runtimes/versions.json', root))) as Record<string, string>;
  const text = textOf(new URL('docs/questions.md', root));
  for (const [name, version] of Object.entries(versions)) {
    expect(text.toLowerCase()).toContain(`${name} ${version}`);
  }
});

describe.each(pages)('%s', (file) => {
  const page = new URL(file, root);

  it('says which entry point exports what it names', async () => {
    expect(withoutEntryPoint(textOf(page), await namesOfSubpaths())).toEqual([]);
  });

  it('has headings of different names, so that links to them are clear', () => {
    const anchors = anchorsOf(page);
    expect(anchors.length).toBeGreaterThan(0);
    expect(anchors).toEqual([...new Set(anchors)]);
  });

  it('links to what is there', () => {
    const links = [...proseOf(page).matchAll(/\]\(\s*([^)\s]+)\)/g)].map(([, link = '']) => link);
    expect(links.flatMap((link) => problemOf(link, page) ?? [])).toEqual([]);
  });
});

it('finds what leads nowhere', () => {
  const page = new URL('README.md', root);
  expect(problemOf('docs/none.md', page)).toBe('docs/none.md: no such file');
  expect(problemOf('docs/options.md#none', page)).toBe('docs/options.md#none: no such heading');
  expect(problemOf('#which-one-do-i-want', page)).toBeUndefined();
});

const written = temporaryFiles();

/** The gateway files in the fences of a page. */
const declarationsIn = (page: string): { readonly format: GatewayFormat; readonly text: string }[] =>
  [...textOf(new URL(page, root)).matchAll(/^```(toml|yaml)\n([\s\S]*?)^```/gm)]
    .map(([, format = '', text = '']) => ({ format: format as GatewayFormat, text }))
    .filter(({ text }) => text.includes('models')); // not the comments that name a schema

const declarations = declarationsIn('docs/gateway.md');
const translations = declarationsIn('docs/coming-from.md');

it('R-35 every translation from another router is tried', () => {
  const { length } = textOf(new URL('docs/coming-from.md', root)).match(/^## /gm)!;
  expect(translations).toHaveLength(length);
});

it.each(translations)('R-35 a translated configuration passes check: $text', async ({ format, text }) => {
  const { stdout, code } = await runCli(['check', await written(`translated.${format}`, text)]);
  expect(stdout).toMatch(/: no problems\n/);
  expect(stdout).not.toContain('Note: dispatcher');
  expect(code).toBe(0);
});

it.each(declarations)('R-35 the chapter on gateways has sound $format', async ({ format, text }) => {
  const { data, problems } = await readGatewayFile({ format, text }, { environment: {} });
  expect(problems).toEqual([]);
  expect(parseGatewayConfig(data).problems).toEqual([]);
});

it('R-35 the chapter on gateways has the same rules in TOML and YAML', async () => {
  const rules = declarations.slice(-2);
  const [toml, yaml] = await Promise.all(rules.map(async (each) => readGatewayFile(each)));
  expect(rules.map(({ format }) => format)).toEqual(['toml', 'yaml']);
  expect(parseGatewayConfig(toml!.data).config).toEqual(parseGatewayConfig(yaml!.data).config);
});

it('R-38 the chapter on gateways shows what explain prints', async () => {
  const file = await written('models.toml', declarations[0]!.text);
  const { stdout } = await runCli(['explain', file, 'smart', '--tokens', '500K']);
  expect(textOf(new URL('docs/gateway.md', root))).toContain(`\n\`\`\`\n${stdout}\`\`\`\n`);
});
