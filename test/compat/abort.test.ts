import { getEventListeners } from 'node:events';
import { setImmediate } from 'node:timers';
import { describe, expect, test } from 'vitest';
import { installations } from './installations.ts';
import { partsOf, type Part } from './mock-answers.ts';
import { modelsOf, type Call } from './mock-models.ts';
import { drained, errorOf, modes, optionsOf, type Mode } from './run.ts';

const never = (): Promise<never> => new Promise(() => {});

/** As a provider does: rejects when the caller aborts. */
const untilAborted = ({ abortSignal }: Call): Promise<never> =>
  new Promise((_, reject) => {
    const abort = () => reject(new DOMException('This operation was aborted', 'AbortError'));
    abortSignal?.addEventListener('abort', abort, { once: true });
  });

describe.each(await installations())('ai $major', (installation) => {
  const { sdk, aiAlloy, native } = installation;
  const { answers, behaves } = modelsOf(installation);
  const preamble = partsOf(native, { response: { id: '1' } }).slice(0, -1);

  /** Ways for the first member to be busy when the caller aborts. */
  const busy: Record<string, { readonly modes: readonly Mode[]; readonly behave: (call: Call) => unknown }> =
    {
      'a member that listens to the signal': { modes, behave: untilAborted },
      'a member that ignores the signal': { modes, behave: never },
      'a stream that has only sent its preamble': {
        modes: ['stream'],
        behave: () => {
          const parts = [...preamble];
          return new ReadableStream<Part>({
            pull: (controller) => (parts.length > 0 ? controller.enqueue(parts.shift()!) : never()),
          });
        },
      },
    };
  const cases = Object.entries(busy).flatMap(([name, { modes: possible, behave }]) =>
    possible.map((mode) => ({ name, mode, behave })),
  );

  /** A first member whose call makes the caller leave, a second one, and what their cascade decides. */
  const scene = (behave: (call: Call) => unknown) => {
    const controller = new AbortController();
    const leave = (call: Call): unknown => {
      setImmediate(() => controller.abort(reason));
      return behave(call);
    };
    const reason = new Error('the user left');
    const [first, second] = [behaves('first', { generate: leave, stream: leave }), answers('second')];
    const decisions: unknown[] = [];
    const onDecision = (decision: unknown): void => void decisions.push(decision);
    const model = aiAlloy.cascade({ steps: [first, second], onDecision });
    return { model, first, second, decisions, controller, reason, signal: controller.signal };
  };
  const begin = (model: ReturnType<typeof scene>['model'], mode: Mode, abortSignal: AbortSignal) =>
    mode === 'generate'
      ? model.doGenerate({ prompt: [], abortSignal })
      : model.doStream({ prompt: [], abortSignal });

  test.each(cases)(
    "R-22: the caller's abort ends the call at once: $name ($mode)",
    async ({ mode, behave }) => {
      const { model, first, second, decisions, signal, reason } = scene(behave);
      const error = await errorOf(begin(model, mode, signal));
      expect([reason.message, 'This operation was aborted']).toContain((error as Error).message);
      expect([first.calls.length, second.calls.length]).toEqual([1, 0]);
      expect(getEventListeners(signal, 'abort')).toHaveLength(0);
      expect(decisions).toEqual([
        expect.objectContaining({
          attempts: [expect.objectContaining({ id: 'mock/first', outcome: 'aborted', failure: 'aborted' })],
        }),
      ]);
    },
  );

  test.each(cases)('R-22: no other member is called under ai: $name ($mode)', async ({ mode, behave }) => {
    const { model, second, signal } = scene(behave);
    const options = optionsOf(installation, { model, abortSignal: signal, maxRetries: 2 });
    // Some generations end an aborted stream with an `abort` part instead of an error.
    const call = mode === 'generate' ? sdk.generateText(options) : drained(sdk.streamText(options));
    await Promise.resolve(call).catch(() => {});
    expect(signal.aborted).toBe(true);
    expect(second.calls).toHaveLength(0);
  });

  test.each(modes)('R-22: calls nobody when the caller has left before (%s)', async (mode) => {
    const { model, first, second, decisions, controller, signal, reason } = scene(never);
    controller.abort(reason);
    expect(await errorOf(begin(model, mode, signal))).toBe(reason);
    expect([first.calls.length, second.calls.length, decisions.length]).toEqual([0, 0, 1]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test.each(modes)("R-22: an answered call leaves no listener on the caller's signal (%s)", async (mode) => {
    const { signal } = new AbortController();
    const model = aiAlloy.cascade({ steps: [answers('m')] });
    if (mode === 'generate') await model.doGenerate({ prompt: [], abortSignal: signal });
    else {
      const { stream } = await model.doStream({ prompt: [], abortSignal: signal });
      for await (const _ of stream);
    }
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('R-22: a stream that arrives after the caller has left is cancelled', async () => {
    let arrive = (_stream: ReadableStream): void => {};
    const late = new Promise<ReadableStream>((resolve) => (arrive = resolve));
    const { model, signal } = scene(() => late);
    await errorOf(begin(model, 'stream', signal));
    const cancelled = new Promise((resolve) => arrive(new ReadableStream({ cancel: resolve })));
    expect(await cancelled).toBe(signal.reason);
  });

  test("R-22: an abort after the first content is the caller's, not the member's failure", async () => {
    const begun = partsOf(native, { text: 'half' }).slice(0, -1);
    const { model, second, decisions, signal } = scene(
      (call) =>
        new ReadableStream<Part>({
          pull: (controller) => (begun.length > 0 ? controller.enqueue(begun.shift()!) : untilAborted(call)),
        }),
    );
    const result = (await begin(model, 'stream', signal)) as { stream: ReadableStream };
    const reading = (async () => {
      for await (const _ of result.stream);
    })();
    expect(await errorOf(reading)).toBe(signal.reason); // as with fetch
    expect(second.calls).toHaveLength(0);
    expect(decisions).toEqual([
      expect.objectContaining({ attempts: [expect.objectContaining({ outcome: 'aborted' })] }),
    ]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
