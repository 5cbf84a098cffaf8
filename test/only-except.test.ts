import { wrapLanguageModel } from 'ai';
import { describe, expect, it } from 'vitest';
import {
  alloy,
  cascade,
  ContextWindowExceededError,
  decisionOf,
  dispatcher,
  explain,
  InvalidConfigurationError,
  NoRuleMatchedError,
  seededRandom,
  type Decision,
  type KeyValueStore,
  type RoutingModel,
} from '../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callOfTokens,
  callsOf,
  errorOf,
  fails,
  partsOf,
  tooLong,
  unsteady,
  type Call,
} from './support/models.ts';

type Named = { readonly only?: unknown; readonly except?: unknown; readonly [name: string]: unknown };

const naming = (named: Named, call: Call = callOf('Hi', { maxOutputTokens: 10 })): Call => ({
  ...call,
  providerOptions: { ...call.providerOptions, 'ai-alloy': named } as never,
});
const ask = async (model: RoutingModel, named: Named, call?: Call): Promise<Decision> =>
  decisionOf(await Promise.resolve(model.doGenerate(naming(named, call))).catch((error: unknown) => error))!;
const refused = async (model: RoutingModel, named: Named, call?: Call): Promise<Error> =>
  (await errorOf(model.doGenerate(naming(named, call)))) as Error;
const member = (id: string, contextWindow?: number, model = answers(id)) => ({
  id,
  model,
  ...(contextWindow !== undefined && { contextWindow }),
});
/** An alloy's constituent. */
const part = (id: string, contextWindow = 8000, model = answers(id)) => ({ id, model, contextWindow });

