import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { answerOf, open, replaceText, rowsOf } from './opened.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the command line says of the same request. */
const explained = (file, id, ...args) =>
  new Promise((resolve, reject) => {
    const all = ['dist/cli.js', 'explain', file, id, ...args, '--json'];
    execFile(process.execPath, all, { cwd: root, maxBuffer: 1e7 }, (error, stdout) =>
      stdout ? resolve(JSON.parse(stdout)) : reject(error),
    );
  });

async function setTokens(page, tokens) {
  const field = page.getByLabel('Exactly');
  await field.fill(`${tokens}`);
  await field.press('Enter');
}

const says = (page, text) => page.locator('.answer .destination', { hasText: text }).waitFor();
/** One of its rules holds at night. */
const atNoon = (page) => page.getByLabel('Time (UTC)').fill('2026-01-31T12:00');
const example = (page, name) => page.getByRole('button', { name }).click();

export const playground = {
  async 'it says what the command line says'({ context, url }) {
    const page = await open(context, url);
    for (const tokens of [500, 40_000, 180_000, 500_000, 1_500_000]) {
      const { destination, remedy } = await explained(
        'site/examples/readme.yaml',
        'smart',
        '--tokens',
        `${tokens}`,
      );
      await setTokens(page, tokens);
      await says(page, destination);
      if (remedy) assert.equal(await page.locator('.answer .remedy').innerText(), remedy);
    }
  },

  async 'each example has an answer, with its own format'({ context, url }) {
    const page = await open(context, url);
    for (const [name, format, entry] of [
      ['Rules and prices', 'json', 'First call: cheapest'],
      ['The RFC’s', 'toml', 'First call: '],
      ['The README’s', 'yaml', 'First call: blend'],
    ]) {
      await example(page, name);
      if (format === 'json') await atNoon(page);
      await says(page, entry);
      assert.equal(await page.getByLabel('Format').inputValue(), format);
      assert.equal(await page.locator('.problems li').count(), 0);
    }
  },

  async 'problems are marked where they are, in each format'({ context, url }) {
    const page = await open(context, url);
    for (const [text, format, at, marked] of [
      ['models:\n  - id: a\n    context_windw: 5', 'yaml', '3:5', 'context_windw'],
      ['[[models]]\nid = "a"\ncontext_window = 0', 'toml', '3:1', 'context_window'],
      [
        '{ "models": [{ "id": "a" }],\n  "cascades": [{ "id": "c", "steps": ["b"] }] }',
        'json',
        '2:39',
        '"b"',
      ],
      ['{ "models": [', 'json', '1:14', '['],
    ]) {
      await replaceText(page, text);
      await page.locator('.problems .at', { hasText: new RegExp(`^${at}$`) }).waitFor();
      assert.equal(await page.getByLabel('Format').inputValue(), format);
      const mark = page.locator('.cm-lintRange-error, .cm-lintPoint-error').first();
      await mark.waitFor();
      assert.equal(await mark.innerText(), marked);
      await page.locator('.problems button').first().click();
      assert.equal(await page.evaluate(() => document.activeElement.className.includes('cm-content')), true);
    }
  },

  async 'the slider is moved with the keyboard'({ context, url }) {
    const page = await open(context, url);
    const slider = page.getByRole('slider', { name: 'Size of the prompt' });
    await slider.focus();
    await page.keyboard.press('Home');
    await says(page, 'First call: ollama/qwen3.');
    assert.equal(await slider.getAttribute('aria-valuetext'), '16 tokens');
    await page.keyboard.press('End');
    await says(page, 'Refused');
    assert.equal(await slider.getAttribute('aria-valuetext'), '2,000,000 tokens');
    await page.keyboard.press('PageDown');
    assert.notEqual(await slider.getAttribute('aria-valuetext'), '2,000,000 tokens');
  },

  async 'metadata, tools, text and time lead to rules'({ context, url }) {
    const page = await open(context, url);
    await example(page, 'Rules and prices');
    await atNoon(page);
    await says(page, 'First call: cheapest');
    const gold = page.getByRole('button', { name: 'tier=gold' });
    await gold.click();
    await says(page, 'First call: best');
    await gold.click();
    await says(page, 'First call: cheapest');
    await page.getByLabel('tools').check();
    await says(page, 'First call: openai/gpt-4.1.');
    await page.getByLabel('tools').uncheck();
    await page.getByRole('checkbox', { name: 'an image' }).check();
    await page.locator('.verdict', { hasText: 'does not support images' }).waitFor();
    await page.getByRole('checkbox', { name: 'an image' }).uncheck();
    await page.getByLabel('Text begins with').fill('refund, please');
    await page.keyboard.press('Enter');
    await says(page, 'First call: best');
    await page.getByLabel('Text begins with').fill('');
    await page.keyboard.press('Enter');
    await page.getByLabel('Time (UTC)').fill('2026-01-31T23:30');
    await says(page, 'First call: local/llama3.3.');
  },

  async 'a model that is down is passed over by those that have a fallback'({ context, url }) {
    const page = await open(context, url);
    await page.getByLabel('openai/gpt-4.1').selectOption('is down (503)');
    await page.getByLabel('Asks for').selectOption('long');
    await page.getByText('Answered by google/gemini-2.5-pro.').first().waitFor();
    const rows = await rowsOf(page);
    assert.deepEqual(
      rows.map(({ verdict }) => verdict),
      ['failed: server-error (503)', 'answered'],
    );
    // An expired key is a mistake of the caller: no other member is tried.
    await page.getByLabel('openai/gpt-4.1').selectOption('wrong key (401)');
    await page.getByText('The call fails: Incorrect API key provided').first().waitFor();
  },

  async 'a model on cooldown is called last, where a cooldown is declared'({ context, url }) {
    const page = await open(context, url);
    await page.getByLabel('Asks for').selectOption('long');
    await says(page, 'First call: openai/gpt-4.1.');
    await page.getByLabel('openai/gpt-4.1').selectOption('on cooldown');
    await says(page, 'First call: google/gemini-2.5-pro.');
    const [first] = await rowsOf(page);
    assert.deepEqual([first.called, first.verdict], ['2, on failure', 'on cooldown: last']);
    await page.getByLabel('ollama/qwen3').selectOption('on cooldown');
    await page.getByLabel('Asks for').selectOption({ index: 0 });
    await page.getByText('no primitive with ollama/qwen3 declares a cooldown').waitFor();
  },

  async 'the URL holds the gateway and the request'({ context, url }) {
    const page = await open(context, url);
    await replaceText(page, '[[models]]\nid = "my/own"\ncontext_window = 50000\n# ✓ ünï');
    await says(page, 'First call: my/own.');
    await setTokens(page, 47_000);
    await says(page, 'Refused');
    await page.getByLabel('my/own').selectOption('rate limit (429)');
    await page.getByLabel('tools').check();
    await page.waitForFunction(() => location.hash.length > 20);
    await page.waitForTimeout(600); // the URL follows what is typed after a pause
    const other = await open(context, url, await page.evaluate(() => location.hash));
    await says(other, 'Refused');
    assert.equal(await other.getByLabel('tools').isChecked(), true);
    assert.equal(await other.getByLabel('Format').inputValue(), 'toml');
    assert.equal(await other.getByLabel('my/own').inputValue(), 'rate-limited');
    assert.match(await other.locator('.cm-content').innerText(), /✓ ünï/);
  },

  async 'a URL that somebody broke opens the first example'({ context, url }) {
    for (const hash of ['#nonsense', '#AAAA', '#%E0%A4%A']) {
      const page = await open(context, url, hash);
      assert.match(await answerOf(page), /blend/);
      await page.close();
    }
  },

  async 'ids are only names, and what is asked for is what the answer is about'({ context, url }) {
    const page = await open(context, url);
    await page.getByLabel('Asks for').selectOption('long');
    await says(page, 'First call: openai/gpt-4.1.');
    const ids = ['constructor', '__proto__', 'toString'];
    await replaceText(page, JSON.stringify({ models: ids.map((id) => ({ id, context_window: 90000 })) }));
    await says(page, 'First call: constructor.');
    assert.equal(await page.getByLabel('Asks for').inputValue(), '');
    for (const id of ids) assert.equal(await page.getByLabel(id, { exact: true }).inputValue(), 'up');
    await page.getByLabel('__proto__', { exact: true }).selectOption('is down (503)');
    await page.getByLabel('Asks for').selectOption('__proto__');
    await page.getByText('The call fails: Service unavailable').first().waitFor();
    assert.equal(await page.getByLabel('toString', { exact: true }).inputValue(), 'up');
  },

  async 'ids that look like HTML are text'({ context, url }) {
    const page = await open(context, url);
    const id = `x<img src=x onerror="window.hacked=1">&'`;
    await replaceText(page, JSON.stringify({ models: [{ id, context_window: 90000 }] }));
    await says(page, `First call: ${id}.`);
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
    assert.equal(await page.locator('.playground img').count(), 0);
  },
};
