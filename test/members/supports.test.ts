import * as fc from 'fast-check';
import { generateText } from 'ai';
import { describe, expect, it } from 'vitest';
import {
  AllAttemptsFailedError,
  alloy,
  cascade,
  ContextWindowExceededError,
  decisionOf,
  dispatcher,
  explain,
  failureOf,
  NoRuleMatchedError,
  UnsupportedRequestError,
  type MemberOptions,
  type RoutingModel,
  type Supports,
} from '../../src/index.ts';
import { carriedBy } from '../../src/tokens/call/carried.ts';
import {
  answers,
  apiError,
  callOf,
  callsOf,
  errorOf,
  fails,
  generated,
  streamed,
  textOfTokens,
  type Call,
} from '../support/models.ts';

const image = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } } as const;
const pdf = { type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: 'AAAA' } } as const;
const tool = { type: 'function', name: 'weather', inputSchema: { type: 'object' } } as const;
const withParts = (...parts: readonly object[]): Call => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }, ...parts] as never }],
});
const withImage = withParts(image);

const as = (id: string, supports: Supports = {}, more: Omit<Partial<MemberOptions>, 'model'> = {}) => ({
  id,
  model: answers(id),
  supports,
  ...more,
});
const textOnly = (id: string, more: Omit<Partial<MemberOptions>, 'model'> = {}) =>
  as(id, { images: false }, more);
const sized = (tokens: number) => ({ contextWindow: tokens, defaultOutputTokens: 10 });
const decisionFor = async (model: RoutingModel, call: Call) =>
  decisionOf(await Promise.resolve(model.doGenerate(call)).catch((error: unknown) => error))!;
const refusalOf = async (model: RoutingModel, call: Call): Promise<UnsupportedRequestError> => {
  const error = await errorOf(model.doGenerate(call));
  expect(error).toBeInstanceOf(UnsupportedRequestError);
  expect(UnsupportedRequestError.isInstance(error)).toBe(true);
  return error as UnsupportedRequestError;
};

