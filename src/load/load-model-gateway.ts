import { GatewayConfigurationError, type ModelGateway, type ModelGatewayOptions } from '../gateway/index.ts';
import { gatewayOf } from '../gateway/create-model-gateway.ts';
import type { GivenModels } from '../gateway/providers.ts';
import { assertKnownOptions } from '../errors/errors.ts';
import { gateway as gatewayOptions } from '../options/gateway.ts';
import { huggingFaceTokenizer as ourTokenizer } from '../huggingface/hugging-face-tokenizer.ts';
import { tiktoken as ourTiktoken } from '../tiktoken/tiktoken.ts';
import { warn } from '../warn.ts';
import { askSizes, withoutAsking } from './ask-sizes.ts';
import { fileCounting } from './file-counting.ts';
import { fileProblems } from './file-problems.ts';
import { GatewayFileError } from './gateway-file-error.ts';
import {
  fileOf,
  type GatewayText,
  readGatewayFile,
  type ReadGatewayFileOptions,
} from './read-gateway-file.ts';
import { parseWatch, watchGateway, type WatchOptions } from './watch.ts';

/** Options of `loadModelGateway`: those of `createModelGateway`, and some about the file. */
export interface LoadModelGatewayOptions extends ModelGatewayOptions, ReadGatewayFileOptions {
  /**
   * Whether to load the file again whenever it changes. The models that the gateway has handed out follow it at their
   * next call; calls under way go on with what they began with. If the changed file has problems, the gateway stays as it
   * was.
   * @default false
   */
  readonly watch?: boolean | WatchOptions | undefined;
}

/** A gateway that was loaded from a file or a text. */
export interface LoadedModelGateway extends ModelGateway<string> {
  /** Stops watching the file. The gateway and its models stay as they are. */
  close(): void;
}

/**
 * Creates a gateway from a JSON, YAML or TOML file, as `createModelGateway` does from its data. Reads the file once,
 * unless it is watched. See
 * `readGatewayFile` for what is refused and how environment variables are written as `${NAME}`. Problems show `${NAME}`
 * instead of the variable's value, but decisions and errors of calls show the actual ids. YAML needs the package `yaml`,
 * TOML `smol-toml`. The tokenizer kinds `tiktoken` and `auto` need js-tiktoken, `huggingface` needs
 * @huggingface/tokenizers (and @huggingface/jinja for models with a chat template).
 *
 * If a `context_window` is `{ ask, otherwise }`, the server is asked once, now, as `askContextWindow` of `ai-alloy/local`
 * does. If it doesn't report a size, `otherwise` is used, with a warning.
 *
 * With `watch`, the file is looked at every second and loaded again once it has changed and then stayed the same for a
 * second: environment variables and tokenizer files are read again, and servers are asked again. The timer doesn't keep
 * the process alive. A model that the new file doesn't declare fails with a NoSuchModelError when it is called.
 *
 * Reading a file needs a runtime with a file system. A text, `{ text, format }`, can be read in any runtime.
 *
 * @param source a path, or a URL, that ends in `.json`, `.yaml`, `.yml` or `.toml`; or a text and its format
 * @param options.providers AI SDK providers by the prefix of the ids that they serve, a registry, or a function
 * @param options.environment the variables for `${NAME}`. @default process.env
 * @param options.watch whether to load the file again when it changes; `{ intervalMs, onReload }`. @default false
 * @throws GatewayFileError with all problems of the file, and their lines and columns
 * @throws InvalidConfigurationError if the file can't be read, or if a parser is missing: the message says what to install
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
): Promise<LoadedModelGateway> {
  const known = ['environment', ...Object.keys(gatewayOptions), 'watch'];
  assertKnownOptions('loadModelGateway: options', options, known);
  const { watch, ...others } = options;
  const place = placeOf(source);
  const file = place && fileOf(place);
  const watching = parseWatch(watch, file !== undefined);
  const name = nameOf(source);
  if (!watching || file === undefined) return { ...(await load(name, source, others)), close() {} };
  const models: GivenModels = new Map();
  const { gateway, close } = await watchGateway({
    ...watching,
    name,
    file,
    load: (path) => load(name, path, others, models),
  });
  return Object.defineProperty(gateway, 'close', { value: close, enumerable: true }) as LoadedModelGateway;
}

/** Loads a gateway once; `models` are those of earlier times. */
async function load(
  name: string,
  source: string | URL | GatewayText,
  { environment, ...options }: LoadModelGatewayOptions,
  models?: GivenModels,
): Promise<ModelGateway<string>> {
  const read = await readGatewayFile(source, { ...(environment !== undefined && { environment }) });
  if (read.data === undefined) throw new GatewayFileError(name, read.problems);
  let problems = read.problems;
  // Problems of the file are reported before any server is asked.
  const { data, notes } = await (problems.length === 0 ? askSizes(read.data) : withoutAsking(read.data));
  try {
    const gateway = await createCounting(data as object, placeOf(source), options, models);
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

/** The name of a source in messages. A text has none, so its format is used. */
const nameOf = (source: string | URL | GatewayText): string =>
  placeOf(source) === undefined ? `<${(source as GatewayText).format}>` : String(source);

const placeOf = (source: string | URL | GatewayText): string | URL | undefined =>
  typeof source === 'string' || source instanceof URL ? source : undefined;

/** A gateway whose estimators are loaded, so that a missing package is a problem of the file rather than of the first call. */
async function createCounting(
  data: object,
  file: string | URL | undefined,
  options: ModelGatewayOptions,
  models: GivenModels | undefined,
): Promise<ModelGateway<string>> {
  const { tiktoken = ourTiktoken, huggingFaceTokenizer = ourTokenizer } = options;
  const counting = fileCounting(file, { tiktoken, huggingFaceTokenizer });
  const gateway = gatewayOf(data, { ...options, ...counting.counters() }, models);
  if (await counting.load()) return gateway;
  // Create it again, which reports where the file asks for what is missing.
  const { tiktoken: _given, ...others } = options;
  return gatewayOf(data, { ...others, ...counting.counters() }, models);
}
