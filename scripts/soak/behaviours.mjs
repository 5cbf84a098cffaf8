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
  result: (attempt) => resultOf(attempt, ownOf(attempt)),
  parts: (attempt) => partsOf(attempt, ownOf(attempt)),
});

/** An answer whose parts end in another way. */
const streams = (parts) => ({ parts });

/** Members that answer. */
export const healthy = {
  fine: {},
  'hostile metadata': answersWith(({ random }) => ({ providerMetadata: hostileMetadata(random) })),
  'hostile usage': answersWith(({ random }) => ({ usage: hostileUsage(random) })),
  'an unreadable notice': streams(function* (attempt) {
    for (const part of partsOf(attempt)) {
      if (part.type === 'text-end') {
        yield {
          type: 'error',
          error: new JSONParseError({ text: 'keepalive', cause: new Error('no JSON') }),
        };
      }
      yield part;
    }
  }),
  'more behind the finish part': streams(function* (attempt) {
    yield* partsOf(attempt);
    yield* partsOf(attempt);
  }),
  'a stream that stays open': streams(async function* (attempt) {
    yield* partsOf(attempt);
    await attempt.silence('ignoring aborts');
  }),
};

/** Members that stay silent: only for calls that something else ends. */
export const silent = {
  silent: { open: (attempt) => attempt.silence() },
  'ignores its abort, silent': { open: (attempt) => attempt.silence('ignoring aborts') },
  'silent stream': streams(async function* (attempt) {
    yield { type: 'stream-start', warnings: [] };
    await attempt.silence();
  }),
  'silent half-way': streams(async function* (attempt) {
    yield* contentOf(attempt, half(attempt));
    await attempt.silence();
  }),
  'ignores its abort, silent half-way': streams(async function* (attempt) {
    yield* contentOf(attempt, half(attempt));
    await attempt.silence('ignoring aborts');
  }),
};

/** Members that fail. */
export const failing = {
  refused: {
    async open(attempt) {
      throw refusal(attempt);
    },
  },
  'refused at once': {
    isSync: true,
    open(attempt) {
      throw refusal(attempt);
    },
  },
  late: { open: () => setTimeout(lateMs) },
  'refused late': {
    async open(attempt) {
      await setTimeout(lateMs);
      throw refusal(attempt);
    },
  },
  empty: {
    result: (attempt) => resultOf(attempt, { content: [], finishReason: finishedWith('stop'), usage: none }),
    parts: (attempt) => [finishOf(attempt, { finishReason: finishedWith('stop'), usage: none })],
  },
  nothing: { result: () => undefined, isWithoutStream: true },
  'no parts': { result: () => null, ...streams(() => []) },
  'finish reason error': answersWith(() => ({ finishReason: finishedWith('error') })),
  'finish reason without a meaning': answersWith(() => ({ finishReason: 17, usage: undefined })),
  filtered: {
    result: (attempt) => resultOf(attempt, { content: [], finishReason: finishedWith('content-filter') }),
    parts: (attempt) => [finishOf(attempt, { finishReason: finishedWith('content-filter') })],
  },
  'half a tool call': {
    result: (attempt) =>
      resultOf(attempt, {
        content: [{ type: 'tool-call', toolCallId: 'half', toolName: 'lookUp', input: '{"query": "ca' }],
        finishReason: finishedWith('tool-calls'),
      }),
    parts: (attempt) => [
      { type: 'tool-call', toolCallId: 'half', toolName: 'lookUp', input: '{"query": "ca' },
      finishOf(attempt, { finishReason: finishedWith('tool-calls') }),
    ],
  },
  'a prompt that was cut off': answersWith((attempt) => ({
    usage: { ...usageOf(attempt), inputTokens: { total: 9 } },
  })),
  'error part first': streams((attempt) => [{ type: 'error', error: refusal(attempt) }, finishOf(attempt)]),
  'error part half-way': streams(function* (attempt) {
    yield* contentOf(attempt, half(attempt));
    yield { type: 'error', error: refusal(attempt) };
    yield finishOf(attempt, { finishReason: finishedWith('error') });
  }),
  'breaks first': streams(function* (attempt) {
    yield { type: 'stream-start', warnings: [] };
    throw refusal(attempt);
  }),
  'breaks half-way': streams(function* (attempt) {
    yield* contentOf(attempt, half(attempt));
    throw refusal(attempt);
  }),
  'ends half-way': streams((attempt) => contentOf(attempt, half(attempt))),
  'a part that is none': streams(function* (attempt) {
    for (const part of partsOf(attempt)) {
      if (part.type === 'text-end')
        yield oneOf(attempt.random, [undefined, null, 17, 'text', {}, { type: 17 }]);
      yield part;
    }
  }),
};

/** How often a member behaves in which way, by the faults planned for the call. */
const weightsOf = {
  none: { healthy: 1 },
  some: { fine: 4, healthy: 2, failing: 3, silent: 0.5 },
  many: { healthy: 1, failing: 7, silent: 1 },
};

/** How a member behaves in one try. */
export function behaviourFor(random, { faults, mayBeSilent }) {
  const kind = pick(random, weightsOf[faults]);
  if (kind === 'fine' || (kind === 'silent' && !mayBeSilent)) return ['fine', healthy.fine];
  const all = { healthy, failing, silent }[kind];
  const name = oneOf(random, Object.keys(all));
  return [name, all[name]];
}