describe('R-52: members that a call names', () => {
  const make = () => cascade({ id: 'c', steps: [member('a'), member('b'), member('c')] });

  it.each<[Named, string, readonly string[]]>([
    [{ only: ['b'] }, 'b', ['a', 'c']],
    [{ only: 'b' }, 'b', ['a', 'c']],
    [{ only: ['c', 'b'] }, 'b', ['a']],
    [{ except: ['a'] }, 'b', ['a']],
    [{ except: 'a' }, 'b', ['a']],
    [{ only: ['a', 'b'], except: ['a'] }, 'b', ['a', 'c']],
    [{ except: [] }, 'a', []],
    [{ only: null, except: undefined }, 'a', []],
  ])('%j', async (named, answeredBy, excluded) => {
    const model = make();
    const decision = await ask(model, named);
    expect(decision.answeredBy).toBe(answeredBy);
    const out = decision.candidates.filter(({ skipped }) => skipped === 'excluded');
    expect(out.map(({ id, fits }) => [id, fits])).toEqual(excluded.map((id) => [id, false]));
    expect(decision.order?.filter((id) => excluded.includes(id))).toEqual([]);
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    const dry = await explain(model, { messages, providerOptions: { 'ai-alloy': named } as never });
    expect(dry.order).toEqual(decision.order);
  });

  it('streams heed them as well', async () => {
    const parts = await partsOf(make(), naming({ only: ['c'] }));
    expect(decisionOf(parts.at(-1))).toMatchObject({ answeredBy: 'c', order: ['c'] });
  });

  it.each<[Named, string]>([
    [
      { only: ['bb', 'a'] },
      'providerOptions[\'ai-alloy\'].only[0] is "bb": no member is called so, did you mean "b"? There are "a", "b", "c".',
    ],
    [{ except: 'zzzzzz' }, '.except is "zzzzzz": no member is called so. There are "a", "b", "c".'],
    [{ only: [] }, '.only is a list of 0: name one member or more, or leave it out.'],
    [{ only: [7] }, '.only[0] is a number: use the id of a member, or a list of ids.'],
    [{ except: { a: true } }, '.except is an object: use the id of a member, or a list of ids.'],
    [{ except: ['a', 'b', 'c'] }, '.except is "a", "b", "c": that leaves no member of cascade "c"'],
    [
      { only: ['a'], except: ['a'] },
      '.except is "a": that leaves no member of cascade "c": leave out fewer.',
    ],
  ])('R-36: %j is an error of the call, and nothing is sent', async (named, message) => {
    const model = make();
    for (const error of [
      await refused(model, named),
      await errorOf(explain(model, { prompt: 'Hi', providerOptions: { 'ai-alloy': named } as never })),
    ]) {
      expect(error).toSatisfy(InvalidConfigurationError.isInstance);
      expect((error as Error).message).toContain(message);
    }
  });

  it('a fallback is never one that is left out, and its error is the caller’s alone', async () => {
    const down = fails('a');
    const model = cascade({ id: 'c', steps: [member('a', undefined, down), member('b'), member('c')] });
    expect(await ask(model, { except: ['b'] })).toMatchObject({ answeredBy: 'c', order: ['a', 'c'] });
    // Only one member was tried, and none was too small: its own error is thrown.
    expect(await refused(model, { only: ['a'] })).toMatchObject({ statusCode: 503 });
  });

  it('what is left may be too small: the error says so, and who was left out', async () => {
    const model = cascade({ id: 'c', steps: [member('small', 100), member('large', 9000)] });
    const error = await refused(model, { except: ['large'] }, callOfTokens(500, { maxOutputTokens: 10 }));
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect(error.message).toMatch(/large: .*left out by the call \(only, except\)/);
  });

  it('leaving out members is no skip that a call warns about', async () => {
    const { warnings } = await make().doGenerate(naming({ only: ['c'] }));
    expect(warnings).toEqual([]);
  });

  it('providers get the application’s metadata, and no names of members', async () => {
    const a = answers('a');
    const model = cascade({ id: 'c', steps: [cascade({ id: 'inner', steps: [member('a', 9000, a)] })] });
    const openai = { user: 'u' };
    await model.doGenerate({
      ...callOf('Hi'),
      providerOptions: { openai, 'ai-alloy': { tier: 'gold', only: ['a'] } },
    });
    await model.doGenerate({ ...callOf('Hi'), providerOptions: { openai, 'ai-alloy': { only: ['inner'] } } });
    await model.doGenerate({ ...callOf('Hi'), providerOptions: { openai, 'ai-alloy': { tier: 'gold' } } });
    expect(a.doGenerateCalls.map(({ providerOptions }) => providerOptions)).toEqual([
      { openai, 'ai-alloy': { tier: 'gold' } },
      { openai },
      { openai, 'ai-alloy': { tier: 'gold' } },
    ]);
  });

  it('R-47: what is left out stays so in a shortened call, also without its provider options', async () => {
    const model = cascade({
      id: 'c',
      shorten: ({ prompt }) => ({ prompt: prompt.slice(-1), maxOutputTokens: 10 }) as never,
      steps: [member('a', 300), member('b', 300), member('c', 300)],
    });
    const { prompt } = callOfTokens(500);
    const long = { prompt: [...prompt, ...callOf('Hi').prompt], maxOutputTokens: 10 };
    const decision = await ask(model, { except: ['a'] }, long);
    expect(decision).toMatchObject({ answeredBy: 'b', order: ['b', 'c'], shortened: {} });
  });

  it('a frozen call is not changed', async () => {
    const options = Object.freeze({ 'ai-alloy': Object.freeze({ only: Object.freeze(['b']) }) });
    const call = Object.freeze({ ...callOf('Hi'), providerOptions: options as never });
    expect(decisionOf(await make().doGenerate(call))).toMatchObject({ answeredBy: 'b' });
    expect(call.providerOptions).toBe(options);
  });

  it('R-34: a wrapped primitive counts as one model, whatever it has inside', async () => {
    const inner = cascade({ id: 'inner', steps: [member('x'), member('y')] });
    const wrapped = wrapLanguageModel({ model: inner, middleware: {} });
    const model = cascade({ id: 'c', steps: [member('w', undefined, wrapped as never), member('b')] });
    expect(await ask(model, { except: ['b'] })).toMatchObject({ answeredBy: 'w' });
    expect(await ask(model, { only: ['w'] })).toMatchObject({ answeredBy: 'w' });
    expect((await refused(model, { only: ['x'] })).message).toContain('There are "w", "b"');
    expect(decisionOf(await wrapped.doGenerate(naming({ only: ['y'] })))).toMatchObject({ answeredBy: 'y' });
  });
});

