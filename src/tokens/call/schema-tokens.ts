import type { TokenEstimator } from '../estimator.ts';

interface Counted {
  readonly text: string;
  readonly tokens: number;
}

// The same few sets of tools come with call after call, and the AI SDK makes their schemas anew each time.
const most = 8;
const counted = new WeakMap<TokenEstimator, Counted[]>();

/** Tokens of tool definitions and response schema, if they were counted lately. */
export function knownSchemaTokens(estimator: TokenEstimator, text: string): number | undefined {
  return counted.get(estimator)?.find((each) => each.text === text)?.tokens;
}

export function rememberSchemaTokens(estimator: TokenEstimator, text: string, tokens: number): void {
  const others = counted.get(estimator) ?? [];
  counted.set(estimator, [{ text, tokens }, ...others].slice(0, most));
}
