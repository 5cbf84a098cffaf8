import {
  createModelGateway,
  GatewayConfigurationError,
  type GatewayData,
  type ModelGateway,
  type ModelGatewayOptions,
} from '../gateway/index.ts';
import { gatewayOptionNames } from '../gateway/create-model-gateway.ts';
import { assertKnownOptions } from '../errors.ts';
import { fileProblems } from './file-problems.ts';
import { GatewayFileError } from './gateway-file-error.ts';
import { readGatewayFile, type ReadGatewayFileOptions } from './read-gateway-file.ts';

/** Options of `loadModelGateway`: those of `createModelGateway`, and the environment. */
export interface LoadModelGatewayOptions extends ModelGatewayOptions, ReadGatewayFileOptions {}

/**
 * Makes a gateway of a JSON, YAML or TOML file: what `createModelGateway` makes of the data that stands there. Reads
 * the file once; `readGatewayFile` says what is refused, and how `${NAME}` stands for environment variables. Its
 * problems show `${NAME}`, not what that holds; in decisions and errors of calls, ids are what they are. Kinds `tiktoken`
 * and `auto` of a tokenizer need js-tiktoken to be installed, and nothing else.
 *
 * @param file a path, or a URL, that ends in `.json`, `.yaml`, `.yml` or `.toml`
 * @param options.providers AI SDK providers by the prefix of the ids that they serve, a registry, or a function
 * @param options.environment what `${NAME}` stands for. @default process.env
 * @throws GatewayFileError with all problems of the file, and their lines and columns
 * @throws InvalidConfigurationError for a file that can't be read, or a parser that is missing
 *
 * @example
 * ```ts
 * import { openai } from '@ai-sdk/openai';
 * import { generateText } from 'ai';
 * import { loadModelGateway } from 'ai-alloy/load';
 *
 * const gateway = await loadModelGateway('models.yaml', { providers: { openai } });
 * const { text } = await generateText({ model: gateway.languageModel('smart'), prompt: 'Hello!' });
 * console.log(text);
 * ```
 */
export async function loadModelGateway(
  file: string | URL,
  options: LoadModelGatewayOptions = {},
): Promise<ModelGateway<string>> {
  assertKnownOptions('loadModelGateway: options', options, ['environment', ...gatewayOptionNames]);
  const { environment, ...gatewayOptions } = options;
  const installed = options.tiktoken ? {} : await tiktokenIfInstalled();
  const read = await readGatewayFile(file, { ...(environment !== undefined && { environment }) });
  const name = String(file);
  if (read.data === undefined) throw new GatewayFileError(name, read.problems);
  let problems = read.problems;
  try {
    const gateway = createModelGateway(read.data as GatewayData, { ...installed, ...gatewayOptions });
    if (problems.length === 0) return gateway;
  } catch (error) {
    if (!GatewayConfigurationError.isInstance(error)) throw error;
    problems = fileProblems(read, error.problems);
  }
  throw new GatewayFileError(name, problems);
}

/** Without js-tiktoken, a file that needs it is told so by the gateway. */
async function tiktokenIfInstalled(): Promise<Pick<ModelGatewayOptions, 'tiktoken'>> {
  try {
    const { tiktoken } = await import('../tiktoken/index.ts');
    return { tiktoken };
  } catch {
    return {};
  }
}