describe('R-52: members inside nested primitives', () => {
  const make = () => {
    const pool = alloy({ id: 'pool', constituents: [part('p'), part('q')] });
    const deep = cascade({ id: 'deep', steps: [pool, member('d')] });
    return dispatcher({ id: 'top', targets: [member('t', 9000), deep, pool] });
  };
  /** Who answered in the end. */
  const leafOf = ({ answeredBy, attempts = [] }: Decision): string | undefined => {
    const inner = attempts.at(-1)?.decision;
    return inner ? `${answeredBy} › ${leafOf(inner)}` : answeredBy;
  };

  it.each<[Named, string]>([
    [{ only: ['q'] }, 'pool › q'],
    [{ only: ['d'] }, 'deep › d'],
    [{ only: ['deep'], except: ['p'] }, 'deep › pool › q'],
    [{ only: ['pool'], except: ['deep', 'p'] }, 'pool › q'],
    [{ except: ['t', 'pool'] }, 'deep › d'],
    [{ except: ['t', 'p', 'q'] }, 'deep › d'],
  ])('%j leads to %s', async (named, leaf) => {
    const decision = await ask(make(), named);
    expect(leafOf(decision)).toBe(leaf);
  });

  it('a primitive of which nobody is left is out itself, and not asked', async () => {
    let asked = 0;
    const judge = () => asked++ > Infinity;
    const ruled = dispatcher({
      id: 'ruled',
      rules: [{ when: judge, target: member('r') }],
      targets: [member('s')],
    });
    const model = cascade({ id: 'c', steps: [ruled, member('b')] });
    const decision = await ask(model, { except: ['r', 's'] });
    expect(decision).toMatchObject({
      answeredBy: 'b',
      candidates: [{ id: 'ruled', skipped: 'excluded' }, { id: 'b' }],
    });
    expect(asked).toBe(0);
  });

  it('holds after a failure as well, when a nested primitive plans anew', async () => {
    const inner = cascade({ id: 'inner', steps: [member('x'), member('y')] });
    const model = cascade({ id: 'c', steps: [member('a', undefined, fails('a')), inner] });
    expect(leafOf(await ask(model, { except: ['x'] }))).toBe('inner › y');
  });

  it('one primitive in two places is left out in one of them only', async () => {
    const shared = cascade({ id: 'shared', steps: [member('s')] });
    const other = cascade({ id: 'other', steps: [shared] });
    const model = cascade({ id: 'c', steps: [shared, other] });
    expect(await ask(model, { only: ['other'] })).toMatchObject({ answeredBy: 'other', order: ['other'] });
  });
});

