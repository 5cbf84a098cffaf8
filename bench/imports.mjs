import { spawnSync } from 'node:child_process';
import { rolldown } from 'rolldown';
import { inTurn, print, quantile } from './measure.mjs';

const rounds = 21;
const here = new URL('.', import.meta.url);
const entries = ['ai-alloy', 'ai-alloy/gateway', 'ai-alloy/load'];

/** What importing a package adds to a process that has imported `ai`. */
export async function imports() {
  const modules = ['ai-retry', 'ai-fallback'].map((name) => [name, name]);
  for (const entry of entries) {
    modules.push([entry, entry], [`${entry}, in one file`, await inOneFile(entry)]);
  }
  const times = Object.fromEntries(modules.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, specifier] of inTurn(modules, round)) times[name].push(timeToImport(specifier));
  }
  const [base] = Object.values(times);
  print(`Importing, once ai is imported (${rounds} processes each)`, [
    ['', 'time', 'of ai-retry', 'of one file'],
    ...Object.entries(times).map(([name, own]) => [
      name,
      `${quantile(own, 0.5).toFixed(1)} ms`,
      ratio(own, base),
      times[`${name}, in one file`] ? ratio(own, times[`${name}, in one file`]) : '',
    ]),
  ]);
}

/** The median of the ratios of each round. */
function ratio(times, base) {
  const ratios = times.map((time, round) => time / base[round]);
  return `×${quantile(ratios, 0.5).toFixed(2)}`;
}

function timeToImport(specifier) {
  const program = `
    await import('ai');
    const started = performance.now();
    await import(${JSON.stringify(specifier)});
    console.log(performance.now() - started);`;
  const options = { cwd: here, encoding: 'utf8' };
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], options);
  if (!stdout) throw new Error(`bench: ${specifier} was not imported\n${stderr}`);
  return Number(stdout);
}

/** Bundles all of an entry but packages into a file beside it, and returns its address. */
async function inOneFile(entry) {
  const input = import.meta.resolve(entry);
  const file = `node_modules/ai-alloy/one-file/${entry.replaceAll('/', '-')}.js`;
  const bundle = await rolldown({ input: new URL(input).pathname, external: /^[^./]/, platform: 'neutral' });
  await bundle.write({ file: new URL(file, here).pathname, sourcemap: true });
  return new URL(file, here).href;
}
