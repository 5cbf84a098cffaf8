import { foundName, InvalidConfigurationError, isObject } from '../errors/errors.ts';
import { beside, isPlace, nameOf, parseObject, readTextAt, type TokenizerSource } from './source.ts';
import { at } from '../errors/place.ts';

/** The paths or contents of a tokenizer's files. */
export interface TokenizerFiles {
  readonly tokenizer: TokenizerSource;
  readonly config?: TokenizerSource | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/** The contents of a tokenizer's files. */
export interface TokenizerData {
  /** `tokenizer.json` */
  readonly tokenizer: Json;
  /** `tokenizer_config.json` */
  readonly config: Json;
  /** The chat templates by name; `default` is the usual one. */
  readonly templates: ReadonlyMap<string, string>;
}

const options = {
  tokenizer: at('huggingFaceTokenizer', 'tokenizer'),
  config: at('huggingFaceTokenizer', 'config'),
};

/**
 * Reads the files.
 *
 * @throws InvalidConfigurationError for a file that is missing or something else: it says what was found
 */
export async function readTokenizerFiles({ tokenizer, config }: TokenizerFiles): Promise<TokenizerData> {
  const configAt = config ?? beside(tokenizer as string | URL, 'tokenizer_config.json');
  const tokenizerJson = isPlace(tokenizer)
    ? await readObject('tokenizer', tokenizer, missing)
    : (tokenizer as Json);
  checkTokenizer(tokenizer, tokenizerJson);
  const configJson = isPlace(configAt)
    ? await readObject('config', configAt, config === undefined ? missingBeside : missing)
    : (configAt as Json);
  checkConfig(configAt, configJson);
  return {
    tokenizer: {
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: null,
      added_tokens: [],
      ...tokenizerJson,
    },
    config: configJson,
    templates: templatesOf(configJson) ?? (await readTemplate(isPlace(configAt) ? configAt : tokenizer)),
  };
}

const missing = 'there is no such file';
const missingBeside =
  'there is no such file beside the tokenizer.json: save it there, or name it as config; {} stands for none';

async function readObject(option: keyof typeof options, place: string | URL, remedy: string): Promise<Json> {
  const text = await readTextAt(options[option], place);
  const found = text === undefined ? undefined : parseObject(text);
  if (isObject(found)) return found;
  throw notOne(option, place, found === undefined ? remedy : `${wanted(option)}, and this is ${found}`);
}

const wanted = (option: keyof typeof options): string =>
  option === 'tokenizer' ? 'use the tokenizer.json of a model' : 'use the tokenizer_config.json of a model';

function notOne(
  option: keyof typeof options,
  source: TokenizerSource,
  remedy: string,
): InvalidConfigurationError {
  const value = isPlace(source) ? foundName(nameOf(source)) : source;
  return new InvalidConfigurationError({ option: options[option], value, remedy });
}

/** The kinds of tokenizers that the library supports; for any other kind it would count each word as one token. */
const kinds: readonly unknown[] = ['BPE', 'Unigram', 'WordPiece', 'WordLevel', undefined];

/** Throws unless it is a `tokenizer.json`. */
export function checkTokenizer(source: TokenizerSource, json: Json): void {
  const { model } = json as { readonly model?: { readonly vocab?: unknown; readonly type?: unknown } };
  if (isObject(model?.vocab) && kinds.includes(model.type)) return;
  throw notOne('tokenizer', source, `${wanted('tokenizer')}, and this is ${kindOf(json)}`);
}

/** Throws unless it may be a `tokenizer_config.json`. */
export function checkConfig(source: TokenizerSource, json: Json): void {
  const { model } = json as { readonly model?: { readonly vocab?: unknown } };
  if (!isObject(model?.vocab)) return;
  throw notOne('config', source, `${wanted('config')}, and this is a tokenizer.json`);
}

/** Names another JSON file of a model that was passed in place of its `tokenizer.json`. */
function kindOf(json: Json): string {
  const keys = Object.keys(json);
  if ('tokenizer_class' in json || 'added_tokens_decoder' in json || 'chat_template' in json) {
    return 'a tokenizer_config.json: that is for config';
  }
  if (keys.length > 100) return `an object of ${keys.length} keys: a vocab.json has no merges`;
  const model = json['model'] as { readonly vocab?: unknown; readonly type?: unknown } | undefined;
  if (isObject(model?.vocab))
    return `one of the type ${JSON.stringify(model.type)}, which can't be counted with`;
  if (isObject(model)) return 'one without a vocabulary (model.vocab)';
  return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 5).join(', ')}`;
}

/** The chat templates in a `tokenizer_config.json`: a text, or several with names. */
function templatesOf({ chat_template: found }: Json): ReadonlyMap<string, string> | undefined {
  if (typeof found === 'string') return new Map([['default', found]]);
  if (!Array.isArray(found)) return undefined;
  return new Map(found.map(({ name, template }) => [String(name), String(template)]));
}

/** Newer models have their chat template in a separate file. */
async function readTemplate(besides: TokenizerSource): Promise<ReadonlyMap<string, string>> {
  if (!isPlace(besides)) return new Map();
  const template = await readTextAt(options.config, beside(besides, 'chat_template.jinja'));
  return new Map(template === undefined ? [] : [['default', template]]);
}
