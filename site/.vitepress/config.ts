import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import packageJson from '../../package.json' with { type: 'json' };
import { lighter } from './lighter.ts';
import { collectPages, documents, generated } from './pages.ts';

collectPages();

const notLoaded = fileURLToPath(new URL('../playground/not-loaded.ts', import.meta.url));

/** The documents to read first, in this order. Others in `docs/` come after them. */
const order = [
  'options',
  'members',
  'counting',
  'rules-and-conversations',
  'gateway',
  'timeouts-retries-cooldown',
  'failures',
  'too-long',
  'decisions',
  'telemetry',
  'testing',
  'coming-from',
  'questions',
];

const placeOf = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);

const guide = documents()
  .filter(({ name }) => name !== 'rules')
  .toSorted((a, b) => placeOf(a.name) - placeOf(b.name))
  .map(({ name, title }) => ({ text: title, link: `/docs/${name}` }));

const more = [
  { text: 'For coding agents', link: '/AGENTS' },
  { text: 'The numbered rules', link: '/docs/rules' },
  { text: 'Architecture', link: '/ARCHITECTURE' },
  { text: 'Changelog', link: '/CHANGELOG' },
];

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
      { text: 'Guide', items: [{ text: 'Introduction', link: '/README' }, ...guide] },
      { text: 'More', items: more },
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
