import { streamText } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it } from 'vitest';
import { alloy, cascade, decisionOf, dispatcher, type RoutingModel } from '../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callsOf,
  errorOf,
  fails,
  generated,
  partsOf,
  streamed,
  streams,
  stop,
  textParts,
  usage,
  type Part,
} from './support/models.ts';

const preamble: Part[] = [
  { type: 'stream-start', warnings: [] },
  { type: 'response-metadata', id: 'loser' },
  { type: 'raw', rawValue: {} },
  { type: 'ping' } as unknown as Part,
  { type: 'text-start', id: '1' },
  { type: 'text-delta', id: '1', delta: '' },
  { type: 'reasoning-start', id: '2' },
];

/** A model whose source counts what is pulled, and hears of cancels. */
function counted(total: number, { failsAt = Infinity, onPull = (_: number): void => {} } = {}) {
  const source = { pulled: 0, cancelled: undefined as unknown, signals: [] as (AbortSignal | undefined)[] };
  const model = new MockLanguageModelV4({
    provider: 'mock',
    modelId: 'counted',
    doStream: async ({ abortSignal }) => {
      source.signals.push(abortSignal);
      const stream = new ReadableStream<Part>(
        {
          pull(controller) {
            const index = source.pulled++;
            onPull(index);
            if (index === failsAt) controller.error(apiError(503));
            else if (index === 0) controller.enqueue({ type: 'stream-start', warnings: [] });
            else if (index === total - 1) controller.enqueue({ type: 'finish', finishReason: stop, usage });
            else if (index === total) controller.close();
            else controller.enqueue({ type: 'text-delta', id: '1', delta: `${index} ` });
          },
          cancel(reason) {
            source.cancelled = reason ?? 'no reason';
          },
        },
        { highWaterMark: 0 },
      );
      return { stream };
    },
  });
  return { model, source };
}

describe('failover before the first content part', () => {
  it.each<[string, (controller: ReadableStreamDefaultController<Part>) => void]>([
    ['an error part', (controller) => controller.enqueue({ type: 'error', error: apiError(503) })],
    ['a reader rejection', (controller) => controller.error(new TypeError('terminated'))],
    ['the end', (controller) => controller.close()],
  ])('%s after any preamble: the loser leaves no trace', async (_, end) => {
    for (let length = 0; length <= preamble.length; length++) {
      let cancelled = 0;
      const loser = new MockLanguageModelV4({
        doStream: async () => ({
          stream: new ReadableStream<Part>({
            start(controller) {
              for (const part of preamble.slice(0, length)) controller.enqueue(part);
              end(controller);
            },
            cancel: () => void cancelled++,
          }),
        }),
      });
      const parts = await partsOf(cascade({ steps: [loser, answers('winner')] }), callOf('Hi'));
      expect(parts.map(({ type }) => type)).toEqual([
        'stream-start',
        'response-metadata',
        'text-start',
        'text-delta',
        'text-end',
        'finish',
      ]);
      expect(JSON.stringify(parts)).not.toContain('loser');
      expect(cancelled).toBe(_ === 'an error part' ? 1 : 0); // the others have ended by themselves
    }
  });

  it.each(['hologram', 'custom'])('a part of the type %s shows nothing, and is passed on', async (type) => {
    const part = { type } as unknown as Part;
    const broken = streams('odd', [part, { type: 'error', error: apiError(503) }]);
    expect(await streamed(cascade({ steps: [broken, answers('next')] }), callOf('Hi'))).toBe('next');
    const whole = streams('odd', [part, ...textParts('odd').slice(1)]);
    const parts = await partsOf(cascade({ steps: [whole, answers('next')] }), callOf('Hi'));
    expect(parts.map((each) => each.type)).toContain(type);
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'stop' } });
  });

  it('a stream commits by what shows content: thoughts are held back at first', async () => {
    const thinks = (length: number): Part[] => [
      { type: 'reasoning-start', id: '1' },
      { type: 'reasoning-delta', id: '1', delta: 'x'.repeat(length) },
      { type: 'error', error: apiError(503) },
    ];
    const asked = (parts: Part[]) => cascade({ steps: [streams('thinker', parts), answers('next')] });
    expect(await streamed(asked(thinks(500)), callOf('Hi'))).toBe('next');
    const parts = await partsOf(asked(thinks(501)), callOf('Hi'));
    expect(parts.map(({ type }) => type).slice(-3)).toEqual(['reasoning-delta', 'error', 'finish']);
  });
});

