import { between, oneOf, pick, randomBy } from './random.mjs';

const ways = { doGenerate: 4, doStream: 5, generateText: 3, streamText: 3 };
const faultRates = { none: 3, some: 5, many: 2 };
/** When the caller aborts. */
const abortTimes = { never: 12, before: 0.5, soon: 2, later: 1, 'with a member': 1, after: 0.5 };
/** How the caller reads a stream. */
const reading = { whole: 6, slowly: 1.5, half: 1.5, 'cancels at once': 0.5, never: 1 };
const prompts = { short: 6, conversation: 4, large: 1, image: 0.5, huge: 0.1 };

/** What a call asks for, how, and what happens to it: all of it by the seed and the call's number. */
export function planOf(seed, n, primitives) {
  const random = randomBy(seed, n);
  const primitive = oneOf(random, primitives);
  const way = pick(random, ways);
  const aborts = pick(random, abortTimes);
  const isRaw = way.startsWith('do');
  const isStream = way.endsWith('Stream') || way === 'streamText';
  const reads = isStream ? pick(random, reading) : 'whole';
  // A stream that is not read to its end keeps its listeners until then, those of `ai` even when it is cancelled.
  const isReadToEnd = reads === 'whole' || reads === 'slowly' || (isRaw && reads !== 'never');
  const signal = aborts !== 'never' ? 'own' : pick(random, { none: 2, own: 1, shared: isReadToEnd ? 3 : 0 });
  return {
    n,
    primitive,
    way,
    isRaw,
    isStream,
    aborts,
    /** Milliseconds until the caller aborts. */
    abortsAfterMs: aborts === 'soon' ? between(random, 0, 15) : between(random, 16, 150),
    reads,
    isReadToEnd,
    /** After how many parts a reader stops that reads half. */
    readsUpTo: between(random, 1, 10),
    signal,
    faults: pick(random, faultRates),
    prompt: pick(random, prompts),
    conversation: between(random, 1, 60),
    turns: between(random, 1, 6),
    hasTools: random() < (isRaw ? 0.1 : 0.3),
    session: random() < 0.7 ? `chat-${between(random, 1, 200)}` : undefined,
    tier: oneOf(random, ['gold', 'silver', undefined]),
    maxOutputTokens: oneOf(random, [undefined, undefined, 256]),
  };
}
