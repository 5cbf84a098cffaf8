import type { TokenUsage } from './decision.ts';

/** What a model costs, in US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Input tokens that the provider read from its cache. @default the price of input */
  readonly cachedInput?: number | undefined;
}

/** What tokens cost, in US dollars. */
export function costOf({ input, output, cachedInput = input }: Price, used: TokenUsage): number {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens = 0 } = used;
  return inDollars(
    (inputTokens - cachedInputTokens) * input + cachedInputTokens * cachedInput + outputTokens * output,
  );
}

/** Dollars from millionths of a dollar, rounded to 12 digits, without the inexact digits of binary fractions. */
export const inDollars = (millionths: number): number => Number((millionths / 1e6).toPrecision(12));
