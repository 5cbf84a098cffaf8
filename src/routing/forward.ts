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
  /** Parts that were read and not passed on yet. */
  const ahead: StreamPart[] = [];
  const keep = (parts: readonly StreamPart[]): void => {
    for (const part of parts) ahead.push(part);
  };
  const passOn = (controller: ReadableStreamDefaultController<StreamPart>): void => {
    for (const part of ahead) {
      controller.enqueue(part);
      isFinished ||= part.type === 'finish';
    }
    ahead.length = 0;
  };
  let reading: Promise<void> | undefined;
  const readOn = async (): Promise<void> => {
    try {
      const { done, value } = await watch.wait(reader.read());
      if (!isCancelled) keep((done ? hooks.onEnd() : hooks.onPart(value)) ?? []);
    } catch (error) {
      const parts = isCancelled ? [] : hooks.onEnd({ error });
      if (parts) keep(parts);
      else failure = { error };
    }
    reading = undefined;
  };
  const read = (): Promise<void> => (reading ??= readOn());
  const hasEnded = (): boolean =>
    isFinished || isCancelled || failure !== undefined || ahead.some(({ type }) => type === 'finish');
  // Nobody may be reading: then all is read up to the end now, so that it is on record, and told when somebody reads on.
  const readUnread = async (): Promise<void> => {
    if (hasEnded()) return;
    while (!hasEnded()) await read();
    hooks.onUnread();
  };
  onUnread?.(() => void readUnread());
  watch.onEnd((reason) => {
    void readUnread();
    if (!watch.obeys && !isFinished) reader.cancel(reason).catch(() => {});
  });
  return new ReadableStream<StreamPart>(
    {
      start(controller) {
        for (const part of preamble) keep(hooks.onPart(part));
        passOn(controller);
      },
      async pull(controller) {
        for (;;) {
          if (isFinished) {
            controller.close();
            void readToEnd(reader);
            return;
          }
          if (failure && ahead.length === 0) {
            // Which drops what is queued: let the consumer read that first.
            if (controller.desiredSize === readAhead) controller.error(failure.error);
            return;
          }
          if (ahead.length === 0) await read();
          if (isCancelled) return;
          const hasMore = ahead.length > 0;
          passOn(controller);
          // Nobody asks again for a part that was left out.
          if (hasMore && !isFinished && controller.desiredSize! <= 0) return;
        }
      },
      async cancel(reason) {
        const isTold = hasEnded();
        isCancelled = true;
        const cancelling = reader.cancel(reason); // first, so that a nested primitive decides before this one
        hooks.onCancel();
        await cancelling.catch((error: unknown) => {
          if (!isTold) throw error;
        });
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
