import { describe, expect, it } from 'vitest';
import { alloy, cascade, defaultFallThroughOn, recommended } from '../src/index.ts';
import { answers, apiError, callOf, callsOf, fails, generated } from './support/models.ts';

const quota = () => apiError(429, { body: { error: { code: 'insufficient_quota' } } });
const limited = () => apiError(429, { headers: { 'retry-after': '60' } });
const revoked = () => apiError(401);
const contextWindow = 100_000;

/** Several keys of one provider: the same model, under ids of their own. */
describe('R-44: a pool of keys', () => {
  it.each([
    ['is rate limited for a while', limited, 1],
    ['has used up its quota', quota, 1],
    ['was revoked', revoked, 3],
  ])('leaves out a key that %s, without an error for the caller', async (_, error, attempts) => {
    for (const pool of [
      (members: object[]) =>
        alloy({
          ...recommended,
          strategy: 'round-robin',
          fallThroughOn: [...defaultFallThroughOn, 'auth'],
          constituents: members as never,
        }),
      (members: object[]) =>
        cascade({
          ...recommended,
          fallThroughOn: [...defaultFallThroughOn, 'auth'],
          steps: members as never,
        }),
    ]) {
      const bad = fails('gpt-5', error, 'openai');
      const good = answers('gpt-5', 'openai');
      const model = pool([
        { id: 'bad', model: bad, contextWindow },
        { id: 'good', model: good, contextWindow },
        { id: 'reserve', model: answers('gpt-5', 'openai'), contextWindow },
      ]);
      for (let call = 0; call < 12; call++) expect(await generated(model, callOf('Hello'))).toBe('gpt-5');
      expect(callsOf(bad)).toBe(attempts);
    }
  });
});
