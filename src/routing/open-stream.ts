import type { Watch } from '../faults/watch.ts';
import type { StreamPart, StreamResult } from '../spec/model.ts';
import { isPassing } from '../faults/passing.ts';
import { assertAnswered, type Endings } from '../spec/ending.ts';
import { shownBy, thoughtIn, type Shown } from '../spec/shown.ts';
import { assertWhole } from './whole-answer.ts';
import type { Trying } from './request.ts';

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
  readonly trying: Trying;
}

/**
 * How many characters of thoughts are held back at most, a second or two of them: many models that fail do so right at
 * the start, and another can still take over then. All of them would be held back too long for whoever watches.
 */
const mostHeldThoughts = 500;

/**
 * Calls a member and reads its stream up to the first content part. Rejects, and cancels the stream, if
 * the member fails before: its promise or its reader rejects, it sends an error part, or it ends with nothing.
 *
 */
export async function openStream(
  doStream: () => PromiseLike<StreamResult>,
  watch: Watch,
  reading: Reading,
): Promise<OpenStream> {
  const opening = Promise.resolve(doStream());
  let reader: OpenStream['reader'] | undefined;
  try {
    const result = await watch.wait(opening);
    assertAnswered(result?.stream);
    reader = result.stream.getReader();
    return { result, reader, preamble: await readPreamble(reader, watch, reading) };
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
  { bufferedParts, endings, trying }: Reading,
): Promise<StreamPart[]> {
  const preamble: StreamPart[] = [];
  let shown: Shown = 'nothing';
  let thoughts = 0;
  let unread: unknown;
  for (;;) {
    const { done, value: part } = await watch.wait(reader.read());
    if (done || part.type === 'finish') {
      const hasUnread = unread !== undefined;
      try {
        assertWhole({ answer: part, shown, content: preamble, endings, hasUnread }, trying);
      } catch (error) {
        // What could not be read says more than that nothing else came.
        throw shown === 'nothing' && hasUnread ? unread : error;
      }
    }
    if (part!.type === 'error') {
      if (!isPassing(part!['error'])) throw part!['error'];
      unread = part!['error'];
    }
    preamble.push(part!);
    const shows = shownBy(part!);
    if (shown === 'nothing' && shows !== 'nothing') watch.begun();
    if (shows === 'content' || shown === 'nothing') shown = shows;
    thoughts += thoughtIn(part!).length;
    const isOpen = shown === 'content' || thoughts > mostHeldThoughts;
    if (part!.type === 'finish' || (isOpen && preamble.length >= bufferedParts)) return preamble;
  }
}
