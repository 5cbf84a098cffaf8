import type { StreamPart, StreamResult } from '../sdk/model.ts';
import { isPassing } from '../faults/passing.ts';
import { assertAnswered, assertPart, readerOf, type Endings } from '../sdk/ending.ts';
import { shownBy, thoughtIn, type Shown } from '../sdk/shown.ts';
import { Held } from './held.ts';
import type { Trying } from './tries/try.ts';
import { assertWhole } from './whole-answer.ts';

/** A stream whose first content part has arrived. */
export interface OpenStream {
  readonly result: StreamResult;
  /** Reads what comes after the preamble. */
  readonly reader: ReadableStreamDefaultReader<StreamPart>;
  /** The parts read so far; the last one is the first that is content, or a real finish. */
  readonly preamble: readonly StreamPart[];
  /** When the first content came, on this process' monotonic clock in milliseconds. */
  readonly firstContentAt: number;
  /** Hears of an end that nobody has read, where the stream is a nested primitive's. */
  readonly onUnread?: ((listener: () => void) => void) | undefined;
}

/**
 * How many characters of thoughts are held back at most, a second or two of them: many models that fail do so right at
 * the start, and another can still take over then. All of them would be held back too long for whoever watches.
 */
const mostHeldThoughts = 500;

/**
 * Reads a member's stream up to the first content part; where the router buffers, on to the end. Rejects, and cancels
 * the stream, if the member fails before: its reader rejects, it sends an error part, or it ends with nothing.
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
    reader.cancel(error).catch(() => {}); // that it may have failed is no news
    throw error;
  }
}

async function readPreamble(
  trying: Trying,
  reader: OpenStream['reader'],
  endings: Endings,
): Promise<Pick<OpenStream, 'preamble' | 'firstContentAt'>> {
  const { run, member, watch, startedAt } = trying;
  const { bufferedParts } = run.router;
  const held = new Held(bufferedParts);
  const preamble = held.parts;
  let shown: Shown = 'nothing';
  let thoughts = 0;
  let firstContentAt = startedAt;
  let unread: unknown;
  const assertEnd = (finish: StreamPart | undefined, failed: unknown): void => {
    const hasUnread = failed !== undefined;
    try {
      assertWhole({ answer: finish, shown, content: preamble, endings, hasUnread }, trying);
    } catch (error) {
      // What could not be read says more than that nothing else came.
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
      firstContentAt = performance.now();
      member.measured.firstContent(firstContentAt - startedAt);
    }
    if (shows === 'content' || shown === 'nothing') shown = shows;
    thoughts += thoughtIn(part!).length;
    const isOpen = shown === 'content' || thoughts > mostHeldThoughts;
    const isDone = part!.type === 'finish' || (isOpen && preamble.length >= bufferedParts);
    if (isDone || held.isFull(shown)) return { preamble, firstContentAt };
  }
}

/** The error of a part behind which the stream goes on; throws any other. */
function passingErrorIn({ error }: StreamPart): unknown {
  if (!isPassing(error)) throw error;
  return error;
}
