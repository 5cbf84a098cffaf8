import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { open, replaceText } from './opened.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong, by the rules of WCAG 2.2 AA and its best practices. */
async function violations(page) {
  await page.addScriptTag({ path: axe });
  const found = await page.evaluate(async () => {
    // VitePress' own button shows a key beside its label.
    const { violations: all } = await globalThis.axe.run(
      { exclude: '.DocSearch-Button' },
      {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      },
    );
    return all.map(
      ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')})`,
    );
  });
  return found;
}

const phone = { width: 390, height: 844 };

async function ofPlayground(context, url, { scheme = 'light', viewport, text } = {}) {
  const page = await open(context, url);
  await page.emulateMedia({ colorScheme: scheme });
  if (viewport) await page.setViewportSize(viewport);
  if (text) {
    await replaceText(page, text);
    await page.locator('.problems li').first().waitFor();
  }
  assert.deepEqual(await violations(page), []);
}

export const accessibility = {
  'axe finds nothing on the playground': ({ context, url }) => ofPlayground(context, url),
  'axe finds nothing on the playground in dark mode': ({ context, url }) =>
    ofPlayground(context, url, { scheme: 'dark' }),
  'axe finds nothing on the playground at the width of a phone': ({ context, url }) =>
    ofPlayground(context, url, { viewport: phone }),
  'axe finds nothing on the playground with problems': ({ context, url }) =>
    ofPlayground(context, url, { text: 'models: [{ id: a, context_window: 0 }]' }),

  async 'axe finds nothing on the home page and a document'({ context, url }) {
    const page = await context.newPage();
    for (const path of ['/', '/docs/gateway']) {
      await page.goto(url + path);
      await page.locator('h1').first().waitFor();
      assert.deepEqual(await violations(page), [], path);
    }
  },

  async 'nothing is wider than a phone'({ context, url }) {
    const page = await open(context, url);
    await page.setViewportSize(phone);
    await page.locator('.picture.down').waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), phone.width);
    assert.equal(await page.locator('.picture.across').isVisible(), false);
  },
};
