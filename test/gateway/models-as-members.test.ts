import { cascade, decisionOf, dispatcher, explain, recommended, type CascadeOptions } from 'ai-alloy';
import { createModelGateway } from 'ai-alloy/gateway';
import { loadModelGateway } from 'ai-alloy/load';
import { generateText } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  apiError,
  callOf,
  callsOf,
  errorOf,
  generated,
  streamOf,
  streamed,
  textParts,
  textResult,
  unsteady,
} from '../support/models.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Calls while timers run at once. */
async function inNoTime<Value>(promise: Promise<Value>): Promise<Value> {
  const settled = promise.catch(() => {});
  await vi.runAllTimersAsync();
  await settled;
  return promise;
}

const overloaded = () => apiError(503);
/** A model whose first call fails. */
function failsOnce(): MockLanguageModelV4 {
  let isFirst = true;
  const turn = async <Answer>(answer: Answer): Promise<Answer> => {
    if (!isFirst) return answer;
    isFirst = false;
    throw overloaded();
  };
  return new MockLanguageModelV4({
    provider: 'mock',
    modelId: 'a',
    doGenerate: () => turn(textResult('a')),
    doStream: () => turn({ stream: streamOf(textParts('a')) }),
  });
}

/** A model of a gateway, with what its entry says, and the model behind it. */
function declared(entry: object = {}, model = failsOnce()) {
  const gateway = createModelGateway(
    { models: [{ id: 'p/a', contextWindow: 8000, ...entry }], cascades: [{ id: 'own', steps: ['p/a'] }] },
    { providers: () => model },
  );
  return { gateway, step: gateway.languageModel('p/a'), model };
}

describe('R-25: a model of a gateway, as a member of a primitive in code', () => {
  it.each([
    ['recommended', recommended],
    ['retries', { retries: 1 }],
  ])('is retried as a plain model is: %s', async (_, options) => {
    for (const call of [generated, streamed]) {
      const { step, model } = declared();
      const primitive = cascade({ ...options, steps: [step] });
      expect(await inNoTime(call(primitive, callOf('Hi')))).toBe('a');
      expect(callsOf(model)).toBe(2);
    }
  });

  it('may have retries beside it', async () => {
    const { step } = declared();
    const primitive = dispatcher({ targets: [{ model: step, retries: 1 }] });
    expect(await inNoTime(generated(primitive, callOf('Hi')))).toBe('a');
  });

  it('is retried only by the retries that the gateway declares for it, if it does', async () => {
    const { step, model } = declared({ retries: 1 }, unsteady('a', overloaded));
    const primitive = cascade({ retries: 3, steps: [step] });
    const error = await inNoTime(errorOf(generated(primitive, callOf('Hi'))));
    expect(decisionOf(error)?.attempts).toHaveLength(1);
    expect(callsOf(model)).toBe(2);
  });

  it.each([
    ['here', {}, { retries: 1 }],
    ['in the gateway', { retries: 1 }, {}],
  ])(
    'R-43: a rejected answer is retried, with retries %s',
    async (_, entry, options: Partial<CascadeOptions>) => {
      const { step, model } = declared(
        entry,
        unsteady('a', () => undefined),
      );
      let isFirst = true;
      const acceptAnswer = (): boolean => (isFirst ? (isFirst = false) : true);
      const primitive = cascade({ ...options, steps: [step], acceptAnswer });
      expect(await inNoTime(generated(primitive, callOf('Hi')))).toBe('a');
      expect(callsOf(model)).toBe(2);
    },
  );

  it('is retried also where it comes from a file', async () => {
    const text = 'models: [{ id: p/a, context_window: 8000 }]';
    const { languageModel } = await loadModelGateway({ format: 'yaml', text }, { providers: failsOnce });
    const primitive = cascade({ retries: 1, steps: [languageModel('p/a')] });
    expect(await inNoTime(generated(primitive, callOf('Hi')))).toBe('a');
  });

  it('is not retried as a primitive of the gateway, which has retries of its own', async () => {
    const { gateway, model } = declared();
    const primitive = cascade({ retries: 1, steps: [gateway.languageModel('own')] });
    await inNoTime(errorOf(generated(primitive, callOf('Hi'))));
    expect(callsOf(model)).toBe(1);
    expect(() => cascade({ steps: [{ model: gateway.languageModel('own'), retries: 1 }] })).toThrow(
      'a primitive retries by its own',
    );
  });

  it('R-43: answers that are rejected use up the retries that its own failures have left', async () => {
    let calls = 0;
    const { step } = declared(
      { retries: 2 },
      unsteady('a', () => (++calls === 1 ? overloaded() : undefined)),
    );
    const primitive = cascade({ steps: [step], acceptAnswer: () => false });
    await inNoTime(errorOf(generated(primitive, callOf('Hi'))));
    expect(calls).toBe(3);
  });

  it('R-43: is retried by its own retries as a string id, too', async () => {
    const { gateway, model } = declared(
      { retries: 1 },
      unsteady('a', () => undefined),
    );
    vi.stubGlobal('AI_SDK_DEFAULT_PROVIDER', gateway);
    onTestFinished(() => void vi.unstubAllGlobals());
    const primitive = cascade({ steps: ['p/a'], acceptAnswer: () => false });
    await inNoTime(errorOf(generated(primitive, callOf('Hi'))));
    expect(callsOf(model)).toBe(2);
  });
});

describe('R-25: a primitive that a provider of a gateway gives for a model', () => {
  const calledTwice = () => {
    const model = unsteady('a', overloaded);
    return { model, inner: cascade({ id: 'inner', retries: 1, steps: [model] }) };
  };
  const gatewayOf = (given: unknown) =>
    createModelGateway({ models: [{ id: 'p/m' }] }, { providers: () => given as never }).languageModel('p/m');

  it.each([
    ['directly', gatewayOf],
    ['through another gateway', (given: unknown) => gatewayOf(gatewayOf(given))],
  ])('is retried by its own retries only: %s', async (_, of) => {
    const { model, inner } = calledTwice();
    const primitive = cascade({ retries: 2, steps: [of(inner)] });
    await inNoTime(errorOf(generated(primitive, callOf('Hi'))));
    expect(callsOf(model)).toBe(2);
    expect(() => cascade({ steps: [{ model: of(inner), retries: 2 }] })).toThrow(
      'a primitive retries by its own',
    );
  });

  it("is not called again by the AI SDK's maxRetries", async () => {
    const { model, inner } = calledTwice();
    const primitive = cascade({ steps: [gatewayOf(inner), unsteady('b', overloaded)] });
    await inNoTime(errorOf(generateText({ model: primitive, prompt: 'Hi', maxRetries: 2 })));
    expect(callsOf(model)).toBe(2);
  });

  it('R-35: has the model defaults that can hold for it', async () => {
    const { inner } = calledTwice();
    const declaredAs = (entry: object) =>
      createModelGateway(
        { model_defaults: { default_output_tokens: 100, retries: 2 }, models: [{ id: 'p/m', ...entry }] },
        { providers: () => inner },
      ).languageModel('p/m');
    const demandOf = async (entry: object) =>
      (await explain(declaredAs(entry), { prompt: 'Hi' })).candidates[0]!.demand;
    expect(await demandOf({ context_window: 3000 })).toMatchObject({
      output: 100,
      outputFrom: 'default-output-tokens',
    });
    expect(await demandOf({})).toMatchObject({ output: 4096 });
  });
});
