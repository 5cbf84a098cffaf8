// Prints what one level of routing costs, beside ai-retry and ai-fallback: `npm run bench [-- generate stream …]`.
import { prepare } from './prepare.mjs';

await prepare();
// Only now, since what they import is installed by `prepare`.
const { generate } = await import('./generate.mjs');
const { stream } = await import('./stream.mjs');
const { text } = await import('./text.mjs');
const { count, growth } = await import('./count.mjs');
const { load } = await import('./load.mjs');
const { imports } = await import('./imports.mjs');
const { agent } = await import('./agent.mjs');
const { history } = await import('./history.mjs');

const parts = { generate, stream, text, count, load, import: imports, growth, history, agent };
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in parts));
if (unknown) {
  console.error(`bench: there is no part "${unknown}", only ${Object.keys(parts).join(', ')}`);
  process.exit(1);
}
console.log(`Node ${process.version}, ${process.platform} ${process.arch}`);
console.log('All rows of a table take turns within each of its rounds; figures are medians over the rounds.');
console.log('Compare ratios and added time within one run: absolute times say more about the machine.');
for (const name of asked.length > 0 ? asked : Object.keys(parts)) await parts[name]();
