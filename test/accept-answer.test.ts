import { RetryError, generateText, wrapLanguageModel } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  AllAttemptsFailedError,
  alloy,
  AnswerRejectedError,
  cascade,
  decisionOf,
  dispatcher,
  explain,
  failureOf,
  type Answer,
  type AnswerVerdict,
  type CascadeOptions,
} from '../src/index.ts';
import {
  answers,
  apiError,
  callOf,
  callsOf,
  errorOf,
  fails,
  generated,
  partsOf,
  stop,
  streamed,
  streamOf,
  streams,
  textParts,
  usage,
  type Call,
  type Part,
} from './support/models.ts';

/** Both ways to call a primitive; streams are buffered, so that they can be checked. */
const modes = { generate: generated, stream: streamed };
type Mode = keyof typeof modes;
const buffer = { afterContent: 'buffer' } as const;

const isGood = ({ text }: Answer): AnswerVerdict => text.startsWith('good') || `${text} is not good`;
const options = { ...buffer, acceptAnswer: isGood };

describe.each(Object.keys(modes) as Mode[])('acceptAnswer: %s', (mode) => {
  const ask = modes[mode];

  it('R-43: a rejected answer falls through, and leaves no trace', async () => {
    const model = cascade({ ...options, steps: [answers('bad'), answers('good')] });
    expect(await ask(model, callOf('Hi'))).toBe('good');
  });

  it('R-43: all rejected: one error with the reasons, of the kind rejected, without the answers', async () => {
    const model = cascade({ id: 'c', ...options, steps: [answers('bad'), answers('worse')] });
    const error = await errorOf(ask(model, callOf('Hi')));
    expect(error).toSatisfy(AllAttemptsFailedError.isInstance);
    expect(failureOf(error)).toMatchObject({ kind: 'rejected', retryable: false });
    expect(error).toMatchObject({
      message:
        'cascade "c": all attempts failed. mock/bad: rejected (bad is not good); mock/worse: rejected (worse is not good).',
      attempts: [
        { failure: 'rejected', reason: 'bad is not good', usage: { inputTokens: 7, outputTokens: 2 } },
        { failure: 'rejected', reason: 'worse is not good' },
      ],
    });
    // what rejected answers used counts.
    expect(decisionOf(error)!.usage).toEqual({ inputTokens: 14, outputTokens: 4 });
  });

  it('R-43: one attempt alone fails with its own error', async () => {
    const error = await errorOf(ask(cascade({ ...options, steps: [answers('bad')] }), callOf('Hi')));
    expect(error).toSatisfy(AnswerRejectedError.isInstance);
    expect(error).toMatchObject({
      message: 'acceptAnswer rejected the answer: bad is not good',
      reason: 'bad is not good',
      usage,
    });
    expect(decisionOf(error)).toMatchObject({ outcome: 'failed', attempts: [{ failure: 'rejected' }] });
  });

  it.each<[string, () => unknown, string | undefined, string]>([
    ['false', () => false, undefined, '.'],
    ['no reason', () => '', undefined, '.'],
    ['a promise of a reason', async () => 'later', 'later', ': later'],
    ['a long reason', () => 'z'.repeat(5000), 'z'.repeat(200), `: ${'z'.repeat(200)}`],
    [
      'an error that it throws',
      () => {
        throw new SyntaxError('Unexpected token');
      },
      'Unexpected token',
      ': Unexpected token',
    ],
    [
      'an error that its promise rejects with',
      async () => Promise.reject(new Error('no schema')),
      'no schema',
      ': no schema',
    ],
    [
      'something thrown that is no error',
      () => {
        // oxlint-disable-next-line no-throw-literal -- as a callback may
        throw undefined;
      },
      'acceptAnswer threw',
      ': acceptAnswer threw',
    ],
    [
      'undefined',
      () => undefined,
      'acceptAnswer returned undefined: return true, false, or the reason as a text',
      ': acceptAnswer returned undefined: return true, false, or the reason as a text',
    ],
    [
      'an object',
      () => ({ ok: true }),
      'acceptAnswer returned an object: return true, false, or the reason as a text',
      ': acceptAnswer returned an object: return true, false, or the reason as a text',
    ],
  ])('R-43: %s rejects', async (_, acceptAnswer, reason, message) => {
    const model = cascade({ ...buffer, steps: [answers('a')], acceptAnswer: acceptAnswer as never });
    const error = await errorOf(ask(model, callOf('Hi')));
    expect(error).toMatchObject({ message: `acceptAnswer rejected the answer${message}` });
    expect((error as AnswerRejectedError).reason).toBe(reason);
    expect(decisionOf(error)!.attempts![0]!.reason).toBe(reason);
  });

  it('R-43: what it throws is the cause, which is not printed', async () => {
    const cause = new Error('the answer was: a secret');
    const acceptAnswer = (): never => {
      throw Object.assign(cause, { answer: 'a long secret' });
    };
    const model = cascade({ ...buffer, steps: [answers('a')], acceptAnswer });
    const error = (await errorOf(ask(model, callOf('Hi')))) as Error;
    expect(error.cause).toBe(cause);
    expect(JSON.stringify(error)).not.toContain('a long secret');
  });

  it('R-43: is retried where retries are set, as a malformed answer is', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    let turn = 0;
    const model = cascade({
      ...buffer,
      steps: [answers('a')],
      retries: 2,
      acceptAnswer: () => turn++ === 1 || 'too early',
    });
    const asking = ask(model, callOf('Hi'));
    await vi.runAllTimersAsync();
    expect(await asking).toBe('a');
    expect(turn).toBe(2);
  });

  it('R-22: falls through only where the kind is listed', async () => {
    const [bad, good] = [answers('bad'), answers('good')];
    const strict = cascade({ ...options, steps: [bad, good], fallThroughOn: ['timeout'] });
    expect(failureOf(await errorOf(ask(strict, callOf('Hi')))).kind).toBe('rejected');
    const listed = cascade({ ...options, steps: [bad, good], fallThroughOn: ['rejected'] });
    expect(await ask(listed, callOf('Hi'))).toBe('good');
    const single = alloy({
      ...options,
      fallback: false,
      constituents: [
        { model: bad, contextWindow: '8K' },
        { model: good, contextWindow: '8K', weight: 1e-9 },
      ],
      random: () => 0.5,
    });
    expect(failureOf(await errorOf(ask(single, callOf('Hi')))).kind).toBe('rejected');
  });

  it('R-44: starts no cooldown, also by repetition', async () => {
    const bad = answers('bad');
    const cooldown = { failures: 1, ms: 60_000 };
    const model = cascade({ ...options, cooldown, steps: [bad, answers('good')] });
    for (let calls = 0; calls < 3; calls++) expect(await ask(model, callOf('Hi'))).toBe('good');
    expect(callsOf(bad)).toBe(3);
    expect((await explain(model, { prompt: 'Hi' })).candidates[0]).not.toHaveProperty('skipped');
  });

  it('R-44: deadlineMs that passes while it decides is no fault of the member', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    let isStuck = true;
    const member = answers('a');
    const model = cascade({
      ...buffer,
      id: 'c',
      cooldown: { failures: 1, ms: 60_000 },
      steps: [member, answers('b')],
      deadlineMs: 1000,
      totalMs: 100, // of the member, whose answer was there in time
      acceptAnswer: () => (isStuck ? new Promise<boolean>(() => {}) : true),
    });
    const asking = errorOf(ask(model, callOf('Hi')));
    await vi.advanceTimersByTimeAsync(500);
    await vi.advanceTimersByTimeAsync(600);
    expect(await asking).toMatchObject({
      message: 'c was still at it when the call had taken 1000 ms (deadlineMs).',
    });
    isStuck = false;
    expect(await ask(model, callOf('Hi'))).toBe('a');
  });

  it('an abort while it decides ends the call at once, with its reason', async () => {
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const controller = new AbortController();
    const next = answers('next');
    const model = cascade({
      ...buffer,
      steps: [answers('a'), next],
      acceptAnswer() {
        asked();
        return new Promise<boolean>(() => {});
      },
    });
    const asking = errorOf(ask(model, callOf('Hi', { abortSignal: controller.signal })));
    await isAsked;
    const reason = new Error('enough');
    controller.abort(reason);
    const error = await asking;
    expect(error).toBe(reason);
    expect(decisionOf(error)).toMatchObject({ outcome: 'aborted', attempts: [{ outcome: 'aborted' }] });
    expect(callsOf(next)).toBe(0);
  });

  it('R-28: the answer of a nested primitive is one answer, whose decision is kept', async () => {
    const inner = cascade({ id: 'inner', steps: [fails('x'), answers('bad')] });
    const model = cascade({ ...options, steps: [inner, answers('good')] });
    expect(await ask(model, callOf('Hi'))).toBe('good');
    const alone = cascade({ ...options, steps: [inner] });
    const decision = decisionOf(await errorOf(ask(alone, callOf('Hi'))));
    const nested = { id: 'inner', outcome: 'answered', answeredBy: 'mock/bad' };
    expect(decision).toMatchObject({ attempts: [{ id: 'inner', failure: 'rejected', decision: nested }] });
    expect(decision!.usage).toEqual({ inputTokens: 7, outputTokens: 2 }); // once
    // So does one that looks like a plain model.
    const wrapped = cascade({ ...options, steps: [wrapLanguageModel({ model: inner, middleware: {} })] });
    expect(decisionOf(await errorOf(ask(wrapped, callOf('Hi'))))).toMatchObject({
      attempts: [{ failure: 'rejected', decision: nested }],
    });
  });

  it('R-43: inside a nested primitive, its rejection leads on there, and then outside', async () => {
    const inner = cascade({ id: 'inner', ...options, steps: [answers('bad'), answers('worse')] });
    const model = dispatcher({ ...buffer, fallback: true, targets: [inner, answers('last')] });
    expect(await ask(model, callOf('Hi'))).toBe('last');
  });

  it('is asked about nothing that failed already', async () => {
    const acceptAnswer = vi.fn(() => true);
    const empty = new MockLanguageModelV4({
      modelId: 'empty',
      doGenerate: async () => ({ content: [], finishReason: stop, usage: none, warnings: [] }),
      doStream: async () => ({
        stream: streamOf([{ type: 'finish', finishReason: stop, usage: none } as Part]),
      }),
    });
    const model = cascade({ ...buffer, steps: [fails('a'), empty, answers('b')], acceptAnswer });
    expect(await ask(model, callOf('Hi'))).toBe('b');
    expect(acceptAnswer).toHaveBeenCalledTimes(1);
  });

  it('gets the whole answer, and what the call asks for', async () => {
    const seen: Answer[] = [];
    const schema = { type: 'object' } as const;
    const content = [
      { type: 'reasoning', text: 'Let me think.' },
      { type: 'text', text: 'Look: ' },
      { type: 'text', text: 'there.' },
      { type: 'tool-call', toolCallId: 't', toolName: 'look', input: '{"at":"it"}' },
    ] as const;
    const finishReason = { unified: 'tool-calls', raw: 'tool_use' } as const;
    const warnings = [{ type: 'other', message: 'Beware.' }] as const;
    const model = new MockLanguageModelV4({
      provider: 'mock',
      modelId: 'm',
      doGenerate: async () => ({ content: [...content], finishReason, usage, warnings: [...warnings] }),
      doStream: async () => ({
        stream: streamOf([
          { type: 'stream-start', warnings: [...warnings] },
          { type: 'reasoning-start', id: 'r' },
          { type: 'reasoning-delta', id: 'r', delta: 'Let me ' },
          { type: 'reasoning-delta', id: 'r', delta: 'think.' },
          { type: 'reasoning-end', id: 'r' },
          ...textParts('Look: ').slice(1, 4),
          { type: 'text-delta', id: '1', delta: 'there.' },
          { type: 'tool-input-start', id: 't', toolName: 'look' },
          { type: 'tool-input-delta', id: 't', delta: '{"at":"it"}' },
          content[3],
          { type: 'finish', finishReason, usage },
        ]),
      }),
    });
    const call: Call = callOf('Hi', { responseFormat: { type: 'json', schema } });
    const acceptAnswer = (answer: Answer): boolean => Boolean(seen.push(answer));
    await ask(cascade({ ...buffer, steps: [{ id: 'first', model }], acceptAnswer }), call);
    expect(seen).toEqual([
      {
        text: 'Look: there.',
        reasoning: 'Let me think.',
        toolCalls: [{ toolCallId: 't', toolName: 'look', input: { at: 'it' } }],
        finishReason: 'tool-calls',
        usage: { inputTokens: 7, outputTokens: 2 },
        warnings,
        schema,
        call,
        member: 'first',
      },
    ]);
  });
});