describe('R-42: what a call carries', () => {
  const png = 'iVBORw0KGgoAAAANSUhEUg==';
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const inResult = (...value: object[]) => [
    { type: 'tool-result', toolCallId: '1', toolName: 't', output: { type: 'content', value } },
  ];
  it.each<[string, readonly object[]]>([
    ['V1: bytes', [{ type: 'image', image: bytes }]],
    ['V1: a URL', [{ type: 'image', image: new URL('https://example.com/a'), mimeType: undefined }]],
    ['V1: a file', [{ type: 'file', data: png, mimeType: 'image/webp' }]],
    [
      'V1: a tool result',
      [
        {
          type: 'tool-result',
          toolCallId: '1',
          toolName: 't',
          result: [],
          content: [{ type: 'image', data: png }],
        },
      ],
    ],
    ['V2: a file', [{ type: 'file', data: bytes, mediaType: 'image/*' }]],
    ['V2: a URL', [{ type: 'file', data: new URL('https://example.com/a.png'), mediaType: 'IMAGE/PNG' }]],
    ['V2: a tool result', inResult({ type: 'media', data: png, mediaType: 'image/png' })],
    ['V3: image data in a tool result', inResult({ type: 'image-data', data: png, mediaType: 'image/png' })],
    ['V3: an image URL in a tool result', inResult({ type: 'image-url', url: 'https://example.com/a' })],
    ['V3: an image id in a tool result', inResult({ type: 'image-file-id', fileId: 'file-1' })],
    ['V3: file data in a tool result', inResult({ type: 'file-data', data: png, mediaType: 'image/gif' })],
    ['V4: data', [image]],
    ['V4: a URL', [{ ...image, data: { type: 'url', url: new URL('https://example.com/a') } }]],
    [
      'V4: a reference',
      [{ ...image, mediaType: 'image', data: { type: 'reference', reference: { openai: 'file-1' } } }],
    ],
    ['V4: a tool result', inResult({ type: 'text', text: 'See:' }, image)],
    ['a data URL without a media type', [{ type: 'file', data: `data:image/jpeg;base64,${png}` }]],
    [
      'a data URL as a URL',
      [{ type: 'file', data: new URL(`data:image/jpeg;base64,${png}`), mediaType: '' }],
    ],
    ['base64 without a media type', [{ type: 'file', data: png }]],
    ['WebP without a media type', [{ type: 'file', data: btoa('RIFF\x1a\x00\x00\x00WEBPVP8 ') }]],
    ['JPEG without a media type', [{ type: 'file', data: btoa('\xff\xd8\xff\xe0') }]],
    ['bytes without a media type', [{ type: 'file', data: { type: 'data', data: bytes } }]],
  ])('an image: %s', (_, content) => {
    for (const role of ['user', 'assistant', 'tool']) {
      const call = {
        prompt: [
          { role: 'system', content: 'Hi' },
          { role, content },
        ],
      };
      expect(carriedBy(call)).toEqual({ images: true, files: false, tools: false, json: false });
    }
  });

  it.each<[string, readonly object[]]>([
    ['PDF', [pdf]],
    ['audio', [{ type: 'file', data: 'AAAA', mediaType: 'audio/mpeg' }]],
    ['text', [{ type: 'file', data: { type: 'text', text: 'Hi' }, mediaType: 'text/plain' }]],
    ['an id in a tool result', inResult({ type: 'file-id', fileId: 'file-1' })],
    ['base64 of something else', [{ type: 'file', data: btoa('%PDF-1.7') }]],
    ['text as a data URL', [{ type: 'file', data: 'data:,Hi' }]],
  ])('another file: %s', (_, content) => {
    expect(carriedBy({ prompt: [{ role: 'user', content }] })).toMatchObject({ images: false, files: true });
  });

  it('no image or file: text, reasoning and tool calls, whatever they mention', () => {
    const content = [
      { type: 'text', text: `data:image/png;base64,${png}` },
      { type: 'reasoning', text: 'image/png' },
      { type: 'reasoning-file', data: { type: 'data', data: png }, mediaType: 'image/png' },
      { type: 'tool-call', toolCallId: '1', toolName: 't', input: { image: png, mediaType: 'image/png' } },
      {
        type: 'tool-result',
        toolCallId: '1',
        toolName: 't',
        output: { type: 'json', value: { type: 'image' } },
      },
      { type: 'custom', kind: 'file' },
    ];
    expect(carriedBy({ prompt: [{ role: 'assistant', content }] })).toMatchObject({
      images: false,
      files: false,
    });
  });

  it('tools and a response format of JSON, of V1 as well', () => {
    const { prompt } = callOf('Hi');
    expect(carriedBy({ prompt, tools: [tool] })).toMatchObject({ tools: true, json: false });
    expect(carriedBy({ prompt, tools: [] })).toMatchObject({ tools: false });
    expect(carriedBy({ prompt, responseFormat: { type: 'text' } })).toMatchObject({ json: false });
    expect(carriedBy({ prompt, responseFormat: { type: 'json' } })).toMatchObject({ json: true });
    expect(carriedBy({ prompt, mode: { type: 'regular', tools: [tool] } })).toMatchObject({
      tools: true,
      json: false,
    });
    expect(carriedBy({ prompt, mode: { type: 'object-json' } })).toMatchObject({ tools: false, json: true });
    expect(carriedBy({ prompt, mode: { type: 'object-tool', tool } })).toMatchObject({
      tools: true,
      json: true,
    });
  });
});

