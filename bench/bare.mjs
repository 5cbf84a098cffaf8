// What is measured with: a model and calls that cost next to nothing themselves.

export const deltas = 100;

const usage = {
  inputTokens: { total: 12, noCache: 12, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: deltas, text: deltas, reasoning: undefined },
};
const finishReason = { unified: 'stop', raw: 'stop' };
const response = { id: 'r1', modelId: 'a', timestamp: new Date(0) };
const generated = {
  content: [{ type: 'text', text: 'Paris.' }],
  finishReason,
  usage,
  warnings: [],
  response,
};
const parts = [
  { type: 'stream-start', warnings: [] },
  { type: 'response-metadata', ...response },
  { type: 'text-start', id: 't1' },
  ...Array.from({ length: deltas }, (_, index) => ({
    type: 'text-delta',
    id: 't1',
    delta: `word ${index} `,
  })),
  { type: 'text-end', id: 't1' },
  { type: 'finish', finishReason, usage },
];

/** A model that answers at once, as cheaply as one can: what is measured is what stands around it. */
export function bare(modelId) {
  return {
    specificationVersion: 'v4',
    provider: 'bench',
    modelId,
    supportedUrls: {},
    async doGenerate() {
      return generated;
    },
    async doStream() {
      let next = 0;
      const pull = (controller) => {
        controller.enqueue(parts[next++]);
        if (next === parts.length) controller.close();
      };
      return { stream: new ReadableStream({ pull }) };
    },
  };
}

/** A call as `ai` makes it: a new one each time, since a primitive remembers what it counted by the prompt. */
export function newCall() {
  return {
    prompt: [
      { role: 'system', content: 'You are a helpful assistant. Answer in one word.' },
      { role: 'user', content: [{ type: 'text', text: 'What is the capital of France?' }] },
    ],
  };
}

/** A call with an abort signal, as applications make it: a server gives each request one of its own. */
export const newCallWithSignal = () => ({ ...newCall(), abortSignal: new AbortController().signal });
