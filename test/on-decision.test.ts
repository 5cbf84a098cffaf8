import { describe, expect, it, onTestFinished } from 'vitest';
import {
  cascade,
  decisionOf,
  dispatcher,
  onDecision,
  type Decision,
  type ReportedDecision,
  type RoutingModel,
} from '../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  errorOf,
  fails,
  generated,
  partsOf,
  streamed,
  streams,
} from './support/models.ts';

const listen = (listener: (decision: ReportedDecision) => void): (() => void) => {
  const unsubscribe = onDecision(listener);
  onTestFinished(unsubscribe);
  return unsubscribe;
};

/** What the listeners hear of one call. */
async function heardOf(model: RoutingModel, options: object = {}): Promise<ReportedDecision> {
  const heard: ReportedDecision[] = [];
  const unsubscribe = listen((decision) => heard.push(decision));
  await generated(model, callOf('Hi', options)).catch(() => {});
  unsubscribe();
  expect(heard).toHaveLength(1);
  return heard[0]!;
}

describe('listeners of the process', () => {
  const model = cascade({ id: 'c', steps: [answers('a')] });

  it('R-38: each call adds one; what it returns removes that one, once', async () => {
    const heard: string[] = [];
    const first = listen(() => heard.push('first'));
    const note = (): unknown => heard.push('note');
    const [once, twice] = [listen(note), listen(note)];
    await generated(model, callOf('Hi'));
    expect(heard.splice(0)).toEqual(['first', 'note', 'note']);
    once();
    once(); // does not remove the second one
    await streamed(model, callOf('Hi'));
    expect(heard.splice(0)).toEqual(['first', 'note']);
    first();
    twice();
    await generated(model, callOf('Hi'));
    expect(heard).toEqual([]);
  });

  it('R-38: one that an earlier one removes hears nothing any more', async () => {
    const heard: string[] = [];
    const first = listen(() => removeSecond());
    const removeSecond = listen(() => heard.push('second'));
    await generated(model, callOf('Hi'));
    first();
    expect(heard).toEqual([]);
  });

  it('R-38: one that throws, or whose promise rejects, keeps nothing from the others or the call', async () => {
    const heard: Decision[] = [];
    listen(() => {
      throw new Error('a bug');
    });
    listen(async () => Promise.reject(new Error('a bug')));
    listen(() => {
      // oxlint-disable-next-line no-throw-literal -- as a listener may
      throw undefined;
    });
    listen((decision) => heard.push(decision));
    expect(await generated(model, callOf('Hi'))).toBe('a');
    expect(heard).toMatchObject([{ id: 'c' }]);
  });

  it('R-38: they may add and remove listeners while they are called', async () => {
    const heard: string[] = [];
    const unsubscribe = listen(() => {
      unsubscribe();
      heard.push('once');
      listen(() => heard.push('later'));
    });
    listen(() => heard.push('always'));
    await generated(model, callOf('Hi'));
    await generated(model, callOf('Hi'));
    expect(heard).toEqual(['once', 'always', 'always', 'later']);
  });

  it.each([[undefined], ['log'], [{}]])('R-36: %s is no listener', (value) => {
    expect(() => onDecision(value as never)).toThrow(
      'pass a function; to remove a listener, call what onDecision returned for it.',
    );
  });
});