describe('R-42: a member that lacks what a request carries', () => {
  it.each<[keyof Supports, Call]>([
    ['images', withImage],
    ['files', withParts(pdf)],
    ['tools', callOf('Hi', { tools: [tool] })],
    ['json', callOf('Hi', { responseFormat: { type: 'json' } })],
  ])('is passed over, visibly: %s', async (name, call) => {
    const [lacking, able] = [as('lacking', { [name]: false }), as('able')];
    const model = cascade({ steps: [lacking, able] });
    const { warnings, content } = await model.doGenerate(call);
    expect(content).toEqual([{ type: 'text', text: 'able' }]);
    expect(JSON.stringify(warnings)).toMatch(
      /skipped lacking: does not support (images|files|tools|a JSON response format)\./,
    );
    expect(await decisionFor(model, call)).toMatchObject({
      order: ['able'],
      candidates: [{ id: 'lacking', fits: false, skipped: 'unsupported', lacks: [name] }, { fits: true }],
    });
    expect(await streamed(model, call)).toBe('able');
    expect(callsOf(lacking.model)).toBe(0);
    expect(await generated(model, callOf('Hi'))).toBe('lacking');
    const unaware = cascade({ steps: [as('willing', { [name]: true }), able] });
    expect(await generated(unaware, call)).toBe('willing');
  });

  it('the issue: an outage of the target that a rule chose hands no image to a text-only target', async () => {
    const pool = alloy({
      id: 'pool',
      constituents: [
        { model: fails('a', () => apiError(503)), contextWindow: 100_000 },
        { model: fails('b', () => apiError(503)), contextWindow: 100_000 },
      ],
    });
    const text = textOnly('text');
    const model = dispatcher({
      rules: [{ when: { hasImages: true }, target: pool }],
      targets: [text, pool],
      fallback: true,
    });
    const error = await errorOf(model.doGenerate(withImage));
    expect(AllAttemptsFailedError.isInstance(error) && error.isRetryable).toBe(true);
    expect(String(error)).toContain('Passed over: text: does not support images.');
    expect(callsOf(text.model)).toBe(0);
    expect(await generated(model, callOf('Hi'))).toBe('text');
  });

  it('a bad request stays unchanged, though others were passed over (R-25)', async () => {
    const bad = apiError(400, { message: 'no such parameter' });
    const model = cascade({ steps: [textOnly('text'), { id: 'bad', model: fails('bad', () => bad) }] });
    expect(await errorOf(model.doGenerate(withImage))).toBe(bad);
  });

  it('is passed over by a dispatcher, in any order, and by an order function', async () => {
    const targets = [textOnly('text', sized(1_000_000)), as('vision', {}, sized(100_000))];
    for (const order of ['declared', 'smallest-first', 'fastest-first'] as const)
      expect(await generated(dispatcher({ targets, order }), withImage)).toBe('vision');
    const seen: string[] = [];
    const order = (candidates: readonly { readonly id: string }[]) => {
      seen.push(...candidates.map(({ id }) => id));
      return candidates as never;
    };
    await dispatcher({ targets, order }).doGenerate(withImage);
    expect(seen).toEqual(['vision']);
    const worst = dispatcher({ targets, reevaluate: 'worst-case', assumeSessionMaxTokens: 50_000 });
    expect(await generated(worst, withImage)).toBe('vision');
  });

  it('goes by the call after its own transform, and before no other', async () => {
    const dropping = textOnly('dropping', {
      transform: (call) => ({ ...call, prompt: callOf('without').prompt }),
    });
    expect(await generated(cascade({ steps: [dropping, as('next')] }), withImage)).toBe('dropping');
    const adding = textOnly('adding', { transform: (call) => ({ ...call, prompt: withImage.prompt }) });
    expect(await generated(cascade({ steps: [adding, as('next')] }), callOf('Hi'))).toBe('next');
  });

  it('stays out where its provider has stated a smaller limit', async () => {
    const error = apiError(400, {
      body: {
        error: {
          code: 'context_length_exceeded',
          message: "This model's maximum context length is 1000 tokens.",
        },
      },
    });
    const text = {
      id: 'text',
      model: fails('text', () => error),
      contextWindow: 9000,
      supports: { images: false },
    };
    const model = cascade({ steps: [text, as('next', {}, { contextWindow: 50_000 })] });
    expect(await generated(model, callOf(textOfTokens(3000)))).toBe('next');
    const { candidates } = await decisionFor(model, withImage);
    expect(candidates[0]).toMatchObject({ skipped: 'unsupported', learnedCeiling: 1000 });
  });
});

