// Calls that hold a lot, and models to send them to.
import { runInNewContext } from 'node:vm';
import { wrapLanguageModel } from 'ai';
import { cascade, dispatcher, fitCheck } from 'ai-alloy';
import { tiktoken } from 'ai-alloy/tiktoken';

const usage = { inputTokens: { total: 9000, noCache: 9000 }, outputTokens: { total: 2 } };
const finishReason = { unified: 'stop', raw: 'stop' };
const parts = [
  { type: 'stream-start', warnings: [] },
  { type: 'text-start', id: '1' },
  { type: 'text-delta', id: '1', delta: 'Fine.' },
  { type: 'text-end', id: '1' },
  { type: 'finish', finishReason, usage },
];

const model = (own = {}) => ({
  specificationVersion: 'v4',
  provider: 'mock',
  modelId: 'm',
  supportedUrls: {},
  async doGenerate() {
    return { content: [{ type: 'text', text: 'Fine.' }], finishReason, usage, warnings: [] };
  },
  async doStream() {
    return {
      stream: new ReadableStream({
        start(controller) {
          for (const part of parts) controller.enqueue(part);
          controller.close();
        },
      }),
    };
  },
  ...own,
});

const down = async () => {
  throw Object.assign(new Error('down'), { statusCode: 503 });
};
const failing = model({ doGenerate: down, doStream: down });
const large = { model: model(), contextWindow: 1_000_000 };

/** Every way to the end of a call, and everything that counts. */
export const models = {
  'the default': cascade({ steps: [{ model: model(), contextWindow: 6000 }, large] }),
  'tiktoken()': cascade({ steps: [{ model: model(), contextWindow: 9000 }, large], estimator: tiktoken() }),
  sessions: dispatcher({
    id: 'sessions',
    targets: [large],
    reevaluate: 'sticky',
    session: { store: { get: () => undefined, set() {} } },
  }),
  nested: dispatcher({
    rules: [{ when: { text: 'nothing of the kind' }, target: model() }],
    targets: [{ model: model(), contextWindow: 2000 }, cascade({ steps: [large] })],
  }),
  'a failure': cascade({ steps: [{ model: failing, contextWindow: 1_000_000 }] }),
  'failures of all': cascade({ steps: [failing, failing] }),
  'too small': cascade({ steps: [{ model: model(), contextWindow: 1000 }] }),
  'fitCheck() alone': wrapLanguageModel({
    model: model(),
    middleware: fitCheck({ contextWindow: 1_000_000 }),
  }),
};

/** A call that holds `secret` in every place that a call has. */
export function callWith(secret, options = {}) {
  const text = (place) => `${place} 😀 ${`${secret} and more of it. `.repeat(200)}`;
  const result = { type: 'tool-result', toolName: 't' };
  return {
    prompt: [
      { role: 'system', content: text('system') },
      {
        role: 'user',
        content: [
          { type: 'text', text: text('user'), providerOptions: { mock: { note: secret } } },
          { type: 'file', mediaType: 'text/plain', data: new TextEncoder().encode(text('file')) },
          { type: 'file', mediaType: 'image/png', data: btoa(secret.repeat(50)) },
          { type: 'file', mediaType: 'image/png', data: `https://x.test/${secret}` },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: text('reasoning') },
          { type: 'tool-call', toolCallId: '1', toolName: 't', input: { query: text('input') } },
        ],
      },
      {
        role: 'tool',
        content: [
          { ...result, toolCallId: '1', output: { type: 'json', value: { found: text('result') } } },
          { ...result, toolCallId: '2', output: { type: 'text', value: text('text') } },
        ],
      },
    ],
    tools: [
      {
        type: 'function',
        name: 't',
        description: text('tool'),
        inputSchema: { type: 'object', title: secret },
      },
    ],
    responseFormat: { type: 'json', schema: { type: 'object', description: text('schema') } },
    providerOptions: { mock: { note: secret } },
    ...options,
  };
}

let made = 0;
/** A text of five million characters like no other. */
const document = () => Buffer.alloc(5_000_000, `document ${made++}; `).toString('latin1');
const userSays = (...content) => ({ prompt: [{ role: 'user', content }] });
const calls = (input) => ({
  prompt: [
    { role: 'user', content: [{ type: 'text', text: 'Look.' }] },
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId: '1', toolName: 't', input }] },
  ],
});
const medium = (data) => userSays({ type: 'file', mediaType: 'image/png', data });

/**
 * How often to make a call of each kind, and one that keeps much alive if something of it is kept; and which of the
 * models to call, if it isn't the default.
 */
export const kinds = {
  'an empty prompt': [60, () => ({ prompt: [] })],
  'slices of long documents': [60, () => userSays({ type: 'text', text: document().slice(1000, 3000) })],
  'matches in long documents': [
    60,
    () => userSays({ type: 'text', text: /; (document .{500})/.exec(document())[1] }),
  ],
  'views of a Buffer': [60, () => medium(Buffer.alloc(5_000_000).subarray(100, 300))],
  'an ArrayBuffer': [60, () => medium(new ArrayBuffer(5_000_000))],
  'typed arrays of another realm': [60, () => medium(runInNewContext('new Uint8Array(5_000_000)'))],
  'tool inputs without a prototype': [
    60,
    () => calls(Object.assign(Object.create(null), { text: document() })),
  ],
  'tool inputs': [60, () => calls({ text: document() })],
  'ids of sessions': [
    60,
    () => ({ prompt: [], providerOptions: { 'ai-alloy': { session: document().slice(1000, 1040) } } }),
    'sessions',
  ],
  'many empty texts': [
    100,
    () => {
      const empty = Array.from({ length: 100_000 }, () => ({ type: 'text', text: '' }));
      return userSays({ type: 'text', text: `prompt ${made++}` }, ...empty);
    },
  ],
  'many short messages': [
    60,
    () => ({
      prompt: Array.from({ length: 20_000 }, (_, index) => ({
        role: index % 2 ? 'assistant' : 'user',
        content: [{ type: 'text', text: `message ${made++}` }],
      })),
    }),
  ],
};
