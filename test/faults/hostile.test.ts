import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../src/faults/failure.ts';
import { AllAttemptsFailedError, markerOf } from '../../src/errors/errors.ts';
import { cpuMs } from '../support/cpu.ts';
import { apiError } from '../support/models.ts';

const fields = (
  'name message code type status statusCode reason __type error_type detail error innererror metadata response ' +
  'details errors $metadata cause data raw responseBody responseHeaders headers retryDelay isRetryable usage ' +
  'lastError n_ctx'
).split(' ');
const markers = [
  ...['error.AI_APICallError', 'error.AI_RetryError', 'gateway.error'].map((name) =>
    Symbol.for(`vercel.ai.${name}`),
  ),
  ...['AiAlloyError', 'AllAttemptsFailedError', 'ContextWindowExceededError'].map(markerOf),
];

function throws(): never {
  throw new Error('hostile');
}
function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  return proxy;
}
/** Whatever is read of it is another such object. */
const endless = (): unknown => new Proxy({}, { get: endless });

/** Makes a value: fast-check itself looks into those that it holds. */
type Maker = () => unknown;

const leaf: fc.Arbitrary<Maker> = fc.oneof(
  fc
    .anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true })
    .map((value) => () => value),
  fc
    .constantFrom<unknown>(
      Symbol('odd'),
      throws,
      Number.NaN,
      Infinity,
      10n,
      '429',
      503,
      'terminated',
      '[[[[',
      true,
    )
    .map((value) => () => value),
  fc.constantFrom<Maker>(
    revoked,
    endless,
    () => new Proxy({}, { get: throws }),
    () => new Proxy([], { get: throws, has: throws, ownKeys: throws }),
    () => new Headers({ 'retry-after': '3' }),
  ),
);

/** Objects with the fields that errors have, of anything, some of which throw when read, or hold themselves. */
const { hostile } = fc.letrec<{ hostile: Maker }>((tie) => ({
  hostile: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.array(tie('hostile'), { maxLength: 3 }).map((makers) => () => makers.map((make) => make())),
    fc
      .tuple(
        fc.array(fc.tuple(fc.constantFrom(...fields), tie('hostile')), { maxLength: 8 }),
        fc.subarray(fields, { maxLength: 3 }),
        fc.subarray(fields, { maxLength: 3 }),
        fc.subarray(markers),
      )
      .map(([values, throwing, circular, marked]) => () => {
        const error: Record<string | symbol, unknown> = {};
        for (const [name, make] of values) error[name] = make();
        for (const name of circular) error[name] = error;
        for (const marker of marked) error[marker] = true;
        for (const name of throwing) Object.defineProperty(error, name, { get: throws });
        return error;
      }),
  ),
}));

describe('R-22: whatever is thrown, the classifier does not throw', () => {
  it('and says a kind and the error of it', () => {
    let kinds = 0;
    fc.assert(
      fc.property(hostile, (make) => {
        const error = make();
        const failure = failureOf(error);
        expect(Object.is(failure.error, error)).toBe(true);
        expect(typeof failure.kind).toBe('string');
        expect(typeof failure.retryable).toBe('boolean');
        expect(failure.statusCode ?? 100).toSatisfy((status: number) => status >= 100 && status <= 599);
        expect(failure.retryAfterMs ?? 0).toSatisfy((ms: number) => ms >= 0 && ms <= 3_600_000);
        expect(Array.isArray(failure.inner)).toBe(true);
        if (failure.kind !== 'unknown') kinds++;
      }),
      { numRuns: 2000 },
    );
    expect(kinds).toBeGreaterThan(50); // or the property is about nothing
  });

  it('one field that throws leaves what the others say', () => {
    const error = Object.defineProperties(apiError(503), {
      cause: { get: throws },
      data: { get: throws },
      usage: { get: throws },
      responseHeaders: { get: throws },
    });
    expect(failureOf(error)).toMatchObject({ kind: 'server-error', statusCode: 503, retryable: true });
    expect(failureOf({ status: 503, error: revoked(), headers: revoked() })).toMatchObject({
      kind: 'server-error',
      statusCode: 503,
    });
  });

  it('an error that holds itself everywhere still says what caused it', () => {
    const error: Record<string, unknown> = { cause: { cause: { code: 'ECONNRESET' } } };
    for (const name of ['data', 'error', 'innererror', 'metadata', 'details', 'errors']) error[name] = error;
    expect(failureOf(error)).toMatchObject({ kind: 'network' });
  });

  it('a list without end leaves what the rest says', () => {
    const errors = Array.from({ length: 1_000_000 }, () => ({ code: 'x' }));
    expect(failureOf({ code: 'ECONNRESET', errors })).toMatchObject({ kind: 'network' });
  });

  it('errors that cause each other', () => {
    const a: Record<string, unknown> = { code: 'ECONNRESET' };
    a['cause'] = { cause: a, errors: [a, a] };
    expect(failureOf(new Error('No.', { cause: a }))).toMatchObject({ kind: 'network' });
  });
});

describe('R-22: the classifier takes bounded time', () => {
  const msFor = (error: unknown): number => cpuMs(() => failureOf(error));

  it.each([
    ['digits', '9'],
    ['commas', 'prompt is too long: 9,9,9,'],
    ['prefixes', 'Error: '],
    ['almost prefixes', 'ErrorExceptionError.'],
    ['angles', '<400> Error'],
    ['backticks', '`max_tokens` for '],
    ['Cohere', 'too many tokens: total number of tokens ( '],
    ['words', 'this model’s maximum the input the request '],
    ['braces', '{"error":'],
    ['brackets', '['],
  ])('of a long run of %s', (_, unit) => {
    const text = unit.repeat(Math.ceil(4_000_000 / unit.length));
    expect(msFor({ message: text, name: text, code: text, error: text, detail: text })).toBeLessThan(250);
    expect(
      msFor(apiError(400, { message: text, body: text, headers: { 'retry-after': text } })),
    ).toBeLessThan(250);
  });

  it('of errors without end', () => {
    expect(msFor(endless())).toBeLessThan(1000);
    expect(msFor({ errors: Array.from({ length: 1_000_000 }, () => ({ code: 'x' })) })).toBeLessThan(1000);
  });

  it('R-25: of failures that hold each other', () => {
    const decision = { id: 'c', kind: 'cascade', candidates: [], reason: 'declared-order' } as const;
    const errors: unknown[] = [apiError(429)];
    const error = new AllAttemptsFailedError({ decision, errors });
    for (let i = 0; i < 9; i++) errors.push(error);
    expect(msFor(error)).toBeLessThan(1000);
    const { kind, inner } = failureOf(error);
    expect(kind).toBe('rate-limit');
    expect(inner[0]).toMatchObject({ kind: 'rate-limit', statusCode: 429 });
  });
});
