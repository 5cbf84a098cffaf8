import { describe, expect, it } from 'vitest';
import {
  alloy,
  cascade,
  ContextWindowExceededError,
  decisionOf,
  dispatcher,
  explain,
  type AlloyOptions,
  type Decision,
  type KeyValueStore,
  type RoutingModel,
} from '../../src/index.ts';
import {
  answers,
  apiError,
  errorOf,
  partsOf,
  textOfTokens,
  tooLong,
  unsteady,
  type Call,
} from '../support/models.ts';

const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });

/** The ids on the way to the model that answered. */
const pathOf = ({ answeredBy, attempts = [] }: Decision): string =>
  [
    answeredBy ?? 'nobody',
    ...[attempts.at(-1)?.decision].filter((inner) => inner !== undefined).map(pathOf),
  ].join('/');

/** A conversation as the AI SDK would send it back: with the answers, and with their metadata. */
class Talk {
  readonly prompt: Call['prompt'] = [];
  readonly #model: RoutingModel;
  readonly #session: string | undefined;

  constructor(model: RoutingModel, session?: string) {
    this.#model = model;
    this.#session = session;
  }

  call(text: string, own: object = {}): Call {
    const namespace = { ...(this.#session !== undefined && { session: this.#session }), ...own };
    return {
      prompt: [...this.prompt, user(text)],
      maxOutputTokens: 10,
      providerOptions: { 'ai-alloy': namespace },
    };
  }

  /** Says something, and returns the path by which it was answered. */
  async say(text = 'Hi', own: object = {}, streams = false): Promise<string> {
    const call = this.call(text, own);
    const answer = streams
      ? await partsOf(this.#model, call)
      : await Promise.resolve(this.#model.doGenerate(call)).catch((error: unknown) => error);
    const decision = decisionOf(Array.isArray(answer) ? answer.at(-1) : answer)!;
    if (decision.answeredBy === undefined) return 'nobody';
    this.prompt.push(call.prompt.at(-1)!);
    const parts: { type: string; providerMetadata?: object }[] = Array.isArray(answer)
      ? answer.filter(({ type }) => type === 'text-start')
      : (answer as { content: [] }).content;
    this.prompt.push({
      role: 'assistant',
      content: parts.map(({ providerMetadata }) => ({
        type: 'text' as const,
        text: 'Yes',
        ...(providerMetadata && { providerOptions: JSON.parse(JSON.stringify(providerMetadata)) }),
      })),
    });
    return pathOf(decision);
  }

  async many(turns: number, streams = false): Promise<readonly string[]> {
    const paths: string[] = [];
    for (let turn = 0; turn < turns; turn++) paths.push(await this.say('Hi', {}, streams));
    return paths;
  }
}

const part = (id: string, model = answers(id), contextWindow = 8000) => ({ id, model, contextWindow });
/** In turn, so that each draw is another one. */
const inTurn = (id: string, parts: AlloyOptions['constituents'], options: Partial<AlloyOptions> = {}) =>
  alloy({ id, strategy: 'round-robin', constituents: parts, ...options });
const abc = () => [part('a'), part('b'), part('c')];

function memory() {
  const entries = new Map<string, string>();
  const store: KeyValueStore = {
    get: async (key) => entries.get(key),
    set: async (key, value) => void entries.set(key, value),
  };
  return { store, entries };
}

const ways = ['stamps', 'stamps of streams', 'a store'] as const;
type Way = (typeof ways)[number];
const keptBy = (way: Way, { store } = memory()) => (way === 'a store' ? { session: { store } } : {});

describe.each(ways)("R-45: redraw 'conversation', kept by %s", (way) => {
  const streams = way === 'stamps of streams';
  const make = (parts: AlloyOptions['constituents'] = abc(), options: Partial<AlloyOptions> = {}) =>
    inTurn('blend', parts, { redraw: 'conversation', ...keptBy(way), ...options });

  it('keeps a constituent for the whole conversation, and draws for each new one', async () => {
    const model = make();
    const paths = [];
    for (const session of ['1', '2', '3']) paths.push(await new Talk(model, session).many(3, streams));
    expect(paths).toEqual([
      ['a', 'a', 'a'],
      ['b', 'b', 'b'],
      ['c', 'c', 'c'],
    ]);
  });

  it('a fallback answers for one turn, and is not kept', async () => {
    let isDown = false;
    const model = make([
      part(
        'a',
        unsteady('a', () => (isDown ? apiError(503) : undefined)),
      ),
      part('b'),
    ]);
    const talk = new Talk(model, 's');
    const paths = [await talk.say()];
    isDown = true;
    paths.push(await talk.say(), await talk.say());
    isDown = false;
    paths.push(await talk.say());
    expect(paths).toEqual(['a', 'b', 'b', 'a']);
  });

  it('R-44: nor is one for a constituent on cooldown', async () => {
    let isDown = false;
    const a = unsteady('a', () => (isDown ? apiError(503) : undefined));
    const model = make([part('a', a), part('b')], { cooldown: { failures: 1, ms: 60_000 } });
    const talk = new Talk(model, 's');
    await talk.say();
    isDown = true;
    const paths = [await talk.say(), await talk.say()];
    expect(paths).toEqual(['b', 'b']);
    // A conversation that begins meanwhile is kept to the one that it began with.
    const other = new Talk(model, 'other');
    await other.say();
    expect(decisionOf(await model.doGenerate(other.call('Hi')))).toMatchObject({
      reason: 'sticky',
      order: ['b', 'a'],
    });
    expect(decisionOf(await model.doGenerate(talk.call('Hi')))).toMatchObject({
      reason: 'sticky',
      order: ['b', 'a'],
      candidates: [{ id: 'a', skipped: 'resting' }, {}],
    });
  });

  it('R-52: nor is one for a constituent that the call leaves out', async () => {
    const talk = new Talk(make(), 's');
    const paths = [await talk.say(), await talk.say('Hi', { except: ['a'] }, streams), await talk.say()];
    expect(paths[0]).toBe('a');
    expect(paths[1]).not.toBe('a');
    expect(paths[2]).toBe('a');
  });

  it('a constituent that says itself that it is too small is left for a larger one', async () => {
    let isFull = false;
    const a = unsteady('a', () => (isFull ? tooLong() : undefined));
    const model = make([part('a', a), part('b', answers('b'), 9000)]);
    const talk = new Talk(model, 's');
    const paths = [await talk.say()];
    isFull = true;
    paths.push(await talk.say());
    isFull = false;
    paths.push(await talk.say());
    expect(paths).toEqual(['a', 'b', 'b']);
  });

  it('R-17: what some constituent can’t hold is refused all the same', async () => {
    const model = make([part('a'), part('b', answers('b'), 400)]);
    const talk = new Talk(model, 's');
    expect(await talk.say()).toBe('a');
    const error = await errorOf(model.doGenerate(talk.call(textOfTokens(900))));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect((error as Error).message).toContain('"blend": the request does not fit, nothing was sent');
  });

  it('keeps the path inside its constituents', async () => {
    const inner = inTurn('inner', abc());
    const model = make([inner, part('d')]);
    const talk = new Talk(model, 's');
    expect(await talk.many(3, streams)).toEqual(['inner/a', 'inner/a', 'inner/a']);
  });
});

describe.each(ways)('R-45: a sticky dispatcher keeps the path inside its target: %s', (way) => {
  const streams = way === 'stamps of streams';
  const sticky = (targets: Parameters<typeof dispatcher>[0]['targets'], own = keptBy(way)) =>
    dispatcher({ id: 'd', reevaluate: 'sticky-escalate', targets: targets!, ...own });

  it.each<[string, () => RoutingModel, readonly string[]]>([
    ['an alloy', () => inTurn('blend', abc()), ['blend/a', 'blend/b', 'blend/c']],
    [
      'an alloy in a cascade',
      () => cascade({ id: 'safe', steps: [inTurn('blend', abc()), part('z')] }),
      ['safe/blend/a', 'safe/blend/b', 'safe/blend/c'],
    ],
    [
      'an alloy in an alloy',
      () => inTurn('outer', [inTurn('one', abc()), inTurn('two', [part('x'), part('y')])]),
      ['outer/one/a', 'outer/two/x', 'outer/one/b'],
    ],
    [
      'an alloy that keeps tool loops',
      () => inTurn('blend', abc(), { redraw: 'turn' }),
      ['blend/a', 'blend/b', 'blend/c'],
    ],
    [
      'an alloy that keeps conversations by itself',
      () => inTurn('blend', abc(), { redraw: 'conversation' }),
      ['blend/a', 'blend/b', 'blend/c'],
    ],
  ])('%s', async (_, inside, expected) => {
    const model = sticky([inside()]);
    const paths: string[] = [];
    for (const session of ['1', '2', '3']) {
      const turns = await new Talk(model, session).many(3, streams);
      expect(new Set(turns).size).toBe(1);
      paths.push(turns[0]!);
    }
    expect(paths).toEqual(expected);
  });

  it('an order inside is not asked again while its step can serve', async () => {
    let isReversed = false;
    const inner = cascade({
      id: 'inner',
      order: (candidates) => (isReversed ? candidates.toReversed() : candidates),
      steps: [part('a'), part('b')],
    });
    const talk = new Talk(sticky([inner]), 's');
    const paths = [await talk.say()];
    isReversed = true;
    paths.push(await talk.say());
    expect(paths).toEqual(['inner/a', 'inner/a']);
  });

  it('a step inside that is outgrown is left, and the next one kept', async () => {
    const inner = cascade({ id: 'inner', steps: [part('s', answers('s'), 300), part('l')] });
    const talk = new Talk(sticky([inner]), 's');
    const paths = [await talk.say(), await talk.say(textOfTokens(900))];
    // A shorter request, as after the application has dropped old messages.
    talk.prompt.splice(2, 1, user('short'));
    paths.push(await talk.say());
    expect(paths).toEqual(['inner/s', 'inner/l', 'inner/l']);
  });

  it('a fallback inside answers for one turn, also where it is the first', async () => {
    let down: readonly string[] = ['a'];
    const parts = ['a', 'b', 'c'].map((id) =>
      part(
        id,
        unsteady(id, () => (down.includes(id) ? apiError(503) : undefined)),
      ),
    );
    const model = sticky([part('tiny', answers('tiny'), 300), inTurn('blend', parts)]);
    const talk = new Talk(model, 's');
    const paths = [await talk.say(textOfTokens(900))]; // a was drawn, and failed
    down = [];
    talk.prompt.splice(0, 1, user('short'));
    paths.push(await talk.say(), await talk.say()); // the target is kept; inside, nobody was
    down = ['b'];
    paths.push(await talk.say());
    down = [];
    paths.push(await talk.say());
    expect(paths).toEqual(['blend/b', 'blend/b', 'blend/b', 'blend/a', 'blend/b']);
  });

  it('R-52: a member inside that a call leaves out is kept', async () => {
    const talk = new Talk(sticky([inTurn('blend', [inTurn('inner', abc()), part('d')])]), 's');
    const paths = [await talk.say()];
    for (const except of ['a', 'inner', 'blend']) {
      const own = { except: [except] };
      paths.push(await talk.say('Hi', own, streams && except !== 'blend'), await talk.say());
    }
    expect(paths.filter((_, index) => index % 2 === 0)).toEqual(Array(4).fill('blend/inner/a'));
    expect(paths[1]).toMatch(/^blend\/(inner\/[bc]|d)$/);
    expect(paths[3]).toBe('blend/d');
    expect(paths[5]).toBe('nobody');
  });

  it('R-29: what a rule inside chose for one turn is not kept', async () => {
    const inner = dispatcher({
      id: 'inner',
      rules: [{ when: { text: 'draw' }, target: part('painter') }],
      targets: [inTurn('blend', abc())],
    });
    const talk = new Talk(sticky([inner]), 's');
    const paths = [await talk.say(), await talk.say('draw a sheep'), await talk.say()];
    expect(paths).toEqual(['inner/blend/a', 'inner/painter', 'inner/blend/a']);
  });

  it('a retry goes to the one that is kept', async () => {
    let fails = 0;
    const flaky = (id: string) =>
      part(
        id,
        unsteady(id, () => (fails-- > 0 ? apiError(503) : undefined)),
      );
    const blend = inTurn('blend', [flaky('a'), flaky('b')], { fallback: false, retries: 1 });
    const talk = new Talk(sticky([blend]), 's');
    const paths = [await talk.say()];
    fails = 1;
    paths.push(await talk.say());
    expect(paths).toEqual(['blend/a', 'blend/a']);
  });

  it('after an escalation, the path inside the larger target is kept', async () => {
    const small = inTurn('small', [part('s', answers('s'), 300), part('t', answers('t'), 300)]);
    const talk = new Talk(sticky([small, inTurn('large', abc())]), 's');
    const paths = [await talk.say(), await talk.say(textOfTokens(900)), await talk.say(), await talk.say()];
    expect(paths).toEqual(['small/s', 'large/a', 'large/a', 'large/a']);
  });

  it('R-38: explain shows it', async () => {
    const model = sticky([inTurn('blend', abc())]);
    const talk = new Talk(model, 's');
    await talk.say();
    await new Talk(model, 'another').say();
    const { prompt: messages, providerOptions } = talk.call('And?');
    const decision = await explain(model, { messages: messages as never, providerOptions: providerOptions! });
    expect(decision.candidates[0]!.decision).toMatchObject({ reason: 'sticky' });
  });
});

describe('R-45: overlapping calls of one session', () => {
  it('end on one constituent: the last answer counts, and the next turns keep it', async () => {
    const { store, entries } = memory();
    const model = inTurn('blend', abc(), { redraw: 'conversation', session: { store } });
    const talk = new Talk(model, 's');
    const calls = [1, 2, 3].map(async () => decisionOf(await model.doGenerate(talk.call('Hi')))!.answeredBy);
    expect(new Set(await Promise.all(calls)).size).toBe(3);
    const kept = JSON.parse(entries.get('session:blend:s')!).at(-1);
    expect(await talk.many(3)).toEqual([kept, kept, kept]);
  });

  it('the paths of two sessions, and of an attempt that was given up, do not mix', async () => {
    const { store, entries } = memory();
    let isDown = true;
    const flaky = (id: string) =>
      part(
        id,
        unsteady(id, () => (isDown ? apiError(503) : undefined)),
      );
    const first = inTurn('first', [flaky('a'), flaky('b')]);
    const model = dispatcher({
      id: 'd',
      reevaluate: 'sticky',
      fallback: true,
      targets: [first, inTurn('second', abc())],
      session: { store },
    });
    await Promise.all(['1', '2'].map(async (session) => new Talk(model, session).say()));
    expect([...entries]).toEqual([]); // the second target stood in
    isDown = false;
    await Promise.all(['1', '2'].map(async (session) => new Talk(model, session).many(2)));
    expect([...entries.values()].toSorted()).toEqual(['[["first","a"]]', '[["first","b"]]']);
  });
});

describe('R-45: stamps', () => {
  const make = () => dispatcher({ id: 'd', reevaluate: 'sticky', targets: [inTurn('blend', abc())] });
  const kept = (stamp: unknown): Call => ({
    prompt: [
      user('Hi'),
      {
        role: 'assistant',
        content: [{ type: 'text', text: 'Yes', providerOptions: { 'ai-alloy': { d: stamp as never } } }],
      },
      user('And?'),
    ],
    maxOutputTokens: 10,
  });

  it('are a path where a target has members, and an id where it has none', async () => {
    const { content } = await make().doGenerate(kept(undefined));
    expect(content[0]).toMatchObject({ providerMetadata: { 'ai-alloy': { d: ['blend', 'a'] } } });
  });

  it.each<[unknown, string]>([
    [['blend', 'c'], 'blend/c'],
    ['blend', 'blend/a'],
    [['blend', 'nobody'], 'blend/a'],
    [['blend', 7], 'blend/a'],
    [['nobody', 'c'], 'blend/a'],
    [['blend', ...Array<string>(40).fill('c')], 'blend/a'],
    [{ chosen: ['blend', 'b'] }, 'blend/b'],
    [{ chosen: { blend: 'b' } }, 'blend/a'],
    [[], 'blend/a'],
    [null, 'blend/a'],
  ])('whoever sends a conversation may say anything: %j', async (stamp, path) => {
    expect(pathOf(decisionOf(await make().doGenerate(kept(stamp)))!)).toBe(path);
  });

  const results: Call['prompt'][number] = {
    role: 'tool',
    content: [{ type: 'tool-result', toolCallId: '1', toolName: 't', output: { type: 'text', value: '7' } }],
  };
  const toolCall = (stamp: unknown): Call['prompt'][number] => ({
    role: 'assistant',
    content: [
      {
        type: 'tool-call',
        toolCallId: '1',
        toolName: 't',
        input: {},
        providerOptions: { 'ai-alloy': { blend: stamp as never } },
      },
    ],
  });

  it.each(['turn', 'conversation'] as const)(
    "redraw '%s': tool results go to who made the call, the whole path",
    async (redraw) => {
      const model = inTurn('blend', [inTurn('inner', abc()), part('d')], { redraw });
      const prompt = [user('Hi'), toolCall(['inner', 'c']), results];
      for (let step = 0; step < 2; step++)
        expect(pathOf(decisionOf(await model.doGenerate({ prompt }))!)).toBe('inner/c');
    },
  );

  it("redraw 'conversation': to a fallback that made the call, which is not kept", async () => {
    let isDown = true;
    const a = unsteady('a', () => (isDown ? apiError(503) : undefined));
    const model = inTurn('blend', [part('a', a), part('b')], { redraw: 'conversation' });
    const said = [user('Hi'), toolCall('a'), results, user('And?')];
    const { content } = await model.doGenerate({ prompt: said });
    expect(content[0]).toMatchObject({ providerMetadata: { 'ai-alloy': { blend: { answered: 'b' } } } });
    isDown = false;
    const loop = [...said, toolCall({ answered: 'b' }), results];
    const step = await model.doGenerate({ prompt: loop });
    expect(decisionOf(step)).toMatchObject({ reason: 'sticky', answeredBy: 'b' });
    expect(step.content[0]).toMatchObject({ providerMetadata: { 'ai-alloy': { blend: { answered: 'b' } } } });
    const next = [...loop, toolCall({ answered: 'b' }), results, user('Thanks')];
    expect(decisionOf(await model.doGenerate({ prompt: next }))).toMatchObject({ answeredBy: 'a' });
  });
});

describe('R-31: escalations explain themselves', () => {
  const targets = () => [
    part('small', answers('small'), 500),
    part('medium', answers('medium'), 1000),
    part('large', answers('large'), 4000),
  ];
  const outgrowing = async (model: RoutingModel, sizes: readonly number[]): Promise<Error> => {
    const talk = new Talk(model, 's');
    for (const size of sizes.slice(0, -1)) await talk.say(textOfTokens(size));
    return (await errorOf(model.doGenerate(talk.call(textOfTokens(sizes.at(-1)!))))) as Error;
  };

  it('when the limit refuses what a third target would hold', async () => {
    const model = dispatcher({ id: 'd', reevaluate: 'sticky-escalate', targets: targets() });
    const error = await outgrowing(model, [50, 600, 1000]);
    expect(error.message).toContain(
      'the request does not fit the target that its conversation is kept to, and it has gone on to a larger one once, as often as escalations allows (large would hold it: begin a new one, or let it go on to a larger one: escalations: 2), nothing was sent.',
    );
    expect(decisionOf(error)!.outgrown).toEqual({ escalations: 1, limit: 1, wouldFit: 'large' });
  });

  it('and with sticky, which allows none', async () => {
    const model = dispatcher({ id: 'd', reevaluate: 'sticky', targets: targets() });
    const error = await outgrowing(model, [50, 600]);
    expect(error.message).toContain(
      "(medium would hold it: begin a new one, or let it go on to a larger one: reevaluate: 'sticky-escalate')",
    );
    expect(decisionOf(error)!.outgrown).toEqual({ escalations: 0, limit: 0, wouldFit: 'medium' });
  });

  it('but not when no target would hold it', async () => {
    const model = dispatcher({ id: 'd', reevaluate: 'sticky-escalate', targets: targets() });
    const error = await outgrowing(model, [50, 600, 5000]);
    expect(error.message).toContain('is kept to (begin a new one), nothing was sent');
    expect(decisionOf(error)!.outgrown).toBeUndefined();
  });

  it('R-52: nor of one that the call leaves out', async () => {
    const model = dispatcher({ id: 'd', reevaluate: 'sticky', targets: targets() });
    const talk = new Talk(model, 's');
    await talk.say();
    const call = talk.call(textOfTokens(600), { except: ['medium'] });
    expect(decisionOf(await errorOf(model.doGenerate(call)))!.outgrown!.wouldFit).toBe('large');
  });

  it('also when the provider said that it is too long, and in a dry run', async () => {
    let isFull = false;
    const medium = unsteady('medium', () => (isFull ? tooLong() : undefined));
    const own = targets().with(1, part('medium', medium, 1000));
    const model = dispatcher({ id: 'd', reevaluate: 'sticky-escalate', targets: own });
    const talk = new Talk(model, 's');
    await talk.say();
    await talk.say(textOfTokens(600));
    isFull = true;
    const error = await errorOf(model.doGenerate(talk.call('And?')));
    expect(error).toMatchObject({ statusCode: 400 });
    expect(decisionOf(error)!.outgrown).toEqual({ escalations: 1, limit: 1, wouldFit: 'large' });
    const { prompt } = talk.call(textOfTokens(900));
    const dry = await explain(model, { messages: prompt as never, maxOutputTokens: 10 });
    expect(dry.outgrown).toEqual({ escalations: 1, limit: 1, wouldFit: 'large' });
    // Whoever answers has not outgrown anything.
    isFull = false;
    expect(decisionOf(await model.doGenerate(talk.call('And?')))!.outgrown).toBeUndefined();
  });
});

describe("R-36: redraw 'conversation'", () => {
  it('needs an id, unless there is a store', () => {
    const constituents = abc();
    const { store } = memory();
    expect(() => alloy({ constituents, redraw: 'conversation' })).toThrow(
      'alloy: redraw is "conversation": give the primitive an id',
    );
    expect(() => alloy({ constituents, redraw: 'conversation', session: { store } })).not.toThrow();
  });

  it('a session is for it alone', () => {
    for (const redraw of ['call', 'turn', undefined] as const) {
      const session = { store: memory().store };
      expect(() => alloy({ id: 'x', constituents: abc(), session, ...(redraw && { redraw }) })).toThrow(
        "session is an object: it has no effect without redraw: 'conversation'.",
      );
    }
  });

  it('two in one composition need different ids', () => {
    const own = () => inTurn('blend', abc(), { redraw: 'conversation' });
    expect(() => cascade({ id: 'c', steps: [own(), own()] })).toThrow(
      'the id of two primitives in it is "blend"',
    );
  });
});
