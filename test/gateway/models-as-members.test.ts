import { cascade, decisionOf, dispatcher, recommended, type CascadeOptions } from 'ai-alloy';
import { createModelGateway } from 'ai-alloy/gateway';
import { loadModelGateway } from 'ai-alloy/load';
import { MockLanguageModelV4 } from 'ai/test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
});
