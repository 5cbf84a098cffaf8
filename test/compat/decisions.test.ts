import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { installations } from './installations.ts';
import { partsOf, resultOf, type Part } from './mock-answers.ts';
import { apiError, modelsOf, streamOf, type MockModel } from './mock-models.ts';
import { errorOf, modes, run, type Mode } from './run.ts';
import type { Decision, RoutingModel } from '../../src/index.ts';

const prompt = 'a confidential question';

describe.each(await installations())('ai $major', (installation) => {
  const { sdk, aiAlloy, native } = installation;
  const { answers, behaves, rejects, streams } = modelsOf(installation);
  const down = (id: string): MockModel => rejects(id, () => apiError(installation, 503));

  afterEach(() => {
    vi.useRealTimers();
  });

  describe.each(modes)('%s', (mode) => {
    test('R-38: the decision is on the result, beside what the member says itself', async () => {
      const answer = { text: 'Hi.' };
      const providerMetadata = { mock: { answer: 42 } };
      const good = behaves('good', {
        generate: () => ({ ...resultOf(native, answer), providerMetadata }),
        stream: () =>
          streamOf(
            partsOf(native, answer).map((part) =>
              part.type === 'finish' ? { ...part, providerMetadata } : part,
            ),
          ),
      });
      const model = aiAlloy.cascade({ id: 'tiny', steps: [{ model: good, contextWindow: '128K' }] });
      const { decision } = await run(installation, mode, { model, prompt });
      expect(decision).toMatchObject({
        id: 'tiny',
        kind: 'cascade',
        reason: 'declared-order',
        order: ['mock/good'],
        answeredBy: 'mock/good',
        candidates: [{ id: 'mock/good', model: 'mock/good', ceiling: 131_072, fits: true }],
        outcome: 'answered',
        startedAt: expect.any(Number),
        durationMs: expect.any(Number),
        usage: { inputTokens: 7, outputTokens: 2 },
        attempts: [{ id: 'mock/good', outcome: 'answered', durationMs: expect.any(Number) }],
      });
      // As middleware sees it, before `ai` makes a result of it.
      const metadata: unknown[] = [];
      if (mode === 'generate') {
        metadata.push((await model.doGenerate({ prompt: [] })).providerMetadata);
      } else {
        const { stream } = await model.doStream({ prompt: [] });
        for await (const part of stream) if (part.type === 'finish') metadata.push(part.providerMetadata);
      }
      expect(metadata).toEqual([{ ...providerMetadata, 'ai-alloy': expect.any(Object) }]);
    });

    test('R-38: a decision is plain JSON and holds no prompt', async () => {
      const { decision } = await run(installation, mode, {
        model: aiAlloy.cascade({ steps: [down('bad'), answers('good')] }),
        prompt,
      });
      expect(structuredClone(decision)).toEqual(JSON.parse(JSON.stringify(decision)));
      expect(JSON.stringify(decision)).not.toContain('confidential');
    });

    test('R-25: ai retries a retryable failure of all, and decisionOf reads through its RetryError', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout'] });
      const members = [down('a'), down('b')];
      const model = aiAlloy.cascade({ id: 'both', steps: members });
      const failure = errorOf(run(installation, mode, { model, maxRetries: 1 }));
      await vi.advanceTimersByTimeAsync(1999);
      expect(members.map(({ calls }) => calls.length)).toEqual([1, 1]); // no instant retry: the SDK's own backoff
      await vi.advanceTimersByTimeAsync(1);
      const error = await failure;
      expect(sdk.RetryError.isInstance(error)).toBe(true);
      expect(members.map(({ calls }) => calls.length)).toEqual([2, 2]);
      expect(aiAlloy.decisionOf(error)).toMatchObject({
        id: 'both',
        attempts: [
          { id: 'mock/a', statusCode: 503 },
          { id: 'mock/b', statusCode: 503 },
        ],
      });
    });

    test('R-25: ai does not retry when no failure was retryable', async () => {
      const members = ['a', 'b'].map((id) =>
        rejects(id, () => apiError(installation, 503, { isRetryable: false })),
      );
      const model = aiAlloy.cascade({ steps: members });
      const error = await errorOf(run(installation, mode, { model, maxRetries: 2 }));
      expect(aiAlloy.AllAttemptsFailedError.isInstance(error)).toBe(true);
      expect(members.map(({ calls }) => calls.length)).toEqual([1, 1]);
    });

    test('R-38: the listeners hear of a call once; nested decisions are inside', async () => {
      const heard: { readonly own: Decision[]; readonly all: Decision[] } = { own: [], all: [] };
      onTestFinished(aiAlloy.onDecision((decision) => heard.all.push(decision)));
      const inner = aiAlloy.cascade({ id: 'inner', steps: [down('bad'), answers('good')] });
      const model = aiAlloy.dispatcher({
        id: 'outer',
        targets: [inner],
        onDecision: (each) => heard.own.push(each),
      });
      const { decision } = await run(installation, mode, { model });
      expect(heard).toEqual({ own: [decision], all: [decision] });
      expect(decision?.attempts).toEqual([
        expect.objectContaining({
          id: 'inner',
          decision: expect.objectContaining({ answeredBy: 'mock/good' }),
        }),
      ]);
    });

    test('R-38: a listener that throws or rejects changes nothing', async () => {
      onTestFinished(aiAlloy.onDecision(() => Promise.reject(new Error('listener'))));
      const onDecision = (): never => {
        throw new Error('listener');
      };
      const model = aiAlloy.cascade({ steps: [answers('good')], onDecision });
      expect(await run(installation, mode, { model })).toMatchObject({ text: 'good' });
    });

    test('R-39: usage, finish reason and model are those of the member that answered', async () => {
      const answer = {
        text: 'Well',
        finish: 'length',
        usage: { input: 11, output: 5 },
        response: { id: 'r', modelId: 'real-model-2026' },
      } as const;
      const model = aiAlloy.cascade({ steps: [down('bad'), answers('good', answer)] });
      const { usage, finishReason, response } = await run(installation, mode, { model });
      expect({ usage, finishReason, modelId: response.modelId }).toEqual({
        usage: { input: 11, output: 5 },
        finishReason: 'length',
        modelId: 'real-model-2026',
      });
    });
  });

  /** Calls of every outcome, each on a primitive made with the given listener. */
  const outcomes: Record<string, (make: (...steps: MockModel[]) => RoutingModel, mode: Mode) => unknown> = {
    answered: (make, mode) => run(installation, mode, { model: make(answers('good')) }),
    'failed once': (make, mode) => run(installation, mode, { model: make(down('bad')) }),
    'failed everywhere': (make, mode) => run(installation, mode, { model: make(down('a'), down('b')) }),
    'fell through': (make, mode) => run(installation, mode, { model: make(down('bad'), answers('good')) }),
    'too large': (make, mode) =>
      run(installation, mode, { model: make(answers('m')), prompt: 'word '.repeat(200_000) }),
    'broken after content': (make) => {
      const begun = partsOf(native, { text: 'half' }).slice(0, -1);
      const error = apiError(installation, 503);
      const model = streams('broken', () => streamOf([...begun, { type: 'error', error }], error));
      return run(installation, 'stream', { model: make(model) });
    },
    'ended without a finish': async (make) => {
      const begun = partsOf(native, { text: 'half' }).slice(0, -1);
      const { stream } = await make(streams('short', () => streamOf(begun))).doStream({ prompt: [] });
      for await (const _ of stream);
    },
    cancelled: async (make) => {
      const { stream } = await make(answers('good')).doStream({ prompt: [] });
      await stream.cancel();
    },
    'cancelled after the finish': async (make) => {
      const { stream } = await make(answers('good')).doStream({ prompt: [] });
      const reader = (stream as unknown as ReadableStream<Part>).getReader();
      while ((await reader.read()).value?.type !== 'finish');
      await reader.cancel();
    },
  };
  const cases = Object.keys(outcomes).flatMap((name) => modes.map((mode) => ({ name, mode })));

  test.each(cases)('R-38: onDecision is called exactly once: $name ($mode)', async ({ name, mode }) => {
    const onDecision = vi.fn<(decision: Decision) => void>();
    const make = (...members: MockModel[]): RoutingModel =>
      aiAlloy.cascade({
        steps: members.map((model) => ({ model, contextWindow: '128K' as const })),
        onDecision,
      });
    await Promise.resolve(outcomes[name]!(make, mode)).catch(() => {});
    expect(onDecision).toHaveBeenCalledTimes(1);
  });
});
