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
