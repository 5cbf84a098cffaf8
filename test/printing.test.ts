import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { format, inspect } from 'node:util';
import { APICallError, generateText, RetryError, streamText } from 'ai';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AllAttemptsFailedError, cascade, ContextWindowExceededError, dispatcher } from '../src/index.ts';
import type { Decision } from '../src/index.ts';
import { answers, apiError, callOf, errorOf, fails, tooLong } from './support/models.ts';

const secret = 'the secret prompt'; // in `requestBodyValues` of every `apiError`

/** In all the ways in which an error is printed. */
const printsOf = (error: unknown): string[] => [
  inspect(error),
  inspect(error, { depth: 20, showHidden: true }),
  format('%s %o %O %j', error, error, error, error),
  JSON.stringify(error),
  String(error),
  inspect(new Error('around it', { cause: error })),
  inspect(new AggregateError([error], 'around it')),
];

const made: Record<string, () => Promise<unknown>> = {
  'all attempts failed': () => errorOf(cascade({ steps: [fails('a'), fails('b')] }).doGenerate(callOf('Hi'))),
  'too long by the words of a provider': () => {
    const steps = [
      { model: fails('a', tooLong), contextWindow: 100_000 },
      { model: fails('b', tooLong), contextWindow: 200_000 },
    ];
    return errorOf(cascade({ steps }).doGenerate(callOf('Hi')));
  },
  'a nested one': () => {
    const inner = cascade({ steps: [fails('a'), fails('b')] });
    return errorOf(dispatcher({ targets: [inner, fails('c')], fallback: true }).doGenerate(callOf('Hi')));
  },
  'one that ai retried': () =>
    errorOf(
      generateText({
        model: cascade({ steps: [fails('a', retryAtOnce), fails('b', retryAtOnce)] }),
        prompt: 'Hi',
        maxRetries: 1,
      }),
    ),
};

const retryAtOnce = (): APICallError => apiError(503, { headers: { 'retry-after-ms': '0' } });

describe('R-25: printing an error shows nothing of the prompt', () => {
  it.each(Object.entries(made))('%s', async (_, make) => {
    const error = await make();
    for (const print of printsOf(error)) expect(print).not.toContain(secret);
  });

  it('nor does the console, of a stream that ai logs', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const result = streamText({
      model: cascade({ steps: [fails('a'), fails('b')] }),
      prompt: 'Hi',
      maxRetries: 0,
    });
    await result.consumeStream();
    expect(logged).toHaveBeenCalled();
    expect(logged.mock.calls.map((call) => format(...call)).join()).not.toContain(secret);
    logged.mockRestore();
  });

  it('nor does Node, of one that nobody caught', async () => {
    const script = `
      import { APICallError } from 'ai';
      import { AllAttemptsFailedError } from './dist/index.js';
      const decision = { id: 'c', kind: 'cascade', candidates: [], reason: 'declared-order' };
      const failed = new APICallError({ message: 'failed', url: '', requestBodyValues: process.env.SECRET });
      throw new AllAttemptsFailedError({ decision, errors: [failed, failed] });
    `;
    const printed = await new Promise<string>((resolve) => {
      const cwd = fileURLToPath(new URL('..', import.meta.url));
      const options = { cwd, env: { ...process.env, SECRET: secret } };
      execFile(process.execPath, ['--input-type=module', '-e', script], options, (_, __, stderr) =>
        resolve(stderr),
      );
    });
    expect(printed).toContain('[AI_AllAttemptsFailedError]: cascade "c": all attempts failed');
    expect(printed).toContain('[cause]: [Getter]');
    expect(printed).not.toContain(secret);
  });
});

describe('what is not printed can be read', () => {
  afterEach(() => vi.unstubAllGlobals());

  // Bun prints own accessors, and not those of a prototype.
  it.each([false, true])('the cause, all errors and the last one, in Bun: %s', (isBun) => {
    if (isBun) vi.stubGlobal('Bun', {});
    const decision: Decision = { id: 'c', kind: 'cascade', candidates: [], reason: 'declared-order' };
    const errors = [apiError(503), apiError(429)];
    const failed = new AllAttemptsFailedError({ decision, errors });
    expect(failed.errors).toBe(errors);
    expect(failed.lastError).toBe(errors[1]);
    expect(failed.cause).toBe(errors[1]);
    expect(failed).toBeInstanceOf(AllAttemptsFailedError);
    expect(AllAttemptsFailedError.isInstance(failed)).toBe(true);
    expect(Object.keys(failed)).not.toEqual(expect.arrayContaining(['errors']));
    expect(Object.hasOwn(failed, 'cause')).toBe(!isBun);
    const tooLarge = new ContextWindowExceededError({ decision, cause: errors[0] });
    expect(tooLarge.cause).toBe(errors[0]);
    expect(Object.hasOwn(tooLarge, 'cause')).toBe(!isBun);
    expect('cause' in new ContextWindowExceededError({ decision })).toBe(false);
  });

  it('through a RetryError, too', async () => {
    const error = await made['one that ai retried']!();
    expect(RetryError.isInstance(error)).toBe(true);
    const last = (error as RetryError).lastError as AllAttemptsFailedError;
    expect((last.cause as APICallError).requestBodyValues).toEqual({ messages: [secret] });
  });

  it('and an error of one attempt is as the provider threw it', async () => {
    const own = apiError(400);
    const model = cascade({ steps: [fails('a', () => own), answers('b')] });
    expect(await errorOf(model.doGenerate(callOf('Hi')))).toBe(own);
  });
});
