import type { Watch } from '../faults/watch.ts';
import type { StreamPart } from '../sdk/model.ts';
import type { OpenStream } from './open-stream.ts';

/** Passes a part on to the consumer. A finish part ends the stream. */
export type PassOn = (part: StreamPart) => void;

/** Handles the events of a member's stream. */
export interface StreamHandler {
  /** Receives each part. An error that it throws ends the stream, like an error of the member's stream. */
  onPart(part: StreamPart, passOn: PassOn): void;
  /**
   * The member's stream failed, or ended without a finish part.
   *
   * @returns whether the consumer's stream is to fail as well
   */
  onEnd(broken: { readonly error: unknown } | undefined, passOn: PassOn): boolean;
  /** The consumer cancelled the stream. */
  onCancel(): void;
  /**
   * The call was aborted or timed out, and everything that the member had sent by then was read, even if the consumer
   * has stopped reading.
   */
  onUnread(): void;
}

/** How long a member's stream may take to end after its finish part; the consumer doesn't wait for that. */
const endsWithinMs = 1000;

/**
 * Passes a stream on, beginning with its preamble, and cancels it when the consumer cancels. Reads at most `readAhead`
 * parts more than the consumer: a few are cheaper than one round trip per part. This is a plain ReadableStream with
 * one promise per part: an async function per part, or a TransformStream, costs at least twice as much.
 */
export function forward(
  { preamble, reader, onUnread }: OpenStream,
  watch: Watch,
  readAhead: number,
  handler: StreamHandler,
): ReadableStream<StreamPart> {
  /** Whether the consumer's stream has ended: nothing more is passed on. */
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let reading: Promise<void> | undefined;
  let hasPassedOn = false;
  let controller!: ReadableStreamDefaultController<StreamPart>;
  const passOn: PassOn = (part) => {
    if (isOver) return; // an onDecision listener may have cancelled the stream
    hasPassedOn = true;
    controller.enqueue(part);
    if (part.type !== 'finish') return;
    isOver = true;
    controller.close();
    void readToEnd(reader);
  };
  /**
   * Fails the consumer's stream once its queue is empty: failing drops queued parts, so the consumer must read them
   * first.
   */
  const breakOff = (): void => {
    if (failure && controller.desiredSize === readAhead) controller.error(failure.error);
  };
  const end = (broken: { readonly error: unknown } | undefined): void => {
    if (isOver) return;
    if (handler.onEnd(broken, passOn)) failure = broken;
    isOver = true;
    breakOff();
  };
  const take = (part: StreamPart): void => {
    try {
      handler.onPart(part, passOn);
    } catch (error) {
      end({ error });
    }
  };
  const onRead = ({ done, value }: ReadableStreamReadResult<StreamPart>): Promise<void> | undefined => {
    reading = undefined;
    if (isOver) return undefined;
    if (done) {
      end(undefined);
      return undefined;
    }
    hasPassedOn = false;
    take(value);
    // A part that was not passed on does not make the consumer call `pull` again, so read the next one here.
    return hasPassedOn || isOver ? undefined : readOn();
  };
  const onBroken = (error: unknown): void => {
    reading = undefined;
    end({ error });
  };
  const readOn = (): Promise<void> =>
    (reading ??= (watch.countsSilence ? watch.wait(reader.read()) : reader.read()).then(
      onRead,
      onBroken,
    ) as Promise<void>);
  // The consumer may have stopped reading: reads everything up to the end now, so that the decision is made, and the
  // parts are there if the consumer reads on.
  const hasEnded = (): boolean => isOver;
  const readUnread = async (): Promise<void> => {
    if (hasEnded()) return;
    while (!hasEnded()) await readOn();
    handler.onUnread();
  };
  const stream = new ReadableStream<StreamPart>(
    {
      start(its) {
        controller = its;
        for (const part of preamble) if (!isOver) take(part);
      },
      pull: () => (isOver ? breakOff() : readOn()),
      async cancel(reason) {
        const wasOver = isOver;
        isOver = true;
        const cancelling = reader.cancel(reason); // first, so that a nested primitive makes its decision before this one
        handler.onCancel();
        await cancelling.catch((error: unknown) => {
          if (!wasOver) throw error;
        });
      },
    },
    { highWaterMark: readAhead },
  );
  onUnread?.(() => void readUnread());
  watch.onEnd((reason) => {
    if (watch.reportsOwnAbort) return void readUnread();
    if (isOver) return;
    end({ error: reason });
    handler.onUnread();
    reader.cancel(reason).catch(() => {});
  });
  return stream;
}

/**
 * Reads a member's stream to its end after the finish part, so that middleware in it sees that end; cancels it if it
 * does not end.
 */
async function readToEnd(reader: OpenStream['reader']): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), endsWithinMs);
    (timer as { unref?: () => void }).unref?.(); // the timer must not keep the process running
  });
  const last = await Promise.race([reader.read(), late]).catch(() => undefined);
  clearTimeout(timer);
  if (!last?.done) reader.cancel().catch(() => {});
}
