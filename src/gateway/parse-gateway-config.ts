import { guardedCharRatio } from '../tokens/estimators/guarded-char-ratio.ts';
import { buildGateway } from './build.ts';
import type { GatewayConfig } from './config.ts';
import type { ModelGatewayOptions } from './create-model-gateway.ts';
import type { GatewayProblem } from './problem.ts';
import { placeholderModel, placeholderStore } from './providers.ts';
import { configOf, readConfig } from './read-config.ts';

/** What `parseGatewayConfig` makes of data. */
export interface ParsedGatewayConfig {
  /** The configuration, with camelCase keys and kebab-case values; undefined if there are problems. */
  readonly config?: GatewayConfig;
  /** Everything that is wrong, each with its place in the spelling of the data. */
  readonly problems: readonly GatewayProblem[];
  /** What is allowed, and hardly meant: `createModelGateway` warns of it. Left out where there is nothing of the kind. */
  readonly warnings?: readonly string[];
}

/**
 * Checks a gateway's configuration without providers: plain data, as JSON, YAML or TOML give it. Finds everything
 * that is wrong with it in one go, also what only the primitives know: an alloy whose constituent is too small.
 *
 * @param data anything
 * @param options.undeclared `'ai-sdk'`: references to models that aren't declared are no problem. @default 'error'
 * @param options.tiktoken `tiktoken` of `ai-alloy/tiktoken`: without it, `tokenizer.model` isn't checked
 * @param options.huggingFaceTokenizer that of `ai-alloy/huggingface`: without it, `tokenizer.path` isn't checked
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
    // To count isn't needed here.
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
    warn: (_: string, message: string) => void warnings.push(message),
  };
  buildGateway(declarations, materials, list.report);
  const problems = list.inOrder();
  const config = problems.length > 0 ? {} : { config: configOf(declarations) };
  return { ...config, problems, ...(warnings.length > 0 && { warnings }) };
}