const none = { inputTokens: { total: 7 }, outputTokens: { total: 0 } } as typeof usage;

describe('acceptAnswer of a stream', () => {
  const warning =
    "did not check this answer: acceptAnswer can check a stream only with afterContent: 'buffer', within its limits.";
  const warningsOf = (parts: readonly Part[]): unknown =>
    parts.flatMap((part) => (part.type === 'stream-start' ? part.warnings : []));

  it('R-43: without a buffer it is not asked, and a call warning says so', async () => {
    const acceptAnswer = vi.fn(() => false);
    const model = cascade({ id: 'c', steps: [answers('a')], acceptAnswer });
    const parts = await partsOf(model, callOf('Hi'));
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: stop });
    expect(warningsOf(parts)).toEqual([{ type: 'other', message: `ai-alloy: cascade "c" ${warning}` }]);
    expect(acceptAnswer).not.toHaveBeenCalled();
  });

  it('R-43: without a buffer it is asked about one that ends without content', async () => {
    const silent = streams('silent', [
      { type: 'finish', finishReason: { unified: 'length', raw: 'x' }, usage } as Part,
    ]);
    const acceptAnswer = ({ text }: Answer): boolean => text !== '';
    const parts = await partsOf(cascade({ steps: [silent], acceptAnswer }), callOf('Hi')).catch(failureOf);
    expect(parts).toMatchObject({ kind: 'rejected' });
  });

  it('R-43: an answer above the limits of the buffer streams on unchecked, with the warning', async () => {
    const acceptAnswer = vi.fn(() => false);
    const long = cascade({ ...buffer, id: 'c', maxBufferedParts: 2, steps: [answers('a')], acceptAnswer });
    expect(warningsOf(await partsOf(long, callOf('Hi')))).toMatchObject([
      { message: expect.stringContaining(warning) },
    ]);
    expect(acceptAnswer).not.toHaveBeenCalled();
  });

  it('a checked answer has no warning, and is passed on once', async () => {
    const parts = await partsOf(cascade({ ...options, steps: [answers('good')] }), callOf('Hi'));
    expect(warningsOf(parts)).toEqual([]);
    expect(parts.map(({ type }) => type)).toEqual([
      'stream-start',
      'response-metadata',
      'text-start',
      'text-delta',
      'text-end',
      'finish',
    ]);
  });

  it('R-50: closes the stream of a rejected answer', async () => {
    const cancelled: unknown[] = [];
    const left = textParts('bad');
    const open = streams('a', []);
    open.doStream = async () => ({
      stream: new ReadableStream<Part>(
        {
          pull: (controller) => (left.length > 0 ? controller.enqueue(left.shift()!) : undefined), // does not end
          cancel: (reason) => void cancelled.push(reason),
        },
        { highWaterMark: 0 },
      ),
    });
    expect(await streamed(cascade({ ...options, steps: [open, answers('good')] }), callOf('Hi'))).toBe(
      'good',
    );
    expect(cancelled).toEqual([expect.objectContaining({ name: 'AI_AnswerRejectedError' })]);
  });
});

