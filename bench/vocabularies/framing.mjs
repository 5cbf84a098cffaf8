// Demand ÷ real tokens of whole calls, by the chat templates of open models: `npm run framing`. Writes the fixture of
// test/tokens/call/framing.test.ts: the calls of calls.mjs, which are in the repository, and their real tokens.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { countCall } from '../../src/tokens/call/count-call.ts';
import { parseLimits } from '../../src/tokens/fit.ts';
import { samples, system, user } from './calls.mjs';
import { install } from './vocabularies.mjs';

install();
// Only now, since what they read is installed.
const { mcpTools } = await import('./mcp-tools.mjs');
const { templateOf, templates } = await import('./templates.mjs');

const target = fileURLToPath(new URL('../../test/tokens/call/fixtures/framing.json', import.meta.url));
const vendors = Object.keys(templates);
const modelIds = {
  qwen: 'qwen3',
  llama: 'llama3.2',
  gemma: 'gemma3',
  deepseek: 'deepseek-v3',
  mistral: 'mistral-nemo',
};
const servers = Object.entries(await mcpTools());
const calls = {
  ...samples,
  ...Object.fromEntries(
    servers.map(([name, tools]) => [`the ${tools.length} tools of ${name}`, callWith(tools)]),
  ),
};
const inGroups = servers.flatMap(([, tools]) => [...groupsOf(tools, 5), ...groupsOf(tools, 1)].map(callWith));

const fixture = {
  vendors,
  calls: Object.entries(samples).map(([name, call]) => ({ name, call, real: [] })),
  texts: {}, // what each tokenizer makes of each text of these calls
};
const rows = Object.keys(calls).map((name) => [name]);
const rest = [];
for (const vendor of vendors) {
  const counter = templateOf(vendor);
  // By the family's weights; and by the tokenizer itself, so that only the framing is an estimate.
  const model = { modelId: modelIds[vendor] };
  const byWeights = parseLimits('here', { anchor: false }, undefined, model);
  const estimator = { id: vendor, estimateText: counter.count, ignoresVendor: true };
  const byTokenizer = parseLimits('here', { estimator, anchor: false }, undefined, model);
  const ratiosOf = (call) => {
    const real = counter.countCall(call);
    return [byTokenizer, byWeights].map((limits) => countCall(call, limits, Infinity).tokens / real);
  };
  Object.values(calls).forEach((call, i) =>
    rows[i].push(
      ratiosOf(call)
        .map((ratio) => ratio.toFixed(2))
        .join(', '),
    ),
  );
  const ratios = inGroups.map(ratiosOf);
  rest.push([0, 1].map((k) => Math.min(...ratios.map((pair) => pair[k])).toFixed(2)).join(', '));
  const recorder = {
    id: 'recorder',
    ignoresVendor: true,
    estimateText(text) {
      const tokens = counter.count(text);
      (fixture.texts[text] ??= {})[vendor] = tokens;
      return tokens;
    },
  };
  const recorded = parseLimits('here', { estimator: recorder, anchor: false }, undefined, model);
  for (const { call, real } of fixture.calls) {
    countCall(call, recorded, Infinity);
    real.push(counter.countCall(call));
  }
}
console.log(
  'Demand ÷ real tokens of a call: where texts are counted exactly, so that only the framing is an',
);
console.log('estimate, and by the weights of the family.\n');
printRow(['call', ...vendors]);
printRow(['---', ...vendors.map(() => '--:')]);
rows.forEach(printRow);
printRow([`the lowest of ${inGroups.length} calls with five of these tools or one`, ...rest]);
writeFileSync(target, `${JSON.stringify(fixture, null, 1)}\n`);

function printRow(cells) {
  console.log(`| ${cells.join(' | ')} |`);
}

function callWith(tools) {
  return { prompt: [system, user('Hi there')], tools };
}

function groupsOf(tools, size) {
  return tools.flatMap((_, i) => (i % size === 0 ? [tools.slice(i, i + size)] : []));
}
