import type { TokenUsage } from '../decision.ts';

/** An answer that reports usage: a generated result, or a stream's finish part. */
export interface Reporting {
  readonly usage?: unknown;
  readonly providerMetadata?: unknown;
  readonly [field: string]: unknown;
}

/** Usage as in any of the four specifications, read by its shape. */
interface Usage {
  readonly promptTokens?: unknown; // V1
  readonly inputTokens?: unknown; // a number in V2, InputTokens in V3 and V4
  readonly cachedInputTokens?: unknown; // V2
}

interface InputTokens {
  readonly total?: unknown;
  readonly noCache?: unknown;
  readonly cacheRead?: unknown;
  readonly cacheWrite?: unknown;
}

/** Cache tokens as Anthropic's and Bedrock's providers report them, in their metadata. */
interface CacheMetadata {
  readonly cacheReadInputTokens?: unknown;
  readonly cacheCreationInputTokens?: unknown;
  readonly usage?: {
    readonly cache_read_input_tokens?: unknown;
    readonly cacheReadInputTokens?: unknown;
    readonly cacheWriteInputTokens?: unknown;
  };
}

/**
 * The input tokens that an answer reports, cache reads and writes included; undefined where it reports none.
 *
 * V3 and V4 include the cache. Under V1 and V2 (and so in V2 adapted by ai 6 and 7) Anthropic's and Bedrock's
 * providers leave it out and report it separately in the metadata. All others that we read include it: OpenAI, Azure,
 * Google, xAI, Groq, DeepSeek, Perplexity, OpenAI-compatible, OpenRouter, Claude Code (versions in the test, 2026).
 */
export const inputTokensOf = (answer: Reporting): number | undefined =>
  readFrom(answer, (each) => (wasEdited(each.providerMetadata) ? undefined : readInput(each)?.tokens));

/** What an answer, or a failure, reports to have used; undefined if it reports neither input nor output. */
export const usageOf = (answer: Reporting): TokenUsage | undefined => readFrom(answer, readUsed);

function readUsed(answer: Reporting): TokenUsage | undefined {
  // What is billed, also if the provider dropped a part of the prompt because it was asked to.
  const input = readInput(answer);
  const outputTokens = readOutput(answer);
  if (input === undefined) return outputTokens === undefined ? undefined : { outputTokens };
  const used: { -readonly [Name in keyof TokenUsage]: TokenUsage[Name] } = { inputTokens: input.tokens };
  if (outputTokens !== undefined) used.outputTokens = outputTokens;
  if (input.cached > 0) used.cachedInputTokens = input.cached;
  return used;
}

/** The input tokens, and how many of them were read from the provider's cache, as far as the answer reports it. */
function readInput({
  usage,
  providerMetadata,
}: Reporting): { readonly tokens: number; readonly cached: number } | undefined {
  const { promptTokens, inputTokens = promptTokens, cachedInputTokens } = Object(usage) as Usage;
  const {
    total: reported = inputTokens,
    noCache,
    cacheRead = cachedInputTokens,
    cacheWrite,
  } = Object(inputTokens) as InputTokens;
  if (typeof reported !== 'number' || !(reported >= 0)) return undefined;
  const cache = cacheOf(providerMetadata);
  const read = count(cacheRead) || cache.read;
  const write = count(cacheWrite) || cache.write;
  // If the cache is larger than the input, or wasn't subtracted from it, the input doesn't include the cache.
  const isApart = typeof noCache === 'number' ? noCache >= reported && read > 0 : cache.isApart;
  const tokens = count(isApart || read > reported ? reported + read + write : reported);
  return tokens === 0 ? undefined : { tokens, cached: Math.min(read, tokens) };
}

/** The output tokens that an answer reports; undefined if it reports none. */
export const outputTokensOf = (answer: unknown): number | undefined =>
  readFrom(Object(answer) as Reporting, readOutput);

function readOutput(answer: unknown): number | undefined {
  const { completionTokens, outputTokens = completionTokens } = Object(Object(answer).usage) as Record<
    string,
    unknown
  >;
  const tokens: unknown = Object(outputTokens).total ?? outputTokens;
  return typeof tokens === 'number' && tokens >= 0 && tokens < Infinity ? tokens : undefined;
}

/** Usage of any origin; undefined where a getter throws, or it is a revoked proxy. */
function readFrom<Value>(answer: Reporting, read: (answer: Reporting) => Value): Value | undefined {
  try {
    return read(answer);
  } catch {
    return undefined;
  }
}

function cacheOf(providerMetadata: unknown): {
  readonly read: number;
  readonly write: number;
  readonly isApart: boolean;
} {
  let read = 0;
  let write = 0;
  let isApart = false;
  for (const [provider, entry] of Object.entries(Object(providerMetadata) as object)) {
    // Under any name, since providers can be renamed. Bedrock's reports nothing if nothing was written to the cache.
    const metadata = Object(entry) as CacheMetadata;
    const usage = Object(metadata.usage) as NonNullable<CacheMetadata['usage']>;
    isApart ||=
      provider === 'bedrock' || 'cacheCreationInputTokens' in metadata || 'cacheWriteInputTokens' in usage;
    read ||=
      count(metadata.cacheReadInputTokens) ||
      count(usage.cache_read_input_tokens) ||
      count(usage.cacheReadInputTokens);
    write ||= count(metadata.cacheCreationInputTokens) || count(usage.cacheWriteInputTokens);
  }
  return { read, write, isApart };
}

/**
 * Whether the provider dropped or summarised a part of the prompt because it was asked to (Anthropic's context
 * management).
 */
function wasEdited(providerMetadata: unknown): boolean {
  return Object.values(Object(providerMetadata) as object).some((entry) => {
    const { contextManagement } = Object(entry) as {
      contextManagement?: { appliedEdits?: readonly unknown[] };
    };
    return (contextManagement?.appliedEdits ?? []).length > 0;
  });
}

/** A number of tokens, or 0: in V1, NaN means unknown. */
const count = (tokens: unknown): number =>
  typeof tokens === 'number' && tokens > 0 && tokens < Infinity ? tokens : 0;
