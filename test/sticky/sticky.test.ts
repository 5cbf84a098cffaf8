import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MockLanguageModelV4 } from 'ai/test';
import {
  alloy,
  cascade,
  ContextWindowExceededError,
  decisionOf,
  dispatcher,
  explain,
  InvalidConfigurationError,
  type KeyValueStore,
  type Decision,
  type DispatcherOptions,
  type RoutingModel,
} from '../../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callsOf,
  errorOf,
  fails,
  partsOf,
  streams,
  textOfTokens,
  textParts,
  textResult,
  tooLong,
  unsteady,
  type Call,
  type Part,
} from '../support/models.ts';

const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });
const stamp = (dispatcherId: string, target: string) => ({ 'ai-alloy': { [dispatcherId]: target } });
/** An answer as it comes back in a prompt. */
const answered = (target: string, dispatcherId = 'd') => ({
  role: 'assistant' as const,
  content: [{ type: 'text' as const, text: 'Yes.', providerOptions: stamp(dispatcherId, target) }],
});
const conversation = (...picks: string[]): Call['prompt'] => [
  ...picks.flatMap((pick) => [user('Hi'), answered(pick)]),
  user('And now?'),
];
const grown = (tokens: number, ...picks: string[]): Call => ({
  prompt: [...conversation(...picks).slice(0, -1), user(textOfTokens(tokens))],
  maxOutputTokens: 10,
});

const targets = () => [
  { id: 'small', model: answers('small'), contextWindow: 500 },
  { id: 'medium', model: answers('medium'), contextWindow: 1000 },
  { id: 'large', model: answers('large'), contextWindow: 4000 },
];
const make = (options: Partial<DispatcherOptions>): RoutingModel =>
  dispatcher({ id: 'd', targets: targets(), ...options });
const ask = async (model: RoutingModel, call: Call): Promise<Decision> =>
  decisionOf(await Promise.resolve(model.doGenerate(call)).catch((error: unknown) => error))!;

function memory() {
  const entries = new Map<string, string>();
  const state = { isDown: false };
  const store: KeyValueStore = {
    async get(key) {
      if (state.isDown) throw new Error('down');
      return entries.get(key);
    },
    async set(key, value) {
      if (state.isDown) throw new Error('down');
      entries.set(key, value);
    },
  };
  return { store, state, entries };
}
const inSession = (call: Call, session: unknown): Call => ({
  ...call,
  providerOptions: { 'ai-alloy': { session } } as never,
});

