import { spawnSync } from 'node:child_process';
import { print, quantile } from './measure.mjs';

const rounds = 5;

/** What each does before its first count, in a process of its own. */
const loads = {
  'js-tiktoken': `
    const { Tiktoken } = await import('js-tiktoken/lite');
    const ranks = (await import('js-tiktoken/ranks/o200k_base')).default;
    begin();
    globalThis.kept = new Tiktoken(ranks);`,
  'gpt-tokenizer': `
    begin();
    globalThis.kept = await import('gpt-tokenizer/encoding/o200k_base');
    kept.countTokens('a');`,
  'tiktoken()': `
    const { tiktoken } = await import('ai-alloy/tiktoken');
    await import('js-tiktoken/ranks/o200k_base');
    begin();
    globalThis.kept = tiktoken();
    await kept.load();
    kept.estimateText('a');`,
};

const program = (code) => `
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  const used = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  let started, before;
  const begin = () => {
    before = used();
    started = performance.now();
  };
  ${code}
  const time = performance.now() - started;
  console.log(JSON.stringify({ time, memory: used() - before }));`;

/** What it costs to make the tables of o200k_base. */
export async function load() {
  const results = Object.fromEntries(Object.keys(loads).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, code] of Object.entries(loads)) {
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program(code)], {
        cwd: new URL('.', import.meta.url),
        encoding: 'utf8',
      });
      if (!stdout) throw new Error(`bench: ${name} did not load\n${stderr}`);
      results[name].push(JSON.parse(stdout));
    }
  }
  const median = (name, field) =>
    quantile(
      results[name].map((result) => result[field]),
      0.5,
    );
  const [base] = Object.keys(loads);
  print(`Making the tables of o200k_base, the rank file read (${rounds} processes each)`, [
    ['', 'time', '', 'memory', ''],
    ...Object.keys(loads).map((name) => [
      name,
      `${median(name, 'time').toFixed(0)} ms`,
      `÷${(median(base, 'time') / median(name, 'time')).toFixed(1)}`,
      `${(median(name, 'memory') / 1e6).toFixed(1)} MB`,
      `÷${(median(base, 'memory') / median(name, 'memory')).toFixed(1)}`,
    ]),
  ]);
}