describe('R-52: an alloy', () => {
  it('draws among the others by their weights, and says so', async () => {
    const parts = [part('a'), part('b'), part('c')].map((each, index) => ({ ...each, weight: index + 1 }));
    const model = alloy({ id: 'blend', constituents: parts, random: seededRandom(7) });
    const drawn: Record<string, number> = {};
    for (let call = 0; call < 600; call++) {
      const { answeredBy } = await ask(model, { except: ['b'] });
      drawn[answeredBy!] = (drawn[answeredBy!] ?? 0) + 1;
    }
    expect(Object.keys(drawn).toSorted()).toEqual(['a', 'c']);
    expect(drawn['c']! / 600).toBeCloseTo(0.75, 1);
    const { candidates } = await ask(model, { except: ['b'] });
    expect(candidates.map(({ share }) => share)).toEqual([0.25, undefined, 0.75]);
  });

  it('R-17: is not bounded by what it can’t draw', async () => {
    const model = alloy({ id: 'blend', constituents: [part('small', 100), part('large', 4000)] });
    const call = callOfTokens(1000, { maxOutputTokens: 10 });
    expect((await ask(model, {}, call)).answeredBy).toBeUndefined();
    expect(await ask(model, { only: ['large'] }, call)).toMatchObject({ answeredBy: 'large' });
    // Nor is its size around it.
    const outer = dispatcher({ id: 'd', order: 'smallest-first', targets: [model, member('huge', 9000)] });
    expect(await ask(outer, { except: ['small'] }, call)).toMatchObject({
      answeredBy: 'blend',
      candidates: [{ ceiling: 4000 }, {}],
    });
    // Its own ceiling holds all the same.
    const own = alloy({ id: 'own', minContextWindow: 500, constituents: [part('s', 600), part('l')] });
    expect((await ask(own, { only: ['l'] }, call)).answeredBy).toBeUndefined();
  });

  it('R-18: calls that leave out constituents take turns with the others', async () => {
    const model = alloy({
      id: 'blend',
      strategy: 'round-robin',
      constituents: [part('a'), part('b'), part('c')],
    });
    const seen = { all: [] as string[], some: [] as string[] };
    for (let call = 0; call < 6; call++) {
      seen.all.push((await ask(model, {})).answeredBy!);
      seen.some.push((await ask(model, { except: ['b'] })).answeredBy!);
    }
    // Otherwise those that leave out b would always take the turn of another.
    expect(new Set(seen.all).size).toBe(3);
    const all = [...seen.all, ...seen.some];
    const counts = ['a', 'b', 'c'].map((id) => all.filter((each) => each === id).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
  });
});

describe('R-52: a dispatcher', () => {
  const gold = { when: { metadata: { tier: 'gold' } }, target: member('gold') };

  it('R-29: a rule whose target is left out does not match', async () => {
    const model = dispatcher({ id: 'd', rules: [gold, { target: member('any') }], targets: [member('t')] });
    expect(await ask(model, { tier: 'gold', except: ['gold'] })).toMatchObject({
      answeredBy: 'any',
      rule: 1,
      unmatched: [{ rule: 0, because: 'excluded' }],
    });
  });

  it('a member that only rules lead to is chosen by rules alone', async () => {
    const model = dispatcher({ id: 'd', rules: [gold], targets: [member('t')] });
    expect(await ask(model, { tier: 'gold', only: ['gold'] })).toMatchObject({ answeredBy: 'gold' });
    const error = await refused(model, { only: ['gold'] });
    expect(NoRuleMatchedError.isInstance(error)).toBe(true);
    expect(error.message).toContain('no rule leads to a member that the call may use (only, except)');
    expect(decisionOf(error)!.candidates.map(({ skipped }) => skipped)).toEqual(['excluded', 'not-chosen']);
  });

  it('R-32: of rules that size alone kept from matching, those whose targets are left out do not count', async () => {
    const sized = (id: string, maxInputTokens: number) => ({ when: { maxInputTokens }, target: member(id) });
    const model = dispatcher({ id: 'd', rules: [sized('a', 50), sized('b', 60)] });
    const call = callOfTokens(500);
    const error = await refused(model, { except: ['b'] }, call);
    expect(ContextWindowExceededError.isInstance(error)).toBe(true);
    expect(decisionOf(error)!.candidates).toMatchObject([
      { skipped: 'too-large', maxInputTokens: 50 },
      { skipped: 'excluded' },
    ]);
  });

  it('R-36: rules can’t ask for metadata of these names', () => {
    for (const name of ['only', 'except']) {
      expect(() =>
        dispatcher({ rules: [{ when: { metadata: { [name]: 'x' } }, target: member('x') }] }),
      ).toThrow(`rules[0].when.metadata.${name} is "x": with a call it names members to use or to leave out`);
    }
  });

  it('R-48: an order function gets the others only', async () => {
    const seen: string[][] = [];
    const model = dispatcher({
      id: 'd',
      order: (candidates) => {
        seen.push(candidates.map(({ id }) => id));
        return candidates.toReversed();
      },
      targets: [member('a'), member('b'), member('c')],
    });
    expect(await ask(model, { except: ['c'] })).toMatchObject({ answeredBy: 'b' });
    expect(seen).toEqual([['a', 'b']]);
  });

  it('R-31: worst-case plans with the others', async () => {
    const model = dispatcher({
      id: 'd',
      reevaluate: 'worst-case',
      assumeSessionMaxTokens: 900,
      targets: [member('small', 500), member('medium', 1000), member('large', 4000)],
    });
    expect(await ask(model, { except: ['medium'] })).toMatchObject({ answeredBy: 'large' });
    expect(ContextWindowExceededError.isInstance(await refused(model, { only: ['small'] }))).toBe(true);
  });

  it('R-24: an overflow leads on to a larger target that is not left out', async () => {
    const model = dispatcher({
      id: 'd',
      targets: [member('s', 500, fails('s', tooLong)), member('m', 1000), member('l', 4000)],
    });
    expect(await ask(model, { except: ['m'] })).toMatchObject({ answeredBy: 'l' });
  });

  const user = (text: string) => ({ role: 'user' as const, content: [{ type: 'text' as const, text }] });
  const turn = (by: string): Call => ({
    prompt: [
      user('Hi'),
      {
        role: 'assistant',
        content: [{ type: 'text', text: 'Yes', providerOptions: { 'ai-alloy': { d: by } } }],
      },
      user('And?'),
    ],
    maxOutputTokens: 10,
  });

  it.each(['stamps', 'a store'])(
    'R-31: a conversation whose target is left out comes back to it: %s',
    async (how) => {
      const entries = new Map<string, string>();
      const store: KeyValueStore = {
        get: (key) => entries.get(key),
        set: (key, value) => void entries.set(key, value),
      };
      const model = dispatcher({
        id: 'd',
        reevaluate: 'sticky',
        targets: [member('a', 500), member('b', 1000), member('c', 2000)],
        ...(how === 'a store' && { session: { store } }),
      });
      if (how === 'a store') await ask(model, { session: 's', only: ['b'] });
      const call = turn('b');
      const answer = await model.doGenerate(naming({ session: 's', except: ['b'] }, call));
      expect(decisionOf(answer)).toMatchObject({ answeredBy: 'a', reason: 'first-fit' });
      expect(answer.content).toEqual([{ type: 'text', text: 'a' }]); // no stamp
      expect([...entries.values()]).toEqual(how === 'a store' ? ['["b"]'] : []);
      expect(await ask(model, { session: 's' }, call)).toMatchObject({ answeredBy: 'b', reason: 'sticky' });
    },
  );

  it('R-31: a conversation that always leaves out the same members keeps to one of the others', async () => {
    const model = dispatcher({
      id: 'd',
      reevaluate: 'sticky',
      targets: [member('a', 500), member('b', 1000), member('c', 2000)],
    });
    const { content } = await model.doGenerate(naming({ except: ['a'] }));
    expect(content[0]).toMatchObject({ providerMetadata: { 'ai-alloy': { d: 'b' } } });
  });

  it('R-44: a member on cooldown is tried all the same if nobody else is left', async () => {
    let isDown = true;
    const a = unsteady('a', () => (isDown ? apiError(503) : undefined));
    const model = cascade({
      id: 'c',
      cooldown: { failures: 1, ms: 60_000 },
      steps: [member('a', undefined, a), member('b')],
    });
    await ask(model, {});
    isDown = false;
    expect(await ask(model, {})).toMatchObject({ answeredBy: 'b' });
    expect(await ask(model, { except: ['b'] })).toMatchObject({ answeredBy: 'a' });
    expect(callsOf(a)).toBe(2);
  });
});
