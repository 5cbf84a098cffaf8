import { MockLanguageModelV4 } from 'ai/test';
import { generateText, wrapLanguageModel } from 'ai';
import { describe, expect, it, vi } from 'vitest';
import {
  alloy,
  cascade,
  ContextWindowExceededError,
  type Decision,
  decisionOf,
  dispatcher,
  explain,
  InvalidConfigurationError,
  NoRuleMatchedError,
  type Shorten,
} from '../src/index.ts';
import {
  answers,
  type Call,
  callOf,
  callOfTokens,
  callsOf,
  errorOf,
  fails,
  generated,
  streamed,
  textOfTokens,
  tooLong,
} from './support/models.ts';

const user = (text: string): Call['prompt'][number] => ({ role: 'user', content: [{ type: 'text', text }] });
/** A conversation of messages of 5,000 tokens each. */
const conversation = (messages: number, own: Partial<Call> = {}): Call => ({
  prompt: Array.from({ length: messages }, () => user(textOfTokens(5000))),
  ...own,
});
const freeze = (value: unknown): unknown => {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze);
  return Object.freeze(value);
};
const lastMessage: Shorten = (call) => ({ ...call, prompt: call.prompt.slice(-1) });
const sized = (id: string, contextWindow = 16_000) => ({ id, model: answers(id), contextWindow });
/** The prompts that a model was called with. */
const promptsOf = (model: MockLanguageModelV4): Call['prompt'][] =>
  [...model.doGenerateCalls, ...model.doStreamCalls].map(({ prompt }) => prompt);

