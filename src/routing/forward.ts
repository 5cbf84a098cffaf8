import type { Watch } from '../faults/watch.ts';
import { weakListener } from '../faults/weak-listener.ts';
import type { StreamPart } from '../sdk/model.ts';
import type { OpenStream } from './open-stream.ts';

/** Passes a part on to the consumer. After a finish part the stream is over. */
export type PassOn = (part: StreamPart) => void;

/** What is to become of a member's stream. */
export interface Passage {
  /** Sees each part. What it throws ends the stream, as what the member's stream breaks with does. */
  onPart(part: StreamPart, passOn: PassOn): void;
  /**
   * The member's stream broke, or just ended, without a finish part.
   *
   * @returns whether the consumer's stream is to break as well
   */
  onEnd(broken: { readonly error: unknown } | undefined, passOn: PassOn): boolean;
  /** The consumer left. */
  onCancel(): void;
  /** The call was aborted, or a deadline passed, and all that came of it was read, whether or not the consumer reads on. */
  onUnread(): void;
}

/** How long the end of a member's stream may take after its finish part, which the consumer doesn't wait for. */
const endsWithinMs = 1000;

/**
 * Passes a stream on, its preamble first, and cancels it when the consumer leaves. Reads at most `readAhead`
 * parts more than the consumer: a few cost less than a round trip for each. A plain ReadableStream with one promise a
 * part: an async function for each part, or a TransformStream, costs twice as much and more.
 */
export function forward(
  { preamble, reader, onUnread }: OpenStream,
  watch: Watch,
  readAhead: number,
  passage: Passage,
): ReadableStream<StreamPart> {
  /** Whether nothing of the member's stream is passed on any more. */
  let isOver = false;
  let failure: { readonly error: unknown } | undefined;
  let reading: Promise<void> | undefined;
  let hasPassedOn = false;
  let controller!: ReadableStreamDefaultController<StreamPart>;
  const passOn: PassOn = (part) => {
    if (isOver) return; // a listener of the decision may have cancelled
    hasPassedOn = true;
    controller.enqueue(part);
    if (part.type !== 'finish') return;
    isOver = true;
    controller.close();
    void readToEnd(reader);
  };
  /** Which drops what is queued, so the consumer reads that first. */
  const breakOff = (): void => {
    if (failure && controller.desiredSize === readAhead) controller.error(failure.error);
  };
  const end = (broken: { readonly error: unknown } | undefined): void => {
    if (isOver) return;
    if (passage.onEnd(broken, passOn)) failure = broken;
    isOver = true;
    breakOff();
  };
  const take = (part: StreamPart): void => {
    try {
      passage.onPart(part, passOn);
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
    // Nobody asks again for a part that was left out.
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
  // Nobody may be reading: all is read up to the end now, so that it is on record, and is there when somebody reads on.
  const hasEnded = (): boolean => isOver;
  const readUnread = async (): Promise<void> => {
    if (hasEnded()) return;
    while (!hasEnded()) await readOn();
    passage.onUnread();
  };
  const onAborted = (reason: unknown): void => {
    if (watch.reportsOwnAbort) return void readUnread();
    if (isOver) return;
    end({ error: reason });
    passage.onUnread();
    reader.cancel(reason).catch(() => {});
  };
  const source = {
    onAborted, // kept as long as somebody has the stream
    start(its: ReadableStreamDefaultController<StreamPart>) {
      controller = its;
      for (const part of preamble) if (!isOver) take(part);
    },
    pull: (): Promise<void> | void => (isOver ? breakOff() : readOn()),
    async cancel(reason: unknown) {
      const wasOver = isOver;
      isOver = true;
      const cancelling = reader.cancel(reason); // first, so that a nested primitive decides before this one
      passage.onCancel();
      await cancelling.catch((error: unknown) => {
        if (!wasOver) throw error;
      });
    },
  };
  const stream = new ReadableStream<StreamPart>(source, { highWaterMark: readAhead });
  onUnread?.(() => void readUnread());
  if (watch.signal) watch.onEnd(weakListener(onAborted, watch.release));
  return stream;
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
