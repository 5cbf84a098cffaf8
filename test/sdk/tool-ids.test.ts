import { createAnthropic } from '@ai-sdk/anthropic';
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Call, Message, SpecModel } from '../../src/sdk/model.ts';
import { isAllowed, toolIdRuleOf, type ToolIdRule } from '../../src/sdk/tool-id-rule.ts';
import { translateToolIds, withToolIds } from '../../src/sdk/tool-ids.ts';
import { cascade, type TokenEstimator } from '../../src/index.ts';
import { answers, fails, generated, streamed } from '../support/models.ts';

const claude = toolIdRuleOf({ provider: 'anthropic.messages', modelId: 'claude-sonnet-4-5' })!;
const mistral = toolIdRuleOf({ provider: 'mistral.chat', modelId: 'mistral-large-latest' })!;
const openai = toolIdRuleOf({ provider: 'openai.chat', modelId: 'gpt-5' })!;

interface Part {
  readonly type: string;
  readonly toolCallId?: string;
  readonly [field: string]: unknown;
}

const calls = (...ids: readonly string[]): Message => ({
  role: 'assistant',
  content: ids.map((toolCallId) => ({ type: 'tool-call', toolCallId, toolName: 't', input: {} })),
});
const results = (...ids: readonly string[]): Message => ({
  role: 'tool',
  content: ids.map((toolCallId) => ({ type: 'tool-result', toolCallId, toolName: 't', output: {} })),
});
const user: Message = { role: 'user', content: [{ type: 'text', text: 'Hi' }] };

const partsIn = (prompt: readonly Message[]): Part[] =>
  prompt.flatMap(({ content }) => (Array.isArray(content) ? (content as Part[]) : []));
const idsIn = (prompt: readonly Message[], type?: string): string[] =>
  partsIn(prompt).flatMap((part) =>
    type === undefined || part.type === type ? (part.toolCallId ?? []) : [],
  );
const translated = (rule: ToolIdRule, ...prompt: readonly Message[]): string[] =>
  idsIn(translateToolIds({ prompt }, rule).prompt);

describe('tool ids', () => {
  it('are changed alike in the call and its result, the same in every process', () => {
    const ids = translated(
      claude,
      user,
      calls('functions.write_todos:0'),
      results('functions.write_todos:0'),
    );
    expect(ids).toEqual(['call_EIslt4PAK', 'call_EIslt4PAK']);
    expect(translated(mistral, calls('a:b'), results('a:b'))).toEqual(['eQXLNzLKT', 'eQXLNzLKT']);
  });

  it('stay as they are where the API takes them, in the very same call', () => {
    const call = { prompt: [user, calls('call_abc123', 'toolu_01-x'), results('call_abc123', 'toolu_01-x')] };
    expect(translateToolIds(call, claude)).toBe(call);
    expect(translateToolIds(call, openai)).toBe(call);
    const mixed = translated(claude, calls('call_abc123', 'a:b'), results('a:b', 'call_abc123'));
    expect([mixed[0], mixed[3]]).toEqual(['call_abc123', 'call_abc123']);
    expect(mixed[1]).toBe(mixed[2]);
  });

  it("R-41: leaves the rest of the call, and the caller's objects, as they are", () => {
    const text = { type: 'text', text: 'Let me see.' };
    const bad = {
      type: 'tool-call',
      toolCallId: 'a:b',
      toolName: 't',
      input: { a: 1 },
      providerOptions: { x: {} },
    };
    const call = {
      prompt: [user, { role: 'assistant', content: [text, bad] }, calls('fine')],
      temperature: 1,
    };
    const before = structuredClone(call);
    const sent = translateToolIds(call, claude);
    expect(call).toEqual(before);
    expect(sent).toMatchObject({ temperature: 1 });
    expect(sent.prompt[0]).toBe(user);
    expect(sent.prompt[2]).toBe(call.prompt[2]);
    expect(sent.prompt[1]!.content[0]).toBe(text);
    expect(sent.prompt[1]!.content[1]).toEqual({ ...bad, toolCallId: expect.stringMatching(/^call_\w{9}$/) });
  });

  it('one id in every step becomes one for each call; the first keeps it', () => {
    const step = [calls('call_0'), results('call_0')];
    const ids = translated(claude, user, ...step, ...step, ...step);
    expect(ids[0]).toBe('call_0');
    expect(new Set(ids).size).toBe(3);
    expect([ids[1], ids[3], ids[5]]).toEqual([ids[0], ids[2], ids[4]]);
  });

  it('parallel calls with one id have their results in order, those of another tool first', () => {
    const part = (type: string, toolName: string): object => ({ type, toolCallId: 'x', toolName });
    const prompt = [
      { role: 'assistant', content: ['a', 'b', 'b'].map((name) => part('tool-call', name)) },
      { role: 'tool', content: ['b', 'b', 'a'].map((name) => part('tool-result', name)) },
    ];
    const [a, b1, b2, ...answered] = translated(claude, ...prompt);
    expect(answered).toEqual([b1, b2, a]);
  });

  it('a result belongs to the latest call that has none; an older one may never have got one', () => {
    const [first, second, answer] = translated(claude, calls('x'), user, calls('x'), results('x'));
    expect(answer).toBe(second);
    expect(first).toBe('x');
    const again = translated(claude, calls('x'), results('x'), calls('x'), results('x', 'x'));
    expect(again.slice(3)).toEqual([again[2], again[2]]); // one result too many: of the latest call
  });

  it('a result whose call the server keeps is sent alike each time', () => {
    expect(translated(claude, results('a:b'), user, results('a:b', 'ok'))).toEqual([
      ...translated(claude, results('a:b', 'a:b')),
      'ok',
    ]);
  });
});