describe.each([generated, streamed])('R-47: shorten, with %o', (answer) => {
  const decided = async (options: object, call: Call): Promise<{ text: string; decision: Decision }> => {
    const onDecision = vi.fn<(decision: Decision) => void>();
    const text = await answer(cascade({ steps: [sized('a')], onDecision, ...options }), call);
    expect(onDecision).toHaveBeenCalledTimes(1);
    return { text, decision: onDecision.mock.calls[0]![0] };
  };

  it('is asked once when nothing fits; its call is sent, and the decision says so', async () => {
    const shorten = vi.fn<Shorten>(lastMessage);
    const model = answers('a');
    const steps = [sized('small', 8000), { id: 'a', model, contextWindow: 16_000 }];
    const { text, decision } = await decided({ steps, shorten }, conversation(4));
    expect(text).toBe('a');
    expect(shorten).toHaveBeenCalledTimes(1);
    expect(shorten.mock.calls[0]![0].prompt).toHaveLength(4);
    expect(shorten.mock.calls[0]![1].candidates.map(({ id, fits }) => ({ id, fits }))).toEqual([
      { id: 'small', fits: false },
      { id: 'a', fits: false },
    ]);
    expect(promptsOf(model)).toEqual([conversation(1).prompt]);
    expect(decision.shortened!.from).toBeGreaterThan(12_000);
    expect(decision.shortened!.to).toBe(decision.candidates[1]!.demand.input);
    expect(decision.candidates.map(({ fits }) => fits)).toEqual([false, true]);
    expect(decision).toMatchObject({ order: ['a'], answeredBy: 'a' });
  });

  it('may be asynchronous', async () => {
    const shorten: Shorten = async (...given) => {
      await new Promise((resolve) => setImmediate(resolve));
      return lastMessage(...given);
    };
    expect((await decided({ shorten }, conversation(3))).text).toBe('a');
  });

  it('is not asked when a member can hold the call', async () => {
    const shorten = vi.fn<Shorten>();
    const { decision } = await decided(
      { shorten, steps: [sized('small', 5000), sized('a')] },
      conversation(1),
    );
    expect(shorten).not.toHaveBeenCalled();
    expect(decision).not.toHaveProperty('shortened');
  });

  it.each<[string, Shorten, number | undefined]>([
    ['undefined', () => undefined, undefined],
    ['the same call', (call) => call, 9],
    ['a call that is still too long', (call) => ({ ...call, prompt: call.prompt.slice(1) }), 8],
  ])('leaves the refusal as it is if it returns %s', async (_, returned, messages) => {
    const shorten = vi.fn(returned);
    const step = sized('a');
    const error = await errorOf(answer(cascade({ steps: [step], shorten }), conversation(9)));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect(shorten).toHaveBeenCalledTimes(1);
    expect(callsOf(step.model)).toBe(0);
    const { shortened, candidates } = decisionOf(error)!;
    expect(shortened?.to).toBe(messages && candidates[0]!.demand.input);
    expect(Math.round((shortened?.to ?? 0) / 5000)).toBe(messages ?? 0);
    expect((error as Error).message.includes('also after shorten (')).toBe(messages !== undefined);
  });

  it('ends the call with what it throws', async () => {
    const thrown = new Error('no summary');
    const fail = (): never => {
      throw thrown;
    };
    for (const shorten of [fail, async () => fail()]) {
      const onDecision = vi.fn();
      const model = cascade({ id: 'c', steps: [sized('a')], shorten, onDecision });
      const error = await errorOf(answer(model, conversation(9)));
      expect(error).toBe(thrown);
      expect(decisionOf(error)!.candidates[0]).toMatchObject({ id: 'a', fits: false });
      expect(onDecision.mock.calls).toEqual([[decisionOf(error)]]);
    }
  });

  it.each([
    [null],
    [42],
    ['shorter'],
    [{}],
    [{ prompt: 'shorter' }],
    [{ prompt: [] }],
    [{ prompt: ['Hello'] }],
    [[]],
  ])('ends the call with a clear error if it returns %j', async (returned) => {
    const shorten = () => returned as never;
    const error = await errorOf(answer(cascade({ id: 'c', steps: [sized('a')], shorten }), conversation(9)));
    expect(InvalidConfigurationError.isInstance(error)).toBe(true);
    expect((error as Error).message).toMatch(
      /^what shorten of cascade "c" returns is .*: return a call with a prompt/,
    );
    expect(decisionOf(error)).toMatchObject({ id: 'c' });
  });

  it("can't change the call of the caller, who may have frozen it", async () => {
    const output = { type: 'json' as const, value: { rows: [textOfTokens(20_000)] } };
    const call: Call = {
      prompt: [
        { role: 'tool', content: [{ type: 'tool-result', toolCallId: '1', toolName: 't', output }] },
        user('Hello'),
      ],
    };
    const asItWas = structuredClone(call);
    const shorten: Shorten = (given) => {
      const [result] = given.prompt[0]!.content as unknown as [{ output: { value: { rows: string[] } } }];
      result.output.value.rows.length = 0;
      Object.assign(given.prompt[1]!, { role: 'system', content: 'changed' });
      return given;
    };
    const step = sized('a');
    expect(await answer(cascade({ steps: [step], shorten }), freeze(call) as Call)).toBe('a');
    expect(call).toEqual(asItWas);
    expect(promptsOf(step.model)[0]![1]).toEqual({ role: 'system', content: 'changed' });
  });

  it('shares bytes and addresses instead of copying them', async () => {
    const data = new Uint8Array(100);
    const url = new URL('https://example.com/a.png');
    const call = conversation(9);
    const file = (each: Uint8Array | URL) => ({ type: 'file', mediaType: 'image/png', data: each }) as never;
    call.prompt.push({ role: 'user', content: [file(data), file(url)] });
    const shorten = vi.fn<Shorten>(lastMessage);
    await answer(cascade({ steps: [sized('a')], shorten }), call);
    const parts = shorten.mock.calls[0]![0].prompt.at(-1)!.content as unknown as { data: unknown }[];
    expect(parts.map((part) => part.data)).toEqual([data, url]);
    expect(parts[0]!.data).toBe(data);
    expect(parts[1]!.data).toBe(url);
  });

  it('keeps the abort signal, also if the call that it returns has none or a copy', async () => {
    const { signal } = new AbortController();
    const returns: Shorten[] = [
      ({ prompt }) => ({ prompt: prompt.slice(-1) }),
      (call) => JSON.parse(JSON.stringify(lastMessage(call, undefined!))),
    ];
    for (const shorten of returns) {
      const step = sized('a');
      await answer(cascade({ steps: [step], shorten }), conversation(9, { abortSignal: signal }));
      expect([...step.model.doGenerateCalls, ...step.model.doStreamCalls][0]!.abortSignal).toBe(signal);
    }
  });

  it('ends when the caller aborts, although it never returns', async () => {
    const controller = new AbortController();
    const onDecision = vi.fn();
    const shorten: Shorten = () => {
      queueMicrotask(() => controller.abort(new Error('closed')));
      return new Promise<undefined>(() => {});
    };
    const model = cascade({ steps: [sized('a')], shorten, onDecision });
    const error = await errorOf(answer(model, conversation(9, { abortSignal: controller.signal })));
    expect(error).toBe(controller.signal.reason);
    expect(onDecision).toHaveBeenCalledTimes(1);
  });

  it('is limited by deadlineMs', async () => {
    const shorten = (): Promise<undefined> => new Promise(() => {});
    const error = await errorOf(
      answer(cascade({ steps: [sized('a')], shorten, deadlineMs: 5 }), conversation(9)),
    );
    expect(error).toMatchObject({ deadline: 'deadlineMs' });
  });

  it('is asked by the outermost primitive only', async () => {
    const inner = vi.fn<Shorten>(lastMessage);
    const outer = vi.fn<Shorten>(lastMessage);
    const nested = cascade({ id: 'nested', steps: [sized('a')], shorten: inner });
    expect(await answer(cascade({ steps: [nested], shorten: outer }), conversation(9))).toBe('a');
    expect([inner, outer].map(({ mock }) => mock.calls.length)).toEqual([0, 1]);
    const error = await errorOf(answer(cascade({ steps: [nested] }), conversation(9)));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect(await answer(nested, conversation(9))).toBe('a');
    expect(inner).toHaveBeenCalledTimes(1);
  });

  it('is not asked after a provider has rejected the request as too long', async () => {
    const shorten = vi.fn<Shorten>(lastMessage);
    const step = { id: 'a', model: fails('a', tooLong), contextWindow: 100_000 };
    const error = await errorOf(
      answer(
        cascade({ steps: [step, step].map((each, n) => ({ ...each, id: `${n}` })), shorten }),
        conversation(2),
      ),
    );
    expect(error).toBeInstanceOf(Error);
    expect(shorten).not.toHaveBeenCalled();
  });

  it('serves fallbacks, retries and nested primitives with the shortened call', async () => {
    const broken = fails('broken');
    const last = sized('last');
    const nested = alloy({ constituents: [last, { ...last, id: 'last2' }] });
    const steps = [{ model: broken, contextWindow: 16_000 }, nested];
    const { text, decision } = await decided({ steps, shorten: lastMessage }, conversation(9));
    expect(text).toBe('last');
    expect([broken, last.model].flatMap(promptsOf)).toEqual([conversation(1).prompt, conversation(1).prompt]);
    expect(decision.attempts).toHaveLength(2);
  });

  it('R-20, R-35: has rules evaluated anew, by the shortened call', async () => {
    const rules = [{ id: 'short', when: { maxInputTokens: 6000 }, target: sized('small', 12_000) }];
    const model = dispatcher({ id: 'd', rules, targets: [sized('a', 13_000)], shorten: lastMessage });
    expect(await answer(model, conversation(9))).toBe('small');
  });

  it('is asked for the target that a rule chose, and where every rule matches shorter requests only', async () => {
    const rules = [{ when: { hasTools: false }, target: sized('small', 12_000) }];
    const shorten = vi.fn<Shorten>(lastMessage);
    expect(await answer(dispatcher({ rules, targets: [sized('a', 90_000)], shorten }), conversation(3))).toBe(
      'small',
    );
    const short = [{ when: { maxInputTokens: 6000 }, target: sized('small', 12_000) }];
    expect(await answer(dispatcher({ rules: short, shorten }), conversation(3))).toBe('small');
    expect(shorten).toHaveBeenCalledTimes(2);
  });

  it('is not asked where no rule matches, whatever the size', async () => {
    const shorten = vi.fn<Shorten>(lastMessage);
    const rules = [{ when: { hasTools: true }, target: sized('a') }];
    const error = await errorOf(answer(dispatcher({ rules, shorten }), conversation(9)));
    expect(NoRuleMatchedError.isInstance(error)).toBe(true);
    expect(shorten).not.toHaveBeenCalled();
  });

  it('keeps a sticky conversation on its target, by its session', async () => {
    const kept = new Map<string, string>();
    const store = {
      get: async (key: string) => kept.get(key),
      set: async (key: string, value: string) => void kept.set(key, value),
    };
    const targets = [sized('a', 16_000), sized('b', 40_000)];
    const model = dispatcher({
      id: 'd',
      targets,
      reevaluate: 'sticky',
      session: { store },
      shorten: lastMessage,
    });
    const providerOptions = { 'ai-alloy': { session: 's' } };
    expect(await answer(model, callOf('Hello', { providerOptions }))).toBe('a');
    expect(await answer(model, conversation(4, { providerOptions }))).toBe('a'); // b would have held it
    expect(targets[1]!.model.doGenerateCalls).toEqual([]);
  });
});