describe('R-31: sticky', () => {
  const model = make({ reevaluate: 'sticky' });

  it('the first turn picks as ever, and the answer carries who gave it', async () => {
    const { content } = await model.doGenerate({ ...callOf('Hi'), maxOutputTokens: 10 });
    expect(content).toEqual([{ type: 'text', text: 'small', providerMetadata: stamp('d', 'small') }]);
    const parts = await partsOf(model, { ...callOf('Hi'), maxOutputTokens: 10 });
    expect(parts.find(({ type }) => type === 'text-start')).toMatchObject({
      providerMetadata: stamp('d', 'small'),
    });
    expect(decisionOf(parts.at(-1))).toMatchObject({ reason: 'first-fit', answeredBy: 'small' });
  });

  it('later turns keep to it, though a smaller one would do', async () => {
    const call = { prompt: conversation('medium'), maxOutputTokens: 10 };
    expect(await ask(model, call)).toMatchObject({
      reason: 'sticky',
      order: ['medium', 'small', 'large'],
      answeredBy: 'medium',
    });
  });

  it('and are refused when they have outgrown it', async () => {
    const error = await errorOf(model.doGenerate(grown(800, 'small')));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect(decisionOf(error)).toMatchObject({ reason: 'sticky' });
  });

  it.each<[string, Call['prompt']]>([
    ['nobody here', conversation('nobody')],
    ['another dispatcher', [user('Hi'), answered('large', 'other'), user('And?')]],
    ['a name of the prototype', conversation('constructor')],
    [
      'no string',
      [
        user('Hi'),
        {
          role: 'assistant',
          content: [{ type: 'text', text: 'x', providerOptions: { 'ai-alloy': { d: 7 } } }],
        },
        user('And?'),
      ],
    ],
  ])('a stamp of %s is none', async (_, prompt) => {
    expect(await ask(model, { prompt, maxOutputTokens: 10 })).toMatchObject({
      reason: 'first-fit',
      answeredBy: 'small',
    });
  });

  it('a stamp of a target that only rules send to is none, and rules override stamps', async () => {
    const ruled = make({
      reevaluate: 'sticky',
      rules: [{ when: { text: 'draw' }, target: { id: 'painter', model: answers('painter') } }],
    });
    expect(await ask(ruled, { prompt: conversation('painter'), maxOutputTokens: 10 })).toMatchObject({
      answeredBy: 'small',
    });
    // The turn of the rule in between does not end the stickiness.
    expect(await ask(ruled, { prompt: conversation('large', 'painter'), maxOutputTokens: 10 })).toMatchObject(
      {
        answeredBy: 'large',
      },
    );
    const draw = { prompt: [...conversation('large').slice(0, -1), user('draw me a sheep')] };
    expect(await ask(ruled, draw)).toMatchObject({ reason: 'rule', answeredBy: 'painter' });
  });

  it('what a rule chose for a turn does not stick, though it is one of the targets', async () => {
    const [small, large] = [targets()[0]!, targets()[2]!];
    const ruled = make({
      reevaluate: 'sticky',
      rules: [{ when: { text: 'draw' }, target: large }],
      targets: [small, large],
    });
    const call = { prompt: [user('draw me a sheep')], maxOutputTokens: 10 };
    const { content } = await ruled.doGenerate(call);
    expect(content).toEqual([{ type: 'text', text: 'large' }]);
    const parts = await partsOf(ruled, call);
    expect(parts.find(({ type }) => type === 'text-start')).not.toHaveProperty('providerMetadata');
    const next = { prompt: [user('Hi'), answered('small'), user('draw me a sheep')], maxOutputTokens: 10 };
    expect(await ask(ruled, next)).toMatchObject({ reason: 'rule', answeredBy: 'large' });
  });

  it('a pick that answers at its second try is one', async () => {
    let tries = 0;
    const small = unsteady('small', () => (tries++ === 0 ? apiError(503) : undefined));
    const own = make({
      reevaluate: 'sticky',
      retries: 1,
      targets: [{ id: 'small', model: small, contextWindow: 500 }],
    });
    const { content } = await own.doGenerate({ ...callOf('Hi'), maxOutputTokens: 10 });
    expect(content[0]).toMatchObject({ providerMetadata: stamp('d', 'small') });
  });

  it('also where a retry got over what was before its own "too long"', async () => {
    let tries = 0;
    const small = fails('small', () => (tries++ === 0 ? apiError(503) : tooLong()));
    const own = make({
      reevaluate: 'sticky',
      retries: 1,
      targets: [{ id: 'small', model: small, contextWindow: 500 }, targets()[2]!],
    });
    const { content } = await own.doGenerate({ ...callOf('Hi'), maxOutputTokens: 10 });
    expect(content[0]).toMatchObject({ providerMetadata: stamp('d', 'large') });
  });

  it('a first turn that another target answers, since the preferred one rests, is for that turn only', async () => {
    let isDown = true;
    const small = unsteady('small', () => (isDown ? apiError(503) : undefined));
    const own = make({
      reevaluate: 'sticky',
      fallback: true,
      cooldown: { failures: 1, ms: 60_000 },
      targets: [{ id: 'small', model: small, contextWindow: 500 }, targets()[2]!],
    });
    const first = async () => (await own.doGenerate({ ...callOf('Hi'), maxOutputTokens: 10 })).content;
    expect(await first()).toEqual([{ type: 'text', text: 'large' }]); // small fails
    expect(await first()).toEqual([{ type: 'text', text: 'large' }]); // small rests
    isDown = false;
    const kept = { prompt: conversation('small'), maxOutputTokens: 10 };
    expect(await ask(own, kept)).toMatchObject({ reason: 'sticky', order: ['large', 'small'] });
  });

  it("a stand-in's own word that it is too long keeps nobody from answering, and spends nothing", async () => {
    const own = dispatcher({
      id: 'd',
      reevaluate: 'sticky',
      fallback: true,
      targets: [
        { id: 'small', model: fails('small', tooLong), contextWindow: 1000 },
        { id: 'big', model: fails('big'), contextWindow: 4000 },
        { id: 'huge', model: answers('huge'), contextWindow: 9000 },
      ],
    });
    const { content } = await own.doGenerate({ prompt: conversation('big'), maxOutputTokens: 10 });
    expect(content).toEqual([{ type: 'text', text: 'huge' }]);
  });

  it('R-38: those who may not take over were not rejected by anybody', async () => {
    const own = dispatcher({
      id: 'd',
      reevaluate: 'sticky',
      targets: [
        { id: 'small', model: fails('small', tooLong), contextWindow: 1000 },
        { id: 'big', model: answers('big'), contextWindow: 4000 },
      ],
    });
    const decision = await ask(own, { prompt: conversation('small'), maxOutputTokens: 10 });
    expect(decision.candidates.map(({ skipped }) => skipped)).toEqual(['rejected', undefined]);
  });

  it.each(['stamps', 'a store'])(
    'what stands in for a pick out of order does not stick: %s',
    async (kept) => {
      const { store, entries } = memory();
      let isDown = false;
      const small = unsteady('small', () => (isDown ? apiError(503) : undefined));
      const flaky = dispatcher({
        id: 'd',
        reevaluate: 'sticky-escalate',
        fallback: true,
        cooldown: { failures: 1, ms: 60_000 },
        ...(kept === 'a store' && { session: { store } }),
        targets: [
          { id: 'small', model: small, contextWindow: 500 },
          { id: 'large', model: answers('large'), contextWindow: 4000 },
        ],
      });
      const call = inSession({ prompt: conversation('small'), maxOutputTokens: 10 }, 's');
      expect(await ask(flaky, call)).toMatchObject({ answeredBy: 'small' });
      const known = [...entries];
      isDown = true;
      const unstamped = [{ type: 'text', text: 'large' }];
      expect((await flaky.doGenerate(call)).content).toEqual(unstamped); // small fails
      expect((await flaky.doGenerate(call)).content).toEqual(unstamped); // small rests
      expect([...entries]).toEqual(known);
    },
  );

  it("a provider's own word that it is too long is what outgrown means", async () => {
    const [, medium, large] = targets();
    const rejecting = (options: Partial<DispatcherOptions>) =>
      dispatcher({
        id: 'd',
        targets: [{ id: 'small', model: fails('small', tooLong), contextWindow: 500 }, medium!, large!],
        ...options,
      });
    const kept = { prompt: conversation('small'), maxOutputTokens: 10 };
    const sticky = rejecting({ reevaluate: 'sticky', fallback: true });
    expect(await errorOf(sticky.doGenerate(kept))).toMatchObject({ statusCode: 400 });
    // Of a first turn, nothing is decided yet.
    expect(await ask(sticky, callOf('Hi', { maxOutputTokens: 10 }))).toMatchObject({ answeredBy: 'medium' });
    expect(await ask(rejecting({ reevaluate: 'sticky-escalate' }), kept)).toMatchObject({
      answeredBy: 'medium',
    });
    // Who was moved on to is where the conversation is kept.
    const { content } = await rejecting({ reevaluate: 'sticky-escalate' }).doGenerate(kept);
    expect(content[0]).toMatchObject({ providerMetadata: stamp('d', 'medium') });
    const exhausted = dispatcher({
      id: 'd',
      reevaluate: 'sticky-escalate',
      targets: [
        targets()[0]!,
        { id: 'medium', model: fails('medium', tooLong), contextWindow: 1000 },
        large!,
      ],
    });
    expect(await errorOf(exhausted.doGenerate(grown(700, 'small')))).toMatchObject({ statusCode: 400 });
    expect(await errorOf(exhausted.doGenerate(grown(700, 'small', 'medium')))).toMatchObject({
      statusCode: 400,
    });
  });

  it('is shown by explain', async () => {
    const messages = [
      { role: 'user' as const, content: 'Hi' },
      answered('large'),
      { role: 'user' as const, content: 'And now?' },
    ];
    expect(await explain(model, { messages, maxOutputTokens: 10 })).toMatchObject({
      reason: 'sticky',
      order: ['large', 'small', 'medium'],
    });
  });

  it('stamps what begins a part, and what would replace its metadata', async () => {
    const own = { google: { thoughtSignature: 's' } };
    const script: Part[] = [
      ...textParts('').slice(0, 1),
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'hm' },
      { type: 'reasoning-end', id: 'r', providerMetadata: own },
      { type: 'tool-call', toolCallId: '1', toolName: 't', input: '{}', providerMetadata: own },
      ...textParts('').slice(4),
    ];
    const parts = await partsOf(
      dispatcher({ id: 'd', reevaluate: 'sticky', targets: [{ id: 'm', model: streams('m', script) }] }),
      callOf('Hi'),
    );
    const metadata = Object.fromEntries(
      parts.map((part) => [part.type, (part as { providerMetadata?: object }).providerMetadata]),
    );
    expect(metadata['reasoning-start']).toEqual(stamp('d', 'm'));
    expect(metadata['reasoning-delta']).toBeUndefined();
    expect(metadata['reasoning-end']).toEqual({ ...own, ...stamp('d', 'm') });
    expect(metadata['tool-call']).toEqual({ ...own, ...stamp('d', 'm') });
  });

  it('an answer that is a file carries one too', async () => {
    const file = {
      type: 'file' as const,
      mediaType: 'image/png',
      data: { type: 'data' as const, data: 'AAAA' },
    };
    const painter = new MockLanguageModelV4({
      doGenerate: async () => ({ ...textResult('x'), content: [file] }),
    });
    const picture = dispatcher({
      id: 'd',
      reevaluate: 'sticky',
      targets: [{ id: 'painter', model: painter }],
    });
    const { content } = await picture.doGenerate(callOf('Draw'));
    expect(content).toEqual([{ ...file, providerMetadata: stamp('d', 'painter') }]);
  });

  it('R-36: of two with one id, one inside the other, neither could tell its own', () => {
    const inner = make({ reevaluate: 'sticky' });
    const around = (id: string) =>
      dispatcher({ id, reevaluate: 'sticky', targets: [cascade({ steps: [inner] })] });
    expect(() => around('d')).toThrow(
      'dispatcher "d": the id of two primitives in it is "d": both keep their picks under it, rename one.',
    );
    expect(() => around('e')).not.toThrow();
    // Nor could one of two beside one another.
    const steps = [inner, make({ reevaluate: 'sticky' })];
    expect(() => cascade({ id: 'c', steps })).toThrow('cascade "c": the id of two primitives in it is "d"');
    const stored = ({ store }: { store: KeyValueStore }) =>
      make({ reevaluate: 'sticky', session: { store } });
    expect(() => cascade({ id: 'c', steps: [stored(memory()), stored(memory())] })).not.toThrow();
    const shared = memory();
    expect(() => cascade({ id: 'c', steps: [stored(shared), stored(shared)] })).toThrow(
      'the id of two primitives',
    );
    // A store and stamps don't get into each other's way.
    const blend = alloy({ id: 'd', redraw: 'turn', constituents: targets() });
    const { store } = memory();
    expect(() => make({ reevaluate: 'sticky', session: { store }, targets: [blend] })).not.toThrow();
  });

  it('each primitive on the way leaves its own', async () => {
    const outer = dispatcher({ id: 'outer', reevaluate: 'sticky', targets: [model] });
    const { content } = await cascade({ steps: [outer] }).doGenerate({
      ...callOf('Hi'),
      maxOutputTokens: 10,
    });
    expect(content[0]).toMatchObject({ providerMetadata: { 'ai-alloy': { d: 'small', outer: 'd' } } });
    const plain = await make({}).doGenerate({ ...callOf('Hi'), maxOutputTokens: 10 });
    expect(plain.content).toEqual([{ type: 'text', text: 'small' }]);
  });
});

