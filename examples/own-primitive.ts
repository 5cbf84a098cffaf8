// A primitive of your own, made of a cascade and an `order` function: the member with the largest context window first.
import { generateText } from 'ai';
import { cascade, decisionOf, type RoutingModel } from 'ai-alloy';
import { connect } from './support/offline-server.ts';

type Members = Parameters<typeof cascade>[0]['steps'];

/** Tries the member with the largest context window first. */
function roomiest(id: string, members: Members): RoutingModel {
  return cascade({
    id,
    steps: members,
    order: (candidates) => candidates.toSorted((a, b) => (b.ceiling ?? Infinity) - (a.ceiling ?? Infinity)),
  });
}

const { openai, close } = await connect({ 'qwen3-8b': {}, 'gpt-4.1-mini': {} });

const model = roomiest('roomiest', [
  { id: 'local', model: openai('qwen3-8b'), contextWindow: '32K', price: { input: 0, output: 0 } },
  {
    id: 'hosted',
    model: openai('gpt-4.1-mini'),
    contextWindow: 1_047_576,
    price: { input: 0.4, output: 1.6 },
  },
]);

const result = await generateText({ model, prompt: 'Why is the sky blue?' });
const { answeredBy, reason, order, cost } = decisionOf(result)!;
console.log(`${answeredBy} answered (${reason}: ${order?.join(', ')}) for ${cost} US dollars.`);

await close();
