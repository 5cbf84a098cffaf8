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
    const opening = Promise.resolve(doStream());
    let reader: OpenStream['reader'] | undefined;
    try {
      const result = await race(opening);
      if (!result?.stream) assertFinished(undefined);
      reader = result.stream.getReader();
      return { result, reader, preamble: await readPreamble(reader, race) };
    } catch (error) {
      // Also a stream that may still come when the caller left first. That it may have failed is no news.
      const lost = reader ?? opening.then(({ stream }) => stream);
      Promise.resolve(lost)
        .then((stream) => stream.cancel(error))
        .catch(() => {});
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