describe('after the first content part', () => {
  it('an error part passes through, and no other member is called', async () => {
    const error = apiError(503);
    const begun: Part[] = [...preamble, { type: 'text-delta', id: '1', delta: 'half' }];
    const next = answers('next');
    const model = cascade({ steps: [streams('a', [...begun, { type: 'error', error }]), next] });
    const parts = await partsOf(model, callOf('Hi'));
    expect(parts.slice(-3)).toMatchObject([
      { type: 'text-delta', id: '1', delta: 'half' },
      { type: 'error', error },
      { type: 'finish', finishReason: { unified: 'error' } },
    ]);
    expect(decisionOf(error)).toMatchObject({ attempts: [{ outcome: 'failed', failure: 'server-error' }] });
    expect(callsOf(next)).toBe(0);
  });

  it('a reader rejection passes through, as an error part: ai 4 and 5 would wait for ever behind it', async () => {
    const { model } = counted(10, { failsAt: 4 });
    const next = answers('next');
    const parts = await partsOf(cascade({ id: 'c', steps: [model, next] }), callOf('Hi'));
    const { error } = parts.at(-2) as Extract<Part, { type: 'error' }>;
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'error' } });
    expect(error).toMatchObject({ statusCode: 503 });
    expect(decisionOf(error)?.id).toBe('c');
    expect(callsOf(next)).toBe(0);
  });

  it('every part passes once and in order', async () => {
    const { model } = counted(202);
    const text = await streamed(
      cascade({ steps: [fails('down'), dispatcher({ targets: [model] })] }),
      callOf('Hi'),
    );
    expect(text).toBe(Array.from({ length: 200 }, (_, index) => `${index + 1} `).join(''));
  });
});

describe('backpressure and cancel', () => {
  it('a consumer that reads 3 of 202 parts has pulled a handful; its cancel reaches the source', async () => {
    const { model, source } = counted(202);
    const { stream } = await cascade({ steps: [model] }).doStream(callOf('Hi'));
    const reader = stream.getReader();
    for (let read = 0; read < 3; read++) await reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.pulled).toBeLessThan(10);
    await reader.cancel('enough');
    expect(source.cancelled).toBe('enough');
    expect(source.pulled).toBeLessThan(10);
  });

  it('nobody reads: nothing more than the first content and a little ahead is pulled', async () => {
    const { model, source } = counted(202);
    await cascade({ steps: [model] }).doStream(callOf('Hi'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.pulled).toBeLessThan(7);
  });

  it('through nested primitives and pipeThrough as well', async () => {
    const { model, source } = counted(202);
    const nested = cascade({ steps: [dispatcher({ targets: [model] })] });
    const { stream } = await nested.doStream(callOf('Hi'));
    const reader = stream.pipeThrough(new TransformStream()).getReader();
    await reader.read();
    await reader.cancel('enough');
    await expect.poll(() => source.cancelled).toBe('enough'); // a pipe passes a cancel on in its own time
    expect(source.pulled).toBeLessThan(16);
  });

  it('under streamText, which itself stops reading and does not cancel', async () => {
    const { model, source } = counted(202);
    const result = streamText({ model: cascade({ steps: [model] }), prompt: 'Hi' });
    const reader = result.textStream.getReader();
    for (let read = 0; read < 3; read++) await reader.read();
    await reader.cancel();
    await new Promise((resolve) => setImmediate(resolve));
    expect(source.pulled).toBeLessThan(30); // 18 without a primitive
  });

  it("a nested primitive's decision is in the outer one when the consumer leaves", async () => {
    const { model } = counted(202);
    const seen: unknown[] = [];
    const outer = cascade({
      steps: [cascade({ id: 'inner', steps: [model] })],
      onDecision: (decision) => seen.push(decision),
    });
    await (await outer.doStream(callOf('Hi'))).stream.cancel();
    expect(seen).toMatchObject([
      { attempts: [{ id: 'inner', outcome: 'aborted', decision: { id: 'inner' } }] },
    ]);
  });
});

/** An abort signal that counts the listeners on it. */
function countingSignal(): { controller: AbortController; listeners: () => number } {
  const controller = new AbortController();
  let listeners = 0;
  const { signal } = controller;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => (
    listeners++,
    addEventListener.apply(signal, args)
  );
  signal.removeEventListener = (...args: Parameters<typeof addEventListener>) => (
    listeners--,
    removeEventListener.apply(signal, args)
  );
  return { controller, listeners: () => listeners };
}

