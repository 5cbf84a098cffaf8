import type { StreamPart, StreamResult } from '../sdk/model.ts';
import { isIgnorable } from '../faults/ignorable.ts';
import { assertAnswered, assertPart, readerOf, type Endings } from '../sdk/ending.ts';
import { shownBy, thoughtIn, type Shown } from '../sdk/shown.ts';
import { Held } from './held.ts';
import type { Trying } from './tries/try.ts';
import { assertComplete } from './whole-answer.ts';

/** A stream whose first content part has arrived. */
export interface OpenStream {
  readonly result: StreamResult;
  /** Reads what comes after the preamble. */
  readonly reader: ReadableStreamDefaultReader<StreamPart>;
  /** The parts read so far; the last one is the first that is content, or a real finish. */
  readonly preamble: readonly StreamPart[];
  /**
   * Of a nested primitive's stream: calls the listener when the stream was aborted and read to its end without its
   * consumer.
   */
  readonly onUnread?: ((listener: () => void) => void) | undefined;
}

/**
 * How many characters of reasoning are held back at most, a second or two of it: many models that fail do so right at
 * the start, when another member can still take over. To hold back all reasoning would let the user wait too long.
 */
const maxHeldThoughts = 500;

/**
 * Reads a member's stream up to the first content part, or to its end with `afterContent: 'buffer'`. Rejects, and
 * cancels the stream, if the member fails before that: its reader rejects, it sends an error part, or it ends without
 * an answer.
 */
export async function openStream(
  trying: Trying,
  result: StreamResult,
  endings: Endings,
): Promise<Omit<OpenStream, 'onUnread'>> {
  assertAnswered(result?.stream);
  const reader = readerOf(result);
  try {
    return { result, reader, ...(await readPreamble(trying, reader, endings)) };
  } catch (error) {
    reader.cancel(error).catch(() => {}); // the stream may have failed already
    throw error;
  }
}

async function readPreamble(
  trying: Trying,
  reader: OpenStream['reader'],
  endings: Endings,
): Promise<Pick<OpenStream, 'preamble'>> {
  const { run, member, watch, startedAt } = trying;
  const { bufferedParts } = run.router;
  const held = new Held(bufferedParts);
  const preamble = held.parts;
  let shown: Shown = 'nothing';
  let thoughts = 0;
  let unread: unknown;
  const assertEnd = (finish: StreamPart | undefined, failed: unknown): void => {
    const hasUnread = failed !== undefined;
    try {
      assertComplete({ answer: finish, shown, content: preamble, endings, hasUnread }, trying);
    } catch (error) {
      // The error of an unreadable part explains more than "no content".
      throw shown === 'nothing' && hasUnread ? failed : error;
    }
  };
  for (;;) {
    const { done, value: part } = await watch.wait(reader.read());
    if (!done) assertPart(part);
    if (done || part.type === 'finish') assertEnd(part, unread);
    if (part!.type === 'error') unread = passingErrorIn(part!);
    preamble.push(part!);
    const shows = shownBy(part!);
    if (shown === 'nothing' && shows !== 'nothing') {
      watch.begun();
      trying.firstContentAt = performance.now();
      member.measured.firstContent(trying.firstContentAt - startedAt);
    }
    if (shows === 'content' || shown === 'nothing') shown = shows;
    thoughts += thoughtIn(part!).length;
    const isOpen = shown === 'content' || thoughts > maxHeldThoughts;
    const isDone = part!.type === 'finish' || (isOpen && preamble.length >= bufferedParts);
    if (isDone || held.isFull(shown)) return { preamble };
  }
}

/** The error of an error part, if the stream goes on after it; throws any other. */
function passingErrorIn({ error }: StreamPart): unknown {
  if (!isIgnorable(error)) throw error;
  return error;
}