it('R-25: ai retries no rejected answer by itself', async () => {
  const bad = answers('bad');
  const error = await errorOf(generateText({ model: cascade({ ...options, steps: [bad] }), prompt: 'Hi' }));
  expect(RetryError.isInstance(error)).toBe(false);
  expect(callsOf(bad)).toBe(1);
});

describe("R-43: a finish reason that means 'broken' always is a failure", () => {
  it.each([
    ['error', undefined],
    ['error', 'stopped_by_moon_phase'],
    ['other', 'overloaded'],
    ['other', undefined],
  ] as const)('%s (%s), before or after content', async (unified, raw) => {
    const finishReason = { unified, raw };
    const parts = textParts('half').map((part) =>
      part.type === 'finish' ? { ...part, finishReason, usage: {} as typeof usage } : part,
    );
    const finished = streams('a', parts);
    const last = (await partsOf(cascade({ steps: [finished] }), callOf('Hi'))).slice(-2);
    expect(last).toMatchObject([{ type: 'error' }, { type: 'finish', finishReason: { unified: 'error' } }]);
    expect(await streamed(cascade({ ...buffer, steps: [finished, answers('b')] }), callOf('Hi'))).toBe('b');
  });

  it.each([undefined, 'stopped_by_moon_phase'])('error (%s) of a generated answer', async (raw) => {
    const broken = answers('a');
    const finishReason = { unified: 'error', raw } as const;
    broken.doGenerate = async () => ({
      content: [{ type: 'text', text: 'x' }],
      finishReason,
      usage,
      warnings: [],
    });
    expect(await generated(cascade({ steps: [broken, answers('b')] }), callOf('Hi'))).toBe('b');
  });

  it('other words of a provider for an end are none', async () => {
    const finishReason = { unified: 'other', raw: 'eos_token' } as const;
    const parts = textParts('all').map((part) => (part.type === 'finish' ? { ...part, finishReason } : part));
    expect(await streamed(cascade({ steps: [streams('a', parts), answers('b')] }), callOf('Hi'))).toBe('all');
  });
});

