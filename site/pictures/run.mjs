// Makes the pictures of the README: `npm run pictures`, or those named on the command line. Another picture is another
// module with the same exports, and an entry here.
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from '../test/browser.mjs';
import * as playground from './playground.mjs';

/** Each has `start()`, which returns a `url` and `end()`, `viewport`, and `show(page, url)`, which gets a page ready. */
const pictures = { playground };

/** GitHub and npm load them with each view of the README. */
const mostBytes = 200_000;
const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(pictures);
mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
  for (const name of names) {
    const { start, viewport, show } = pictures[name] ?? fail(`there is no picture ${name}`);
    const { url, end } = await start();
    try {
      const page = await browser.newPage({
        viewport,
        colorScheme: 'light',
        reducedMotion: 'reduce',
        locale: 'en-US',
      });
      await show(page, url);
      writeFileSync(`${folder}${name}.png`, await page.screenshot({ type: 'png', animations: 'disabled' }));
      await page.close();
    } finally {
      await end();
    }
    const { size } = statSync(`${folder}${name}.png`);
    console.log(`docs/images/${name}.png: ${size} bytes`);
    if (size >= mostBytes)
      fail(`docs/images/${name}.png has ${size} bytes: make it smaller than ${mostBytes}`);
  }
} finally {
  await browser.close();
}

function fail(message) {
  throw new Error(message);
}
