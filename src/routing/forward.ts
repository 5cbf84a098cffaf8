import type { Watch } from '../faults/watch.ts';
import type { StreamPart } from '../spec/model.ts';
import type { OpenStream } from './open-stream.ts';

/** Hears what happens to a forwarded stream, and says what to pass on. */
export interface ForwardHooks {
  /** Sees each part. After a part of the type `error` the stream is over. */
  onPart(part: StreamPart): readonly StreamPart[];
  /** The member's stream ended, or broke. Without an answer, the consumer's breaks as well. */
  onEnd(broken?: { readonly error: unknown }): readonly StreamPart[] | undefined;
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
  watch: Watch,
  readAhead: number,
  hooks: ForwardHooks,
): ReadableStream<StreamPart> {
  let cancelled = false;
  let failure: { readonly error: unknown } | undefined;
  // The consumer may not be reading; what becomes of it is told when it reads on.
  watch.onEnd((reason) => void reader.cancel(reason).catch(() => {}));
  return new ReadableStream<StreamPart>(
    {
      start(controller) {
        for (const part of preamble) for (const each of hooks.onPart(part)) controller.enqueue(each);
      },
      async pull(controller) {
        do {
          if (failure) break;
          let next: { readonly done: boolean; readonly value?: StreamPart | undefined } | undefined;
          let parts: readonly StreamPart[] | undefined;
          try {
            next = await watch.wait(reader.read());
            if (cancelled) return;
            parts = next.done ? hooks.onEnd() : hooks.onPart(next.value!);
          } catch (error) {
            if (cancelled) return;
            parts = hooks.onEnd({ error });
            if (!parts) failure = { error };
          }
          for (const part of parts ?? []) controller.enqueue(part);
          const isOver = !next || next.done || parts?.[0]?.type === 'error';
          if (isOver && !failure) {
            reader.cancel().catch(() => {});
            controller.close();
            return;
          }
        } while (controller.desiredSize! > 0);
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
