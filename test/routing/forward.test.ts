import { describe, expect, it } from 'vitest';
import { watch } from '../../src/faults/watch.ts';
import { forward, type StreamHandler } from '../../src/routing/forward.ts';
import type { StreamPart } from '../../src/sdk/model.ts';
import { errorOf } from '../support/models.ts';

const passage: StreamHandler = {
  onPart: (part, passOn) => passOn(part),
  onEnd: () => true,
  onCancel: () => {},
  onUnread: () => {},
};
const unwatched = watch({ member: 'm', signal: undefined, deadlines: {} });

/** A stream of `total` parts, then an error; counts what is pulled. */
function failing(total: number): { stream: ReadableStream<StreamPart>; pulled: () => number } {
  let pulled = 0;
  const stream = new ReadableStream<StreamPart>(
    {
      pull(controller) {
        if (pulled === total) controller.error(new Error('broken'));
        else controller.enqueue({ type: `part ${pulled++}` });
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, pulled: () => pulled };
}

describe.each([0, 1, 4])('a forwarded stream, %i parts ahead', (readAhead) => {
  it.each([0, 1, 3, 4, 5, 20])('R-22: an error after %i parts comes behind all of them', async (total) => {
    const { stream } = failing(total);
    const reader = forward(
      { reader: stream.getReader(), nested: undefined },
      [{ type: 'first' }],
      unwatched,
      readAhead,
      passage,
    ).getReader();
    const seen: string[] = [];
    const error = await errorOf(
      (async () => {
        for (;;) {
          const { value } = await reader.read();
          seen.push(value!.type);
          await new Promise((resolve) => setImmediate(resolve)); // a consumer slower than the source
        }
      })(),
    );
    expect(error).toEqual(new Error('broken'));
    expect(seen).toEqual(['first', ...Array.from({ length: total }, (_, index) => `part ${index}`)]);
  });

  it('pulls no further ahead', async () => {
    const { stream, pulled } = failing(100);
    const forwarded = forward(
      { reader: stream.getReader(), nested: undefined },
      [],
      unwatched,
      readAhead,
      passage,
    );
    const reader = forwarded.getReader();
    await reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    expect(pulled()).toBe(1 + readAhead);
  });
});