describe('R-31: sticky-escalate', () => {
  const once = make({ reevaluate: 'sticky-escalate' });

  it('goes on to a larger target, the first that holds it', async () => {
    expect(await ask(once, grown(700, 'small'))).toMatchObject({ reason: 'escalated', answeredBy: 'medium' });
    expect(await ask(once, grown(2000, 'small'))).toMatchObject({ reason: 'escalated', answeredBy: 'large' });
  });

  it('sticks there, and does so once', async () => {
    expect(await ask(once, grown(100, 'small', 'medium'))).toMatchObject({
      reason: 'sticky',
      answeredBy: 'medium',
    });
    const error = await errorOf(once.doGenerate(grown(2000, 'small', 'small', 'medium')));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
  });

  it('or as often as it may', async () => {
    const twice = make({ reevaluate: 'sticky-escalate', escalations: 2 });
    expect(await ask(twice, grown(2000, 'small', 'medium'))).toMatchObject({
      reason: 'escalated',
      answeredBy: 'large',
    });
  });

  it('never to a smaller one', async () => {
    expect(await ask(once, grown(2000, 'medium', 'small'))).toMatchObject({ answeredBy: 'large' });
    expect((await ask(once, grown(5000, 'large'))).answeredBy).toBeUndefined();
  });
});

