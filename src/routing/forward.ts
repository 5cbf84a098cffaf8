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

// Reading a little ahead costs less than a round trip per part, and still leaves a reader who stops early
// with a handful of parts pulled.
const readAhead = 4;

/**
 * Passes a stream on, its preamble first, no faster than the consumer reads, and cancels it when the
 * consumer leaves. A plain ReadableStream: overriding `getReader` would be cheaper, but `ai` consumes
 * through `pipeThrough`, which bypasses the override.
 */
export function forward({ preamble, reader }: OpenStream, hooks: ForwardHooks): ReadableStream<StreamPart> {
  let cancelled = false;
  return new ReadableStream<StreamPart>(
    {
      start(controller) {
        for (const part of preamble) controller.enqueue(hooks.onPart(part));
      },
      async pull(controller) {
        try {
          do {
            const { done, value } = await reader.read();
            if (cancelled) return;
            if (done) {
              hooks.onEnd();
              controller.close();
              return;
            }
            controller.enqueue(hooks.onPart(value));
          } while ((controller.desiredSize ?? 0) > 0);
        } catch (error) {
          if (cancelled) return;
          hooks.onError(error);
          controller.error(error);
        }
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
