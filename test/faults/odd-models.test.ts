import { describe, expect, it } from 'vitest';
import { cascade, type Decision, type ModelReference } from '../../src/index.ts';
import { answers, callOf, generated, streamed, textParts, textResult } from '../support/models.ts';

type Odd = Partial<Record<'doGenerate' | 'doStream', () => unknown>>;

const streamOf = (...parts: unknown[]): object => ({
  stream: new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  }),
});
function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
function lockedStream(): object {
  const stream = new ReadableStream();
  stream.getReader();
  return { stream };
}
const throws = (error: unknown): Odd => {
  const fail = (): never => {
    throw error;
  };
  return { doGenerate: fail, doStream: fail };
};

/** What odd models do, and the kind of failure that it is. */
const odd: Record<string, readonly [Odd, string]> = {
  'resolve to undefined': [
    { doGenerate: async () => undefined, doStream: async () => undefined },
    'malformed-response',
  ],
  'return undefined': [{ doGenerate: () => undefined, doStream: () => undefined }, 'malformed-response'],
  'a null part': [
    {
      doGenerate: async () => ({ ...textResult('a'), content: [null] }),
      doStream: async () => streamOf(null),
    },
    'malformed-response',
  ],
  'a part without a type': [
    { doGenerate: async () => ({ ...textResult('a'), content: [{}] }), doStream: async () => streamOf({}) },
    'malformed-response',
  ],
  'no content': [
    { doGenerate: async () => ({ ...textResult('a'), content: undefined }) },
    'malformed-response',
  ],
  'content that is a text': [
    { doGenerate: async () => ({ ...textResult('a'), content: 'a' }) },
    'malformed-response',
  ],
  'a locked stream': [{ doStream: async () => lockedStream() }, 'malformed-response'],
  'something that is no stream': [{ doStream: async () => ({ stream: [1] }) }, 'malformed-response'],
  'an error that is a revoked proxy': [throws(revoked()), 'unknown'],
  'an error part that is a revoked proxy': [
    { doStream: async () => streamOf({ type: 'error', error: revoked() }) },
    'unknown',
  ],
  'null for an error': [throws(null), 'unknown'],
  'a symbol for an error': [throws(Symbol('odd')), 'unknown'],
};

const modelOf = (own: Odd): ModelReference => {
  const { doGenerate, doStream } = answers('odd');
  const names = { specificationVersion: 'v4', provider: 'odd', modelId: 'odd', supportedUrls: {} };
  return { ...names, doGenerate, doStream, ...own } as never;
};

describe.each([
  ['doGenerate', generated],
  ['doStream', streamed],
] as const)('R-22: an odd model falls through (%s)', (method, answer) => {
  it.each(Object.entries(odd).filter(([, [own]]) => own[method]))('%s', async (_, [own, kind]) => {
    const decisions: Decision[] = [];
    const model = cascade({
      steps: [
        { id: 'odd', model: modelOf(own), contextWindow: 8000 },
        { id: 'ok', model: answers('ok') },
      ],
      onDecision: (decision) => decisions.push(decision),
    });
    expect(await answer(model, callOf('Hi'))).toBe('ok');
    const attempts = decisions[0]!.attempts!.map(({ failure, outcome }) => failure ?? outcome);
    expect(attempts).toEqual([kind, 'answered']);
  });
});

it('R-22: a null part behind content ends the stream as an error, on record', async () => {
  const decisions: Decision[] = [];
  const parts = textParts('Hi').slice(0, 3);
  const model = cascade({
    steps: [modelOf({ doStream: async () => streamOf(...parts, null) })],
    onDecision: (decision) => decisions.push(decision),
  });
  const { stream } = await model.doStream(callOf('Hi') as never);
  const types: string[] = [];
  for await (const { type } of stream as unknown as AsyncIterable<{ type: string }>) types.push(type);
  expect(types.slice(-3)).toEqual(['text-delta', 'error', 'finish']);
  expect(decisions[0]!.attempts).toMatchObject([{ outcome: 'failed', failure: 'malformed-response' }]);
});

it.each<[string, () => unknown]>([
  ['an object', () => ({})],
  ['a number', () => 5],
  ['a revoked proxy', revoked],
])('R-22: warnings that are no list but %s cost no answer and no decision', async (_, make) => {
  const warnings = make();
  const decisions: Decision[] = [];
  const [, ...parts] = textParts('Hi');
  const model = cascade({
    steps: [modelOf({ doStream: async () => streamOf({ type: 'stream-start', warnings }, ...parts) })],
    onDecision: (decision) => decisions.push(decision),
  });
  expect(await streamed(model, callOf('Hi'))).toBe('Hi');
  expect(decisions[0]!.attempts).toMatchObject([{ outcome: 'answered' }]);
});

it('R-22: a first part whose getters throw ends the attempt: no timer is left, and the stream is cancelled', async () => {
  const decisions: Decision[] = [];
  let isCancelled = false;
  const [start, ...parts] = textParts('Hi');
  const part = Object.defineProperty({ type: 'response-metadata' }, 'modelId', {
    get() {
      throw new Error('odd');
    },
  });
  const stream = new ReadableStream({
    start(controller) {
      for (const each of [start, part, ...parts.slice(0, 2)]) controller.enqueue(each);
    },
    cancel: () => void (isCancelled = true),
  });
  const model = cascade({
    steps: [modelOf({ doStream: async () => ({ stream }) })],
    totalMs: 60_000,
    onDecision: (decision) => decisions.push(decision),
  });
  await expect(model.doStream(callOf('Hi') as never)).rejects.toThrow('odd');
  expect(isCancelled).toBe(true);
  expect(decisions[0]!.attempts).toMatchObject([{ outcome: 'failed', failure: 'unknown' }]);
});

it('metadata that cannot be read costs no answer and no decision', async () => {
  const result = { ...textResult('Hi'), providerMetadata: revoked() };
  const parts = textParts('Hi');
  const finish = { ...parts.at(-1)!, providerMetadata: revoked() };
  const model = cascade({
    steps: [
      modelOf({
        doGenerate: async () => result,
        doStream: async () => streamOf(...parts.slice(0, -1), finish),
      }),
    ],
  });
  expect(await generated(model, callOf('Hi'))).toMatch(/Hi|odd/);
  expect(await streamed(model, callOf('Hi'))).toMatch(/Hi|odd/);
});