describe('R-42: nobody left', () => {
  it('is one error that names what was asked and who lacks it; nothing is sent or retried', async () => {
    const [a, b] = [textOnly('a'), as('b', { images: false, tools: false })];
    const model = cascade({ id: 'chat', steps: [a, b] });
    const error = await refusalOf(model, { ...withImage, tools: [tool] });
    expect(error.message).toBe(
      'cascade "chat": the request carries images and tools, and no member supports all of that, nothing was sent. ' +
        'a: does not support images; b: does not support tools and images.',
    );
    expect(error.lacks).toEqual(['images', 'tools']);
    expect(error.name).toBe('AI_UnsupportedRequestError');
    expect(decisionOf(error)).toBe(error.decision);
    expect(failureOf(error)).toMatchObject({ kind: 'unsupported', retryable: false });
    const messages = [
      { role: 'user', content: [{ type: 'file', mediaType: 'image/png', data: 'iVBORw0KGgo=' }] },
    ] as never;
    expect(UnsupportedRequestError.isInstance(await errorOf(generateText({ model, messages })))).toBe(true);
    expect(callsOf(a.model) + callsOf(b.model)).toBe(0);
  });

  it('is about size wherever a shorter request would be taken, and then names both', async () => {
    const call = withParts(image, { type: 'text', text: textOfTokens(20_000) });
    const steps = [textOnly('large', sized(100_000)), as('small', {}, sized(10_000))];
    const error = await errorOf(cascade({ steps }).doGenerate(call));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect(String(error)).toMatch(/large: does not support images; small: \d+ input/);
    const both = textOnly('both', sized(1000)); // a shorter one would not help
    await refusalOf(cascade({ steps: [both, textOnly('large', sized(100_000))] }), call);
  });

  it('is not what shorten is asked about (R-47), nor what a call leaves out is to blame for (R-52)', async () => {
    let asked = 0;
    const steps = [textOnly('text'), as('vision')];
    const model = cascade({
      steps,
      shorten(call) {
        asked++;
        return call;
      },
    });
    const call: Call = { ...withImage, providerOptions: { 'ai-alloy': { except: ['vision'] } } };
    const error = await refusalOf(model, call);
    expect(error.message).toMatch(/text: does not support images; vision: .*left out by the call/);
    expect(asked).toBe(0);
    const windows = { contextWindow: 100_000 };
    const constituents = [textOnly('text', windows), as('vision', {}, windows), as('other', {}, windows)];
    const blend = alloy({ constituents: constituents as never });
    const without: Call = { ...withImage, providerOptions: { 'ai-alloy': { except: ['text'] } } };
    expect(await generated(blend, without)).toMatch(/vision|other/);
  });

  it('of an alloy, if one of its constituents lacks it', async () => {
    const able = as('able', {}, { contextWindow: 100_000 });
    const blend = alloy({ constituents: [able, textOnly('text', { contextWindow: 100_000 })] as never });
    const error = await refusalOf(blend, withImage);
    expect(error.message).toContain('not every constituent supports that');
    expect(error.message).toMatch(/able: .*, fits; text: does not support images/);
    expect(callsOf(able.model)).toBe(0);
    expect(await generated(blend, callOf('Hi'))).toMatch(/able|text/);
  });

  it('for the target of a rule, unless the rule says fitsTarget', async () => {
    const [text, next] = [textOnly('text'), as('next')];
    const withRule = (fitsTarget: boolean, targets = [next]) =>
      dispatcher({ rules: [{ id: 'r', target: text, fitsTarget }], targets });
    const error = await refusalOf(withRule(false), withImage);
    expect(error.message).toContain("the rule's target does not support that");
    expect(error.decision).toMatchObject({ reason: 'rule', rule: 'r' });
    expect(await decisionFor(withRule(true), withImage)).toMatchObject({
      answeredBy: 'next',
      unmatched: [{ rule: 'r', because: 'fitsTarget' }],
    });
    expect(await generated(withRule(true), callOf('Hi'))).toBe('text');
  });

  it('with rules only, whose targets lack it', async () => {
    const rules = [{ target: textOnly('text'), fitsTarget: true }];
    const { decision } = await refusalOf(dispatcher({ rules }), withImage);
    expect(decision.candidates).toMatchObject([{ skipped: 'unsupported', lacks: ['images'] }]);
    const unmatched = dispatcher({ rules: [{ when: { text: 'never' }, target: textOnly('text') }] });
    expect(NoRuleMatchedError.isInstance(await errorOf(unmatched.doGenerate(withImage)))).toBe(true);
  });
});

