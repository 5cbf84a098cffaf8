import { setImmediate } from 'node:timers';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { stop, textResult, usage, type Call, type Part } from '../../support/models.ts';
import {
  errorOfKind,
  type GenerateScript,
  type MemberScript,
  type PartType,
  type StreamScript,
} from './scripts.ts';

/** One call of a scripted model, and what came of it. */
export interface Played {
  readonly member: string;
  /** The number of the call on the outermost primitive that it belongs to. */
  readonly call: string;
  /** The text of a generated answer; what all of a stream's parts are marked with. */
  readonly name: string;
  /** A stream's parts up to its end, less any `stream-start`. */
  readonly keys: readonly string[];
  /** Whether it answers completely, if it is let. */
  readonly isWhole: boolean;
  /** Whether it may break while parts that it has sent are not read yet, which are lost then. */
  readonly mayLose: boolean;
  /** When it was called. */
  readonly at: number;
  /** Whether a stream has sent its finish or error part, so that only its own end is to come. */
  hasFinished: boolean;
  /** When a stream was over. */
  overAt: number;
  stream: 'not opened' | 'open' | 'ended' | 'broken' | 'cancelled';
}

/** Everything that the scripts of a run share. */
export interface World {
  readonly played: Played[];
  /** How many timers are those of scripts and consumers; all others are the library's. */
  readonly sleeping: () => number;
  /** Runs `wake` after that time. */
  readonly after: (ms: number, wake: () => void) => void;
  readonly sleep: (ms: number) => Promise<void>;
}

export function createWorld(): World {
  let sleeping = 0;
  const after = (ms: number, wake: () => void): void => {
    sleeping++;
    setTimeout(() => {
      sleeping--;
      wake();
    }, ms);
  };
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => (ms === 0 ? resolve() : after(ms, resolve)));
  return { played: [], sleeping: () => sleeping, after, sleep };
}

/** Lets everything happen that needs no time. Not a fake timer: only `setTimeout` is. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Tells the calls on the outermost primitive apart, down to the members. */
export const callHeader = 'x-call';

/** A model that does as its script says. A plain object: thousands of them are made. */
export function scriptedModel(member: string, script: MemberScript, world: World): LanguageModelV4 {
  let calls = 0;
  const play = ({ headers }: Call, isWhole: boolean, own?: StreamScript): Played => {
    const name = `${member}:${calls++}`;
    const keys = own ? keysIn(own, name) : [];
    const mayLose = own !== undefined && own.isEager && (own.end === 'breaks' || own.tail === 'breaks');
    const call = headers?.[callHeader] ?? 'none';
    const at = Date.now();
    const fresh = { hasFinished: false, overAt: Infinity, stream: 'not opened' } as const;
    const played: Played = { member, call, name, keys, isWhole, mayLose, at, ...fresh };
    world.played.push(played);
    return played;
  };
  return {
    specificationVersion: 'v4',
    provider: 'scripted',
    modelId: member,
    supportedUrls: {},
    doGenerate(call) {
      const own = script.generate[calls % script.generate.length]!;
      const { name } = play(call, own.end === 'answers');
      if (own.end === 'throws') throw errorOfKind(503);
      return obeying(call, own, async () => {
        await world.sleep(own.afterMs);
        return generated(own, name);
      });
    },
    doStream(call) {
      const own = script.stream[calls % script.stream.length]!;
      const isWhole = own.opening === 'opens' && own.end === 'finish: stop';
      const played = play(call, isWhole, own);
      const { opening } = own;
      if (opening === 'throws') throw errorOfKind(503);
      return obeying(call, own, async () => {
        await world.sleep(own.afterMs);
        if (opening === 'stays silent') return never();
        if (opening !== 'opens') throw errorOfKind(opening);
        if (!own.isDeaf) call.abortSignal?.throwIfAborted();
        return { stream: sourceOf(own, played, call, world) };
      });
    },
  };
}

const never = (): Promise<never> => new Promise(() => {});
/** As fetch says it; a deadline's own error has to win over it. */
const ownAbortError = (): Error => new DOMException('This operation was aborted', 'AbortError');

function generated({ end }: GenerateScript, name: string): ReturnType<LanguageModelV4['doGenerate']> {
  if (end === 'answers') return Promise.resolve(textResult(name));
  if (end === 'is empty') {
    return Promise.resolve({
      ...textResult(''),
      content: [],
      finishReason: { unified: 'other', raw: undefined },
    });
  }
  return end === 'stays silent' ? never() : Promise.reject(errorOfKind(end as 503));
}

