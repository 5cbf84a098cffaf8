import { billedInputTokensOf, cachedInputTokensOf, outputTokensOf, type Reporting } from './sdk/usage.ts';

/** What a model costs, in US dollars per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Input tokens that the provider read from its cache. @default the price of input */
  readonly cachedInput?: number;
}

/** What an answer cost in US dollars, or a failure that reports usage; undefined without reported usage. */
export function costOf({ input, output, cachedInput = input }: Price, answer: Reporting): number | undefined {
  const sent = billedInputTokensOf(answer);
  const received = outputTokensOf(answer);
  if (sent === undefined && received === undefined) return undefined;
  const cached = Math.min(cachedInputTokensOf(answer), sent ?? 0);
  return inDollars(((sent ?? 0) - cached) * input + cached * cachedInput + (received ?? 0) * output);
}

/** Dollars from millionths of a dollar, rounded to 12 digits, without the inexact digits of binary fractions. */
export const inDollars = (millionths: number): number => Number((millionths / 1e6).toPrecision(12));
