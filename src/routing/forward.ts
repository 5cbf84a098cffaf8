import type { Watch } from '../faults/watch.ts';
import type { StreamPart } from '../spec/model.ts';
import type { OpenStream } from './open-stream.ts';

/** Hears what happens to a forwarded stream, and says what to pass on. */
export interface ForwardHooks {
  /** Sees each part. After a finish part the stream is over. */
  onPart(part: StreamPart): readonly StreamPart[];
  /** The member's stream broke, or just ended, without a finish part. Without an answer, the consumer's breaks as well. */
  onEnd(broken?: { readonly error: unknown }): readonly StreamPart[] | undefined;
  /** The consumer left. */
  onCancel(): void;
  /** The end is here, and nobody has read it. */
  onUnread(): void;
}

/** How long the end of a member's stream may take after its finish part, which the consumer doesn't wait for. */
const endsWithinMs = 1000;

/**
 * Passes a stream on, its preamble first, and cancels it when the consumer leaves. Reads at most `readAhead`
 * parts more than the consumer: a few cost less than a round trip for each. A plain ReadableStream:
 * overriding `getReader` would be cheaper, but `ai` consumes through `pipeThrough`, which bypasses that.
 */
export function forward(
  { preamble, reader, onUnread }: OpenStream,
  watch: Watch,
  readAhead: number,
  hooks: ForwardHooks,
): ReadableStream<StreamPart> {
  let isCancelled = false;
  let isFinished = false;
  let failure: { readonly error: unknown } | undefined;
  const passOn = (
    controller: ReadableStreamDefaultController<StreamPart>,
    parts: readonly StreamPart[],
  ): void => {
    for (const part of parts) {
      controller.enqueue(part);
      isFinished ||= part.type === 'finish';
    }
  };
  /** What there is to pass on next, if anything. */
  const next = async (): Promise<readonly StreamPart[]> => {
    try {
      const { done, value } = await watch.wait(reader.read());
      if (isCancelled) return [];
      return (done ? hooks.onEnd() : hooks.onPart(value)) ?? [];
    } catch (error) {
      if (isCancelled) return [];
      const parts = hooks.onEnd({ error });
      if (!parts) failure = { error };
      return parts ?? [];
    }
  };
  let reading: Promise<readonly StreamPart[]> | undefined;
  const read = (): Promise<readonly StreamPart[]> => (reading ??= next());
  // Nobody may be reading: then the end is read now, so that it is on record, and told when somebody reads on.
  const readUnread = (): void => {
    if (isFinished || isCancelled) return;
    void read();
    hooks.onUnread();
  };
  onUnread?.(readUnread);
  watch.onEnd((reason) => {
    readUnread();
    if (!watch.obeys && !isFinished) reader.cancel(reason).catch(() => {});
  });
  return new ReadableStream<StreamPart>(
    {
      start(controller) {
        for (const part of preamble) passOn(controller, hooks.onPart(part));
      },
      async pull(controller) {
        for (;;) {
          if (isFinished) {
            controller.close();
            void readToEnd(reader);
            return;
          }
          if (failure) {
            // Which drops what is queued: let the consumer read that first.
            if (controller.desiredSize === readAhead) controller.error(failure.error);
            return;
          }
          const parts = await read();
          reading = undefined;
          if (isCancelled) return;
          passOn(controller, parts);
          // Nobody asks again for a part that was left out.
          if (parts.length > 0 && !isFinished && controller.desiredSize! <= 0) return;
        }
      },
      async cancel(reason) {
        isCancelled = true;
        const cancelling = reader.cancel(reason); // first, so that a nested primitive decides before this one
        hooks.onCancel();
        await cancelling;
      },
    },
    { highWaterMark: readAhead },
  );
}

/** Reads a stream that has finished to its end, so that middleware in it sees that; cancels one that goes on. */
async function readToEnd(reader: OpenStream['reader']): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), endsWithinMs);
    (timer as { unref?: () => void }).unref?.(); // no process waits for it
  });
  const last = await Promise.race([reader.read(), late]).catch(() => undefined);
  clearTimeout(timer);
  if (!last?.done) reader.cancel().catch(() => {});
}
