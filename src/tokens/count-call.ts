import type { Demand } from '../decision.ts';
import type { Call } from '../spec/model.ts';
import type { TokenEstimator } from './estimator.ts';
import { walkCall, type CallContent } from './walk-call.ts';

/** The input tokens of a call. */
export interface InputCount {
  readonly tokens: number;
  readonly basis: Demand['basis'];
}

/** What is known of a call while it is under way. */
export interface Remembered {
  readonly content: CallContent;
  readonly counts: Counted[];
  /** How often a primitive made a plan for the call; see `planCall`. */
  plans: number;
}

/** What an estimator said, and up to which limit it may have counted. */
interface Counted {
  readonly estimator: TokenEstimator;
  readonly tokens: number;
  readonly limit: number;
}

// By prompt array, weakly, so that a request's text is counted once however deep primitives nest.
const remembered = new WeakMap<object, Remembered>();

/**
 * Input tokens of `call`: an upper bound if that is within `limit`, else the estimator's count, which may
 * have stopped early above `limit`.
 */
export function countCall(
  call: Call,
  estimator: TokenEstimator,
  limit: number,
  { content, counts }: Remembered = recall(call),
): InputCount | Promise<InputCount> {
  if (estimator.upperBound) {
    const tokens = sum(content, estimator, 'upperBound');
    if (tokens <= limit) return { tokens, basis: 'bound' };
  }
  // A count above its own limit may have stopped early: it only says "more than that limit".
  const known = counts.find(
    (counted) =>
      counted.estimator === estimator && (counted.tokens <= counted.limit || limit <= counted.limit),
  );
  if (known) return { tokens: known.tokens, basis: 'estimate' };
  const keep = (counted: number): InputCount => {
    const tokens = checked(counted, estimator);
    counts.push({ estimator, tokens, limit: estimator.estimateCall ? limit : Infinity });
    return { tokens, basis: 'estimate' };
  };
  const counted = estimator.estimateCall?.(call, limit) ?? sum(content, estimator, 'estimateText');
  return typeof counted === 'object' ? Promise.resolve(counted).then(keep) : keep(counted);
}

/** Drops what is remembered of a call that is over: the garbage collector would take a microsecond for it. */
export function forget({ prompt }: Call): void {
  remembered.delete(prompt);
}

/** What is remembered of this call, if its content is still what it was. */
export function recall(call: Call): Remembered {
  const content = walkCall(call);
  const known = remembered.get(call.prompt);
  if (
    known?.content.fixedTokens === content.fixedTokens &&
    known.content.leaves.length === content.leaves.length &&
    known.content.leaves.every((leaf, index) => leaf === content.leaves[index])
  ) {
    return known;
  }
  const entry: Remembered = { content, counts: [], plans: 0 };
  remembered.set(call.prompt, entry);
  return entry;
}

function sum(
  { leaves, fixedTokens }: CallContent,
  estimator: TokenEstimator,
  method: 'estimateText' | 'upperBound',
): number {
  let tokens = fixedTokens;
  for (const leaf of leaves) tokens += Math.ceil(checked(estimator[method]!(textOf(leaf)), estimator));
  return tokens;
}

/** The text that a leaf is sent as. */
function textOf(leaf: unknown): string {
  if (typeof leaf === 'string') return leaf;
  try {
    return JSON.stringify(leaf) ?? '';
  } catch {
    return ''; // circular, or a BigInt: no provider can send it either
  }
}

function checked(tokens: unknown, { id }: TokenEstimator): number {
  if (typeof tokens === 'number' && tokens >= 0 && tokens < Infinity) return tokens;
  throw new TypeError(
    `token estimator "${id}" returned ${String(tokens)}: it has to return a number of at least 0`,
  );
}
