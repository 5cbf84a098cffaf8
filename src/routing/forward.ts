import type { Watch } from '../faults/watch.ts';
import type { StreamPart } from '../sdk/model.ts';
import type { Opened } from './opened.ts';

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
 * parts more than the consumer. This is a plain ReadableStream, since a TransformStream costs twice as much.
 */
export function forward(
  { reader, nested }: Pick<Opened, 'reader' | 'nested'>,
  preamble: readonly StreamPart[],
  watch: Watch,
  readAhead: number,
  handler: StreamHandler,
): ReadableStream<StreamPart> {
  const forwarding = new Forwarding(reader, preamble, watch, readAhead, handler);
  const stream = new ReadableStream<StreamPart>(forwarding, { highWaterMark: readAhead });
  nested?.hearUnread(() => void forwarding.readUnread());
  watch.onEnd((reason) => forwarding.endedBy(reason));
  return stream;
}

class Forwarding implements UnderlyingDefaultSource<StreamPart> {
  readonly #reader: Opened['reader'];
  readonly #preamble: readonly StreamPart[];
  readonly #watch: Watch;
  readonly #readAhead: number;
  readonly #handler: StreamHandler;
  /** Whether the consumer's stream has ended: nothing more is passed on. */
  #isOver = false;
  #failure: { readonly error: unknown } | undefined;
  /** Parts being read, until the consumer has as many as it may. */
  #reading: Promise<void> | undefined;
  /** Whether everything is read, however few parts the consumer takes. */
  #readsAll = false;
  #hasPassedOn = false;
  #controller!: ReadableStreamDefaultController<StreamPart>;

  constructor(
    reader: Opened['reader'],
    preamble: readonly StreamPart[],
    watch: Watch,
    readAhead: number,
    handler: StreamHandler,
  ) {
    this.#reader = reader;
    this.#preamble = preamble;
    this.#watch = watch;
    this.#readAhead = readAhead;
    this.#handler = handler;
  }

  start(controller: ReadableStreamDefaultController<StreamPart>): void {
    this.#controller = controller;
    for (const part of this.#preamble) if (!this.#isOver) this.#take(part);
  }

  pull(): Promise<void> | void {
    return this.#isOver ? this.#breakOff() : this.#readOn();
  }

  async cancel(reason: unknown): Promise<void> {
    const wasOver = this.#isOver;
    this.#isOver = true;
    const cancelling = this.#reader.cancel(reason); // first, so that a nested primitive makes its decision before this one
    this.#handler.onCancel();
    await cancelling.catch((error: unknown) => {
      if (!wasOver) throw error;
    });
  }

  /**
   * The consumer may have stopped reading: reads everything up to the end now, so that the decision is made, and the
   * parts are there if the consumer reads on.
   */
  async readUnread(): Promise<void> {
    if (this.#isOver) return;
    this.#readsAll = true;
    while (!this.#isOver) await this.#readOn();
    this.#handler.onUnread();
  }

  /** The call was aborted, or a deadline has passed. */
  endedBy(reason: unknown): void {
    if (this.#watch.reportsOwnAbort) return void this.readUnread();
    if (this.#isOver) return;
    this.#end({ error: reason });
    this.#handler.onUnread();
    this.#reader.cancel(reason).catch(() => {});
  }

  #readOn(): Promise<void> {
    return (this.#reading ??= this.#readParts());
  }

  /** One `pull` reads on for as long as the consumer keeps up: that takes half the time of one `pull` for each part. */
  async #readParts(): Promise<void> {
    const reader = this.#reader;
    const { countsSilence } = this.#watch;
    try {
      do {
        const { done, value } = await (countsSilence ? this.#watch.wait(reader.read()) : reader.read());
        if (this.#isOver) break;
        this.#hasPassedOn = false;
        if (done) this.#end(undefined);
        else this.#take(value);
      } while (this.#isToReadOn());
    } catch (error) {
      this.#end({ error });
    }
    this.#reading = undefined;
  }

  /** A part that was not passed on does not make the consumer call `pull` again. */
  #isToReadOn(): boolean {
    if (this.#isOver) return false;
    return this.#readsAll || !this.#hasPassedOn || this.#controller.desiredSize! > 0;
  }

  #take(part: StreamPart): void {
    try {
      this.#handler.onPart(part, this.#passOn);
    } catch (error) {
      this.#end({ error });
    }
  }

  readonly #passOn: PassOn = (part) => {
    if (this.#isOver) return; // an onDecision listener may have cancelled the stream
    this.#hasPassedOn = true;
    this.#controller.enqueue(part);
    if (part.type !== 'finish') return;
    this.#isOver = true;
    this.#controller.close();
    void readToEnd(this.#reader);
  };

  #end(broken: { readonly error: unknown } | undefined): void {
    if (this.#isOver) return;
    if (this.#handler.onEnd(broken, this.#passOn)) this.#failure = broken;
    this.#isOver = true;
    this.#breakOff();
  }

  /**
   * Fails the consumer's stream once its queue is empty: failing drops queued parts, so the consumer must read them
   * first.
   */
  #breakOff(): void {
    const failure = this.#failure;
    if (failure && this.#controller.desiredSize === this.#readAhead) this.#controller.error(failure.error);
  }
}

/**
 * Reads a member's stream to its end after the finish part, so that middleware in it sees that end; cancels it if it
 * does not end.
 */
async function readToEnd(reader: Opened['reader']): Promise<void> {
  const timer = setTimeout(() => cancel(reader), endsWithinMs);
  (timer as { unref?: () => void }).unref?.(); // the timer must not keep the process running
  const last = await reader.read().catch(() => undefined);
  clearTimeout(timer);
  if (!last?.done) cancel(reader);
}

const cancel = (reader: Opened['reader']): void => void reader.cancel().catch(() => {});