describe('R-38: the metadata of a call', () => {
  const metadata = { tier: 'gold', tenant: 7, isTest: true, tags: ['a', 2] };
  const options = (passed: object): object => ({ providerOptions: { 'ai-alloy': passed } });

  it('is told to listeners, of the process and of primitives, nested ones too', async () => {
    const heard: ReportedDecision[] = [];
    const hear = (decision: ReportedDecision): unknown => heard.push(decision);
    const inner = cascade({ id: 'inner', steps: [answers('a')], onDecision: hear });
    const outer = dispatcher({ id: 'outer', targets: [inner], onDecision: hear });
    expect(await heardOf(outer, options(metadata))).toMatchObject({ id: 'outer', metadata });
    expect(heard).toMatchObject([
      { id: 'inner', metadata },
      { id: 'outer', metadata },
    ]);
  });

  it('is neither on the result nor behind an error, which may be sent to browsers', async () => {
    const heard: ReportedDecision[] = [];
    listen((decision) => heard.push(decision));
    const model = cascade({ steps: [fails('a'), answers('b')] });
    const result = await model.doGenerate(callOf('Hi', options(metadata)));
    const error = await errorOf(generated(cascade({ steps: [fails('a')] }), callOf('Hi', options(metadata))));
    expect(heard).toMatchObject([{ metadata }, { metadata }]);
    for (const decision of [decisionOf(result), decisionOf(error)]) {
      expect(decision).toMatchObject({ outcome: expect.any(String) });
      expect(decision).not.toHaveProperty('metadata');
    }
    const { metadata: _, ...told } = heard[0]!;
    expect(decisionOf(result)).toEqual(told);
  });

  it.each<[string, object, object | undefined]>([
    ['of none', {}, undefined],
    ['long texts', { question: 'z'.repeat(201), tier: 'gold' }, { tier: 'gold' }],
    ['objects', { messages: [{ role: 'user' }], user: {}, tier: 'gold' }, { tier: 'gold' }],
    ['what JSON does not have', { a: Number.NaN, b: 5n, c: null, d: undefined, e: () => 1 }, undefined],
    ['keys that name prototypes', JSON.parse('{ "__proto__": ["a"] }'), JSON.parse('{ "__proto__": ["a"] }')],
    [
      'a getter that throws',
      Object.defineProperty({}, 'tier', {
        enumerable: true,
        get() {
          throw new Error('a bug');
        },
      }),
      undefined,
    ],
  ])('is short and plain: without %s', async (_, passed, kept) => {
    const { metadata: heard } = await heardOf(cascade({ steps: [answers('a')] }), options(passed));
    expect(heard).toEqual(kept);
    expect(Object.getPrototypeOf(heard ?? {})).toBe(Object.prototype);
  });

  it('is about 1,000 characters at most', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`k${index}`, 'z'.repeat(100)]),
    );
    const { metadata: heard } = await heardOf(cascade({ steps: [answers('a')] }), options(many));
    expect(Object.keys(heard!)).toHaveLength(9);
    expect(many).toMatchObject(heard!);
  });
});

describe('R-38: how a call ended', () => {
  const outcomeOf = async (model: RoutingModel, options?: object): Promise<Decision['outcome']> =>
    (await heardOf(model, options)).outcome;

  it('is one word', async () => {
    const tiny = { model: answers('a'), contextWindow: 10 };
    expect(await outcomeOf(cascade({ steps: [fails('a'), answers('b')] }))).toBe('answered');
    expect(await outcomeOf(cascade({ steps: [fails('a'), fails('b')] }))).toBe('failed');
    expect(await outcomeOf(cascade({ steps: [fails('a')] }))).toBe('failed');
    expect(await outcomeOf(cascade({ steps: [tiny] }))).toBe('refused');
    const rules = [{ when: { metadata: { tier: 'gold' } }, target: answers('a') }];
    expect(await outcomeOf(dispatcher({ rules }))).toBe('refused');
    const abortSignal = AbortSignal.abort();
    expect(await outcomeOf(cascade({ steps: [answers('a')] }), { abortSignal })).toBe('aborted');
  });

  it('of a request that every provider calls too long, is failed: it was sent', async () => {
    const tooLong = (id: string) => fails(id, () => apiError(413));
    expect(await outcomeOf(cascade({ steps: [tooLong('a'), tooLong('b')] }))).toBe('failed');
  });

  it('of a refusal inside: the nested call was refused, the outer one answered', async () => {
    const inner = cascade({ id: 'inner', steps: [{ model: answers('a'), contextWindow: '1M' }] });
    const outer = cascade({ steps: [{ model: inner }, answers('b')] });
    const long = { maxOutputTokens: 2_000_000 };
    expect(await outcomeOf(inner, long)).toBe('refused');
    expect(await outcomeOf(outer, long)).toBe('answered');
  });

  it('of a stream that its consumer left, is aborted', async () => {
    const heard: Decision[] = [];
    listen((decision) => heard.push(decision));
    const begun = [{ type: 'text-delta', id: '1', delta: 'half' } as const];
    const { stream } = await cascade({ steps: [streams('a', begun, 'stays open')] }).doStream(callOf('Hi'));
    await stream.cancel();
    expect(heard).toMatchObject([{ outcome: 'aborted', attempts: [{ outcome: 'aborted' }] }]);
  });
});