describe('tool ids in the shapes of V1 to V4', () => {
  const id = 'functions.t:0';
  const call = { type: 'tool-call', toolCallId: id, toolName: 't' };
  const result = { type: 'tool-result', toolCallId: id, toolName: 't' };
  const output = { type: 'json', value: { id } };
  const shapes: Record<string, Message[]> = {
    v1: [
      { role: 'assistant', content: [{ ...call, args: { id } }] },
      { role: 'tool', content: [{ ...result, result: { id }, content: [{ type: 'text', text: id }] }] },
    ],
    v2: [
      { role: 'assistant', content: [{ ...call, input: { id } }] },
      { role: 'tool', content: [{ ...result, output }] },
    ],
    'v2, executed by the provider': [
      {
        role: 'assistant',
        content: [
          { ...call, input: {}, providerExecuted: true },
          { ...result, output },
        ],
      },
    ],
    'v3, approved': [
      {
        role: 'assistant',
        content: [
          { ...call, input: {} },
          { type: 'tool-approval-request', approvalId: id, toolCallId: id },
        ],
      },
      {
        role: 'tool',
        content: [
          { type: 'tool-approval-response', approvalId: id, approved: true },
          { ...result, output },
        ],
      },
    ],
    v4: [
      {
        role: 'assistant',
        content: [
          { type: 'custom', kind: id },
          { ...call, input: {} },
        ],
      },
      { role: 'tool', content: [{ ...result, output: { type: 'execution-denied' } }] },
    ],
  };

  test.each(Object.entries(shapes))('%s', (_, prompt) => {
    const sent = translateToolIds({ prompt }, claude).prompt;
    const [first] = idsIn(sent);
    expect(first).toMatch(/^call_\w{9}$/);
    // Nothing but the ids of the tool calls differs: not what a tool was given or gave, nor the id of an approval.
    const expected = prompt.map((message) => ({
      ...message,
      content: (message.content as Part[]).map((part) =>
        part.toolCallId ? { ...part, toolCallId: first } : part,
      ),
    }));
    expect(sent).toEqual(expected);
  });

  it('system and user messages are not looked at', () => {
    const prompt: Message[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'file', toolCallId: id }] },
      { role: 'assistant', content: 'As you say.' },
    ];
    const whole = { prompt };
    expect(translateToolIds(whole, claude)).toBe(whole);
  });
});

