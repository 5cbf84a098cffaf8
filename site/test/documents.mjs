import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../.vitepress/dist/', import.meta.url));
const repository = new URL('../../', import.meta.url);

const pages = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));

/** Links of a page that lead nowhere within the site: to a missing page, or a missing heading. */
function brokenLinks(page) {
  const html = readFileSync(join(folder, page), 'utf8');
  const links = [...html.matchAll(/<a [^>]*?href="([^"]+)"/g)].map(([, href]) => href);
  return links.filter((href) => {
    if (/^(https?:|mailto:|data:)/.test(href)) return false;
    const [path, anchor] = href.split('#');
    const target =
      path === ''
        ? page
        : relative(folder, path.startsWith('/') ? join(folder, path) : join(folder, dirname(page), path));
    const file = [target, `${target}.html`, join(target, 'index.html')].find(
      (each) => each !== '' && /\.\w+$/.test(each) && existsSync(join(folder, each)),
    );
    if (file === undefined) return true;
    return (
      Boolean(anchor) &&
      !readFileSync(join(folder, file), 'utf8').includes(`id="${decodeURIComponent(anchor)}"`)
    );
  });
}

export const documents = {
  'every document of the repository is a page, and in the sidebar'() {
    const files = ['README', 'AGENTS', 'ARCHITECTURE', 'CHANGELOG'].concat(
      readdirSync(new URL('docs/', repository))
        .filter((file) => file.endsWith('.md'))
        .map((file) => `docs/${file.slice(0, -3)}`),
    );
    const built = pages();
    assert.deepEqual(
      files.filter((file) => !built.includes(`${file}.html`)),
      [],
    );
    const sidebar = readFileSync(join(folder, 'README.html'), 'utf8');
    assert.deepEqual(
      files.filter((file) => !sidebar.includes(`href="/${file}.html"`)),
      [],
    );
  },

  'every link between pages leads somewhere, also to headings'() {
    const broken = pages().flatMap((page) => brokenLinks(page).map((href) => `${page}: ${href}`));
    assert.deepEqual(broken, []);
    assert.ok(pages().length > 12);
  },

  async 'search finds the documents, without a network'({ context, url }) {
    const page = await context.newPage();
    await page.goto(`${url}/README`);
    await page.getByRole('button', { name: 'Search' }).first().click();
    const field = page.locator('.VPLocalSearchBox input');
    await field.fill('circuit breaker');
    const results = page.locator('.VPLocalSearchBox .result');
    await results.first().waitFor();
    await context.setOffline(true);
    await field.fill('between');
    await page.locator('.VPLocalSearchBox .result', { hasText: 'Rules' }).first().waitFor();
    await context.setOffline(false);
    await results.first().click();
    await page.waitForURL(/docs\//);
  },

  async 'the home page shows the way'({ context, url }) {
    const page = await context.newPage();
    await page.goto(url);
    await page.getByRole('link', { name: 'Open the playground' }).click();
    await page.getByRole('heading', { name: 'Playground' }).waitFor();
  },
};
