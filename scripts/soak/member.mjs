import { setImmediate, setTimeout } from 'node:timers/promises';
import { partsOf, resultOf } from './answers.mjs';
import { behaviourFor } from './behaviours.mjs';
import { between, pick, randomBy } from './random.mjs';
import { wordsOf } from './words.mjs';

/** The number of the call that a member or an estimator gets, as `ask.mjs` put it there. */
export const numberOf = ({ providerOptions }) => providerOptions.soak.call;

/** A model in this process that behaves as the call's weightsOf has it, in each try anew. */
export function soakModel(member, ledger) {
  const begin = (call) => {
    const attempt = attemptOf(member, call, ledger);
    const { mayBeSilent, faults } = attempt;
    const [name, behaviour] = behaviourFor(attempt.random, { faults, mayBeSilent });
    attempt.state?.behaviours.add(name);
    if (behaviour.isSync) behaviour.open(attempt);
    return { attempt, behaviour };
  };
  return {
    specificationVersion: 'v4',
    provider: 'soak',
    modelId: member,
    supportedUrls: {},
    doGenerate(call) {
      const { attempt, behaviour } = begin(call);
      const { open = nothing, result = resultOf } = behaviour;
      return pace(attempt)
        .then(() => open(attempt))
        .then(() => result(attempt));
    },
    doStream(call) {
      const { attempt, behaviour } = begin(call);
      const { open = nothing, parts = partsOf, isWithoutStream } = behaviour;
      return pace(attempt)
        .then(() => open(attempt))
        .then(() => (isWithoutStream ? undefined : { stream: streamOf(attempt, parts(attempt)) }));
    },
  };
}

const nothing = () => undefined;

/** One try of a member for a call. */
function attemptOf(member, call, ledger) {
  const n = numberOf(call);
  const { state, tries } = ledger.called(member, n);
  ledger.watchPrompt(call.prompt);
  const random = randomBy(ledger.seed, n, member, tries);
  const { prompt, tools, abortSignal: signal } = call;
  const callsTool = tools?.length > 0 && prompt.at(-1).role !== 'tool';
  const attempt = { member, n, tries, call, state, random, signal, callsTool, ledger };
  return Object.assign(attempt, {
    faults: state?.plan.faults ?? 'none',
    mayBeSilent: state?.mayBeSilent ?? false,
    words: wordsOf({ member, n, tries, length: between(random, 2, 12) }),
    input: Math.ceil(lengthOf(prompt) / 4) + 20,
    namesModel: random() < 0.5,
    pace: pick(random, { none: 4, turn: 3, timer: 2 }),
    silence: (how) => silence(attempt, how),
  });
}

const lengthOf = (prompt) => {
  let length = 0;
  for (const { content } of prompt) {
    for (const part of typeof content === 'string' ? [content] : content)
      length += (part.text ?? part).length ?? 0;
  }
  return length;
};

async function pace({ pace: how }) {
  if (how === 'turn') await setImmediate();
  if (how === 'timer') await setTimeout(1);
}

/** Stays silent until the attempt is ended, or for ever where the member is deaf to that. */
function silence(attempt, how) {
  if (how === 'ignoring aborts') return new Promise(() => {});
  if (attempt.isLeft) return undefined; // the reader cancelled before the member began to be silent
  const { signal, ledger, member, n } = attempt;
  const over = ledger.waits(`${member} for call ${n}`);
  return new Promise((_, reject) => {
    const end = () => {
      over();
      signal?.removeEventListener('abort', end);
      reject(signal?.reason);
    };
    attempt.leave = end;
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

/** A stream of parts, of which the ledger knows whether somebody read it to its end or cancelled it. */
function streamOf(attempt, parts) {
  const { ledger, member, n } = attempt;
  const iterator = parts[Symbol.asyncIterator]?.() ?? parts[Symbol.iterator]();
  const close = ledger.opens(`${member} for call ${n}`, n);
  return new ReadableStream({
    async pull(controller) {
      try {
        await pace(attempt);
        const { done, value } = await iterator.next();
        if (attempt.isLeft) return;
        if (!done) return void controller.enqueue(value);
        close();
        controller.close();
      } catch (error) {
        close();
        if (!attempt.isLeft) controller.error(error);
      }
    },
    cancel() {
      attempt.isLeft = true;
      close();
      attempt.leave?.();
    },
  });
}
