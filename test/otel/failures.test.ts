// What spans and metrics say of aborts, failures and the cooldowns that they start.
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it, vi } from 'vitest';
import { cascade, dispatcher, failureOf, type FailureKind } from '../../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  errorOf,
  fails,
  partsOf,
  streams,
  textParts,
  textResult,
  type Part,
} from '../support/models.ts';
import { at, instrumented } from './instrumented.ts';
import { outline } from './recorded.ts';

const own = instrumented();
const { named, attributesOf } = own;

describe('error.type of a call that is aborted, with any reason', () => {
  const aborted = { 'ai_alloy.outcome': 'aborted', 'error.type': 'aborted' };

  it('before it begins', async () => {
    const abortSignal = AbortSignal.abort('changed my mind');
    await errorOf(cascade({ id: 'c', steps: [answers('m')] }).doGenerate(callOf('Hello!', { abortSignal })));
    expect(attributesOf('cascade c')).toMatchObject(aborted);
  });

  it('while a rule is asked', async () => {
    const controller = new AbortController();
    const when = (): Promise<boolean> => {
      controller.abort('changed my mind');
      return new Promise(() => {});
    };
    const model = dispatcher({ id: 'd', rules: [{ when, target: answers('m') }], targets: [answers('m')] });
    await errorOf(model.doGenerate(callOf('Hello!', { abortSignal: controller.signal })));
    expect(attributesOf('dispatcher d')).toMatchObject(aborted);
  });

  it('while it waits for a retry: the attempt before it failed', async () => {
    const controller = new AbortController();
    const failing = fails('m', () => {
      setTimeout(() => controller.abort(new Error('changed my mind')));
      return apiError(503, { headers: { 'retry-after-ms': '60000' } });
    });
    const model = cascade({ id: 'c', steps: [{ model: failing, retries: 1 }] });
    await errorOf(model.doGenerate(callOf('Hello!', { abortSignal: controller.signal })));
    expect(attributesOf('chat m')).toMatchObject({
      'ai_alloy.outcome': 'failed',
      'error.type': 'server-error',
    });
    expect(attributesOf('cascade c')).toMatchObject(aborted);
    expect((await own.memory.metrics())['ai_alloy.call.duration']?.[0]?.attributes).toMatchObject(aborted);
  });

  it('while its stream is read', async () => {
    const controller = new AbortController();
    const model = cascade({
      id: 'c',
      steps: [streams('m', textParts('Hello!').slice(0, 3), 'stays open')],
    });
    const { stream } = await model.doStream(callOf('Hello!', { abortSignal: controller.signal }));
    const reader = stream.getReader();
    await reader.read();
    controller.abort('changed my mind');
    await vi.waitFor(() => expect(named('cascade c')).toHaveLength(1));
    expect(attributesOf('chat m')).toMatchObject(aborted);
    expect(attributesOf('cascade c')).toMatchObject(aborted);
  });
});

describe('a cooldown that an attempt starts', () => {
  const cooldown = { failures: 2, ms: 60_000 };
  const cooldownsOf = (name: string): unknown[] =>
    named(name).map(({ attributes }) => attributes['ai_alloy.attempt.cooldown_ms']);

  it('is said of that attempt only', async () => {
    const model = cascade({ id: 'c', cooldown, steps: [fails('down'), answers('up')] });
    for (let call = 0; call < 3; call++) await model.doGenerate(callOf('Hello!'));
    expect(cooldownsOf('chat down')).toEqual([undefined, 60_000]);
    expect(cooldownsOf('chat up')).toEqual([undefined, undefined, undefined]);
  });

  it('has the length that the provider names', async () => {
    const limited = fails('down', () => apiError(429, { headers: { 'retry-after': '300' } }));
    await cascade({ id: 'c', cooldown, steps: [limited, answers('up')] }).doGenerate(callOf('Hello!'));
    expect(cooldownsOf('chat down')).toEqual([300_000]);
  });

  it('is said of the retry that started it, and of a stream that broke', async () => {
    const step = { model: fails('down'), retries: 1, id: 'down' };
    const model = cascade({ id: 'c', cooldown, steps: [step, answers('up')] });
    await model.doGenerate(callOf('Hello!'));
    expect(cooldownsOf('chat down')).toEqual([undefined, 60_000]);
    const broken: Part[] = [...textParts('Hello!').slice(0, 3), { type: 'error', error: apiError(503) }];
    const breaking = cascade({
      id: 'b',
      cooldown: { ...cooldown, failures: 1 },
      steps: [streams('breaks', broken)],
    });
    await partsOf(breaking as never, callOf('Hello!'));
    expect(cooldownsOf('chat breaks')).toEqual([60_000]);
    expect(own.memory.counting.ended.map(({ name }) => name).slice(-2)).toEqual(['chat breaks', 'cascade b']);
  });

  it('is no reason to end its span later than the attempt', async () => {
    const slow = new MockLanguageModelV4({
      modelId: 'up',
      doGenerate: async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return textResult('up');
      },
    });
    await cascade({ id: 'c', cooldown, steps: [fails('down'), slow] }).doGenerate(callOf('Hello!'));
    const [down] = named('chat down');
    const [up] = named('chat up');
    expect(at(down!.endTime)).toBeLessThanOrEqual(at(up!.startTime) + 1_000_000n);
  });
});

