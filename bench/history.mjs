import { cascade } from 'ai-alloy';
import { tsImport } from 'tsx/esm/api';
import { measure } from './measure.mjs';
import { textsOf } from './texts.mjs';

// Not in what is built as a name of its own.
const { hashOfText } = await tsImport('../src/tokens/hash.ts', import.meta.url);
const perPass = 20;
const alike = 256;

/** What it costs to know a history again: one that comes as new objects is hashed, one of many alike as any other. */
export async function history() {
  for (const [kind, texts] of Object.entries(await textsOf(['English prose', 'Chinese'], 2000, 100))) {
    const text = texts.join('\n').slice(0, 100_000);
    const variants = {
      'an empty charCodeAt loop': async () => sumOf(text),
      'a hash': async () => hashOfText(text),
    };
    await measure({ title: `One pass over ${text.length} characters, ${kind}`, variants, calls: perPass });
  }
  const model = cascade({
    steps: [bare('a'), bare('b')].map((each) => ({ model: each, contextWindow: 200_000 })),
  });
  for (let index = 0; index < alike; index++) await model.doGenerate({ prompt: conversation(index) });
  let next = 0;
  await measure({
    title: `A call of one of ${alike} conversations that open alike, with tool inputs of 30 kB, as new objects`,
    variants: {
      'making the objects': async () => conversation(next++ % alike),
      'and a call of a cascade': async () => model.doGenerate({ prompt: conversation(next++ % alike) }),
    },
    calls: 20,
  });
}

function sumOf(text) {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum += text.charCodeAt(index);
  return sum;
}

function conversation(number) {
  const input = { text: `${'x'.repeat(30_000)}${number}` };
  return JSON.parse(
    JSON.stringify([
      { role: 'user', content: [{ type: 'text', text: 'Write the file.' }] },
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: '1', toolName: 'write', input }] },
    ]),
  );
}

const bare = (modelId) => ({
  specificationVersion: 'v4',
  provider: 'bench',
  modelId,
  supportedUrls: {},
  doStream: () => Promise.reject(new Error('not measured')),
  doGenerate: async () => ({
    content: [{ type: 'text', text: 'Done.' }],
    finishReason: { unified: 'stop', raw: 'stop' },
    usage: { inputTokens: { total: 5000 }, outputTokens: { total: 2 } },
    warnings: [],
  }),
});