/** What a model promises, which it breaks when it is told to stop; not if it is deaf. */
function obeying<Value>(
  { abortSignal }: Call,
  { isDeaf }: { readonly isDeaf: boolean },
  work: () => Promise<Value>,
): Promise<Value> {
  if (isDeaf || !abortSignal) return work();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(ownAbortError());
    abortSignal.addEventListener('abort', onAbort, { once: true });
    void work()
      .then(resolve, reject)
      .finally(() => abortSignal.removeEventListener('abort', onAbort));
  });
}

/** A part that says whose it is, and which. */
function partOf(type: PartType, name: string): Part {
  if (type === 'stream-start') return { type, warnings: [] };
  if (type === 'raw') return { type, rawValue: name };
  if (type === 'tool-call') return { type, toolCallId: name, toolName: 'look', input: '{}' };
  if (type === 'text') return { type: 'text-delta', id: '1', delta: `${name} ` };
  if (type === 'empty') return { type: 'text-delta', id: name, delta: '' };
  return { type, id: name } as Part; // `ping` is in no specification, but sent
}

export const keyOf = (part: Part): string => JSON.stringify(part);

type Action = { readonly part: Part } | { readonly pauseMs: number } | 'close' | 'break' | 'stay open';

const actionsOfSteps = ({ steps }: StreamScript, name: string): Action[] =>
  steps.map((step, index) => ('part' in step ? { part: partOf(step.part, `${name}.${index}`) } : step));

const keysIn = (script: StreamScript, name: string): readonly string[] =>
  actionsOfSteps(script, name).flatMap((action) =>
    typeof action === 'object' && 'part' in action && action.part.type !== 'stream-start'
      ? [keyOf(action.part)]
      : [],
  );

/** Of an answer that broke off: one with usage and no reason is whole. */
const unreported = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};
const reasons = {
  'finish: stop': stop,
  'finish: other': { unified: 'other', raw: undefined },
  'finish: error': { unified: 'error', raw: 'error' },
} as const;

function endingOf({ end, tail }: StreamScript, name: string): Action[] {
  if (end === 'closes') return ['close'];
  if (end === 'breaks') return ['break'];
  if (end === 'stays open') return ['stay open'];
  const last: Part =
    end === 'error part'
      ? { type: 'error', error: errorOfKind(503) }
      : { type: 'finish', finishReason: reasons[end], usage: end === 'finish: other' ? unreported : usage };
  const more: Action[] = [{ part: partOf('text', `${name}.late`) }, { part: last }, 'close'];
  const tails: Record<StreamScript['tail'], Action[]> = {
    closes: ['close'],
    breaks: ['break'],
    'stays open': ['stay open'],
    'more parts': more,
  };
  return [{ part: last }, ...tails[tail]];
}

/** The stream of a script: sends a part whenever it is asked, or, eager, all of them by itself. */
function sourceOf(
  script: StreamScript,
  played: Played,
  { abortSignal }: Call,
  world: World,
): ReadableStream<Part> {
  const actions = [...actionsOfSteps(script, played.name), ...endingOf(script, played.name)];
  const signal = script.isDeaf ? undefined : abortSignal;
  let controller: ReadableStreamDefaultController<Part>;
  const become = (state: Played['stream']): void => {
    played.stream = state;
    if (state === 'open') return;
    played.overAt = Date.now();
    signal?.removeEventListener('abort', onAbort);
  };
  const fail = (error: unknown): void => {
    become('broken');
    controller.error(error);
  };
  const onAbort = (): void => fail(ownAbortError());
  const sendNext = async (): Promise<void> => {
    for (;;) {
      const action = actions.shift()!;
      if (action === 'stay open') return never();
      if (action === 'break') return fail(new TypeError('terminated'));
      if (action === 'close') {
        become('ended');
        return controller.close();
      }
      if ('part' in action) {
        played.hasFinished ||= action.part.type === 'finish' || action.part.type === 'error';
        return controller.enqueue(action.part);
      }
      await world.sleep(action.pauseMs);
      if (played.stream !== 'open') return;
    }
  };
  const sendAll = async (): Promise<void> => {
    while (played.stream === 'open') await sendNext();
  };
  become('open');
  signal?.addEventListener('abort', onAbort);
  return new ReadableStream<Part>(
    {
      start(own) {
        controller = own;
        if (script.isEager) void sendAll();
      },
      pull: () => (script.isEager ? undefined : sendNext()),
      cancel() {
        become('cancelled');
        if (script.onCancel === 'rejects') throw new TypeError('cannot be cancelled');
        return script.onCancel === 'hangs' ? never() : undefined;
      },
    },
    { highWaterMark: 0 },
  );
}
