import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import { partsOf, type Part } from './mock-answers.ts';
import { apiError, countedStream, modelsOf, streamOf, type MockModel } from './mock-models.ts';
import { drained, errorOf, optionsOf, run } from './run.ts';

/** Waits until no more parts are pulled. */
async function settled(seen: { readonly pulled: number }): Promise<void> {
  for (let quiet = 0, pulled = -1; quiet < 10; quiet = pulled === seen.pulled ? quiet + 1 : 0) {
    pulled = seen.pulled;
    await setImmediate();
  }
}

describe.each(await installations())('ai $major', (installation) => {
  const { sdk, aiAlloy, native } = installation;
  const { answers, streams } = modelsOf(installation);
  const contextWindow = '128K';

  /** The same member at the end of three levels. */
  const nested = (model: MockModel) =>
    aiAlloy.cascade({
      steps: [
        aiAlloy.dispatcher({
          targets: [
            aiAlloy.alloy({
              strategy: 'round-robin',
              constituents: [
                { model, contextWindow },
                { model: answers('other'), contextWindow },
              ],
            }),
          ],
        }),
      ],
    });
  const flat = (model: MockModel) => aiAlloy.cascade({ steps: [{ model, contextWindow }] });

  describe.each([
    { name: 'a cascade', compose: flat },
    { name: 'an alloy in a dispatcher in a cascade', compose: nested },
  ])('$name', ({ compose }) => {
    test.each(['read directly', 'piped through a transform'])(
      'R-34: pulls a handful for a consumer who leaves after 3 parts of 202 (%s)',
      async (how) => {
        const { stream, seen } = countedStream(native, 202);
        const result = await compose(streams('m', () => stream)).doStream({ prompt: [] });
        const parts =
          how === 'read directly' ? result.stream : result.stream.pipeThrough(new TransformStream());
        const reader = parts.getReader();
        for (let read = 0; read < 3; read++) await reader.read();
        await settled(seen);
        expect(seen).toEqual({ pulled: expect.any(Number), cancelled: false });
        expect(seen.pulled).toBeLessThan(12);
        await reader.cancel('enough');
        await settled(seen);
        expect(seen).toEqual({ pulled: expect.any(Number), cancelled: true });
        expect(seen.pulled).toBeLessThan(12);
      },
    );

    test.each(['cancel', 'abort'])('R-34: does as the model alone under streamText (%s)', async (how) => {
      const leave = async (wrap: (model: MockModel) => MockModel | ReturnType<typeof compose>) => {
        const { stream, seen } = countedStream(native, 200);
        const controller = new AbortController();
        const model = wrap(streams('m', () => stream));
        const result = sdk.streamText(optionsOf(installation, { model, abortSignal: controller.signal }));
        const reader = (result.fullStream as ReadableStream).getReader();
        for (let read = 0; read < 3; read++) await reader.read();
        if (how === 'abort') controller.abort();
        else await reader.cancel();
        await settled(seen);
        return seen;
      };
      const [alone, composed] = [await leave((model) => model), await leave(compose)];
      // An abort ends the member's stream even if the member ignores its signal, as the mock alone does.
      expect(composed.cancelled).toBe(how === 'abort' || alone.cancelled);
      expect(composed.pulled - alone.pulled).toBeLessThan(20);
    });
  });

  test('R-22: the stream of a member that fails before its content is cancelled', async () => {
    const inBand: Part = { type: 'error', error: { type: 'server_error', message: 'overloaded' } };
    let cancelled = false;
    const open = () =>
      new ReadableStream<Part>({
        start: (controller) => controller.enqueue(inBand), // and stays open
        cancel() {
          cancelled = true;
        },
      });
    const model = aiAlloy.cascade({ steps: [streams('lost', open), answers('good')] });
    const { text } = await run(installation, 'stream', { model });
    expect({ text, cancelled }).toEqual({ text: 'good', cancelled: true });
  });

  describe.each(['an error part', 'a reader that rejects'])('%s after the first content', (how) => {
    const error = apiError(installation, 503);
    const begun = partsOf(native, { text: 'half an' }).slice(0, -1);
    const open = () =>
      how === 'an error part' ? streamOf([...begun, { type: 'error', error }]) : streamOf(begun, error);

    test('R-22: passes through, and no other member is called', async () => {
      const other = answers('other');
      const decisions: unknown[] = [];
      const model = aiAlloy.cascade({
        steps: [streams('broken', open), other],
        onDecision: (decision) => decisions.push(decision),
      });
      const { stream } = await model.doStream({ prompt: [] });
      const parts: Part[] = [];
      const failure = (async () => {
        for await (const part of stream) {
          parts.push(part as unknown as Part);
          if (part.type === 'error') throw part.error;
        }
      })();
      expect(await errorOf(failure)).toBe(error);
      expect(parts.map((part) => part['delta'] ?? part['textDelta'] ?? '').join('')).toBe('half an');
      expect(other.calls).toHaveLength(0);
      expect(decisions).toEqual([
        expect.objectContaining({
          attempts: [expect.objectContaining({ id: 'mock/broken', outcome: 'failed', statusCode: 503 })],
        }),
      ]);
      expect(aiAlloy.decisionOf(error)).toBe(decisions[0]);
    });

    test('R-22: reaches the consumer of streamText, behind the text before it', async () => {
      const other = answers('other');
      const model = aiAlloy.cascade({ steps: [streams('broken', open), other] });
      let text = '';
      const reading = drained(sdk.streamText(optionsOf(installation, { model })), (delta) => (text += delta));
      expect(await errorOf(reading)).toBe(error);
      expect({ text, calls: other.calls.length }).toEqual({ text: 'half an', calls: 0 });
    });
  });
});
