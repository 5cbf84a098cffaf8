import { generateText, streamText } from 'ai';
import { deltas } from './bare.mjs';
import { measure } from './measure.mjs';
import { models } from './models.mjs';

const request = {
  instructions: 'You are a helpful assistant. Answer in one word.',
  prompt: 'What is the capital of France?',
};

/** What a level adds to `generateText` and `streamText`, end to end. */
export async function text() {
  await measure({
    title: 'generateText',
    variants: variantsOf(async (model) => (await generateText({ model, ...request })).text),
    calls: 100,
  });
  await measure({
    title: `streamText of ${deltas} deltas`,
    variants: variantsOf(async (model) => {
      let count = 0;
      for await (const _ of streamText({ model, ...request }).textStream) count++;
      if (count !== deltas) throw new Error(`bench: ${count} deltas`);
    }),
    calls: 8,
  });
}

function variantsOf(run) {
  return Object.fromEntries(Object.entries(models).map(([name, model]) => [name, () => run(model)]));
}
