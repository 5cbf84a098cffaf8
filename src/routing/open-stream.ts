import type { Watch } from '../faults/watch.ts';
import type { StreamPart, StreamResult } from '../spec/model.ts';
import { assertFinished, isPreamble, type Endings } from '../spec/result.ts';

/** A stream whose first content part has arrived. */
export interface OpenStream {
  readonly result: StreamResult;
  /** Reads what comes after the preamble. */
  readonly reader: ReadableStreamDefaultReader<StreamPart>;
  /** The parts read so far; the last one is the first that is content, or a real finish. */
  readonly preamble: readonly StreamPart[];
  /** Hears of an end that nobody has read, where the stream is a nested primitive's. */
  readonly onUnread?: (listener: () => void) => void;
}

/** How far to read, and what to make of the end. */
export interface Reading {
  /** How many parts to read on, at most, until the answer is whole. */
  readonly bufferedParts: number;
  readonly endings: Endings;
}

/**
 * Calls a member and reads its stream up to the first content part. Rejects, and cancels the stream, if
 * the member fails before: its promise or its reader rejects, it sends an error part, or it ends with nothing.
 *
 */
export async function openStream(
  doStream: () => PromiseLike<StreamResult>,
  watch: Watch,
  { bufferedParts, endings }: Reading,
): Promise<OpenStream> {
  const opening = Promise.resolve(doStream());
  let reader: OpenStream['reader'] | undefined;
  try {
    const result = await watch.wait(opening);
    if (!result?.stream) assertFinished(undefined);
    reader = result.stream.getReader();
    return { result, reader, preamble: await readPreamble(reader, watch, { bufferedParts, endings }) };
  } catch (error) {
    // Also a stream that may still come when it is given up. That it may have failed is no news.
    const lost = reader ?? opening.then(({ stream }) => stream);
    Promise.resolve(lost)
      .then((stream) => stream.cancel(error))
      .catch(() => {});
    throw error;
  }
}

async function readPreamble(
  reader: ReadableStreamDefaultReader<StreamPart>,
  watch: Watch,
  { bufferedParts, endings }: Reading,
): Promise<StreamPart[]> {
  const preamble: StreamPart[] = [];
  let hasBegun = false;
  for (;;) {
    const { done, value: part } = await watch.wait(reader.read());
    if (done || part.type === 'finish') assertFinished(part, hasBegun ? endings : undefined);
    if (part!.type === 'error') throw part!['error'];
    preamble.push(part!);
    if (!hasBegun && !isPreamble(part!)) {
      hasBegun = true;
      watch.begun();
    }
    if (part!.type === 'finish' || (hasBegun && preamble.length >= bufferedParts)) return preamble;
  }
}
