import { describe, expect, it } from 'vitest';
import { cascade, decisionOf } from '../../src/index.ts';
import { answers, callOf, callsOf, partsOf, streams, textParts, type Part } from '../support/models.ts';

/** A member that sends some parts, then others without end, and counts the latter. */
function endless(first: readonly Part[], make: () => Part, most = Infinity, last: readonly Part[] = []) {
  const seen = { parts: 0, cancelled: false };
  const model = streams('endless', []);
  model.doStream = async () => {
    const left = [...first];
    const ending = [...last];
    return {
      stream: new ReadableStream<Part>(
        {
          pull(controller) {
            if (left.length > 0) return controller.enqueue(left.shift()!);
            if (seen.parts++ < most) return controller.enqueue(make());
            const part = ending.shift();
            return part ? controller.enqueue(part) : controller.close();
          },
          cancel: () => void (seen.cancelled = true),
        },
        { highWaterMark: 0 },
      ),
    };
  };
  return { model, seen };
}

const megabyte = 'x'.repeat(1024 * 1024);
const raw = (value: unknown) => (): Part => ({ type: 'raw', rawValue: value });
const cyclic: Record<string, unknown> = { text: megabyte };
cyclic['itself'] = [cyclic];

describe('parts that are held back', () => {
  it.each<[string, () => Part, number]>([
    ['raw chunks', raw({ choices: [{ delta: { reasoning: megabyte } }] }), 40],
    ['bytes', raw(new Uint8Array(1024 * 1024)), 40],
    ['values that lead back to themselves', raw(cyclic), 40],
    ['pings', () => ({ type: 'ping' }) as never, 100_000],
    ['lists of small values', raw(Array.from({ length: 65_536 }, (_, index) => index)), 40],
  ])('R-22: %s without end, and no content, lead on to the next member', async (_, make, most) => {
    const { model, seen } = endless([{ type: 'stream-start', warnings: [] }], make);
    const parts = await partsOf(cascade({ steps: [model, answers('next')] }), callOf('Hi'));
    expect(parts.filter(({ type }) => type === 'text-delta')).toMatchObject([{ delta: 'next' }]);
    expect(decisionOf(parts.at(-1))!.attempts).toMatchObject([
      { failure: 'malformed-response' },
      { outcome: 'answered' },
    ]);
    expect(seen.parts).toBeLessThanOrEqual(most);
    expect(seen.cancelled).toBe(true);
  });

  it('R-22: thoughts that are pictures stream live from there, as long thoughts do', async () => {
    const picture = (): Part => ({ type: 'reasoning-file', mediaType: 'image/png', data: megabyte }) as never;
    const { model, seen } = endless([], picture, 50, textParts('done'));
    const { stream } = await cascade({ steps: [model, answers('next')] }).doStream(callOf('Hi') as never);
    expect(seen.parts).toBeLessThanOrEqual(40);
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types.filter((type) => type === 'reasoning-file')).toHaveLength(50);
    expect(types.at(-1)).toBe('finish');
  });

  it("R-22: an answer larger than what 'buffer' holds is passed on from there, whole", async () => {
    const file = (): Part => ({ type: 'file', mediaType: 'image/png', data: megabyte }) as never;
    const { model, seen } = endless([], file, 50, textParts('done'));
    const next = answers('next');
    const buffered = cascade({ afterContent: 'buffer', steps: [model, next] });
    const { stream } = await buffered.doStream(callOf('Hi') as never);
    expect(seen.parts).toBeLessThanOrEqual(40);
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types.filter((type) => type === 'file')).toHaveLength(50);
    expect(types.at(-1)).toBe('finish');
    expect(callsOf(next)).toBe(0);
  });

  it("R-22: more parts than usual are held where 'maxBufferedParts' says so", async () => {
    const word = (): Part => ({ type: 'text-delta', id: '1', delta: 'a' });
    const { model, seen } = endless([{ type: 'text-start', id: '1' }], word, 100_050);
    const buffered = cascade({
      afterContent: 'buffer',
      maxBufferedParts: 200_000,
      steps: [model, answers('next')],
    });
    const parts = await partsOf(buffered, callOf('Hi'));
    expect(seen.parts).toBe(100_051);
    expect(parts.filter(({ type }) => type === 'text-delta')).toMatchObject([{ delta: 'next' }]);
  });
});
