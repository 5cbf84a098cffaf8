import { describe, expect, test } from 'vitest';
import { installations, type Installation } from './installations.ts';
import { deltasOf, finishReasonOf, partsOf, type Part } from './mock-answers.ts';
import { apiError, modelsOf, streamOf, type MockModel } from './mock-models.ts';
import { errorOf, modes, run } from './run.ts';

const all = await installations();
const inBand = { type: 'server_error', message: 'The server is overloaded.' };

/** Rejections on which a cascade goes on, as providers make them. */
const rejections: Record<string, (installation: Installation) => unknown> = {
  'timeout, 408': (installation) => apiError(installation, 408),
  'rate limit, 429': (installation) => apiError(installation, 429),
  'server error, 500': (installation) => apiError(installation, 500),
  'overloaded, 503': (installation) => apiError(installation, 503),
  'no connection': (installation) =>
    apiError(installation, undefined, {
      isRetryable: true,
      cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    }),
  'a deadline of its own': () => new DOMException('The operation timed out.', 'TimeoutError'),
  'fetch failed': () => new TypeError('fetch failed', { cause: { code: 'UND_ERR_SOCKET' } }),
};

/** Ways for a stream to fail before its first content. `preamble` is what the SDK may have seen by then. */
const lostStreams: Record<string, (preamble: Part[], installation: Installation) => ReadableStream<Part>> = {
  'an error part first': () => streamOf([{ type: 'error', error: inBand }]),
  'a preamble, then an error part': (preamble) => streamOf([...preamble, { type: 'error', error: inBand }]),
  'a reader that rejects at once': () => streamOf([], new TypeError('terminated')),
  'a preamble, then a reader that rejects': (preamble, installation) =>
    streamOf(preamble, apiError(installation, 200, { isRetryable: true })),
  'an empty stream': () => streamOf([]),
  'a preamble and no more': (preamble) => streamOf(preamble),
  'a finish without content or reason': (preamble, { native }) =>
    streamOf([...preamble, ...partsOf(native, { finish: 'unknown' }).slice(-1)]),
  'a finish for an error': (preamble, { native }) =>
    streamOf([...preamble, { type: 'finish', finishReason: finishReasonOf(native, 'error') }]),
};

