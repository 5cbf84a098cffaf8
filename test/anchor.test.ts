import { wrapLanguageModel } from 'ai';
import { describe, expect, it } from 'vitest';
import { alloy, cascade, decisionOf, dispatcher, type Demand, type RoutingModel } from '../src/index.ts';
import { answers, partsOf, reports, type Call } from './support/models.ts';

type Prompt = Call['prompt'];

let conversations = 0;
/** A conversation that was not seen before. */
const begin = (): Prompt => [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: [{ type: 'text', text: `Conversation ${conversations++}: what is up?` }] },
];
/** The next turn: the answer, and the user's next words, 35 characters each: 11 tokens each by char-ratio. */
const next = (prompt: Prompt): Prompt => [
  ...prompt.map((message) => ({ ...message })),
  { role: 'assistant', content: [{ type: 'text', text: 'a'.repeat(35) }] },
  { role: 'user', content: [{ type: 'text', text: 'b'.repeat(35) }] },
];
const growth = 2 * 11 + 2 * 4;

const member = (model: ReturnType<typeof reports>, options: object = {}) => ({
  model,
  contextWindow: 100_000,
  estimator: { charsPerToken: 3.5 },
  ...options,
});
const demandOf = async (model: RoutingModel, prompt: Prompt, options: object = {}): Promise<Demand> =>
  decisionOf(await model.doGenerate({ prompt, ...options }))!.candidates[0]!.demand;