describe('laws of tool ids', () => {
  // Those that are made up for others among them.
  const [madeUp, forMistral] = [claude, mistral].map((rule) => translated(rule, calls('functions.t:0'))[0]!);
  const usual = ['call_0', 'call_1', 'functions.t:0', 'x', '', 'a'.repeat(70), 'Abcdefgh9', 'é'];
  const id = fc.constantFrom(...usual, madeUp!, forMistral!);
  const turn = fc.record({
    calls: fc.array(id, { maxLength: 4 }),
    results: fc.array(fc.nat(3), { maxLength: 4 }),
  });
  const prompts = fc
    .array(turn, { maxLength: 8 })
    .map((turns) =>
      turns.flatMap((each) => [
        user,
        calls(...each.calls),
        results(...each.results.flatMap((index) => each.calls[index] ?? [])),
      ]),
    );
  const rules = fc.constantFrom(claude, mistral, openai);

  test('each is allowed, and no two calls share one', () => {
    fc.assert(
      fc.property(prompts, rules, (prompt, rule) => {
        const sent = translateToolIds({ prompt }, rule).prompt;
        for (const each of idsIn(sent)) expect(isAllowed(each, rule)).toBe(true);
        const own = idsIn(sent, 'tool-call');
        expect(new Set(own).size).toBe(own.length);
        for (const each of idsIn(sent, 'tool-result')) expect(own).toContain(each);
      }),
    );
  });

  test('a conversation that goes on begins as it did', () => {
    fc.assert(
      fc.property(prompts, fc.nat(24), rules, (prompt, length, rule) => {
        const whole = translateToolIds({ prompt }, rule).prompt;
        const part = translateToolIds({ prompt: prompt.slice(0, length) }, rule).prompt;
        expect(part).toEqual(whole.slice(0, length));
      }),
    );
  });

  test('what has been translated is not translated again', () => {
    fc.assert(
      fc.property(prompts, rules, (prompt, rule) => {
        const once = translateToolIds({ prompt }, rule);
        expect(translateToolIds(once, rule)).toBe(once);
      }),
    );
  });

  test('many ids of a kind get as many', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `functions.t:${index}`);
    const sent = translated(mistral, calls(...ids));
    expect(new Set(sent).size).toBe(ids.length);
    // None but by its own hash: then a longer conversation can't change an earlier id.
    expect(sent.at(-1)).toBe(translated(mistral, calls(ids.at(-1)!))[0]);
  });
});

