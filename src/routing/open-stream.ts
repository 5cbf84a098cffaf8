import type { StreamPart, StreamResult } from '../sdk/model.ts';
import { isIgnorable } from '../faults/ignorable.ts';
import { assertAnswered, assertPart, readerOf, type Endings } from '../sdk/ending.ts';
import { shownBy, thoughtIn, type Shown } from '../sdk/shown.ts';
import { Held } from './held.ts';
import { assertKept, type Opened, type Opening } from './opened.ts';
import type { Trying } from './tries/try.ts';
import { assertComplete } from './whole-answer.ts';

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
export async function openStream(opening: Opening, result: StreamResult): Promise<Opened> {
  assertAnswered(result?.stream);
  const reader = readerOf(result);
  const { watch } = opening.trying;
  try {
    const read = new Preamble(opening);
    let isOpen = false;
    while (!isOpen) {
      const { done, value } = await watch.wait(reader.read());
      if (done) read.assertEnd(undefined);
      isOpen = done || read.isOpenAfter(value);
    }
    const opened = Object.assign(opening, { result, reader, preamble: read.parts });
    assertKept(opened);
    return opened;
  } catch (error) {
    reader.cancel(error).catch(() => {}); // the stream may have failed already
    throw error;
  }
}

/** The parts that are read before it is clear that the member has begun to answer. */
class Preamble {
  readonly #trying: Trying;
  readonly #endings: Endings;
  readonly #held: Held;
  #shown: Shown = 'nothing';
  #thoughts = 0;
  #unread: unknown;

  constructor({ trying, endings }: Opening) {
    this.#trying = trying;
    this.#endings = endings;
    this.#held = new Held(trying.run.router.bufferedParts);
  }

  get parts(): readonly StreamPart[] {
    return this.#held.parts;
  }

  /** Takes the next part, and says whether the member has begun to answer. Throws if it has failed. */
  isOpenAfter(part: StreamPart): boolean {
    assertPart(part);
    if (part.type === 'finish') this.assertEnd(part);
    if (part.type === 'error') this.#unread = passingErrorIn(part);
    this.#held.parts.push(part);
    this.#show(shownBy(part));
    this.#thoughts += thoughtIn(part).length;
    const isOpen = this.#shown === 'content' || this.#thoughts > maxHeldThoughts;
    return part.type === 'finish' || (isOpen && this.#held.isEnough()) || this.#held.isFull(this.#shown);
  }

  #show(shows: Shown): void {
    const { member, watch, startedAt } = this.#trying;
    if (this.#shown === 'nothing' && shows !== 'nothing') {
      watch.begun();
      this.#trying.firstContentAt = performance.now();
      member.measured.firstContent(this.#trying.firstContentAt - startedAt);
    }
    if (shows === 'content' || this.#shown === 'nothing') this.#shown = shows;
  }

  /** Throws unless the stream may end here, with a finish part; always without one. */
  assertEnd(finish: StreamPart | undefined): void {
    const shown = this.#shown;
    const hasUnread = this.#unread !== undefined;
    try {
      const ended = { answer: finish, shown, content: this.parts, endings: this.#endings, hasUnread };
      assertComplete(ended, this.#trying);
    } catch (error) {
      // The error of an unreadable part explains more than "no content".
      throw shown === 'nothing' && hasUnread ? this.#unread : error;
    }
  }
}

/** The error of an error part, if the stream goes on after it; throws any other. */
function passingErrorIn({ error }: StreamPart): unknown {
  if (!isIgnorable(error)) throw error;
  return error;
}
