import { expect, it, vi } from 'vitest';
import { cascade, type Decision } from '../../src/index.ts';
import { callOf, textParts } from '../support/models.ts';
import { MockLanguageModelV4 } from 'ai/test';

const streamOf = (...parts: unknown[]): never =>
  ({
    stream: new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(part);
      },
    }),
  }) as never;

it('R-35: a listener that cancels the stream when its decision is made breaks nothing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const decisions: Decision[] = [];
  const model = cascade({
    steps: [
      {
        model: new MockLanguageModelV4({ doStream: async () => streamOf(...textParts('Hi').slice(0, 3)) }),
        totalMs: 50,
      },
    ],
    onDecision(decision) {
      decisions.push(decision);
      void reader.cancel();
    },
  });
  const { stream } = await model.doStream(callOf('Hi') as never);
  const reader = (stream as ReadableStream).getReader();
  await reader.read();
  await vi.advanceTimersByTimeAsync(60);
  vi.useRealTimers();
  expect(decisions).toHaveLength(1);
  expect(decisions[0]!.attempts).toMatchObject([{ outcome: 'failed', failure: 'timeout' }]);
});

it.each([
  ['a part', { type: 'text-delta', id: '1', delta: 'x' }, 'providerExecuted'],
  ['a finish part', textParts('')[4]!, 'odd'],
])('a getter that throws, of %s, ends the stream as an error, on record', async (_, part, name) => {
  const odd = Object.defineProperty({ ...part }, name, {
    enumerable: true,
    get() {
      throw new Error('odd');
    },
  });
  const decisions: Decision[] = [];
  const model = cascade({
    steps: [new MockLanguageModelV4({ doStream: async () => streamOf(...textParts('Hi').slice(0, 3), odd) })],
    onDecision: (decision) => decisions.push(decision),
  });
  const { stream } = await model.doStream(callOf('Hi') as never);
  const types: string[] = [];
  for await (const { type } of stream as unknown as AsyncIterable<{ type: string }>) types.push(type);
  expect(types.slice(-2)).toEqual(['error', 'finish']);
  expect(decisions).toHaveLength(1);
});