describe('R-42: nested primitives', () => {
  it('lack what all of their members lack; an alloy what one of its constituents lacks', async () => {
    const windows = { contextWindow: 100_000 };
    const textPool = cascade({ id: 'text-pool', steps: [textOnly('a', windows), textOnly('b', windows)] });
    const mixed = alloy({
      id: 'mixed',
      constituents: [as('c', {}, windows), textOnly('d', windows)] as never,
    });
    const able = dispatcher({ id: 'able', targets: [textOnly('e', windows), as('f', {}, windows)] });
    const model = cascade({ steps: [textPool, mixed, able] });
    expect(await decisionFor(model, withImage)).toMatchObject({
      answeredBy: 'able',
      candidates: [
        { id: 'text-pool', skipped: 'unsupported', lacks: ['images'] },
        { id: 'mixed', skipped: 'unsupported', lacks: ['images'] },
        { id: 'able', fits: true },
      ],
    });
    const messages = [{ role: 'user', content: [image] }] as never;
    const { candidates } = await explain(model, { messages });
    expect(candidates[2]!.decision).toMatchObject({ order: ['f'] });
    const refused = cascade({ steps: [{ model: able, supports: { images: false } }, textPool] });
    expect((await refusalOf(refused, withImage)).message).toContain(
      'able: does not support images; text-pool: does not support images',
    );
  });

  it('that could take a shorter request are too large, and say what the others lack', async () => {
    const call = withParts(image, { type: 'text', text: textOfTokens(20_000) });
    const pool = cascade({
      id: 'pool',
      steps: [textOnly('large', sized(100_000)), as('small', {}, sized(10_000))],
    });
    const error = await errorOf(cascade({ steps: [pool, textOnly('text')] }).doGenerate(call));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect(decisionOf(error)!.candidates).toMatchObject([
      { skipped: 'too-large', ceiling: 10_000, lacks: ['images'] },
      { skipped: 'unsupported' },
    ]);
    expect(String(error)).toMatch(
      /pool: .* ceiling 10000, its other members do not support images; text: does not/,
    );
  });

  it('are as large as the members that support what the request carries, after an overflow', async () => {
    const tooLong = apiError(400, { body: { error: { code: 'context_length_exceeded' } } });
    const small = { id: 'small', model: fails('small', () => tooLong), contextWindow: 50_000 };
    const pool = cascade({ id: 'pool', steps: [textOnly('large', sized(1_000_000)), small] });
    const model = cascade({ steps: [pool, as('last', {}, sized(100_000))] });
    expect(await generated(model, withImage)).toBe('last');
    expect(await generated(model, callOf('Hi'))).toBe('large');
  });

  it('that are wrapped refuse for themselves, and the next member is asked, as for size', async () => {
    const { wrapLanguageModel } = await import('ai');
    const wrapped = wrapLanguageModel({
      model: cascade({ steps: [textOnly('text')] }),
      middleware: {} as never,
    });
    for (const model of [
      cascade({ steps: [wrapped, as('next')] }),
      dispatcher({ targets: [wrapped, as('next')] }),
    ])
      expect(await decisionFor(model, withImage)).toMatchObject({
        answeredBy: 'next',
        attempts: [{ failure: 'unsupported' }, { outcome: 'answered' }],
      });
    await refusalOf(cascade({ steps: [wrapped] }), withImage);
  });
});

