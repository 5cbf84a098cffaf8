import { wrapLanguageModel } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  cascade,
  decisionOf,
  InvalidConfigurationError,
  reset,
  statusOf,
  type KeyValueStore,
  type RoutingModel,
} from '../src/index.ts';
import { createModelGateway } from '../src/gateway/index.ts';
import {
  answers,
  apiError,
  callOf,
  callOfTokens,
  callsOf,
  errorOf,
  streamOf,
  textParts,
  unsteady,
} from './support/models.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const later = (ms: number): void => void vi.advanceTimersByTime(ms);
const cooldown = { failures: 2, ms: 1000 };

/** A model that fails with what it is told. */
function switchable(id: string) {
  const state: { error?: unknown } = {};
  return { id, state, model: unsteady(id, () => state.error) };
}

const memberOf = ({ id, model }: ReturnType<typeof switchable>) => ({ id, model });

const ask = async (model: RoutingModel, call = callOf('Hi')): Promise<string | undefined> =>
  decisionOf(await Promise.resolve(model.doGenerate(call)).catch((error: unknown) => error))?.answeredBy;

const tooLong = (limit: number) =>
  apiError(400, {
    body: {
      error: {
        code: 'context_length_exceeded',
        message: `This model's maximum context length is ${limit} tokens. However, your messages resulted in 99999 tokens.`,
      },
    },
  });

function sharedStore() {
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
  return { store, entries, state };
}

