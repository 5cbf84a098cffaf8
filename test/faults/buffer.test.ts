import { describe, expect, it } from 'vitest';
import { alloy, cascade, decisionOf } from '../../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callsOf,
  errorOf,
  partsOf,
  reports,
  streamed,
  streams,
  textParts,
  type Part,
} from '../support/models.ts';

const half = textParts('half').slice(0, 3);
const toolCall = { type: 'tool-call', toolCallId: '1', toolName: 'pay', input: '{}' } as Part;
const buffer = { afterContent: 'buffer' } as const;

describe("afterContent: 'buffer'", () => {
  it.each<[string, Part[], string]>([
    ['an error part', [...half, { type: 'error', error: apiError(503) }], 'server-error'],
    ['an end without a finish', half, 'malformed-response'],
    [
      'a finish without a reason',
      [...half, { type: 'finish', finishReason: { unified: 'other', raw: undefined }, usage: {} } as Part],
      'malformed-response',
    ],
    ['a failure behind a tool call', [toolCall, { type: 'error', error: apiError(500) }], 'server-error'],
  ])('R-22: %s after the content leads on, and leaves no trace', async (_, script, failure) => {
    const parts = await partsOf(
      cascade({ ...buffer, steps: [streams('a', script), answers('b')] }),
      callOf('Hi'),
    );
    expect(parts.slice(1)).toMatchObject([
      { type: 'response-metadata', modelId: 'b' },
      { type: 'text-start' },
      { type: 'text-delta', delta: 'b' },
      { type: 'text-end' },
      { type: 'finish' },
    ]);
    expect(decisionOf(parts.at(-1))!.attempts).toMatchObject([{ failure }, { outcome: 'answered' }]);
  });

  it('resolves when the answer is whole', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const left = textParts('whole');
    const slow = streams('slow', []);
    slow.doStream = async () => ({
      stream: new ReadableStream<Part>({
        async pull(controller) {
          if (left.length === 1) await held; // before the finish
          controller.enqueue(left.shift()!);
          if (left.length === 0) controller.close();
        },
      }),
    });
    let isResolved = false;
    const opening = Promise.resolve(cascade({ ...buffer, steps: [slow] }).doStream(callOf('Hi')));
    void opening.then(() => (isResolved = true));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(isResolved).toBe(false);
    release();
    const { stream } = await opening;
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types.at(-1)).toBe('finish');
  });

  it('what does not fall through is thrown, before anything is seen', async () => {
    const next = answers('next');
    const broken = streams('a', [...half, { type: 'error', error: apiError(401) }]);
    const error = await errorOf(partsOf(cascade({ ...buffer, steps: [broken, next] }), callOf('Hi')));
    expect(error).toMatchObject({ statusCode: 401 });
    expect(callsOf(next)).toBe(0);
  });

  it('replaces an answer to a prompt that was cut off, where that is an error', async () => {
    const model = cascade({
      ...buffer,
      onTruncation: 'error',
      fallThroughOn: ['truncated'],
      steps: [reports('short', 1024), reports('b', 9000)],
    });
    const prompt = Array.from({ length: 4000 }, (_, index) => `word${index}`).join(' ');
    const parts = await partsOf(model, callOf(prompt));
    expect(parts.filter(({ type }) => type === 'text-delta')).toMatchObject([{ delta: 'b' }]);
    expect(decisionOf(parts.at(-1))!.attempts).toMatchObject([{ failure: 'truncated' }, { id: 'mock/b' }]);
  });

  it('holds for nested primitives of the one that says so', async () => {
    const inner = alloy({
      strategy: 'round-robin',
      constituents: [
        { model: streams('a', half), contextWindow: '8K' },
        { model: answers('b'), contextWindow: '8K' },
      ],
    });
    const outer = cascade({ ...buffer, steps: [inner, answers('next')] });
    const parts = await partsOf(outer, callOf('Hi'));
    // The inner one does not switch after its first content; the outer one does.
    expect(decisionOf(parts.at(-1))!.attempts).toMatchObject([
      { failure: 'malformed-response', decision: { attempts: [{ id: 'mock/a', outcome: 'failed' }] } },
      { id: 'mock/next', outcome: 'answered' },
    ]);
  });

  it('an answer longer than the buffer is passed on, and can no longer be replaced', async () => {
    const words = Array.from({ length: 20 }, (_, index): Part => ({
      type: 'text-delta',
      id: '1',
      delta: `${index} `,
    }));
    const script = [...textParts('').slice(0, 2), ...words, { type: 'error', error: apiError(503) } as Part];
    const next = answers('next');
    const model = cascade({ ...buffer, maxBufferedParts: 10, steps: [streams('a', script), next] });
    const parts = await partsOf(model, callOf('Hi'));
    expect(parts.filter(({ type }) => type === 'text-delta')).toEqual(words);
    expect(parts.slice(-2)).toMatchObject([{ type: 'error' }, { type: 'finish' }]);
    expect(callsOf(next)).toBe(0);
    const whole = cascade({ ...buffer, maxBufferedParts: 3, steps: [answers('a')] });
    expect(await streamed(whole, callOf('Hi'))).toBe('a');
  });
});