describe.each(all)('ai $major', (installation) => {
  const { sdk, aiAlloy, native } = installation;
  const { answers, behaves, rejects, streams } = modelsOf(installation);
  const callsOf = (...models: MockModel[]): number[] => models.map(({ calls }) => calls.length);
  const lostPreamble: Part[] = [
    ...partsOf(native, { response: { id: 'lost', modelId: 'lost-model' } }).filter(
      ({ type }) => type !== 'finish',
    ),
    ...deltasOf(native, 'reasoning', '').slice(0, 2),
    ...deltasOf(native, 'text', '').slice(0, 2),
  ];

  describe.each(modes)('%s', (mode) => {
    test.each(Object.keys(rejections))('R-22: falls through on %s', async (name) => {
      const bad = rejects('bad', () => rejections[name]!(installation));
      const good = answers('good');
      const { text, response, decision } = await run(installation, mode, {
        model: aiAlloy.cascade({ steps: [bad, good] }),
      });
      expect({ text, modelId: response.modelId, calls: callsOf(bad, good) }).toEqual({
        text: 'good',
        modelId: 'good',
        calls: [1, 1],
      });
      expect(decision).toMatchObject({
        answeredBy: 'mock/good',
        attempts: [
          { id: 'mock/bad', outcome: 'failed' },
          { id: 'mock/good', outcome: 'answered' },
        ],
      });
    });

    test.each([400, 401, 403, 404, 422])('R-22: throws a %i unchanged', async (status) => {
      const error = apiError(installation, status);
      const bad = rejects('bad', () => error);
      const good = answers('good');
      const model = aiAlloy.cascade({ steps: [bad, good] });
      expect(await errorOf(run(installation, mode, { model }))).toBe(error);
      expect(callsOf(bad, good)).toEqual([1, 0]);
      expect(aiAlloy.decisionOf(error)).toMatchObject({ attempts: [{ statusCode: status }] });
    });

    test('R-22: falls through on an error that names nobody’s mistake; alone, throws it unchanged', async () => {
      const error = new Error('boom');
      const bad = rejects('bad', () => error);
      const model = aiAlloy.cascade({ steps: [bad, answers('good')] });
      expect((await run(installation, mode, { model })).text).toBe('good');
      expect(await errorOf(run(installation, mode, { model: aiAlloy.cascade({ steps: [bad] }) }))).toBe(
        error,
      );
    });

    test('R-19: an alloy falls through on the same errors', async () => {
      const bad = rejects('bad', () => apiError(installation, 503));
      const good = answers('good');
      const model = aiAlloy.alloy({
        strategy: 'round-robin',
        constituents: [
          { model: bad, contextWindow: '128K' },
          { model: good, contextWindow: '128K' },
        ],
      });
      const { text } = await run(installation, mode, { model });
      expect({ text, calls: callsOf(bad, good) }).toEqual({ text: 'good', calls: [1, 1] });
    });

    test('R-33: a dispatcher throws the error of the target it picked', async () => {
      const error = apiError(installation, 503);
      const [bad, good] = [rejects('bad', () => error), answers('good')];
      const model = aiAlloy.dispatcher({ targets: [bad, good] });
      expect(await errorOf(run(installation, mode, { model }))).toBe(error);
      expect(callsOf(bad, good)).toEqual([1, 0]);
    });

    test('R-33: a dispatcher with fallback goes on', async () => {
      const bad = rejects('bad', () => apiError(installation, 503));
      const model = aiAlloy.dispatcher({ targets: [bad, answers('good')], fallback: true });
      expect(await run(installation, mode, { model })).toMatchObject({ text: 'good' });
    });

    test('R-24: a step that a provider calls too small leads on to a larger one only', async () => {
      const overflow = apiError(installation, 400, { body: { error: { code: 'context_length_exceeded' } } });
      const small = rejects('small', () => overflow);
      const [same, large] = [answers('same'), answers('large')];
      const model = aiAlloy.cascade({
        steps: [
          { model: small, contextWindow: '32K' },
          { model: same, contextWindow: '32K' },
          { model: large, contextWindow: '64K' },
        ],
      });
      const { text, decision } = await run(installation, mode, { model });
      expect({ text, calls: callsOf(small, same, large) }).toEqual({ text: 'large', calls: [1, 0, 1] });
      expect(decision?.candidates[0]).toMatchObject({ skipped: 'rejected' });
    });

    test('R-25: what failed everywhere names every attempt and holds no prompt', async () => {
      const bad = ['a', 'b'].map((id) => rejects(id, () => apiError(installation, 503)));
      const error = await errorOf(run(installation, mode, { model: aiAlloy.cascade({ steps: bad }) }));
      expect(aiAlloy.AllAttemptsFailedError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({
        message: expect.stringMatching(/mock\/a: .*503.*mock\/b: .*503/),
        statusCode: 503,
        isRetryable: true,
      });
      const { requestBodyValues, decision } = error as InstanceType<typeof aiAlloy.AllAttemptsFailedError>;
      expect(JSON.stringify([String(error), requestBodyValues, decision])).not.toContain('secret');
      expect(sdk.APICallError.isInstance(error)).toBe(true);
    });
  });

  test('R-22: an answer with nothing in it falls through (generate)', async () => {
    const empty = answers('empty', { text: '', finish: 'unknown' });
    const model = aiAlloy.cascade({ steps: [empty, answers('good')] });
    const { text, decision } = await run(installation, 'generate', { model });
    expect(text).toBe('good');
    expect(decision?.attempts?.[0]).toMatchObject({ failure: 'malformed-response' });
  });

  test.each(modes)('R-22: an empty answer that stopped for a reason is an answer (%s)', async (mode) => {
    const empty = answers('empty', { text: '', finish: 'stop' });
    const good = answers('good');
    const { text } = await run(installation, mode, { model: aiAlloy.cascade({ steps: [empty, good] }) });
    expect({ text, calls: callsOf(empty, good) }).toEqual({ text: '', calls: [1, 0] });
  });

  describe.each(Object.keys(lostStreams))('a member that streams %s', (name) => {
    const open = (): ReadableStream<Part> => lostStreams[name]!(lostPreamble, installation);

    test('R-22: falls through under streamText', async () => {
      const [lost, good] = [streams('lost', open), answers('good')];
      const model = aiAlloy.cascade({ steps: [lost, good] });
      const { text, response, finishReason } = await run(installation, 'stream', { model });
      expect({ text, finishReason, modelId: response.modelId, calls: callsOf(lost, good) }).toEqual({
        text: 'good',
        finishReason: 'stop',
        modelId: 'good',
        calls: [1, 1],
      });
    });

    test('R-22: leaves nothing of its preamble in the stream', async () => {
      const good = behaves('good', {
        generate: () => {},
        stream: () =>
          streamOf(partsOf(native, { text: 'good', response: { id: 'won', modelId: 'good-model' } })),
      });
      const model = aiAlloy.cascade({ steps: [streams('lost', open), good] });
      const { stream } = await model.doStream({ prompt: [] });
      const parts: Part[] = [];
      for await (const part of stream) parts.push(part as unknown as Part);
      const types = parts.map(({ type }) => type);
      expect(types.filter((type) => type === 'stream-start')).toHaveLength(native === 'v1' ? 0 : 1);
      expect(parts.filter(({ type }) => type === 'response-metadata')).toEqual([
        expect.objectContaining({ id: 'won', modelId: 'good-model' }),
      ]);
      expect(types).not.toContain('error');
      expect(types.filter((type) => type === 'finish')).toHaveLength(1);
      expect(JSON.stringify(parts.slice(0, -1))).not.toContain('lost');
    });
  });
});
