import { generateText } from 'ai';
import { describe, expect, it, vi } from 'vitest';
import {
  cascade,
  ContextWindowExceededError,
  decisionOf,
  dispatcher,
  explain,
  InvalidConfigurationError,
  type ModelCall,
} from '../../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callOfTokens,
  callsOf,
  errorOf,
  fails,
  generated,
  reports,
  textOfTokens,
  unsteady,
  type Call,
} from '../support/models.ts';

const image = {
  type: 'file',
  mediaType: 'image/png',
  data: { type: 'data', data: new Uint8Array(9) },
} as const;
const withImage = (text = 'Hi'): Call => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }, image] }],
});

const withoutImages = (call: ModelCall): ModelCall => ({
  ...call,
  prompt: call.prompt.map((message) =>
    message.role === 'user'
      ? { ...message, content: message.content.filter(({ type }) => type !== 'file') }
      : message,
  ),
});

describe('R-41: transform of a member', () => {
  it('changes what the member is sent, after the settings', async () => {
    const model = answers('m');
    const seen: unknown[] = [];
    const steps = cascade({
      steps: [
        {
          model,
          settings: { temperature: 0.5, seed: 1 },
          transform(call) {
            seen.push(call.temperature);
            return { ...call, temperature: 0.7 };
          },
        },
      ],
    });
    await steps.doGenerate(callOf('Hi'));
    expect(seen).toEqual([0.5]);
    expect(model.doGenerateCalls[0]).toEqual({ ...callOf('Hi'), temperature: 0.7, seed: 1 });
  });

  it('is what is counted: a member that drops images is not charged for them', async () => {
    const text = answers('text');
    const limits = { contextWindow: 1000, defaultOutputTokens: 100 };
    const plain = cascade({ steps: [{ model: text, ...limits }] });
    expect(ContextWindowExceededError.isInstance(await errorOf(plain.doGenerate(withImage())))).toBe(true);
    const model = cascade({ steps: [{ model: text, ...limits, transform: withoutImages }] });
    const { providerMetadata } = await model.doGenerate(withImage());
    const [candidate] = decisionOf(providerMetadata)!.candidates;
    expect(candidate).toMatchObject({ fits: true });
    expect(candidate!.demand.input).toBeLessThan(100);
    expect(JSON.stringify(text.doGenerateCalls[0])).not.toContain('image');
    const messages = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }, image] }] as never;
    expect((await explain(model, { messages })).candidates[0]).toMatchObject({ fits: true });
  });

  it('is called once for a member and a call, whatever is planned, refused and retried', async () => {
    vi.useFakeTimers();
    const calls = { sized: 0, flaky: 0, inner: 0, nested: 0 };
    const counting = (name: keyof typeof calls) => async (call: ModelCall) => {
      calls[name]++;
      await Promise.resolve();
      return call;
    };
    const failures = [apiError(503), apiError(503)];
    const inner = cascade({
      steps: [{ model: answers('inner'), contextWindow: 9000, transform: counting('inner') }],
    });
    const model = cascade({
      retries: 2,
      steps: [
        { model: answers('small'), contextWindow: 50, transform: counting('sized') },
        { model: unsteady('flaky', () => failures.pop() ?? apiError(500)), transform: counting('flaky') },
        { model: inner, contextWindow: 8000, transform: counting('nested') },
      ],
    });
    const answering = generated(model, callOf('Hi'));
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(await answering).toBe('inner');
    // The nested primitive is planned again, since a member failed before it.
    expect(calls).toEqual({ sized: 1, flaky: 1, inner: 1, nested: 1 });
  });

  it('is called once for a member at every depth, also where everything in front fails', async () => {
    const called: number[] = [];
    let step: object = { model: answers('leaf'), contextWindow: 10_000 };
    for (let depth = 5; depth >= 0; depth--) {
      const inner = cascade({
        id: `c${depth}`,
        steps: [{ id: 'down', model: fails('down') }, step as never],
      });
      step = {
        model: inner,
        async transform(call: ModelCall) {
          called.push(depth);
          return { ...call, seed: depth };
        },
      };
    }
    const model = cascade({ steps: [fails('down'), step as never] });
    expect(await generated(model, callOf('Hi'))).toBe('leaf');
    expect(called).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('can do no harm to the call, to other members, or to the next call', async () => {
    const [first, second] = [fails('a'), answers('b')];
    const model = cascade({
      steps: [
        {
          model: first,
          transform(call: any) {
            call.prompt[0].content[0].text = 'changed';
            call.prompt.push({ role: 'user', content: [] });
            call.providerOptions.mock.list.push(4);
            call.tools[0].inputSchema.properties.more = {};
            call.headers.a = '2';
            delete call.seed;
            return call;
          },
        },
        second,
      ],
    });
    const freeze = <Value>(value: Value): Value => {
      if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
      return value;
    };
    const make = (): Call =>
      callOf('Hi', {
        seed: 1,
        headers: { a: '1' },
        providerOptions: { mock: { list: [1, 2, 3] } },
        tools: [{ type: 'function', name: 't', inputSchema: { type: 'object', properties: {} } }],
      });
    for (const call of [make(), freeze(make())]) await model.doGenerate(call);
    for (const call of second.doGenerateCalls) expect(call).toEqual(make());
    for (const call of first.doGenerateCalls) {
      expect(call.prompt).toHaveLength(2);
      expect(call).toMatchObject({ headers: { a: '2' }, providerOptions: { mock: { list: [1, 2, 3, 4] } } });
      expect('seed' in call).toBe(false);
    }
  });

  it('gets the same media as the call, whose bytes are not copied', async () => {
    let seen: unknown;
    const transform = (call: any) => {
      seen = call.prompt[0].content[1].data.data;
      return call;
    };
    await cascade({ steps: [{ model: answers('m'), transform }] }).doGenerate(withImage());
    expect(seen).toBe(image.data.data);
  });

  it('keeps the abort signal of the call', async () => {
    const model = answers('m');
    const { signal } = new AbortController();
    const transform = (call: ModelCall) => ({ ...call, abortSignal: AbortSignal.abort() });
    const steps = cascade({ steps: [{ model, transform }] });
    await steps.doGenerate(callOf('Hi'));
    await steps.doGenerate(callOf('Hi', { abortSignal: signal }));
    expect(model.doGenerateCalls.map((call) => call.abortSignal)).toEqual([undefined, signal]);
  });

  it('of a member that is not reached is called for the plan, and of one that only another rule leads to is not', async () => {
    const called: string[] = [];
    const as = (id: string) => ({
      id,
      model: answers(id),
      contextWindow: 10_000,
      transform(call: ModelCall) {
        called.push(id);
        return call;
      },
    });
    const model = dispatcher({
      rules: [
        { when: { text: 'never' }, target: as('other') },
        { when: { text: 'Hi' }, target: as('chosen') },
      ],
      targets: [as('target')],
    });
    expect(await generated(model, callOf('Hi'))).toBe('chosen');
    expect(called).toEqual(['target', 'chosen']);
  });

  it('does not change what rules and sticky choices go by: the call as the caller made it', async () => {
    const transform = (call: ModelCall) => ({ ...call, prompt: callOf('other').prompt });
    const [small, large] = [answers('small'), answers('large')];
    const model = dispatcher({
      id: 'd',
      reevaluate: 'sticky',
      rules: [{ when: { text: 'picture', hasImages: true }, target: { model: large, transform } }],
      targets: [
        { id: 'a', model: small, transform },
        { id: 'b', model: answers('b'), transform },
      ],
    });
    expect(await generated(model, withImage('a picture'))).toBe('large');
    const first = await generateText({ model, prompt: 'Hi' });
    const messages = [
      { role: 'user', content: 'Hi' },
      ...first.response.messages,
      { role: 'user', content: '?' },
    ];
    expect(await explain(model, { messages: messages as never })).toMatchObject({
      reason: 'sticky',
      order: ['a', 'b'],
    });
  });

  it('of a nested primitive changes the call that its plan, rules and members see', async () => {
    const wide = answers('wide');
    const inner = dispatcher({
      rules: [{ when: { hasImages: true }, target: answers('vision') }],
      targets: [{ model: wide, contextWindow: 1000, defaultOutputTokens: 100 }],
    });
    const model = cascade({ steps: [{ model: inner, transform: withoutImages }] });
    expect(await generated(model, withImage())).toBe('wide');
    expect(JSON.stringify(wide.doGenerateCalls)).not.toContain('image');
  });

  it('is what an anchored count goes by (R-11): the call as it was sent', async () => {
    const last = (call: ModelCall) => ({ ...call, prompt: call.prompt.slice(-1) });
    const model = reports('m', 15_000);
    const question = callOf('Something that was not asked before?').prompt;
    const answer = { role: 'assistant', content: [{ type: 'text', text: 'm' }] } as const;
    const messages = [...question, answer, ...callOf('And something else?').prompt] as never;
    const basisWith = async (transform?: (call: ModelCall) => ModelCall) => {
      const chat = cascade({ steps: [{ model, contextWindow: 100_000, ...(transform && { transform }) }] });
      await chat.doGenerate({ prompt: question });
      return (await explain(chat, { messages })).candidates[0]!.demand.basis;
    };
    expect(await basisWith()).toBe('anchored');
    expect(await basisWith((call) => call)).toBe('anchored');
    expect(await basisWith(last)).toBe('estimate'); // the beginning isn't sent any more
  });

  it('counts what it adds, too: before the call and in the fit check', async () => {
    const model = answers('m');
    const transform = (call: ModelCall) => ({
      ...call,
      prompt: [{ role: 'system' as const, content: textOfTokens(600) }, ...call.prompt],
    });
    const steps = [{ model, contextWindow: 1000, defaultOutputTokens: 100, transform }, answers('next')];
    expect(await generated(cascade({ steps }), callOfTokens(200))).toBe('m');
    expect(await generated(cascade({ steps }), callOfTokens(400))).toBe('next');
  });

  it('that throws, rejects or returns no call is the error of the call, with its decision', async () => {
    const next = answers('next');
    const bug = new TypeError('a bug');
    const with_ = (transform: unknown) =>
      cascade({ steps: [{ model: answers('m'), transform: transform as never }, next] });
    const throwing = () => {
      throw bug;
    };
    for (const transform of [throwing, async () => throwing()]) {
      for (const call of [
        () => with_(transform).doGenerate(callOf('Hi')),
        () => with_(transform).doStream(callOf('Hi')),
      ]) {
        const error = await errorOf(call());
        expect(error).toBe(bug);
        expect(decisionOf(error)).toMatchObject({ kind: 'cascade', candidates: [] });
      }
    }
    for (const returned of [
      undefined,
      null,
      'a text of the prompt',
      { prompt: 'Hi' },
      { prompt: [] },
      { prompt: ['Hi'] },
      Promise.resolve(7),
    ]) {
      const error = await errorOf(with_(() => returned).doGenerate(callOf('Hi')));
      expect(InvalidConfigurationError.isInstance(error)).toBe(true);
      expect(String(error)).toMatch(/steps\[0\]\.transform\(call\) is .*: return a call with a prompt/);
      expect(String(error)).not.toContain('a text of');
    }
    expect(callsOf(next)).toBe(0);
  });

  it('that is slow ends with the abort of the call, or its deadline', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let signal: AbortSignal | undefined;
    const model = cascade({
      deadlineMs: 20,
      steps: [
        {
          model: answers('m'),
          transform(call) {
            signal = call.abortSignal;
            return new Promise((_, reject) => {
              signal?.addEventListener('abort', () => reject(new Error('an error of its own')));
            });
          },
        },
      ],
    });
    const calling = errorOf(model.doGenerate(callOf('Hi', { abortSignal: controller.signal })));
    controller.abort(reason);
    expect(await calling).toBe(reason);
    expect(signal).toBe(controller.signal);
    expect(String(await errorOf(model.doGenerate(callOf('Hi'))))).toContain('deadlineMs');
  });

  it('that is no function is an error at construction', () => {
    const make = () => cascade({ steps: [{ model: answers('m'), transform: 'no' as never }] });
    expect(make).toThrow('steps[0].transform is a string: pass a function that returns the call');
  });

  it('leaves no text behind in memory (R-49): what it made is dropped with the call', async () => {
    const { isRemembered } = await import('../../src/tokens/call/recall.ts');
    const made: ModelCall[] = [];
    const transform = (call: ModelCall) => {
      made.push(call);
      return call;
    };
    const inner = cascade({ steps: [{ model: answers('m'), contextWindow: 9000, transform }] });
    const unreached = cascade({ steps: [{ model: answers('n'), contextWindow: 9000, transform }] });
    const model = cascade({
      steps: [
        { model: inner, transform },
        { model: unreached, transform },
      ],
    });
    await model.doGenerate(callOf('Hi'));
    expect(made).toHaveLength(4);
    expect(made.filter((call) => isRemembered(call as never))).toEqual([]);
  });
});