describe('R-31: worst-case', () => {
  it('plans for what a conversation is assumed to come to', async () => {
    const model = make({ reevaluate: 'worst-case', assumeSessionMaxTokens: 900 });
    expect(await ask(model, callOf('Hi', { maxOutputTokens: 100 }))).toMatchObject({
      reason: 'worst-case',
      answeredBy: 'medium',
      candidates: [{ fits: false, demand: { input: 900, output: 100 } }, { fits: true }, { fits: true }],
    });
    expect(await ask(model, callOf('Hi', { maxOutputTokens: 101 }))).toMatchObject({ answeredBy: 'large' });
    expect(await ask(model, grown(2000))).toMatchObject({ answeredBy: 'large' });
  });

  it('also when a nested primitive is called', async () => {
    const inner = cascade({ id: 'inner', steps: [targets()[0]!, targets()[2]!] });
    const model = dispatcher({ targets: [inner], reevaluate: 'worst-case', assumeSessionMaxTokens: 900 });
    const decision = await ask(model, callOf('Hi', { maxOutputTokens: 10 }));
    expect(decision.attempts).toMatchObject([{ id: 'inner', decision: { answeredBy: 'large' } }]);
  });

  it('R-29: but not for a target that a rule chose', async () => {
    const [small, medium, large] = targets();
    const inner = cascade({ id: 'inner', steps: [small!] });
    const model = dispatcher({
      rules: [
        { when: { text: 'short' }, target: small! },
        { when: { text: 'nested' }, target: inner },
        { when: { text: 'maybe' }, fitsTarget: true, target: small! },
      ],
      targets: [medium!, large!],
      reevaluate: 'worst-case',
      assumeSessionMaxTokens: 1500,
    });
    const decide = (text: string) => ask(model, callOf(text, { maxOutputTokens: 10 }));
    expect(await decide('short')).toMatchObject({ reason: 'rule', answeredBy: 'small' });
    expect(await decide('nested')).toMatchObject({ reason: 'rule', answeredBy: 'inner' });
    expect(await decide('maybe')).toMatchObject({ rule: 2, answeredBy: 'small' });
    expect(await decide('Hi')).toMatchObject({
      reason: 'worst-case',
      answeredBy: 'large',
      candidates: [
        { id: 'medium', fits: false, demand: { input: 1500, basis: 'assumed' } },
        { id: 'large', fits: true },
        { id: 'small', skipped: 'not-chosen' },
        { id: 'inner', skipped: 'not-chosen' },
      ],
    });
    const refused = await errorOf(model.doGenerate(callOf('Hi', { maxOutputTokens: 3000 })));
    expect((refused as Error).message).toContain('the input is assumeSessionMaxTokens');
  });

  it('R-33: nor for it alone: its fallbacks are chosen as ever', async () => {
    const model = dispatcher({
      rules: [{ when: { text: 'Hi' }, target: { id: 'down', model: fails('down') } }],
      targets: targets(),
      reevaluate: 'worst-case',
      assumeSessionMaxTokens: 2000,
      fallback: true,
    });
    expect(await ask(model, callOf('Hi', { maxOutputTokens: 10 }))).toMatchObject({
      answeredBy: 'large',
      candidates: [{ fits: false }, { fits: false }, { fits: true }, { id: 'down' }],
    });
  });

  it('a limit that a provider stated is no word on what is assumed', async () => {
    let isStated = false;
    const stated = apiError(400, { message: "This model's maximum context length is 500 tokens." });
    const small = unsteady('small', () => (isStated ? undefined : stated));
    const target = { id: 'small', model: small, contextWindow: 2000 };
    const model = dispatcher({
      rules: [{ fitsTarget: true, when: { text: 'a' }, target }],
      targets: [target, { id: 'large', model: fails('large'), contextWindow: 10_000 }],
      reevaluate: 'worst-case',
      assumeSessionMaxTokens: 5000,
      fallback: true,
    });
    await ask(model, callOf('a b', { maxOutputTokens: 10 }));
    isStated = true;
    const decision = await ask(model, { prompt: [user(`a ${textOfTokens(900)}`)], maxOutputTokens: 10 });
    expect(decision.candidates[0]).toMatchObject({ id: 'small', fits: false, demand: { basis: 'assumed' } });
    expect(decision.attempts).toMatchObject([{ id: 'large', outcome: 'failed' }]);
  });

  it('asks every member once, however deep they nest', async () => {
    let plans = 0;
    const rules = () => [
      {
        when: () => {
          plans++;
          return false;
        },
        target: answers('never'),
      },
      { fitsTarget: true, target: { model: answers('tiny'), contextWindow: 10 } },
    ];
    let model = cascade({ id: 'leaf', steps: [{ model: answers('leaf'), contextWindow: '1M' }] });
    for (let level = 0; level < 12; level++) {
      const assumeSessionMaxTokens = 100_000 - level;
      model = dispatcher({
        id: `d${level}`,
        rules: rules(),
        targets: [model],
        reevaluate: 'worst-case',
        assumeSessionMaxTokens,
      });
    }
    await explain(model, { prompt: 'Hi' });
    expect(plans).toBe(12);
  });

  it('R-28: also of a nested primitive with a window beside it', async () => {
    const inner = cascade({ id: 'inner', steps: [answers('any')] });
    const model = dispatcher({
      targets: [
        { model: inner, contextWindow: 500 },
        { model: answers('large'), contextWindow: 4000 },
      ],
      reevaluate: 'worst-case',
      assumeSessionMaxTokens: 900,
    });
    expect(await ask(model, callOf('Hi', { maxOutputTokens: 10 }))).toMatchObject({
      answeredBy: 'mock/large',
      candidates: [{ id: 'inner', fits: false, ceiling: 500, demand: { input: 900 } }, {}],
    });
  });

  it('R-36: nor may it be more than the input that targets take', () => {
    const own = { ...targets()[2]!, maxInputTokens: 1000 };
    expect(() => make({ reevaluate: 'worst-case', assumeSessionMaxTokens: 1001, targets: [own] })).toThrow(
      'but 1000 at most',
    );
  });

  it('R-36: an assumption that no target has room for is an error', () => {
    expect(() => make({ reevaluate: 'worst-case', assumeSessionMaxTokens: 4000 })).toThrow(
      'dispatcher "d": assumeSessionMaxTokens is 4000: no target holds that much input and an answer, but 3999 at most: assume less',
    );
  });

  it('inside nested primitives as well', async () => {
    const inner = cascade({ id: 'inner', steps: targets().slice(0, 1) });
    const model = dispatcher({
      targets: [inner, { id: 'large', model: answers('large'), contextWindow: 4000 }],
      reevaluate: 'worst-case',
      assumeSessionMaxTokens: 900,
    });
    expect(await ask(model, callOf('Hi', { maxOutputTokens: 10 }))).toMatchObject({ answeredBy: 'large' });
  });
});