describe('R-47: shorten', () => {
  it('R-38: listeners get the metadata of the call as the caller made it', async () => {
    const heard: unknown[] = [];
    const model = cascade({
      steps: [{ model: answers('a'), contextWindow: 6000 }],
      shorten: () => callOf('Hi'),
      onDecision: ({ metadata }) => heard.push(metadata),
    });
    await generated(model, callOfTokens(9000, { providerOptions: { 'ai-alloy': { tier: 'gold' } } }));
    expect(heard).toEqual([{ tier: 'gold' }]);
  });

  it('is asked again by every call', async () => {
    const shorten = vi.fn<Shorten>(lastMessage);
    const model = cascade({ steps: [sized('a')], shorten });
    const call = conversation(9);
    expect(await generated(model, call)).toBe('a');
    expect(await generated(model, call)).toBe('a');
    expect(shorten.mock.calls.map(([{ prompt }]) => prompt.length)).toEqual([9, 9]);
  });

  it('is not called by explain, and by a wrapped primitive like any other', async () => {
    const shorten = vi.fn<Shorten>(lastMessage);
    const model = cascade({ steps: [sized('a')], shorten });
    const messages = Array.from({ length: 9 }, () => ({
      role: 'user' as const,
      content: textOfTokens(5000),
    }));
    const decision = await explain(model, { messages });
    expect(decision.candidates[0]!.fits).toBe(false);
    expect(shorten).not.toHaveBeenCalled();
    const wrapped = cascade({ steps: [wrapLanguageModel({ model, middleware: {} })] });
    expect((await generateText({ model: wrapped, messages })).text).toBe('a');
    expect(shorten).toHaveBeenCalledTimes(1);
  });

  it('counts from at least so many tokens if counting stopped', async () => {
    const onDecision = vi.fn<(decision: Decision) => void>();
    const model = cascade({ steps: [sized('a')], shorten: () => callOfTokens(100), onDecision });
    await generated(model, conversation(400));
    const { shortened, candidates } = onDecision.mock.calls[0]![0];
    expect(shortened).toMatchObject({ from: expect.any(Number), to: candidates[0]!.demand.input });
    expect(JSON.parse(JSON.stringify(shortened))).toEqual(shortened);
  });

  it('is an error at construction if it is no function', () => {
    for (const shorten of [true, 'last', {}]) {
      expect(() => cascade({ steps: [sized('a')], shorten: shorten as never })).toThrow(
        /shorten is .*: pass a function/,
      );
    }
  });
});