describe('R-52: statusOf', () => {
  it('lists members of which nothing is known', async () => {
    const model = cascade({ id: 'c', steps: [{ id: 'a', model: answers('a') }, answers('b')] });
    expect(await statusOf(model)).toEqual({
      id: 'c',
      kind: 'cascade',
      members: [
        { id: 'a', model: 'mock/a', onCooldown: false },
        { id: 'mock/b', model: 'mock/b', onCooldown: false },
      ],
    });
  });

  it('lists failures, cooldowns and learned limits, nested ones as well, as plain JSON', async () => {
    const a = switchable('a');
    const small = switchable('small');
    const inner = cascade({ id: 'inner', cooldown, steps: [memberOf(a), { id: 'b', model: answers('b') }] });
    const model = cascade({
      id: 'c',
      steps: [
        { id: 'small', model: small.model, contextWindow: 32_000 },
        { id: 'large', model: answers('large'), contextWindow: 64_000 },
      ],
    });
    const outer = cascade({ id: 'outer', steps: [cascade({ id: 'first', steps: [inner] }), model] });
    a.state.error = apiError(503);
    await ask(inner);
    expect((await statusOf(inner)).members[0]).toEqual({
      id: 'a',
      model: 'mock/a',
      onCooldown: false,
      failures: 1,
    });
    await ask(inner);
    later(200);
    small.state.error = tooLong(4000);
    await ask(model, callOfTokens(5000, { maxOutputTokens: 10 }));
    const status = await statusOf(outer);
    expect(JSON.parse(JSON.stringify(status))).toEqual(status);
    expect(status.members.map(({ nested }) => nested?.id)).toEqual(['first', 'c']);
    expect(status.members[0]!.nested!.members[0]!.nested!.members).toEqual([
      { id: 'a', model: 'mock/a', onCooldown: true, cooldownMs: 800, failures: 2 },
      { id: 'b', model: 'mock/b', onCooldown: false },
    ]);
    expect(status.members[1]!.nested!.members[0]).toMatchObject({ id: 'small', learnedCeiling: 4000 });
    later(800);
    expect((await statusOf(inner)).members[0]).toMatchObject({ onCooldown: false, failures: 2 });
    later(600_000);
    expect((await statusOf(model)).members[0]).not.toHaveProperty('learnedCeiling');
  });

  it('lists what was measured', async () => {
    const slow = new MockLanguageModelV4({
      modelId: 'slow',
      async doStream() {
        later(250);
        return { stream: streamOf(textParts('x')) };
      },
    });
    const model = cascade({ steps: [slow] });
    const { stream } = await model.doStream(callOf('Hi'));
    for await (const _ of stream);
    expect((await statusOf(model)).members[0]).toMatchObject({ timeToFirstContentMs: 250 });
    await reset(model);
    expect((await statusOf(model)).members[0]).not.toHaveProperty('timeToFirstContentMs');
  });

  it('reads the cooldowns that other processes started', async () => {
    const { store } = sharedStore();
    const make = () => {
      const a = switchable('a');
      const steps = [memberOf(a), { id: 'b', model: answers('b') }];
      return { a, model: cascade({ id: 'c', cooldown: { ...cooldown, store }, steps }) };
    };
    const [one, other] = [make(), make()];
    one.a.state.error = apiError(503);
    await ask(one.model);
    await ask(one.model);
    expect((await statusOf(one.model)).members[0]).toMatchObject({ onCooldown: true, cooldownMs: 1000 });
    expect((await statusOf(other.model)).members[0]).toEqual({ id: 'a', model: 'mock/a', onCooldown: true });
  });

  it('changes nothing: the call after a cooldown is a probe all the same', async () => {
    const a = switchable('a');
    const model = cascade({ cooldown, steps: [a.model, answers('b')] });
    a.state.error = apiError(503);
    await ask(model);
    await ask(model);
    later(1000);
    await statusOf(model);
    a.state.error = undefined;
    expect(await ask(model)).toBe('mock/a'); // the probe
  });

  it('models of a gateway are primitives', async () => {
    const gateway = createModelGateway(
      { models: [{ id: 'm', context_window: 9000 }], cascades: [{ id: 'c', steps: ['m'] }] },
      { providers: (id: string) => answers(id) as never },
    );
    expect(await statusOf(gateway.languageModel('c'))).toMatchObject({ id: 'c', members: [{ id: 'm' }] });
  });

  it.each<[string, unknown, string]>([
    ['a plain model', answers('a'), 'an object'],
    [
      'a wrapped primitive',
      wrapLanguageModel({ model: cascade({ steps: [answers('a')] }), middleware: {} }),
      'an object',
    ],
    ['a key', 'sk-1234567890', 'a string'],
    ['nothing', undefined, 'undefined'],
  ])('R-36: %s is an error', async (_, value, shown) => {
    for (const [name, read] of Object.entries({ statusOf, reset })) {
      const error = await errorOf(read(value as RoutingModel));
      expect(error).toSatisfy(InvalidConfigurationError.isInstance);
      expect((error as Error).message).toBe(
        `${name}: model is ${shown}: pass what alloy, cascade or dispatcher returned, of this version of ai-alloy and not wrapped.`,
      );
    }
  });
});

