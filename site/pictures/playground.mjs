// The playground, with the README's gateway and a request that is too large for its first model.
import { serve } from '../test/serve.mjs';

export const start = serve;

export const viewport = { width: 1320, height: 860 };

export async function show(page, url) {
  await page.goto(`${url}/playground`);
  await page.locator('.cm-content').waitFor();
  await page.locator('.picture.across .box.skipped').waitFor();
}