describe.each([generated, streamed])("the caller's abort is final", (answer) => {
  const never = (): Promise<never> => new Promise(() => {});

  it('rethrown at once, no other member called, even when the member is deaf', async () => {
    const { controller, listeners } = countingSignal();
    const deaf = new MockLanguageModelV4({ doGenerate: never, doStream: never });
    const next = answers('next');
    const model = cascade({ id: 'c', steps: [deaf, next] });
    const call = errorOf(answer(model, callOf('Hi', { abortSignal: controller.signal })));
    await expect.poll(() => callsOf(deaf)).toBe(1);
    const reason = new Error('the user left');
    controller.abort(reason);
    expect(await call).toBe(reason);
    expect(decisionOf(reason)).toMatchObject({
      id: 'c',
      attempts: [{ outcome: 'aborted', failure: 'aborted' }],
    });
    expect(callsOf(next)).toBe(0);
    expect(listeners()).toBe(0);
  });

  it('also when the member fails in its own way because of it', async () => {
    const controller = new AbortController();
    const next = answers('next');
    const leaving = fails('leaving', () => {
      controller.abort();
      return apiError(503);
    });
    const error = await errorOf(
      answer(cascade({ steps: [leaving, next] }), callOf('Hi', { abortSignal: controller.signal })),
    );
    expect(error).toMatchObject({ name: 'AbortError' });
    expect(callsOf(next)).toBe(0);
  });

  it('before anything began: no member is called', async () => {
    const model = answers('m');
    const abortSignal = AbortSignal.abort('gone');
    const seen: unknown[] = [];
    const primitive = cascade({ steps: [model], onDecision: (decision) => seen.push(decision) });
    expect(await errorOf(answer(primitive, callOf('Hi', { abortSignal })))).toBe('gone');
    expect(callsOf(model)).toBe(0);
    expect(seen).toHaveLength(1);
  });

  it('also for a request that would not fit', async () => {
    const model = cascade({ steps: [{ model: answers('m'), contextWindow: 10 }] });
    const call = callOf('Hi', { abortSignal: AbortSignal.abort('gone') });
    expect(await errorOf(answer(model, call))).toBe('gone');
  });

  it('no listener is left after 50 good calls, nor after failovers', async () => {
    const { controller, listeners } = countingSignal();
    const model = cascade({ steps: [fails('down'), dispatcher({ targets: [answers('up')] })] });
    for (let call = 0; call < 50; call++)
      await answer(model, callOf('Hi', { abortSignal: controller.signal }));
    expect(listeners()).toBe(0);
  });
});

it('a stream that comes after the caller left is cancelled', async () => {
  const controller = new AbortController();
  let cancelled = false;
  let deliver = (_: { stream: ReadableStream<Part> }): void => {};
  const slow = new MockLanguageModelV4({ doStream: () => new Promise((resolve) => (deliver = resolve)) });
  const call = errorOf(cascade({ steps: [slow] }).doStream(callOf('Hi', { abortSignal: controller.signal })));
  await expect.poll(() => callsOf(slow)).toBe(1);
  controller.abort();
  await call;
  deliver({ stream: new ReadableStream({ cancel: () => void (cancelled = true) }) });
  await expect.poll(() => cancelled).toBe(true);
});

describe.each([
  ['cascade', (): RoutingModel => cascade({ steps: [fails('down'), answers('up')] })],
  ['dispatcher', (): RoutingModel => dispatcher({ targets: [fails('down'), answers('up')], fallback: true })],
  [
    'alloy',
    (): RoutingModel =>
      alloy({
        constituents: [fails('down'), answers('up')].map((model) => ({
          model,
          contextWindow: '8K' as const,
        })),
      }),
  ],
])('%s: state lives in the call', (_, make) => {
  it.each([generated, streamed])(
    '20 overlapping calls with the first member down: 20 of 20 answered',
    async (answer) => {
      const model = make();
      const calls = Array.from({ length: 20 }, (__, index) => answer(model, callOf(`Hi ${index}`)));
      expect(await Promise.all(calls)).toEqual(Array.from({ length: 20 }, () => 'up'));
    },
  );
});
