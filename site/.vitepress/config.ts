import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import packageJson from '../../package.json' with { type: 'json' };
import { lighter } from './lighter.ts';
import { collectPages, generated } from './pages.ts';

collectPages();

const notLoaded = fileURLToPath(new URL('../playground/not-loaded.ts', import.meta.url));

/** The pages of the documentation, as they are in the repository, in the order in which to read them. */
const guide = [
  ['Introduction', '/README'],
  ['Options', '/docs/options'],
  ['Counting tokens', '/docs/counting'],
  ['Rules and sticky conversations', '/docs/rules-and-conversations'],
  ['Gateway configuration', '/docs/gateway'],
  ['Timeouts, retries and cooldown', '/docs/timeouts-retries-cooldown'],
  ['What happens on each failure', '/docs/failures'],
  ['Decisions', '/docs/decisions'],
  ['Too long for every model', '/docs/too-long'],
  ['Testing', '/docs/testing'],
  ['Frequently asked questions', '/docs/questions'],
] as const;

const more = [
  ['For coding agents', '/AGENTS'],
  ['The numbered rules', '/docs/rules'],
  ['Architecture', '/ARCHITECTURE'],
  ['Changelog', '/CHANGELOG'],
] as const;

const itemsOf = (pages: readonly (readonly [string, string])[]) =>
  pages.map(([text, link]) => ({ text, link }));

/** Anchors as on GitHub, where the same pages are read: `llama.cpp` is `llamacpp`. */
const slugify = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

const base = process.env['SITE_BASE'] ?? '/';

export default defineConfig({
  title: 'ai-alloy',
  description: packageJson.description,
  lang: 'en',
  base,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}icon.svg` }]],
  srcDir: generated,
  markdown: {
    anchor: { slugify },
    toc: { slugify },
    // The others have colours that are hard to read on their ground.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  // Only what is asked for is loaded.
  router: { prefetchLinks: false },
  themeConfig: {
    logo: '/icon.svg',
    nav: [
      { text: 'Playground', link: '/playground' },
      { text: 'Docs', link: '/README', activeMatch: '^/(README|docs/)' },
    ],
    sidebar: [
      { text: 'Guide', items: itemsOf(guide) },
      { text: 'More', items: itemsOf(more) },
    ],
    outline: [2, 3],
    search: { provider: 'local' },
    footer: { message: `ai-alloy ${packageJson.version}, MIT licence` },
  },
  vite: {
    worker: { format: 'es', plugins: () => [lighter()] },
    // Exact counts need megabytes of tables: the playground estimates instead.
    resolve: { alias: [{ find: /^(js-tiktoken|@huggingface)\/.*/, replacement: notLoaded }] },
    // Browsers of the last three years: older syntax is larger.
    build: { chunkSizeWarningLimit: 900, target: 'es2022' },
    esbuild: { target: 'es2022' },
  },
});
