import { AttemptTimeoutError } from '../../../src/index.ts';
import type { Part } from '../../support/models.ts';
import type { Branch } from './compositions.ts';
import { listenersOf, type Seen } from './consumers.ts';
import { keyOf, type Played, type World } from './scripted-model.ts';

/** Names of the laws that something broke. */
export type Violations = readonly string[];

/** The names of what holds that should not. */
export const named = (broken: Readonly<Record<string, boolean>>): Violations =>
  Object.keys(broken).filter((law) => broken[law]);

/** The parts of a stream that a script made: all but its frame, which is the library's to make. */
const isScripted = (part: Part): boolean =>
  part.type !== 'stream-start' &&
  part.type !== 'finish' &&
  part.type !== 'error' &&
  !(part.type === 'response-metadata' && part.modelId !== undefined);

export const isPrefix = (keys: readonly string[], of: readonly string[]): boolean =>
  keys.length <= of.length && keys.every((key, index) => key === of[index]);

/** The calls whose answer, or the beginning of it, was seen: one at most, unless nothing was seen. */
export function ownersOf({ parts, text }: Seen, played: readonly Played[]): readonly Played[] {
  if (text !== undefined) return played.filter(({ name }) => name === text);
  const keys = parts.filter(isScripted).map(keyOf);
  return played.filter((each) => isPrefix(keys, each.keys));
}

const reasonOf = (parts: readonly Part[]): string | undefined => {
  const finish = parts.find(({ type }) => type === 'finish');
  return finish?.type === 'finish' ? finish.finishReason.unified : undefined;
};

export const isWhole = ({ parts }: Seen): boolean => reasonOf(parts) === 'stop';

/** Whether what was seen is one member's answer, or the beginning of it and an error, or an error. */
export function violationsInAnswer(seen: Seen, played: readonly Played[]): Violations {
  const owners = ownersOf(seen, played);
  const length = seen.parts.filter(isScripted).length;
  const whole = owners.filter(
    (owner) => owner.isWhole && (seen.text ?? owner.keys.length === length) !== false,
  );
  const hasSeen = seen.text !== undefined || length > 0;
  return [
    ...named({
      'a mix of members, or parts of none': hasSeen && owners.length === 0,
      'R-22: a whole answer is that of a member': isWhole(seen) && whole.length === 0,
      'R-39: it names the member that answered': hasSeen && namesAnother(seen, owners),
      'a deadline is the error, not what the member says of its abort': saysAborted(seen),
      'the caller who has left before calls nobody': seen.consumer.leaves === 'before' && played.length > 0,
    }),
    ...(seen.consumer.mode === 'stream' ? violationsInForm(seen, owners) : []),
  ];
}

function namesAnother({ parts, consumer }: Seen, owners: readonly Played[]): boolean {
  if (consumer.mode === 'generate') return false;
  const names = parts.flatMap((part) =>
    part.type === 'response-metadata' && part.modelId !== undefined ? [part.modelId] : [],
  );
  return names.length !== 1 || owners.every(({ member }) => member !== names[0]);
}

/** Whether a stream is made as one has to be. */
function violationsInForm(seen: Seen, owners: readonly Played[]): Violations {
  const { parts, end, abortedAt } = seen;
  const types = parts.map(({ type }) => type);
  const count = (type: string): number => types.filter((each) => each === type).length;
  const hasFailed = count('error') > 0;
  const reason = reasonOf(parts);
  return named({
    'a second stream-start': count('stream-start') > 1,
    'a stream begins with stream-start': types.length > 0 && types[0] !== 'stream-start',
    'a second finish': count('finish') > 1,
    'a second error part': count('error') > 1,
    'something behind the finish': types.includes('finish') && types.at(-1) !== 'finish',
    'something between the error and its finish': hasFailed && types.indexOf('error') < types.length - 2,
    'an end without a finish': end === 'ended' && !types.includes('finish'),
    'the reason is `error` if an error part came':
      types.includes('finish') && (reason === 'error') !== hasFailed,
    'the reason of a whole answer is `stop`': types.includes('finish') && !hasFailed && reason !== 'stop',
    'R-22: an error part only behind content': hasFailed && !parts.some(isScripted),
    'firstContentMs is kept when content is there': isLateFirst(seen),
    'R-22: an error comes behind all that was sent': hasFailed && isCutShort(seen, owners),
    'a stream breaks only if the caller aborts': end === 'broke' && abortedAt === undefined,
  });
}

const isLateFirst = ({ parts }: Seen): boolean =>
  parts.some(
    (part) =>
      part.type === 'error' &&
      AttemptTimeoutError.isInstance(part.error) &&
      part.error.deadline === 'firstContentMs',
  );

/** Whether parts are missing although the member sent them all, and failed by itself. */
function isCutShort({ parts }: Seen, owners: readonly Played[]): boolean {
  const error = parts.flatMap((part) => (part.type === 'error' ? [part.error] : []))[0];
  const isOurs = AttemptTimeoutError.isInstance(error) || (error as Error | null)?.name === 'AbortError';
  const length = parts.filter(isScripted).length;
  return !isOurs && owners.every(({ keys, mayLose }) => !mayLose && keys.length > length);
}

/** Whether a member's word about its own abort took the place of what aborted it: the caller has not. */
const saysAborted = ({ parts, error, abortedAt }: Seen): boolean =>
  abortedAt === undefined &&
  [error, ...parts.map((part) => (part.type === 'error' ? part.error : undefined))].some(
    (each) => (each as Error | undefined)?.name === 'AbortError',
  );

/** Whether a call ends when it has to. Of a consumer that takes its time, little can be said. */
export function violationsInTime(
  { consumer, begunAt, settledAt, abortedAt = settledAt }: Seen,
  played: readonly Played[],
  { options: { deadlineMs = Infinity } }: Branch,
): Violations {
  const isQuick = consumer.readMs === 0;
  return named({
    "R-22: the caller's abort ends the call at once": isQuick && settledAt > abortedAt,
    // Parts of a millisecond are lost to fake timers.
    'a call is over within deadlineMs': isQuick && settledAt - begunAt > deadlineMs + 1,
    'nobody is called after deadlineMs': played.some(({ at }) => at - begunAt > deadlineMs),
  });
}

/** What a settled call may not leave behind: nothing but streams that have finished, which it reads to their end. */
export function leftBehind(seen: Seen, world: World, timers: number): Violations {
  const ending = world.played.filter(({ stream, hasFinished }) => stream === 'open' && hasFinished).length;
  return named({
    "R-22: a listener on the caller's signal": listenersOf(seen) > ending,
    'a timer': timers > world.sleeping() + ending,
  });
}

/** What may not be left at all once all time has passed. */
export function leftForEver(seen: Seen, world: World, timers: number): Violations {
  const own = world.played.filter(({ call }) => call === seen.call);
  const lingers = ({ hasFinished, overAt }: Played): boolean => hasFinished && overAt > seen.settledAt + 1000;
  return named({
    'a listener after all': listenersOf(seen) > 0,
    'a timer after all': timers > 0,
    'a stream that is left open': own.some(({ stream }) => stream === 'open'),
    'a stream that has finished is let go within a second': own.some(lingers),
  });
}
