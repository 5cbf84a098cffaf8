// How spans lie within each other: in time, under wrapped primitives, and of calls at the same time.
import { setImmediate } from 'node:timers/promises';
import { wrapLanguageModel } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it, vi } from 'vitest';
import { cascade } from '../../src/index.ts';
import { answers, apiError, callOf, fails, partsOf, textResult } from '../support/models.ts';
import { at, instrumented } from './instrumented.ts';
import { outline, within } from './recorded.ts';

const own = instrumented();
const { attributesOf } = own;

describe('the times of spans', () => {
  function assertInside(): void {
    const spans = own.memory.spans();
    const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
    for (const span of spans) {
      expect(at(span.startTime)).toBeLessThanOrEqual(at(span.endTime));
      const parent = byId.get(span.parentSpanContext?.spanId ?? '');
      if (!parent) continue;
      expect(at(span.startTime)).toBeGreaterThanOrEqual(at(parent.startTime));
      expect(at(span.endTime)).toBeLessThanOrEqual(at(parent.endTime));
    }
  }
  const wrapped = wrapLanguageModel({
    model: cascade({ id: 'deep', steps: [fails('down'), answers('m')] }),
    middleware: { specificationVersion: 'v4' },
  });

  it('are inside those of the span around it', async () => {
    const model = cascade({ id: 'outer', steps: [cascade({ id: 'inner', steps: [wrapped] })] });
    for (let call = 0; call < 100; call++) {
      if (call % 2 === 0) await model.doGenerate(callOf('Hello!'));
      else await partsOf(model as never, callOf('Hello!'));
    }
    expect(own.memory.spans().length).toBe(700);
    assertInside();
  });

  it('are so also where the wall clock is set back in mid-call', async () => {
    const { now } = Date;
    let back = 0;
    const step = new MockLanguageModelV4({
      modelId: 'down',
      doGenerate: async () => {
        back += 3_600_000;
        throw apiError(503);
      },
    });
    vi.spyOn(Date, 'now').mockImplementation(() => now() - back);
    await cascade({ id: 'outer', steps: [step, wrapped] }).doGenerate(callOf('Hello!'));
    expect(outline(own.memory.trees())).toHaveLength(6);
    assertInside();
  });
});

describe('a wrapped primitive in another one', () => {
  const steps = [fails('gpt-5', undefined, 'openai.chat'), answers('claude', 'anthropic.messages')];
  const wrapped = (inner = cascade({ id: 'inner', steps })) =>
    wrapLanguageModel({ model: inner, middleware: { specificationVersion: 'v4' } });

  it.each(['generate', 'stream'])('says who answered inside it (%s)', async (mode) => {
    const model = cascade({ id: 'outer', steps: [wrapped()] });
    await (mode === 'stream'
      ? partsOf(model as never, callOf('Hello!'))
      : model.doGenerate(callOf('Hello!')));
    expect(attributesOf('cascade outer')).toMatchObject({ 'gen_ai.provider.name': 'anthropic' });
  });

  it('counts as nested', async () => {
    await cascade({ id: 'outer', steps: [wrapped()] }).doGenerate(callOf('Hello!'));
    const calls = (await own.memory.metrics())['ai_alloy.call.duration']!;
    expect(calls.map(({ attributes: of }) => [of['ai_alloy.primitive.id'], of['ai_alloy.nested']])).toEqual([
      ['inner', true],
      ['outer', false],
    ]);
  });

  it('is not taken for the one who answers, if a model only asks it', async () => {
    const inner = cascade({ id: 'inner', steps });
    const asking = new MockLanguageModelV4({
      provider: 'mistral.chat',
      modelId: 'asks',
      doGenerate: async (call) => {
        await inner.doGenerate(call);
        return textResult('Hello!');
      },
    });
    await cascade({ id: 'outer', steps: [asking] }).doGenerate(callOf('Hello!'));
    expect(attributesOf('cascade outer')).toMatchObject({ 'gen_ai.provider.name': 'mistral_ai' });
  });
});

it('a call that has begun is reported to its end, with the nested primitives that it comes to only then', async () => {
  const stopping = new MockLanguageModelV4({
    modelId: 'first',
    doGenerate: async () => {
      own.stop();
      throw apiError(503);
    },
  });
  const model = cascade({ id: 'outer', steps: [stopping, cascade({ id: 'inner', steps: [answers('m')] })] });
  await model.doGenerate(callOf('Hello!'));
  await model.doGenerate(callOf('Hello!'));
  expect(outline(own.memory.trees())).toEqual([
    'cascade outer',
    '  chat first',
    '  attempt inner',
    '    cascade inner',
    '      chat m',
  ]);
});

it('concurrent calls keep to their own parents', async () => {
  const slow = new MockLanguageModelV4({
    modelId: 'm',
    doGenerate: async (call) => {
      const text = (call.prompt[0] as { content: { text: string }[] }).content[0]!.text;
      for (let turn = 0; turn < Number(text) % 7; turn++) await setImmediate();
      if (Number(text) % 3 === 0) throw apiError(503);
      return textResult(text);
    },
  });
  const order = async <Candidates>(candidates: Candidates): Promise<Candidates> => {
    await setImmediate();
    return candidates;
  };
  const model = cascade({
    id: 'outer',
    order,
    steps: [cascade({ id: 'inner', order, steps: [slow, answers('spare')] })],
  });
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  await Promise.all(
    numbers.map((number) =>
      within(own.memory, `request ${number}`, async () => model.doGenerate(callOf(`${number}`))),
    ),
  );
  const trees = own.memory.trees().toSorted((a, b) => Number(a.name.slice(8)) - Number(b.name.slice(8)));
  expect(trees.map((tree) => outline([tree]))).toEqual(
    numbers.map((number) => [
      `request ${number}`,
      '  cascade outer',
      '    attempt inner',
      '      cascade inner',
      '        chat m',
      ...(number % 3 === 0 ? ['        chat spare'] : []),
    ]),
  );
});