describe('usage anchoring', () => {
  it.each(['generate', 'stream'] as const)(
    'R-2: the next turn builds on what was reported (%s)',
    async (mode) => {
      const model = cascade({ steps: [member(reports('m', 15_000))] });
      const prompt = begin();
      if (mode === 'generate') await model.doGenerate({ prompt });
      else await partsOf(model, { prompt });
      expect(await demandOf(model, next(prompt))).toMatchObject({
        input: 15_000 + growth,
        basis: 'anchored',
      });
    },
  );

  it('may lower an estimate, down to what can possibly have been sent', async () => {
    const low = cascade({ steps: [member(reports('m', 9))] });
    const prompt = begin(); // 7 words
    const first = await demandOf(low, prompt);
    expect(await demandOf(low, next(prompt))).toMatchObject({ input: 9 + growth, basis: 'anchored' });
    expect(9).toBeLessThan(first.input);
    const tooLow = cascade({ steps: [member(reports('m', 6))], onTruncation: 'ignore' });
    const other = begin();
    await demandOf(tooLow, other);
    expect(await demandOf(tooLow, next(other))).toMatchObject({ basis: 'estimate' });
  });

  it('R-11: is shown where it is above the estimate, and refuses nothing that the estimate lets through', async () => {
    const model = cascade({ steps: [member(reports('dense', 9500), { contextWindow: 10_000 })] });
    const nextOf = async (maxOutputTokens: number): Promise<Demand> => {
      const prompt = begin();
      await model.doGenerate({ prompt });
      return demandOf(model, next(prompt), { maxOutputTokens });
    };
    expect(await nextOf(470)).toMatchObject({ input: 9530, basis: 'anchored' });
    const { basis, input } = await nextOf(471);
    expect({ basis, isBelow: input < 100 }).toEqual({ basis: 'estimate', isBelow: true });
    await expect(nextOf(9990)).rejects.toThrow(/9530 input \+ 9990 output/); // by either
  });

  it('the vendor’s factor multiplies what is new, not what was reported', async () => {
    const estimator = { id: 'length', estimateText: (text: string) => text.length };
    const model = cascade({ steps: [member(reports('m', 500), { estimator, vendor: 2 })] });
    const prompt = begin();
    await model.doGenerate({ prompt });
    expect(await demandOf(model, next(prompt))).toMatchObject({ input: 500 + 2 * 70 + 8, basis: 'anchored' });
  });

  it('is each member’s own', async () => {
    const constituents = [member(reports('a', 1000)), member(reports('b', 2000))];
    const model = alloy({ constituents, strategy: 'round-robin' });
    const prompt = begin();
    await model.doGenerate({ prompt });
    const bases = async (): Promise<string[]> => {
      const { candidates } = decisionOf(await model.doGenerate({ prompt: next(prompt) }))!;
      return candidates.map(({ demand }) => `${demand.basis} ${demand.input}`);
    };
    expect(await bases()).toEqual([`anchored ${1000 + growth}`, expect.stringMatching(/^estimate/)]);
    expect(await bases()).toEqual([`anchored ${1000 + growth}`, `anchored 2000`]); // b answered just this prompt
  });

  it('reaches members of nested primitives', async () => {
    const model = dispatcher({ targets: [cascade({ steps: [member(reports('m', 3000))] })] });
    const prompt = begin();
    await model.doGenerate({ prompt });
    expect(await demandOf(model, next(prompt))).toMatchObject({ input: 3000 + growth, basis: 'anchored' });
  });

  it.each([
    ['another conversation', (_: Prompt) => next(begin())],
    [
      'an edit of what was said',
      ([system, ...rest]: Prompt) => next([{ ...system!, content: 'Be long.' } as never, ...rest]),
    ],
    ['a shorter history', ([, ...rest]: Prompt) => next(rest)],
  ])('does not hold for %s', async (_, change) => {
    const model = cascade({ steps: [member(reports('m', 500))] });
    const prompt = begin();
    await model.doGenerate({ prompt });
    expect(await demandOf(model, change(prompt))).toMatchObject({ basis: 'estimate' });
  });

  it('does not hold once the tools change, since they were a part of it', async () => {
    const model = cascade({ steps: [member(reports('m', 500))] });
    const tools = [{ type: 'function', name: 'read', inputSchema: { type: 'object' } }];
    const prompt = begin();
    await model.doGenerate({ prompt, tools } as never);
    expect(await demandOf(model, next(prompt), { tools: structuredClone(tools) })).toMatchObject({
      input: 500 + growth,
      basis: 'anchored',
    });
    expect(await demandOf(model, next(prompt), { tools: [] })).toMatchObject({ basis: 'estimate' });
  });

  it('does not hold where the provider ran tools, whose prompts its usage adds up', async () => {
    const model = reports('m', 500);
    const answer = await model.doGenerate({ prompt: begin() });
    const call = {
      type: 'tool-call',
      toolCallId: '1',
      toolName: 'search',
      input: '{}',
      providerExecuted: true,
    };
    model.doGenerate = async () => ({ ...answer, content: [call as never, ...answer.content] });
    const primitive = cascade({ steps: [member(model)] });
    const prompt = begin();
    await primitive.doGenerate({ prompt });
    expect(await demandOf(primitive, next(prompt))).toMatchObject({ basis: 'estimate' });
  });

  describe('R-11: is of nobody’s usage that can’t be of all of the prompt, once', () => {
    const long = (text: string): Prompt => [
      { role: 'user', content: [{ type: 'text', text: `${conversations++} ${text}` }] },
    ];
    const basisAfter = async (reported: number, prompt: Prompt, options: object = {}): Promise<string> => {
      const model = cascade({ steps: [{ model: reports('m', reported), contextWindow: 1_000_000 }] });
      await model.doGenerate({ prompt, ...options });
      return (await demandOf(model, next(prompt), options)).basis;
    };
    const prose = 'It was a bright cold day in April, and the clocks were striking thirteen. '.repeat(300); // 4,801

    it.each([
      ['what a tokenizer makes of it', 4801, 'anchored'],
      ['twice that: of another vendor', 9600, 'anchored'],
      ['less than a half of the estimate', 3300, 'estimate'],
      ['a window', 4096, 'estimate'],
      ['a window less two', 4094, 'estimate'],
      ['a half of one and three', 5123, 'estimate'],
      ['several prompts added up', 80_000, 'estimate'],
      ['1e30', 1e30, 'estimate'],
    ])('%s', async (_, reported, basis) => {
      expect(await basisAfter(reported, long(prose))).toBe(basis);
    });

    it.each([
      [3000, 4094],
      [5000, 8190],
    ])('N01: of %i long words, %i tokens are none', async (words, reported) => {
      const prompt = long('internationalization '.repeat(words));
      expect(await basisAfter(reported, prompt)).toBe('estimate');
    });

    it('1e30 of an image', async () => {
      const image = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'A'.repeat(4000) } };
      const prompt = [{ role: 'user', content: [image, { type: 'text', text: `${conversations++}` }] }];
      expect(await basisAfter(1e30, prompt as never)).toBe('estimate');
      expect(await basisAfter(1500, prompt as never)).toBe('anchored');
    });

    it('where the provider was asked to drop what is too much', async () => {
      const asked = (truncation: string): object => ({ providerOptions: { openai: { truncation } } });
      expect(await basisAfter(4801, long(prose), asked('auto'))).toBe('estimate');
      expect(await basisAfter(4801, long(prose), asked('disabled'))).toBe('anchored');
    });

    it('of a longer prompt, fewer tokens than of what it goes on with', async () => {
      const base = reports('m', 4801);
      const model = cascade({ steps: [{ model: base, contextWindow: 1_000_000 }] });
      const prompt = long(prose);
      await model.doGenerate({ prompt });
      const then = reports('m', 4500); // now somebody cuts it off
      base.doGenerate = then.doGenerate;
      expect(await demandOf(model, next(prompt))).toMatchObject({ basis: 'anchored' });
      const { input } = await demandOf(model, next(next(prompt)));
      expect(input).toBeGreaterThan(4801); // still from what was reported before
    });
  });

  it.each([
    ['a stored response', { openai: { previousResponseId: 'a' } }, { openai: { previousResponseId: 'b' } }],
    ['cached content', { google: { cachedContent: 'a' } }, undefined],
    ['any other option', { x: { y: 1 } }, { x: { y: 2 } }],
  ])('R-11: is not another tenant’s, for %s', async (_, providerOptions, others) => {
    const model = cascade({ steps: [member(reports('m', 500))] });
    const prompt = begin();
    await model.doGenerate({ prompt, providerOptions });
    const again = structuredClone(providerOptions);
    const other = { ...(others && { providerOptions: others }) };
    expect(await demandOf(model, next(prompt), other)).toMatchObject({ basis: 'estimate' });
    expect(await demandOf(model, next(prompt), { providerOptions: again })).toMatchObject({
      basis: 'anchored',
    });
  });

  it('R-11: what parts say to the provider belongs to the beginning; marks for its cache do not', async () => {
    const model = cascade({ steps: [member(reports('m', 500))] });
    const saying = (prompt: Prompt, providerOptions: object): Prompt =>
      prompt.map((message, index) => (index === 1 ? { ...message, providerOptions } : message)) as never;
    const prompt = begin();
    await model.doGenerate({ prompt: saying(prompt, { openai: { itemId: 'a' } }) });
    const basisOf = async (options: object): Promise<string> =>
      (await demandOf(model, saying(next(prompt), options))).basis;
    expect(await basisOf({ openai: { itemId: 'b' } })).toBe('estimate');
    expect(
      await basisOf({ openai: { itemId: 'a' }, anthropic: { cacheControl: { type: 'ephemeral' } } }),
    ).toBe('anchored');
  });

  it('does not hold for a primitive that is wrapped: its next answer may be another model’s', async () => {
    const wrapped = wrapLanguageModel({ model: cascade({ steps: [reports('m', 500)] }), middleware: [] });
    const outer = wrapLanguageModel({
      model: wrapped,
      middleware: { specificationVersion: 'v4', transformParams: async ({ params }) => params },
    });
    const model = cascade({ steps: [member(outer as never)] });
    const prompt = begin();
    await model.doGenerate({ prompt });
    expect(await demandOf(model, next(prompt))).toMatchObject({ basis: 'estimate' });
  });

  it('counts what was sent, not what the application makes of the prompt meanwhile', async () => {
    const base = reports('m', 500);
    const prompt = begin() as Prompt[number][];
    const answer = await base.doGenerate({ prompt });
    base.doGenerate = async () => {
      prompt.push({ role: 'user', content: [{ type: 'text', text: 'late '.repeat(4000) }] });
      return answer;
    };
    const model = cascade({ steps: [member(base)] });
    const result = await model.doGenerate({ prompt });
    expect(decisionOf(result)!.truncated).toBeUndefined();
    const { input, basis } = await demandOf(model, [...prompt]);
    expect({ basis, countsWhatIsNew: input > 500 + 5000 }).toEqual({
      basis: 'anchored',
      countsWhatIsNew: true,
    });
  });

  it('can be turned off, for all members or one', async () => {
    for (const model of [
      cascade({ steps: [member(reports('m', 500))], anchor: false }),
      cascade({ steps: [member(reports('m', 500), { anchor: false })] }),
    ]) {
      const prompt = begin();
      await model.doGenerate({ prompt });
      expect(await demandOf(model, next(prompt))).toMatchObject({ basis: 'estimate' });
    }
    const on = cascade({ steps: [member(reports('m', 500), { anchor: true })], anchor: false });
    const prompt = begin();
    await on.doGenerate({ prompt });
    expect(await demandOf(on, next(prompt))).toMatchObject({ basis: 'anchored' });
    expect(() => cascade({ steps: [{ model: answers('m'), anchor: 'no' as never }] })).toThrow(
      /steps\[0\].anchor is "no": use one of true, false/,
    );
  });

  it('overlapping conversations do not see each other', async () => {
    const reported = new Map<string, number>();
    const model = reports('m', 0);
    const answer = await model.doGenerate({ prompt: begin() });
    model.doGenerate = async ({ prompt }) => {
      await new Promise((resolve) => setImmediate(resolve));
      const total = 1000 * (1 + prompt.length);
      reported.set(JSON.stringify(prompt), total);
      return { ...answer, usage: { ...answer.usage, inputTokens: { ...answer.usage.inputTokens, total } } };
    };
    const primitive = cascade({ steps: [member(model)] });
    const prompts = Array.from({ length: 40 }, (_, index) => (index % 2 ? begin() : next(begin())));
    await Promise.all(prompts.map((prompt) => primitive.doGenerate({ prompt })));
    const demands = await Promise.all(prompts.map((prompt) => demandOf(primitive, next(prompt))));
    expect(demands.map(({ input }) => input)).toEqual(
      prompts.map((prompt) => reported.get(JSON.stringify(prompt))! + growth),
    );
  });
});
