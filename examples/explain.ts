// A dry run that says where a request would go. It calls no model, so you can test your routing with it.
import { alloy, dispatcher, explain } from 'ai-alloy';
import { connect } from './support/offline-server.ts';
import { realText } from './support/real-text.ts';

const { openai, close } = await connect({ 'qwen3-8b': {}, 'gpt-4.1': {}, 'gpt-4.1-mini': {} });

const model = dispatcher({
  targets: [
    { id: 'local', model: openai('qwen3-8b'), contextWindow: '32K', capacityFraction: 0.75 },
    alloy({
      id: 'blend',
      constituents: [
        { model: openai('gpt-4.1'), contextWindow: 1_047_576 },
        { model: openai('gpt-4.1-mini'), contextWindow: 1_047_576 },
      ],
    }),
  ],
});

for (const name of ['ai/README.md', 'ai/CHANGELOG.md']) {
  const { order, candidates } = await explain(model, { prompt: realText(name), maxOutputTokens: 1000 });
  console.log(`${name} would go to ${order?.[0] ?? 'nobody'}.`);
  for (const { id, demand, ceiling, fits } of candidates) {
    console.log(
      `  ${id}: ${demand.input + demand.output} of ${ceiling} tokens, ${fits ? 'fits' : 'too large'}`,
    );
  }
}

await close();
