// Tests of the built site in Chromium. Its last line is counted by .ci/run.
import { launch } from './browser.mjs';
import { accessibility } from './accessibility.mjs';
import { documents } from './documents.mjs';
import { loading } from './loading.mjs';
import { playground } from './playground.mjs';
import { serve } from './serve.mjs';
import { types } from './types.mjs';

const wanted = process.argv[2] ?? '';
const site = await serve();
const browser = await launch();
let passed = 0;
let failed = 0;
try {
  for (const [name, test] of Object.entries({
    ...types,
    ...documents,
    ...loading,
    ...playground,
    ...accessibility,
  })) {
    if (!name.includes(wanted)) continue;
    const context = await browser.newContext({ viewport: { width: 1320, height: 900 }, locale: 'en-US' });
    // Whatever is not of this server would phone somebody.
    const elsewhere = [];
    await context.route(
      (url) => url.origin !== site.url && /^https?:$/.test(url.protocol),
      (route) => {
        elsewhere.push(route.request().url());
        return route.abort();
      },
    );
    const errors = [];
    context.on('weberror', (error) => errors.push(String(error.error())));
    try {
      await test({ context, site, url: site.url });
      if (elsewhere.length > 0) throw new Error(`it asked for ${elsewhere.join(', ')}`);
      if (errors.length > 0) throw new Error(`errors on the page: ${errors.join('; ')}`);
      passed++;
      console.log(`✓ ${name}`);
    } catch (error) {
      failed++;
      console.error(`✗ ${name}\n  ${error.stack ?? error}`);
    } finally {
      await context.close();
    }
  }
} finally {
  await browser.close();
  site.end();
}
console.log(`site: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
