import { defaultSettingsMiddleware } from 'ai';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alloy,
  cascade,
  ContextWindowExceededError,
  dispatcher,
  explain,
  InvalidConfigurationError,
  type MemberSettings,
  type TokenSize,
} from '../../src/index.ts';
import { answers, callOf, callOfTokens, errorOf, fails, reports, type Call } from '../support/models.ts';

/** The call that a single member with these settings is sent. */
async function sentWith(settings: MemberSettings, call: Partial<Call> = {}): Promise<Call> {
  const model = answers('m');
  await cascade({ steps: [{ model, settings }] }).doGenerate(callOf('Hi', call));
  return model.doGenerateCalls[0]!;
}

describe('R-41: settings of a member', () => {
  it('are set where the call leaves them open', async () => {
    const settings = {
      temperature: 0.2,
      topP: 0.5,
      topK: 4,
      seed: 7,
      stopSequences: ['END'],
      reasoning: 'low',
    } as const;
    expect(
      await sentWith({ ...settings, maxOutputTokens: '8K', presencePenalty: 1, frequencyPenalty: 2 }),
    ).toEqual({
      ...callOf('Hi'),
      ...settings,
      maxOutputTokens: 8192,
      presencePenalty: 1,
      frequencyPenalty: 2,
    });
    expect(await sentWith(settings, { temperature: 0, seed: 8 })).toMatchObject({
      temperature: 0,
      seed: 8,
      topK: 4,
    });
    expect(await sentWith(settings, { temperature: undefined })).toMatchObject({ temperature: 0.2 });
  });

  it('merge provider options deeply, and headers by name, whatever its case; the call wins', async () => {
    const sent = await sentWith(
      {
        providerOptions: {
          openai: { store: false, text: { verbosity: 'low', lists: [1, 2] } },
          other: { a: 1 },
        },
        headers: { 'X-Team': 'search', 'X-Other': 'kept', 'x-open': 'set' },
      },
      {
        providerOptions: { openai: { text: { verbosity: 'high', lists: [3] } } },
        headers: { 'x-team': 'chat', 'x-open': undefined },
      },
    );
    expect(sent.providerOptions).toEqual({
      openai: { store: false, text: { verbosity: 'high', lists: [3] } },
      other: { a: 1 },
    });
    expect(sent.headers).toEqual({ 'x-team': 'chat', 'X-Other': 'kept', 'x-open': 'set' });
  });

  it('are merged as defaultSettingsMiddleware does (law)', async () => {
    const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<never>;
    const options = fc.dictionary(fc.constantFrom('openai', 'google'), fc.dictionary(fc.string(), json));
    const number = fc.double({ min: 0, max: 1, noNaN: true });
    const settings = fc.record(
      {
        temperature: number,
        topP: number,
        seed: fc.integer(),
        stopSequences: fc.array(fc.string()),
        providerOptions: options,
        headers: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.string()),
      },
      { requiredKeys: [] },
    );
    const law = fc.asyncProperty(settings, settings, async (own, said) => {
      const call = callOf('Hi', structuredClone(said));
      const { transformParams } = defaultSettingsMiddleware({ settings: own });
      const params = await transformParams!({ params: call, type: 'generate', model: answers('m') });
      expect(await sentWith(own, said)).toEqual(params);
      expect(call).toEqual(callOf('Hi', said));
    });
    await fc.assert(law, { numRuns: 200 });
  });

  it('never change the call, also a frozen one, and are a copy themselves', async () => {
    const settings = { temperature: 0.2, providerOptions: { openai: { store: false } }, headers: { a: '1' } };
    const model = answers('m');
    const steps = cascade({ steps: [{ model, settings }] });
    settings.temperature = 1;
    settings.providerOptions.openai.store = true;
    const call = callOf('Hi', { providerOptions: { openai: { user: 'x' } }, headers: { b: '2' } });
    const before = structuredClone(call);
    await steps.doGenerate(Object.freeze(call));
    expect(call).toEqual(before);
    expect(model.doGenerateCalls[0]).toMatchObject({
      temperature: 0.2,
      providerOptions: { openai: { store: false, user: 'x' } },
      headers: { a: '1', b: '2' },
    });
  });

  it('are for their member only, also in a stream and after a failure', async () => {
    const [first, second] = [fails('a'), answers('b')];
    const model = cascade({ steps: [{ model: first, settings: { temperature: 0.1 } }, second] });
    await model.doGenerate(callOf('Hi'));
    await model.doStream(callOf('Hi'));
    expect(first.doGenerateCalls[0]).toMatchObject({ temperature: 0.1 });
    expect(first.doStreamCalls[0]).toMatchObject({ temperature: 0.1 });
    expect(second.doGenerateCalls[0]).toEqual(callOf('Hi'));
    expect(second.doStreamCalls[0]).toEqual(callOf('Hi'));
  });

  it('with maxOutputTokens are the output budget, in the plan, the fit check and explain', async () => {
    const [small, large] = [answers('small'), answers('large')];
    const settings = { maxOutputTokens: 900 };
    const steps = [{ model: small, contextWindow: 1000, settings }, large];
    const decision = await explain(cascade({ steps }), { prompt: 'x'.repeat(350) });
    expect(decision.candidates[0]).toMatchObject({
      skipped: 'too-large',
      demand: { output: 900, outputFrom: 'settings' },
    });
    expect(decision.order).toEqual(['mock/large']);
    const alone = cascade({ steps: steps.slice(0, 1) });
    const error = await errorOf(alone.doGenerate(callOfTokens(500)));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect(String(error)).toContain('500 input + 900 output');
    const { candidates } = await explain(alone, { prompt: 'Hi', maxOutputTokens: 10 });
    expect(candidates[0]).toMatchObject({ fits: true, demand: { output: 10, outputFrom: 'call' } });
    const whole = cascade({
      steps: [{ model: small, contextWindow: 1000, settings: { maxOutputTokens: 1000 } }],
    });
    expect(String(await errorOf(whole.doGenerate(callOf('Hi'))))).toContain("the member's settings");
  });

  it('of a nested primitive apply to the call that it gets, and its own plan sees them', async () => {
    const [tiny, wide] = [answers('tiny'), answers('wide')];
    const inner = dispatcher({
      rules: [{ when: { metadata: { tier: 'gold' } }, target: wide }],
      targets: [
        { model: tiny, contextWindow: 1000 },
        { model: answers('next'), contextWindow: 10_000 },
      ],
    });
    const outer = (settings: MemberSettings) => cascade({ steps: [{ model: inner, settings }] });
    await outer({ providerOptions: { 'ai-alloy': { tier: 'gold' } }, seed: 1 }).doGenerate(callOf('Hi'));
    expect(wide.doGenerateCalls[0]).toMatchObject({ seed: 1 });
    const { candidates } = await explain(outer({ maxOutputTokens: 2000 }), { prompt: 'Hi' });
    expect(candidates[0]!.decision).toMatchObject({
      order: ['mock/next'],
      candidates: [{ skipped: 'too-large', demand: { output: 2000 } }, { fits: true }, {}],
    });
  });

  it('do not hide them from an anchored count of the next turn (R-11)', async () => {
    const model = reports('m', 15_000);
    const steps = [
      { model, contextWindow: 100_000, settings: { providerOptions: { mock: { a: 1 } }, seed: 1 } },
    ];
    const chat = cascade({ steps });
    const question = callOf('A question that nobody asked before.').prompt;
    await chat.doGenerate({ prompt: question });
    const answer = { role: 'assistant', content: [{ type: 'text', text: 'm' }] } as const;
    const next = { prompt: [...question, answer, ...callOf('And?').prompt] };
    const { candidates } = await explain(chat, { messages: next.prompt as never });
    expect(candidates[0]!.demand.basis).toBe('anchored');
    const otherOptions = { providerOptions: { mock: { a: 2 } } };
    const other = await explain(chat, { messages: next.prompt as never, ...otherOptions });
    expect(other.candidates[0]!.demand.basis).not.toBe('anchored');
  });

  it('that are wrong are an error that names them, and shows no header or provider option', () => {
    const secret = 'sk-abcdefghijkl';
    const wrong: readonly [object, string][] = [
      [{ temprature: 1 }, 'did you mean temperature?'],
      [{ maxTokens: 1 }, 'only temperature, topP'],
      [{ temperature: '0.5' }, 'settings.temperature is "0.5"'],
      [{ topP: 2 }, 'from 0 to 1'],
      [{ maxOutputTokens: 0 }, 'settings.maxOutputTokens is 0'],
      [{ stopSequences: 'END' }, 'settings.stopSequences is a string'],
      [{ seed: 0.5 }, 'whole number'],
      [{ reasoning: 'much' }, 'settings.reasoning'],
      [{ headers: { authorization: [secret] } }, 'settings.headers.authorization is a list of 1'],
      [{ headers: secret }, 'settings.headers is a string'],
      [{ providerOptions: { openai: secret } }, 'settings.providerOptions.openai is a string'],
      [{ providerOptions: secret }, 'settings.providerOptions is a string'],
      [{ headers: new Headers({ authorization: secret }) }, 'settings.headers is an instance of a class'],
      [{ headers: [['authorization', secret]] }, 'settings.headers is a list of 1'],
      [{ providerOptions: new Map() }, 'settings.providerOptions is an instance of a class'],
      [{ providerOptions: { openai: new Map() } }, 'settings.providerOptions.openai is an object'],
      [Promise.resolve({ temperature: 1 }), 'settings is an instance of a class: pass an object'],
      [[], 'settings is a list of 0: pass an object'],
    ];
    for (const [settings, said] of wrong) {
      const make = () => cascade({ steps: [{ model: answers('m'), settings: settings as never }] });
      expect(make).toThrow(InvalidConfigurationError);
      expect(make).toThrow(said);
      expect(make).not.toThrow(secret);
    }
  });

  it.each(['only', 'except'])('R-52: that name members in %s are an error', (name) => {
    const of = (options: Readonly<Record<string, unknown>>) => () =>
      cascade({ steps: [{ model: answers('m'), settings: { providerOptions: { 'ai-alloy': options } } }] });
    expect(of({ tier: 'gold', [name]: ['m'] })).toThrow(
      `steps[0].settings.providerOptions.ai-alloy.${name} is a list of 1: ${name} has no effect in settings`,
    );
    expect(of({ tier: 'gold', [name]: undefined })).not.toThrow();
  });

  it('R-36: that ask for more output than the limit of their member are an error', () => {
    const of = (tokens: TokenSize, limit: number | undefined) => () =>
      dispatcher({
        targets: [],
        rules: [
          {
            target: {
              model: cascade({ steps: [answers('m')] }),
              maxOutputTokens: limit,
              settings: { maxOutputTokens: tokens },
            },
          },
        ],
      });
    expect(of('16K', 8000)).toThrow(
      `rules[0].target.settings.maxOutputTokens is "16K": settings ask for more output than the model's maxOutputTokens, 8000`,
    );
    expect(of('8K', 8192)).not.toThrow();
    expect(of('16K', undefined)).not.toThrow();
  });

  it('written directly on a member are an error that points to settings', () => {
    const of = (options: object) => () =>
      alloy({
        constituents: [{ model: answers('m'), contextWindow: 100, ...options }, answers('n')] as never,
      });
    expect(of({ temperature: 0.2 })).toThrow(
      'constituents[0].temperature is a number: a setting of calls belongs into settings: { temperature: … }',
    );
    expect(of({ providerOptions: { openai: { key: 'sk-abcdefgh' } } })).toThrow(
      'settings: { providerOptions',
    );
    expect(of({ maxTokens: 100 })).toThrow('belongs into settings: { maxOutputTokens: … }');
    expect(of({ providerMetadata: {} })).toThrow('belongs into settings: { providerOptions: … }');
    expect(of({ toString: 1 })).toThrow('there is no such option');
  });
});
