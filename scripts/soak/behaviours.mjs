// How members behave. `open` comes before a member answers at all, streamed or not; `result` is its answer in one piece,
// `parts` its stream. What a behaviour doesn't say is as of a healthy member.
import { setTimeout } from 'node:timers/promises';
import { JSONParseError } from 'ai';
import { contentOf, finishedWith, finishOf, partsOf, resultOf, usageOf } from './answers.mjs';
import { hostileMetadata, hostileUsage } from './hostile.mjs';
import { oneOf, pick } from './random.mjs';
import { refusals } from './refusals.mjs';

const half = ({ words }) => Math.ceil(words.length / 2);
const refusal = ({ random }) => refusals[oneOf(random, Object.keys(refusals))](random);
const none = { inputTokens: { total: 40 }, outputTokens: { total: 0 } };
/** Longer than any deadline for an attempt; see `primitives.mjs`. */
const lateMs = 350;

/** An answer with something on it that a caller needn't see. */
const answersWith = (ownOf) => ({
  result: (scene) => resultOf(scene, ownOf(scene)),
  parts: (scene) => partsOf(scene, ownOf(scene)),
});

/** An answer whose parts end in another way. */
const streams = (parts) => ({ parts });

/** Members that answer. */
export const healthy = {
  fine: {},
  'hostile metadata': answersWith(({ random }) => ({ providerMetadata: hostileMetadata(random) })),
  'hostile usage': answersWith(({ random }) => ({ usage: hostileUsage(random) })),
  'an unreadable notice': streams(function* (scene) {
    for (const part of partsOf(scene)) {
      if (part.type === 'text-end') {
        yield { type: 'error', error: new JSONParseError({ text: 'keepalive', cause: new Error('no JSON') }) };
      }
      yield part;
    }
  }),
  'more behind the finish part': streams(function* (scene) {
    yield* partsOf(scene);
    yield* partsOf(scene);
  }),
  'a stream that stays open': streams(async function* (scene) {
    yield* partsOf(scene);
    await scene.silence('deaf');
  }),
};

/** Members that stay silent: only for calls that something else ends. */
export const silent = {
  'silent': { open: (scene) => scene.silence() },
  'deaf and silent': { open: (scene) => scene.silence('deaf') },
  'silent stream': streams(async function* (scene) {
    yield { type: 'stream-start', warnings: [] };
    await scene.silence();
  }),
  'silent half-way': streams(async function* (scene) {
    yield* contentOf(scene, half(scene));
    await scene.silence();
  }),
  'deaf and silent half-way': streams(async function* (scene) {
    yield* contentOf(scene, half(scene));
    await scene.silence('deaf');
  }),
};

/** Members that fail. */
export const failing = {
  refused: {
    async open(scene) {
      throw refusal(scene);
    },
  },
  'refused at once': {
    isSync: true,
    open(scene) {
      throw refusal(scene);
    },
  },
  late: { open: () => setTimeout(lateMs) },
  'refused late': {
    async open(scene) {
      await setTimeout(lateMs);
      throw refusal(scene);
    },
  },
  empty: {
    result: (scene) => resultOf(scene, { content: [], finishReason: finishedWith('stop'), usage: none }),
    parts: (scene) => [finishOf(scene, { finishReason: finishedWith('stop'), usage: none })],
  },
  nothing: { result: () => undefined, isWithoutStream: true },
  'no parts': { result: () => null, ...streams(() => []) },
  'finish reason error': answersWith(() => ({ finishReason: finishedWith('error') })),
  'finish reason without a meaning': answersWith(() => ({ finishReason: 17, usage: undefined })),
  filtered: {
    result: (scene) => resultOf(scene, { content: [], finishReason: finishedWith('content-filter') }),
    parts: (scene) => [finishOf(scene, { finishReason: finishedWith('content-filter') })],
  },
  'half a tool call': {
    result: (scene) =>
      resultOf(scene, {
        content: [{ type: 'tool-call', toolCallId: 'half', toolName: 'lookUp', input: '{"query": "ca' }],
        finishReason: finishedWith('tool-calls'),
      }),
    parts: (scene) => [
      { type: 'tool-call', toolCallId: 'half', toolName: 'lookUp', input: '{"query": "ca' },
      finishOf(scene, { finishReason: finishedWith('tool-calls') }),
    ],
  },
  'a prompt that was cut off': answersWith((scene) => ({
    usage: { ...usageOf(scene), inputTokens: { total: 9 } },
  })),
  'error part first': streams((scene) => [{ type: 'error', error: refusal(scene) }, finishOf(scene)]),
  'error part half-way': streams(function* (scene) {
    yield* contentOf(scene, half(scene));
    yield { type: 'error', error: refusal(scene) };
    yield finishOf(scene, { finishReason: finishedWith('error') });
  }),
  'breaks first': streams(function* (scene) {
    yield { type: 'stream-start', warnings: [] };
    throw refusal(scene);
  }),
  'breaks half-way': streams(function* (scene) {
    yield* contentOf(scene, half(scene));
    throw refusal(scene);
  }),
  'ends half-way': streams((scene) => contentOf(scene, half(scene))),
  'a part that is none': streams(function* (scene) {
    yield* contentOf(scene, half(scene));
    yield oneOf(scene.random, [undefined, null, 17, 'text', {}, { type: 17 }]);
    yield finishOf(scene);
  }),
};

/** How often what goes wrong, by the weather of a call. */
const luck = {
  fair: { healthy: 1 },
  mixed: { fine: 4, healthy: 2, failing: 3, silent: 0.5 },
  storm: { healthy: 1, failing: 7, silent: 1 },
};

/** How a member behaves in one try. */
export function behaviourFor(random, { weather, mayBeSilent }) {
  const kind = pick(random, luck[weather]);
  if (kind === 'fine' || (kind === 'silent' && !mayBeSilent)) return ['fine', healthy.fine];
  const all = { healthy, failing, silent }[kind];
  const name = oneOf(random, Object.keys(all));
  return [name, all[name]];
}