describe('R-52: reset', () => {
  it('ends cooldowns, forgets failures and learned limits, nested ones as well', async () => {
    const a = switchable('a');
    const inner = cascade({ id: 'inner', cooldown, steps: [a.model, { id: 'b', model: answers('b') }] });
    const model = cascade({ id: 'outer', steps: [inner] });
    a.state.error = apiError(503);
    await ask(model);
    await ask(model);
    await reset(model);
    expect((await statusOf(model)).members[0]!.nested!.members[0]).toEqual({
      id: 'mock/a',
      model: 'mock/a',
      onCooldown: false,
    });
    // It takes as many failures as at first.
    await ask(model);
    expect((await statusOf(inner)).members[0]).toMatchObject({ onCooldown: false, failures: 1 });
    a.state.error = undefined;
    expect(await ask(inner)).toBe('mock/a');
  });

  it('of some members only', async () => {
    const [a, b] = [switchable('a'), switchable('b')];
    const steps = [a, b].map(memberOf);
    const model = cascade({ id: 'c', cooldown: { failures: 1, ms: 1000 }, steps });
    const fail = async () => {
      a.state.error = b.state.error = apiError(503);
      await ask(model);
    };
    const resting = async () =>
      (await statusOf(model)).members.filter(({ onCooldown }) => onCooldown).map(({ id }) => id);
    await fail();
    expect(await resting()).toEqual(['a', 'b']);
    await reset(model, { only: 'a' });
    expect(await resting()).toEqual(['b']);
    await fail();
    await reset(model, { except: ['a'] });
    expect(await resting()).toEqual(['a']);
    expect(await errorOf(reset(model, { only: 'aa' }))).toMatchObject({
      message: 'reset: only is "aa": no member is called so, did you mean "a"? There are "a", "b".',
    });
    expect(await errorOf(reset(model, { member: 'a' } as never))).toMatchObject({
      message: expect.stringContaining('there is no such option, only only, except'),
    });
  });

  it('ends the cooldown of all members that are the same model object', async () => {
    const a = switchable('a');
    const [one, other] = ['one', 'other'].map((id) =>
      cascade({ id, cooldown, steps: [a.model, answers('b')] }),
    );
    a.state.error = apiError(503);
    await ask(one!);
    await ask(one!);
    expect((await statusOf(other!)).members[0]).toMatchObject({ onCooldown: true });
    await reset(other!);
    expect((await statusOf(one!)).members[0]).toMatchObject({ onCooldown: false });
  });

  it('ends cooldowns in the store, for the process that started one as well', async () => {
    const { store, entries } = sharedStore();
    const make = () => {
      const a = switchable('a');
      return {
        a,
        model: cascade({ id: 'c', cooldown: { ...cooldown, store }, steps: [a.model, answers('b')] }),
      };
    };
    const [one, other, third] = [make(), make(), make()];
    one.a.state.error = apiError(503);
    await ask(one.model);
    await ask(one.model);
    expect(await ask(third.model)).toBe('mock/b');
    one.a.state.error = undefined;
    await reset(other.model);
    expect([...entries.values()]).toEqual([expect.stringMatching(/^over /)]);
    for (const { model } of [one, other, third]) expect(await ask(model)).toBe('mock/a');
  });

  it('a store that is down hinders nobody: this process knows', async () => {
    const { store, state, entries } = sharedStore();
    const a = switchable('a');
    const model = cascade({ id: 'c', cooldown: { ...cooldown, store }, steps: [a.model, answers('b')] });
    a.state.error = apiError(503);
    await ask(model);
    await ask(model);
    a.state.error = undefined;
    state.isDown = true;
    await reset(model);
    expect(await ask(model)).toBe('mock/a');
    state.isDown = false;
    later(2000);
    expect(await ask(model)).toBe('mock/a');
    expect([...entries.values()]).toEqual([expect.stringMatching(/^over /)]);
  });

  it.each<[string, boolean]>([
    ['the failure of a call that began before does not count', false],
    ['R-44: nor does that of a probe', true],
  ])('%s', async (_, isProbe) => {
    let wait = async (): Promise<void> => {};
    const a = new MockLanguageModelV4({
      modelId: 'a',
      async doGenerate() {
        await wait();
        throw apiError(503);
      },
    });
    const steps = [
      { id: 'a', model: a },
      { id: 'b', model: answers('b') },
    ];
    const model = cascade({ id: 'c', cooldown: { failures: 1, ms: 1000 }, steps });
    const first = async () => (await statusOf(model)).members[0];
    if (isProbe) {
      await ask(model);
      later(1000);
    }
    let release = (): void => {};
    wait = () => new Promise((resolve) => (release = resolve));
    const calls = callsOf(a);
    const call = ask(model);
    await vi.waitFor(() => expect(callsOf(a)).toBe(calls + 1));
    expect((await first())!.onCooldown).toBe(isProbe);
    later(10);
    await reset(model);
    expect(await first()).toEqual({ id: 'a', model: 'mock-provider/a', onCooldown: false });
    release();
    expect(await call).toBe('b');
    expect(await first()).toEqual({ id: 'a', model: 'mock-provider/a', onCooldown: false });
    // One that begins afterwards does.
    wait = async () => {};
    await ask(model);
    expect(await first()).toMatchObject({ onCooldown: true, failures: 1 });
  });
});