describe('R-38: when, and with what usage', () => {
  const spans = ({
    startedAt,
    durationMs,
  }: {
    startedAt?: number;
    durationMs?: number;
  }): [number, number] => [startedAt!, startedAt! + durationMs!];

  it('every attempt lies within its call, also inside a nested primitive, and they are in order', async () => {
    const slow = answers('slow');
    const { doGenerate } = slow;
    slow.doGenerate = async (call) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return doGenerate.call(slow, call);
    };
    const inner = cascade({ id: 'inner', steps: [fails('x'), slow] });
    const before = Date.now();
    const decision = await heardOf(cascade({ steps: [fails('y'), inner] }));
    const after = Date.now();
    const visit = (outer: Decision): void => {
      const [from, to] = spans(outer);
      let last = from;
      for (const attempt of outer.attempts!) {
        const [began, ended] = spans(attempt);
        expect([began >= last, ended >= began, ended <= to]).toEqual([true, true, true]);
        last = ended;
        if (!attempt.decision) continue;
        const [first, end] = spans(attempt.decision);
        expect([first >= began, end <= ended]).toEqual([true, true]);
        visit(attempt.decision);
      }
    };
    visit(decision);
    // Of the wall clock, which has whole milliseconds.
    expect(decision.startedAt).toBeGreaterThanOrEqual(before);
    expect(decision.startedAt).toBeLessThanOrEqual(after + 1);
    expect(decision.attempts).toHaveLength(2);
    expect(decision.attempts![1]!.decision!.attempts).toHaveLength(2);
  });

  it('a stream says when its first content came; a generated answer has none', async () => {
    const model = cascade({ steps: [fails('x'), answers('a')] });
    const finish = (await partsOf(model, callOf('Hi'))).at(-1)!;
    const [failed, answered] = decisionOf(finish)!.attempts!;
    expect(answered!.firstContentMs).toBeLessThanOrEqual(answered!.durationMs!);
    expect(failed).not.toHaveProperty('firstContentMs');
    expect((await heardOf(model)).attempts![1]).not.toHaveProperty('firstContentMs');
  });

  it('R-39: usage is the sum of all attempts, those inside counted once', async () => {
    const used = (inputTokens: number) => () => Object.assign(apiError(500), { usage: { inputTokens } });
    const inner = cascade({ id: 'inner', steps: [fails('x', used(100)), fails('z'), answers('a')] });
    const decision = await heardOf(cascade({ steps: [fails('y', used(1000)), inner] }));
    expect(decision.usage).toEqual({ inputTokens: 1107, outputTokens: 2 });
    expect(decision.attempts![1]).not.toHaveProperty('usage');
    expect(decision.attempts![1]!.decision!.usage).toEqual({ inputTokens: 107, outputTokens: 2 });
    // The only failure inside is thrown unchanged, and so has its usage: it counts once as well.
    const alone = cascade({ id: 'alone', steps: [fails('x', used(100))] });
    expect((await heardOf(cascade({ steps: [alone] }))).usage).toEqual({ inputTokens: 100 });
  });

  it('is not known where nobody reports any', async () => {
    expect(await heardOf(cascade({ steps: [fails('x')] }))).not.toHaveProperty('usage');
  });
});