describe("R-22: 'default' stands for the default kinds", () => {
  const auth = (): unknown => apiError(401);
  const outcome = async (
    error: () => unknown,
    fallThroughOn: NonNullable<CascadeOptions['fallThroughOn']>,
  ): Promise<string> => {
    try {
      return await generated(
        cascade({ steps: [fails('a', error), answers('b')], fallThroughOn }),
        callOf('Hi'),
      );
    } catch (failure) {
      return failureOf(failure).kind;
    }
  };

  it('beside others, by itself, and twice', async () => {
    expect(await outcome(auth, ['default', 'auth'])).toBe('b');
    expect(await outcome(apiError.bind(null, 503), ['default', 'auth'])).toBe('b');
    expect(await outcome(auth, ['default'])).toBe('auth');
    expect(await outcome(apiError.bind(null, 503), ['default', 'default', 'timeout'])).toBe('b');
    expect(await outcome(apiError.bind(null, 503), ['auth'])).toBe('server-error');
  });

  it('is no kind that a decision shows', async () => {
    const model = cascade({ steps: [fails('a'), fails('b')], fallThroughOn: ['default', 'auth'] });
    expect(JSON.stringify(decisionOf(await errorOf(generated(model, callOf('Hi')))))).not.toContain(
      'default',
    );
    expect(JSON.stringify(await explain(model, { prompt: 'Hi' }))).not.toContain('default');
  });
});