describe('whose API takes which ids', () => {
  const longest = (length: number): [string, string] => [
    'a:'.padEnd(length, 'x'),
    'a:'.padEnd(length + 1, 'x'),
  ];
  const rows: readonly [provider: string, modelId: string, taken: string, refused: string][] = [
    ['anthropic.messages', 'claude-opus-4-6', 'x'.repeat(99), 'a:b'],
    ['vertex.anthropic.messages', 'claude-sonnet-4@20250514', 'x'.repeat(99), 'a.b'],
    ['googleVertex.anthropic.messages', 'claude-sonnet-4-5@20250929', 'x'.repeat(99), ''],
    [
      'bedrock.anthropic.messages',
      'us.anthropic.claude-sonnet-4-20250514-v1:0',
      'x'.repeat(64),
      'x'.repeat(65),
    ],
    ['amazon-bedrock', 'us.amazon.nova-pro-v1:0', 'x'.repeat(64), 'a:b'],
    ['amazon-bedrock', 'mistral.mistral-large-2407-v1:0', 'abcdeFG12', 'call_1'],
    ['my-proxy', 'claude-deployment', 'x'.repeat(64), 'a:b'],
    ['gateway', 'anthropic/claude-sonnet-4.5', 'x'.repeat(64), 'x'.repeat(65)],
    ['openrouter.chat', 'anthropic/claude-sonnet-4.5', 'call_1', 'a:b'],
    ['mistral.chat', 'labs-new', 'abcdeFG12', 'abcdeFG1'],
    ['openai.chat', 'mistralai/Mistral-Small-3.2', 'abcdeFG12', 'abcde_G12'],
    ['vllm.chat', 'devstral-medium-2507', 'abcdeFG12', 'x'],
    ['openrouter.chat', 'mistralai/magistral-small', 'abcdeFG12', 'x'],
    ['openai.chat', 'open-mixtral-8x22b', 'abcdeFG12', 'x'],
    ['openai.chat', 'pixtral-12b', 'abcdeFG12', 'x'],
    ['openai.chat', 'ministral-8b-latest', 'abcdeFG12', 'x'],
    ['openai.chat', 'codestral-latest', 'abcdeFG12', 'x'],
    ['openai.chat', 'gpt-5', ...longest(40)],
    ['azure-openai.chat', 'my-deployment', ...longest(40)],
    ['openrouter.chat', 'openai/gpt-5-mini', ...longest(40)],
    ['openai.responses', 'gpt-5', ...longest(64)],
    ['azure.responses', 'my-deployment', ...longest(64)],
    ['moonshotai.chat', 'kimi-k2.5', 'functions.t:0'.padEnd(99, 'x'), ''],
    ['anthropic.messages', 'kimi-k2.5', 'functions.t:0', ''],
    ['anthropic.messages', 'MiniMax-M2.5', 'functions.t:0', ''],
    ['deepseek.chat', 'deepseek-v4', 'functions.t:0', ''],
  ];

  test.each(rows)('%s, %s', (provider, modelId, taken, refused) => {
    const rule = toolIdRuleOf({ provider, modelId })!;
    expect([isAllowed(taken, rule), isAllowed(refused, rule)]).toEqual([true, false]);
  });

  test.each([
    ['google.generative-ai', 'gemini-3-pro'],
    ['xai.chat', 'grok-4'],
    ['cohere.chat', 'command-a'],
    ['ollama.chat', 'qwen3'],
    ['groq.chat', 'openai/gpt-oss-120b'],
    ['mistral.conversation', 'mistral-large-latest'],
    ['mock', 'austral-1'],
    ['ai-alloy', 'claude-or-mistral'],
    ['openrouter.chat', 'cascade(openrouter.chat/mistralai/mistral-large, openrouter.chat/x)'],
  ])('%s, %s: any, unread', (provider, modelId) => {
    expect(toolIdRuleOf({ provider, modelId })).toBeUndefined();
  });

  it('a model of the Anthropic package is recognised by whatever name it goes', () => {
    const model = createAnthropic({ name: 'my-proxy', apiKey: 'test' })('my-deployment');
    expect([model.provider, model.modelId]).toEqual(['my-proxy', 'my-deployment']);
    expect(toolIdRuleOf(model)).toBe(claude);
  });

  it('a model with a rule stays what it is, private fields and all', async () => {
    class Claude {
      #key = 'secret';
      readonly modelId = 'claude-x';
      get provider(): string {
        return `anthropic.${this.#key.length}`;
      }
      async doGenerate({ prompt }: Call): Promise<object> {
        return { key: this.#key, asked: idsIn(prompt) };
      }
    }
    const own = Object.freeze(new Claude());
    const model = withToolIds(own as unknown as SpecModel, claude);
    expect(model).not.toBe(own);
    expect([model.modelId, model.provider]).toEqual(['claude-x', 'anthropic.6']);
    expect(await model.doGenerate({ prompt: [calls('a:b')] })).toEqual({
      key: 'secret',
      asked: translated(claude, calls('a:b')),
    });
  });
});

describe('tool ids on the way through a cascade', () => {
  const prompt = [user, calls('a:b'), results('a:b')];

  test.each([
    ['generate', generated],
    ['stream', streamed],
  ] as const)('R-41: a call is counted once, and only who needs other ids gets them (%s)', async (_, ask) => {
    let counted = 0;
    const estimator: TokenEstimator = {
      id: 'counting',
      estimateText: (text) => text.length,
      estimateCall: () => ++counted,
    };
    const first = fails('gpt-5');
    const second = answers('claude-x', 'anthropic.messages');
    const steps = [first, second].map((model) => ({ model, contextWindow: 10_000 }));
    expect(await ask(cascade({ estimator, steps }) as never, { prompt } as never)).toBe('claude-x');
    expect(counted).toBe(1);
    const sentTo = ({ doGenerateCalls, doStreamCalls }: typeof first): unknown =>
      [...doGenerateCalls, ...doStreamCalls][0]!.prompt;
    expect(sentTo(first)).toBe(prompt);
    expect(sentTo(second)).toEqual(translateToolIds({ prompt }, claude).prompt);
    expect(idsIn(sentTo(second) as Message[])).not.toEqual(idsIn(prompt));
  });
});
