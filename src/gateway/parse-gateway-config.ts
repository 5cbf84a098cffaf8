import { guardedCharRatio } from '../tokens/estimators/guarded-char-ratio.ts';
import { buildGateway } from './build.ts';
import type { GatewayConfig } from './config.ts';
import type { ModelGatewayOptions } from './create-model-gateway.ts';
import type { GatewayProblem } from './problem.ts';
import { placeholderModel, placeholderStore } from './providers.ts';
import { configOf, readConfig } from './read-config.ts';

/** The result of `parseGatewayConfig`. */
export interface ParsedGatewayConfig {
  /** The configuration, with camelCase keys and kebab-case values; undefined if there are problems. */
  readonly config?: GatewayConfig;
  /** All problems, each with its path in the spelling of the data. */
  readonly problems: readonly GatewayProblem[];
  /** What is allowed but probably a mistake. `createModelGateway` warns of it. */
  readonly warnings: readonly string[];
}

/**
 * Checks a gateway's configuration without providers: plain data, as JSON, YAML or TOML give it. Finds all
 * problems at once, including those that only the primitives find, such as an alloy whose constituent is too small.
 *
 * @param data anything
 * @param options.undeclared `'ai-sdk'`: references to undeclared models are no problem. @default 'error'
 * @param options.tiktoken `tiktoken` of `ai-alloy/tiktoken`: without it, `tokenizer.model` isn't checked
 * @param options.huggingFaceTokenizer `huggingFaceTokenizer` of `ai-alloy/huggingface`: without it, `tokenizer.path` isn't checked
 *
 * @example
 * ```ts
 * import { formatPath, parseGatewayConfig } from 'ai-alloy/gateway';
 *
 * const { problems } = parseGatewayConfig({ cascades: [{ id: 'chat', steps: ['openai/gpt-5'] }] });
 * for (const { path, message } of problems) console.error(`${formatPath(path)}: ${message}`);
 * ```
 */
export function parseGatewayConfig(
  data: unknown,
  {
    undeclared = 'error',
    // Nothing is counted here.
    tiktoken = () => guardedCharRatio(),
    huggingFaceTokenizer = () => guardedCharRatio(),
  }: Pick<ModelGatewayOptions, 'undeclared' | 'tiktoken' | 'huggingFaceTokenizer'> = {},
): ParsedGatewayConfig {
  const { declarations, problems: list } = readConfig(data, undeclared);
  const warnings: string[] = [];
  const materials = {
    resolveModel: placeholderModel,
    tiktoken,
    huggingFaceTokenizer,
    sessionStore: placeholderStore,
    warn: (_: string, message: string) => void warnings.push(list.spelt(message)),
  };
  buildGateway(declarations, materials, list.report);
  const problems = list.inOrder();
  const config = problems.length > 0 ? {} : { config: configOf(declarations) };
  return { ...config, problems, warnings };
}
