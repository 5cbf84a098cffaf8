import type { Candidate, Demand } from '../decision.ts';
import { isOfAnthropicPackage, type Provided } from '../sdk/provided.ts';

/** Output tokens to reserve, and where the number comes from. */
export type OutputBudget = Pick<Demand, 'output' | 'outputFrom'>;

/** Reserved if neither the call, the options nor the provider package sets a limit. */
const builtIn = 4096;

/** The output budget of a call that sets no limit of its own; never more than the member's own output limit. */
export function outputBudgetOf(
  defaultOutputTokens: number | undefined,
  { maxOutputTokens = Infinity }: Pick<Candidate, 'maxOutputTokens'>,
  model: Provided,
): OutputBudget {
  const sent = defaultOutputTokens === undefined ? sentBy(model) : undefined;
  const output = defaultOutputTokens ?? sent ?? builtIn;
  if (output > maxOutputTokens) return { output: maxOutputTokens, outputFrom: 'max-output-tokens' };
  if (sent !== undefined) return { output, outputFrom: 'provider' };
  return { output, outputFrom: defaultOutputTokens === undefined ? 'built-in' : 'default-output-tokens' };
}

/**
 * The `max_tokens` that the provider package sends when a call sets none, if it is known and if the API counts it towards
 * the context window together with the input; else undefined.
 *
 * Read in November 2026: only `@ai-sdk/anthropic` does so, and the packages built on it: Claude on Vertex and, by its
 * Anthropic API, on Bedrock. Up to 2.0.30 it sends 4,096 for every model, then the number that
 * `getModelCapabilities` has for the model (2.0.112: dist/index.mjs:4453; 3.0.140: dist/index.mjs:6359; 4.0.105:
 * dist/index.js:199). The API of models before Claude 4.5 rejects the sum: "input length and `max_tokens` exceed context
 * limit: 174167 + 64000 > 200000". Later ones stop with `model_context_window_exceeded` instead (Anthropic, "Handling stop
 * reasons"), so they are not in the table. For other models before 4.5, the package sends 4,096, which are
 * reserved anyway.
 *
 * Also read, in the latest version (for Bedrock, Vertex and Mistral, the latest of each major): the packages for OpenAI,
 * Azure, Google, Mistral, Cohere, Groq, xAI, DeepSeek, Moonshot, Perplexity, OpenRouter and OpenAI-compatible servers send
 * only the limit that the call sets. Bedrock's Converse API gets 4,096 plus the thinking budget if a
 * call enables thinking. Llama 4 on Vertex gets 8,192; whether its API counts that towards the context window is not known.
 */
function sentBy(model: Provided): number | undefined {
  if (!isOfAnthropicPackage(model)) return undefined;
  const { specificationVersion = '', modelId = '' } = model;
  return table.find(({ versions, models }) => versions.includes(specificationVersion) && models.test(modelId))
    ?.tokens;
}

const table: readonly {
  readonly models: RegExp;
  /** The specification versions of the package majors that send this number: V2 is 2.x, V3 is 3.x, V4 is 4.x. */
  readonly versions: readonly string[];
  readonly tokens: number;
}[] = [
  { models: /claude-sonnet-4-(?:0(?!\d)|\d{8})/, versions: ['v2', 'v3', 'v4'], tokens: 64_000 },
  { models: /claude-opus-4-(?:[01](?!\d)|\d{8})/, versions: ['v2', 'v3', 'v4'], tokens: 32_000 },
  // Vertex's ids, 'claude-sonnet-4@20250514': 2.x and 3.x take them for unknown models, and send 4,096 or, in recent
  // versions, 128,000, which the API rejects whatever the input is.
  { models: /claude-sonnet-4@/, versions: ['v4'], tokens: 64_000 },
  { models: /claude-opus-4@/, versions: ['v4'], tokens: 32_000 },
  { models: /claude-3-7-sonnet/, versions: ['v2'], tokens: 64_000 }, // 3.x: up to 3.0.40, no longer by 3.0.80
];