describe('a session with a store', () => {
  it('keeps the pick without a word in the conversation, for every instance', async () => {
    const { store, entries } = memory();
    const [one, other] = [
      make({ reevaluate: 'sticky', session: { store } }),
      make({ reevaluate: 'sticky', session: { store } }),
    ];
    const first = await one.doGenerate(inSession(grown(700), 's1'));
    expect(first.content).toEqual([{ type: 'text', text: 'medium' }]);
    expect([...entries]).toEqual([['session:d:s1', '["medium"]']]);
    for (const model of [one, other]) {
      expect(await ask(model, inSession(grown(20), 's1'))).toMatchObject({
        reason: 'sticky',
        answeredBy: 'medium',
      });
    }
    expect(await ask(other, inSession(grown(20), 's2'))).toMatchObject({
      reason: 'first-fit',
      answeredBy: 'small',
    });
  });

  it('counts promotions', async () => {
    const { store } = memory();
    const model = make({ reevaluate: 'sticky-escalate', session: { store } });
    expect((await ask(model, inSession(grown(20), 's'))).answeredBy).toBe('small');
    expect(await ask(model, inSession(grown(700), 's'))).toMatchObject({
      reason: 'escalated',
      answeredBy: 'medium',
    });
    expect((await ask(model, inSession(grown(2000), 's'))).answeredBy).toBeUndefined();
  });

  it('what the store has forgotten is over', async () => {
    const { store, entries } = memory();
    const model = make({ reevaluate: 'sticky-escalate', session: { store } });
    await ask(model, inSession(grown(20), 's'));
    await ask(model, inSession(grown(700), 's'));
    entries.clear();
    expect(await ask(model, inSession(grown(20), 's'))).toMatchObject({ reason: 'first-fit' });
    expect(entries.get('session:d:s')).toBe('["small"]');
  });

  it('a store that is down fails no call: the process knows itself', async () => {
    const { store, state } = memory();
    const model = make({ reevaluate: 'sticky', session: { store } });
    expect((await ask(model, inSession(grown(700), 's'))).answeredBy).toBe('medium');
    state.isDown = true;
    expect((await ask(model, inSession(grown(20), 's'))).answeredBy).toBe('medium');
  });

  it.each([
    ['R-50: a pick is known as long as its time, though the wall clock went back a day', 999, 1, 'medium'],
    [
      'R-50: a pick is known no longer than its time, though the wall clock went back a day',
      1001,
      1,
      'small',
    ],
    ['R-50: a pick is known as long as its time, though the wall clock went on a day', 999, -1, 'medium'],
  ])('%s', async (_, ms, back, answeredBy) => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const { store, state } = memory();
    const model = make({ reevaluate: 'sticky', session: { store, ms: 1000 } });
    await ask(model, inSession(grown(700), 's'));
    state.isDown = true;
    vi.setSystemTime(Date.now() - back * 86_400_000);
    vi.advanceTimersByTime(ms);
    expect((await ask(model, inSession(grown(20), 's'))).answeredBy).toBe(answeredBy);
  });

  it.each([7, '', 'x'.repeat(1001), { id: 1 }])(
    'R-36: %j is no session id, and no silent nobody',
    async (session) => {
      const { store, entries } = memory();
      const model = make({ reevaluate: 'sticky', session: { store } });
      const error = await errorOf(model.doGenerate(inSession(grown(700), session)));
      expect(error).toSatisfy(InvalidConfigurationError.isInstance);
      expect((error as Error).message).toMatch(/^providerOptions\['ai-alloy'\]\.session is /);
      expect(entries.size).toBe(0);
    },
  );

  it.each([undefined, null])('no session, no pick: %j', async (session) => {
    const { store, entries } = memory();
    const model = make({ reevaluate: 'sticky', session: { store } });
    expect((await ask(model, inSession(grown(700), session))).answeredBy).toBe('medium');
    expect(entries.size).toBe(0);
  });
});

