import {
  createModelGateway,
  GatewayConfigurationError,
  type GatewayData,
  type ModelGateway,
  type ModelGatewayOptions,
} from '../gateway/index.ts';
import { gatewayOptions } from '../gateway/create-model-gateway.ts';
import { assertKnownOptions } from '../errors/errors.ts';
import { warn } from '../warn.ts';
import { askSizes, withoutAsking } from './ask-sizes.ts';
import { fileCounting } from './file-counting.ts';
import { fileProblems } from './file-problems.ts';
import { GatewayFileError } from './gateway-file-error.ts';
import { type GatewayText, readGatewayFile, type ReadGatewayFileOptions } from './read-gateway-file.ts';

/** Options of `loadModelGateway`: those of `createModelGateway`, and the environment. */
export interface LoadModelGatewayOptions extends ModelGatewayOptions, ReadGatewayFileOptions {}

/**
 * Makes a gateway of a JSON, YAML or TOML file: what `createModelGateway` makes of the data that stands there. Reads
 * the file once; `readGatewayFile` says what is refused, and how `${NAME}` stands for environment variables. Its
 * problems show `${NAME}`, not what that holds; in decisions and errors of calls, ids are what they are. YAML takes the
 * package `yaml`, TOML `smol-toml`; the kinds `tiktoken` and `auto` of a tokenizer take js-tiktoken,
 * `huggingface` @huggingface/tokenizers (and @huggingface/jinja, for models with a chat template), and nothing else.
 *
 * Where a `context_window` says `{ ask, otherwise }`, the server is asked now, once, as `askContextWindow` of `ai-alloy/local`
 * does; where it doesn't say, `otherwise` holds, with a warning.
 *
 * To read a file takes a runtime that has files. A text, `{ text, format }`, is read in any.
 *
 * @param source a path, or a URL, that ends in `.json`, `.yaml`, `.yml` or `.toml`; or a text and its format
 * @param options.providers AI SDK providers by the prefix of the ids that they serve, a registry, or a function
 * @param options.environment what `${NAME}` stands for. @default process.env
 * @throws GatewayFileError with all problems of the file, and their lines and columns
 * @throws InvalidConfigurationError for a file that can't be read, or a parser that is missing: it says what to install
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
  source: string | URL | GatewayText,
  options: LoadModelGatewayOptions = {},
): Promise<ModelGateway<string>> {
  assertKnownOptions('loadModelGateway: options', options, ['environment', ...Object.keys(gatewayOptions)]);
  const { environment, ...others } = options;
  const read = await readGatewayFile(source, { ...(environment !== undefined && { environment }) });
  const name = nameOf(source);
  if (read.data === undefined) throw new GatewayFileError(name, read.problems);
  let problems = read.problems;
  // Nobody waits for a server to be told of a slip.
  const { data, notes } = await (problems.length === 0 ? askSizes(read.data) : withoutAsking(read.data));
  try {
    const gateway = await createCounting(data as GatewayData, placeOf(source), others);
    if (problems.length === 0) {
      for (const { path, message } of notes) warn(name, read.hideValues(message, path));
      return gateway;
    }
  } catch (error) {
    if (!GatewayConfigurationError.isInstance(error)) throw error;
    problems = fileProblems(read, error.problems);
  }
  throw new GatewayFileError(name, problems);
}

/** A text has no name: its format stands in for one. */
const nameOf = (source: string | URL | GatewayText): string =>
  placeOf(source) === undefined ? `<${(source as GatewayText).format}>` : String(source);

const placeOf = (source: string | URL | GatewayText): string | URL | undefined =>
  typeof source === 'string' || source instanceof URL ? source : undefined;

/** A gateway whose estimators are loaded: what is missing is a problem of the file, not of the first call that is counted. */
async function createCounting(
  data: GatewayData,
  file: string | URL | undefined,
  options: ModelGatewayOptions,
): Promise<ModelGateway<string>> {
  const counting = fileCounting(file, options);
  const gateway = createModelGateway(data, { ...options, ...counting.counters() });
  if (await counting.load()) return gateway;
  // Made again to say where the file asks for it.
  const { tiktoken: _, ...others } = options;
  return createModelGateway(data, { ...others, ...counting.counters() });
}
