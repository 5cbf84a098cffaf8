import type { StreamPart } from '../spec/model.ts';
import type { OpenStream } from './open-stream.ts';

/** Hears what happens to a forwarded stream. */
export interface ForwardHooks {
  /** Sees each part and returns what to pass on. */
  onPart(part: StreamPart): StreamPart;
  /** The member's stream broke. */
  onError(error: unknown): void;
  /** The member's stream ended. */
  onEnd(): void;
  /** The consumer left. */
  onCancel(): void;
}

/**
 * Passes a stream on, its preamble first, and cancels it when the consumer leaves. Reads at most `readAhead`
 * parts more than the consumer: a few cost less than a round trip for each. A plain ReadableStream:
 * overriding `getReader` would be cheaper, but `ai` consumes through `pipeThrough`, which bypasses that.
 */
export function forward(
  { preamble, reader }: OpenStream,
  readAhead: number,
  hooks: ForwardHooks,
): ReadableStream<StreamPart> {
  let cancelled = false;
  let failure: { readonly error: unknown } | undefined;
  return new ReadableStream<StreamPart>(
    {
      start(controller) {
        for (const part of preamble) controller.enqueue(hooks.onPart(part));
      },
      async pull(controller) {
        try {
          do {
            if (failure) break;
            const { done, value } = await reader.read();
            if (cancelled) return;
            if (done) {
              hooks.onEnd();
              controller.close();
              return;
            }
            controller.enqueue(hooks.onPart(value));
          } while (controller.desiredSize! > 0);
        } catch (error) {
          if (cancelled) return;
          hooks.onError(error);
          failure = { error };
        }
        // An error drops what is queued: let the consumer read that first.
        if (failure && controller.desiredSize === readAhead) controller.error(failure.error);
      },
      async cancel(reason) {
        cancelled = true;
        const cancelling = reader.cancel(reason); // first, so that a nested primitive decides before this one
        hooks.onCancel();
        await cancelling;
      },
    },
    { highWaterMark: readAhead },
  );
}