describe("an alloy's redraw", () => {
  const pending = (by: string): Call['prompt'] => [
    user('Hi'),
    {
      role: 'assistant',
      content: [
        { type: 'tool-call', toolCallId: '1', toolName: 't', input: {}, providerOptions: stamp('blend', by) },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool-result', toolCallId: '1', toolName: 't', output: { type: 'text', value: '7' } },
      ],
    },
  ];
  const blend = (redraw?: 'call' | 'turn') => {
    const constituents = ['a', 'b', 'c'].map((id) => ({
      id,
      model: answers(id),
      contextWindow: '8K' as const,
    }));
    return alloy({ id: 'blend', strategy: 'round-robin', constituents, ...(redraw && { redraw }) });
  };

  it("'turn' keeps the constituent whose tool call is pending, and draws for each new turn", async () => {
    const model = blend('turn');
    for (let step = 0; step < 3; step++) {
      expect(await ask(model, { prompt: pending('b') })).toMatchObject({ reason: 'sticky', answeredBy: 'b' });
    }
    const turns = [...pending('b'), answered('b', 'blend'), user('And?')];
    const drawn = new Set<string>();
    for (let turn = 0; turn < 3; turn++) drawn.add((await ask(model, { prompt: turns })).answeredBy!);
    expect([...drawn].toSorted()).toEqual(['a', 'b', 'c']);
    expect((await ask(model, { prompt: pending('nobody') })).reason).toBe('round-robin');
  });

  it('the stamp is of who made the tool call, also as a fallback', async () => {
    const model = alloy({
      id: 'blend',
      redraw: 'turn',
      strategy: 'round-robin',
      constituents: [
        { id: 'down', model: fails('down'), contextWindow: '8K' },
        { id: 'up', model: answers('up'), contextWindow: '8K' },
      ],
    });
    const { content } = await model.doGenerate(callOf('Hi'));
    expect(content[0]).toMatchObject({ providerMetadata: stamp('blend', 'up') });
  });

  it('a kept constituent takes no turn from the others', async () => {
    const model = blend('turn');
    const first: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      first.push((await ask(model, callOf('Hi'))).answeredBy!);
      await ask(model, { prompt: pending(first.at(-1)!) });
    }
    expect(first).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it("'call', the default, draws for each call, and leaves no stamps", async () => {
    const drawn = new Set<string>();
    for (let step = 0; step < 3; step++)
      drawn.add((await ask(blend(), { prompt: pending('b') })).answeredBy!);
    expect([...drawn]).toEqual(['a']);
    const { content } = await blend().doGenerate(callOf('Hi'));
    expect(content).toEqual([{ type: 'text', text: 'a' }]);
  });

  it('R-17: what some constituent cannot hold is refused all the same', async () => {
    const small = answers('small');
    const model = alloy({
      id: 'blend',
      redraw: 'turn',
      constituents: [
        { id: 'b', model: answers('b'), contextWindow: '8K' },
        { id: 'small', model: small, contextWindow: 100 },
      ],
    });
    const error = await errorOf(model.doGenerate({ prompt: pending('b'), maxOutputTokens: 200 }));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect(callsOf(small)).toBe(0);
  });
});

describe('R-36: wrong options', () => {
  // Wrong on purpose, so untyped.
  it.each<[string, object, string]>([
    [
      'reevaluate',
      { reevaluate: 'sometimes' },
      'dispatcher "d": reevaluate is "sometimes": use one of "per-turn", "sticky",',
    ],
    [
      'no assumption',
      { reevaluate: 'worst-case' },
      'dispatcher "d": assumeSessionMaxTokens is undefined: use a whole number of tokens',
    ],
    [
      'an assumption for nothing',
      { assumeSessionMaxTokens: 9 },
      "assumeSessionMaxTokens is 9: it has no effect without reevaluate: 'worst-case'.",
    ],
    [
      'escalations for nothing',
      { reevaluate: 'sticky', escalations: 1 },
      "escalations is 1: it has no effect without reevaluate: 'sticky-escalate'.",
    ],
    [
      'no escalations',
      { reevaluate: 'sticky-escalate', escalations: 0 },
      'escalations is 0: use a whole number above 0.',
    ],
    [
      'a session for nothing',
      { session: { store: new Map() } },
      "session is an object: it has no effect without reevaluate: 'sticky'",
    ],
    [
      'a session without a store',
      { reevaluate: 'sticky', session: {} },
      'session.store is undefined: pass an object with get and set.',
    ],
    [
      'a store without set',
      { reevaluate: 'sticky', session: { store: { get() {} } } },
      'session.store is an object: pass an object with get(key)',
    ],
    [
      'no time',
      { reevaluate: 'sticky', session: { store: new Map(), ms: 0 } },
      'session.ms is 0: use milliseconds above 0',
    ],
  ])('%s', (_, options, message) => {
    expect(() => make(options)).toThrow(message);
  });

  it('redraw', () => {
    const constituents = [answers('a'), answers('b')].map((model) => ({
      model,
      contextWindow: '8K' as const,
    }));
    expect(() => alloy({ constituents, redraw: 'never' as never })).toThrow(
      'alloy: redraw is "never": use one of "call", "turn", "conversation".',
    );
  });
});
