import assert from 'node:assert/strict';
import { answerOf, open } from './opened.mjs';

/** What the playground may take to load, compressed, without the editor. */
const mostBytes = 300_000;

const isEditor = (path) => /\/editor\.[\w-]+\.js$/.test(path);

export const loading = {
  async 'the playground loads under 300 kB, compressed, without the editor'({ context, site }) {
    site.sent.clear();
    const page = await open(context, site.url);
    await page.waitForLoadState('networkidle');
    const sent = [...site.sent];
    const sum = (some) => some.reduce((bytes, [, each]) => bytes + each, 0);
    const editor = sum(sent.filter(([path]) => isEditor(path)));
    const bytes = sum(sent) - editor;
    console.log(`  ${bytes} bytes in ${sent.length} files, and ${editor} of the editor`);
    assert.ok(editor > 50_000, 'the editor is a file of its own');
    assert.ok(bytes > 100_000, 'the library is loaded');
    assert.ok(bytes < mostBytes, `${bytes} bytes: ${sent.map((each) => each.join(' ')).join(', ')}`);
  },

  async 'without the editor, a text field serves'({ context, url }) {
    await context.route(/\/editor\.[\w-]+\.js$/, (route) => route.abort());
    const page = await context.newPage();
    await page.goto(`${url}/playground`);
    const field = page.getByRole('textbox', { name: 'The gateway' });
    await field.fill('models: [{ id: a/b, context_window: 90000 }]');
    await page.getByText('First call: a/b.').first().waitFor();
  },

  async 'once loaded, it needs no network'({ context, url }) {
    const page = await open(context, url);
    await page.waitForLoadState('networkidle');
    await context.setOffline(true);
    const before = await answerOf(page);
    await page.getByLabel('Exactly').fill('500000');
    await page.getByLabel('Exactly').press('Enter');
    await page.getByText('First call: long').first().waitFor();
    assert.notEqual(await answerOf(page), before);
  },
};
