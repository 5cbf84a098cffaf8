import type { StreamPart, StreamResult } from '../spec/model.ts';
import { assertFinished, isPreamble } from '../spec/result.ts';
import { whileNotAborted, type Race } from './while-not-aborted.ts';

/** A stream whose first content part has arrived. */
export interface OpenStream {
  readonly result: StreamResult;
  /** Reads what comes after the preamble. */
  readonly reader: ReadableStreamDefaultReader<StreamPart>;
  /** The parts read so far; the last one is the first that is content, or a real finish. */
  readonly preamble: readonly StreamPart[];
}

/**
 * Calls a member and reads its stream up to the first content part. Rejects, and cancels the stream, if
 * the member fails before: its promise or its reader rejects, it sends an error part, or it ends with nothing.
 */
export async function openStream(
  doStream: () => PromiseLike<StreamResult>,
  signal: AbortSignal | undefined,
): Promise<OpenStream> {
  return whileNotAborted(signal, async (race) => {
    const opening = doStream();
    let result: StreamResult;
    try {
      result = await race(opening);
    } catch (error) {
      // If the caller left first, nobody is there for the stream that may still come.
      Promise.resolve(opening).then(
        ({ stream }) => discard(stream, error),
        () => {},
      );
      throw error;
    }
    const reader = result.stream.getReader();
    try {
      return { result, reader, preamble: await readPreamble(reader, race) };
    } catch (error) {
      discard(reader, error);
      throw error;
    }
  });
}

async function readPreamble(
  reader: ReadableStreamDefaultReader<StreamPart>,
  race: Race,
): Promise<StreamPart[]> {
  const preamble: StreamPart[] = [];
  for (;;) {
    const { done, value: part } = await race(reader.read());
    if (done || part.type === 'finish') assertFinished(part);
    if (part!.type === 'error') throw part!['error'];
    preamble.push(part!);
    if (!isPreamble(part!)) return preamble;
  }
}

/** Cancels a stream that lost; that it may have failed already is no news. */
function discard(stream: Pick<ReadableStream, 'cancel'>, reason: unknown): void {
  stream.cancel(reason).catch(() => {});
}