describe('failed attempts', () => {
  const errors: readonly (readonly [FailureKind, () => unknown])[] = [
    ['timeout', () => Object.assign(new Error('slow'), { name: 'TimeoutError' })],
    ['rate-limit', () => apiError(429)],
    ['quota', () => apiError(429, { body: { error: { code: 'insufficient_quota' } } })],
    ['server-error', () => apiError(503)],
    ['network', () => Object.assign(new Error('gone'), { code: 'ECONNRESET' })],
    ['overflow', () => apiError(400, { body: { error: { code: 'context_length_exceeded' } } })],
    ['auth', () => apiError(401)],
    ['not-found', () => apiError(404)],
    ['bad-request', () => apiError(422)],
    ['unknown', () => 'thrown'],
  ];

  it.each(errors)('R-51: say %s, in spans and metrics', async (kind, error) => {
    expect(failureOf(error()).kind).toBe(kind);
    const model = cascade({ id: 'c', steps: [cascade({ id: 'inner', steps: [fails('m', error)] })] });
    await errorOf(model.doGenerate(callOf('Hello!')));
    expect(own.memory.spans().map(({ attributes }) => attributes['error.type'])).toEqual([
      kind,
      kind,
      kind,
      kind,
    ]);
    const measured = await own.memory.metrics();
    for (const name of ['ai_alloy.attempts', 'ai_alloy.attempt.duration', 'ai_alloy.call.duration'])
      expect(measured[name]!.map(({ attributes }) => attributes['error.type'])).toContain(kind);
  });

  it.each(['generate', 'stream'])('have the usage of an answer that was rejected (%s)', async (mode) => {
    const model = cascade({
      id: 'c',
      steps: [cascade({ id: 'inner', steps: [{ model: answers('curt'), id: 'curt' }] }), answers('good')],
      fallThroughOn: ['default', 'rejected'],
      afterContent: 'buffer',
      acceptAnswer: ({ text }) => text === 'good',
    });
    await (mode === 'stream' ? partsOf(model as never, callOf('Hi')) : model.doGenerate(callOf('Hi')));
    expect(outline(own.memory.trees())).toEqual([
      'cascade c',
      '  attempt inner',
      '    cascade inner',
      '      chat curt',
      '  chat good',
    ]);
    expect(attributesOf('attempt inner')).toMatchObject({
      'ai_alloy.outcome': 'failed',
      'error.type': 'rejected',
    });
    expect(attributesOf('chat curt')).toMatchObject({
      'ai_alloy.outcome': 'answered',
      'gen_ai.usage.input_tokens': 7,
    });
    const { 'ai_alloy.tokens': tokens, 'ai_alloy.fallbacks': fallbacks } = await own.memory.metrics();
    expect(tokens!.map(({ value }) => value)).toEqual([7, 2, 7, 2]);
    expect(fallbacks!.map(({ attributes }) => attributes['error.type'])).toEqual(['rejected']);
  });
});
