import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { vi } from 'vitest';
import type { Decision, RoutingModel } from '../../../src/index.ts';
import { callOf, type Call, type Part } from '../../support/models.ts';
import { callHeader, turn, type World } from './scripted-model.ts';

/** How a call is made, and what becomes of whoever made it. */
export interface Consumer {
  readonly mode: 'generate' | 'stream';
  /** How long it takes between two reads. */
  readonly readMs: number;
  /** How long after the call before. */
  readonly afterMs: number;
  readonly leaves:
    | 'never'
    | 'before'
    | { readonly abortsAfterMs: number }
    | { readonly cancelsAfterMs: number }
    | { readonly cancelsAfterReads: number };
  readonly hasSignal: boolean;
}

const milliseconds = fc.integer({ min: 0, max: 300 });
const rarely = (of: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: of });

export const consumers: fc.Arbitrary<Consumer> = fc.record({
  mode: fc.constantFrom('generate', 'stream', 'stream', 'stream'),
  readMs: rarely(fc.integer({ min: 1, max: 100 })),
  afterMs: rarely(fc.integer({ min: 1, max: 3000 })),
  leaves: fc.oneof<fc.WeightedArbitrary<Consumer['leaves']>[]>(
    { weight: 10, arbitrary: fc.constant('never') },
    { weight: 1, arbitrary: fc.constant('before') },
    { weight: 4, arbitrary: fc.record({ abortsAfterMs: milliseconds }) },
    { weight: 2, arbitrary: fc.record({ cancelsAfterMs: milliseconds }) },
    { weight: 3, arbitrary: fc.record({ cancelsAfterReads: fc.integer({ min: 0, max: 6 }) }) },
  ),
  hasSignal: fc.boolean(),
});

/** Whether it ends every call by itself. */
export const givesUp = ({ leaves }: Consumer): boolean =>
  leaves === 'before' || (typeof leaves === 'object' && 'abortsAfterMs' in leaves);

/** What a consumer has seen of a call. */
export interface Seen {
  readonly consumer: Consumer;
  readonly call: string;
  readonly parts: readonly Part[];
  /** Of `doGenerate`. */
  text?: string;
  /** Whether it was `refused` at once, `broke` in between, came to its end, or was left. */
  end: 'refused' | 'broke' | 'ended' | 'left';
  error?: unknown;
  readonly begunAt: number;
  settledAt: number;
  /** When the caller aborted, if that was before the end. */
  abortedAt?: number;
  readonly signal: AbortSignal | undefined;
}

const reasonToLeave = new Error('the user left');

/** Makes a call, and resolves when it is settled; rejects if nothing is left to settle it. */
export async function consume(
  model: RoutingModel,
  consumer: Consumer,
  world: World,
  call: string,
): Promise<Seen> {
  const controller = new AbortController();
  const signal = givesUp(consumer) || consumer.hasSignal ? controller.signal : undefined;
  const now = Date.now();
  const seen: Seen = { consumer, call, parts: [], end: 'left', begunAt: now, settledAt: now, signal };
  let isSettled = false;
  const abort = (): void => {
    if (!isSettled) seen.abortedAt = Date.now();
    controller.abort(reasonToLeave);
  };
  if (consumer.leaves === 'before') abort();
  else if (typeof consumer.leaves === 'object' && 'abortsAfterMs' in consumer.leaves) {
    world.after(consumer.leaves.abortsAfterMs, abort);
  }
  const options = callOf('hello', {
    headers: { [callHeader]: call },
    ...(signal && { abortSignal: signal }),
  });
  const go = async (): Promise<void> => {
    await (consumer.mode === 'generate'
      ? generate(model, options, seen)
      : stream(model, options, seen, world));
    isSettled = true;
    seen.settledAt = Date.now();
  };
  void go();
  await passTime(() => isSettled);
  return seen;
}

/** Far more than any run has; a call that is that busy will never end. */
const mostTimers = 20_000;

/** Lets time pass until something has happened; without a condition, until no timer is left. */
export async function passTime(hasHappened?: () => boolean): Promise<void> {
  for (let timers = 0; timers < mostTimers; timers++) {
    await turn();
    if (hasHappened?.()) return;
    if (vi.getTimerCount() === 0) {
      if (!hasHappened) return;
      throw new Error('the call hangs: it is not settled, and there is no timer that could do so');
    }
    vi.advanceTimersToNextTimer();
  }
  throw new Error(`still busy after ${mostTimers} timers`);
}

async function generate(model: RoutingModel, call: Call, seen: Seen): Promise<void> {
  try {
    const { content, finishReason, providerMetadata } = await model.doGenerate(call);
    seen.text = content.map((part) => (part.type === 'text' ? part.text : part.type)).join('');
    const metadata = providerMetadata as unknown as Record<string, Decision>;
    (seen.parts as unknown[]).push({ type: 'finish', finishReason, providerMetadata: metadata });
    seen.end = 'ended';
  } catch (error) {
    Object.assign(seen, { end: 'refused', error });
  }
}

async function stream(model: RoutingModel, call: Call, seen: Seen, world: World): Promise<void> {
  const { leaves, readMs } = seen.consumer;
  let reader: ReadableStreamDefaultReader<Part> | undefined;
  let hasLeft = false;
  const leave = (): void => {
    hasLeft = true;
    // Whoever leaves doesn't wait for a member to take note of it.
    reader?.cancel('enough').catch(() => {});
  };
  if (typeof leaves === 'object' && 'cancelsAfterMs' in leaves) world.after(leaves.cancelsAfterMs, leave);
  const mostReads =
    typeof leaves === 'object' && 'cancelsAfterReads' in leaves ? leaves.cancelsAfterReads : Infinity;
  try {
    reader = (await model.doStream(call)).stream.getReader();
  } catch (error) {
    return void Object.assign(seen, { end: 'refused', error });
  }
  try {
    for (let reads = 0; ; reads++) {
      if (hasLeft || reads === mostReads) return leave();
      const { done, value } = await reader.read();
      if (done) return void (seen.end = hasLeft ? 'left' : 'ended');
      (seen.parts as Part[]).push(value);
      await world.sleep(readMs);
    }
  } catch (error) {
    Object.assign(seen, { end: 'broke', error });
  }
}

export const listenersOf = ({ signal }: Seen): number =>
  signal ? getEventListeners(signal, 'abort').length : 0;