describe('R-42: sticky conversations', () => {
  const ask = async (model: RoutingModel, messages: readonly object[]) => {
    const result = await generateText({ model, messages: messages as never });
    return { text: result.text, messages: [...messages, ...result.response.messages] };
  };
  const user = (...content: object[]) => ({ role: 'user', content });
  const text = { type: 'text', text: 'Hi' };
  const picture = { type: 'file', mediaType: 'image/png', data: 'iVBORw0KGgo=' };

  it('are refused by a pick that lacks what a turn carries, as by an outgrown one', async () => {
    const model = dispatcher({ id: 's', reevaluate: 'sticky', targets: [textOnly('text'), as('vision')] });
    const first = await ask(model, [user(text)]);
    expect(first.text).toBe('text');
    const error = await errorOf(ask(model, [...first.messages, user(picture)]));
    expect(UnsupportedRequestError.isInstance(error)).toBe(true);
    expect(String(error)).toContain('the target that its conversation is kept to');
    expect((await ask(model, [user(picture)])).text).toBe('vision');
  });

  it('go on to another target with escalations left, also to a smaller one, and stay there', async () => {
    const targets = [textOnly('text', sized(100_000)), as('vision', {}, sized(50_000))];
    const model = dispatcher({ id: 's', reevaluate: 'sticky-escalate', targets });
    const first = await ask(model, [user(text)]);
    const second = await ask(model, [...first.messages, user(picture)]);
    expect([first.text, second.text]).toEqual(['text', 'vision']);
    const long = { type: 'text', text: textOfTokens(70_000) };
    const error = await errorOf(ask(model, [...second.messages, user(long)])); // its one escalation is used up
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    const third = await ask(model, [...second.messages, user(text)]);
    expect(third.text).toBe('vision');
  });
});

describe('R-42: as options', () => {
  it.each<[object | string, string]>([
    [{ image: false }, 'did you mean images?'],
    [{ images: 'no' }, 'supports.images is "no": use one of true, false'],
    ['images', 'supports is a string: pass an object'],
  ])('%j is an error', (supports, said) => {
    expect(() => cascade({ steps: [{ model: answers('m'), supports: supports as never }] })).toThrow(said);
  });
});

describe('R-42: for every cascade of cascades (law)', () => {
  const names = ['tools', 'images', 'files', 'json'] as const;
  const flags = fc.record({
    tools: fc.boolean(),
    images: fc.boolean(),
    files: fc.boolean(),
    json: fc.boolean(),
  });
  const callWith = (carried: Supports): Call => ({
    ...withParts(...(carried.images ? [image] : []), ...(carried.files ? [pdf] : [])),
    ...(carried.tools && { tools: [tool] }),
    ...(carried.json && { responseFormat: { type: 'json' } }),
  });

  it('the first member that supports all that a call carries answers; without one, the error names what is missing', async () => {
    const law = fc.asyncProperty(
      fc.array(fc.array(flags, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      flags,
      async (groups, carried) => {
        const all = groups.flat();
        let next = 0;
        const inner = groups.map((group, at) =>
          cascade({ id: `group ${at}`, steps: group.map((supports) => as(`m${next++}`, supports)) }),
        );
        const model = cascade({ id: 'all', steps: inner });
        const first = all.findIndex((supports) => names.every((name) => supports[name] || !carried[name]));
        const outcome = await Promise.resolve(generated(model, callWith(carried))).catch(
          (error: unknown) => error,
        );
        const lacks = UnsupportedRequestError.isInstance(outcome) ? outcome.lacks : [];
        const isTrue = lacks.length > 0 && lacks.every((name) => carried[name]);
        expect(isTrue ? 'refused' : outcome).toBe(first < 0 ? 'refused' : `m${first}`);
      },
    );
    await fc.assert(law, { numRuns: 300 });
  });
});
