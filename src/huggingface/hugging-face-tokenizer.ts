import { assertKnownOptions, check, isObject } from '../errors/errors.ts';
import { at } from '../errors/place.ts';
import { lastOf } from '../tokens/steps.ts';
import type { Call } from '../sdk/model.ts';
import type { CallBound, TokenEstimator } from '../tokens/estimator.ts';
import { checkMargin, roundUp } from '../tokens/estimators/ratio.ts';
import { inTurns } from '../tokens/in-turns.ts';
import { lazy, type Lazy } from '../tokens/lazy.ts';
import { chatTemplate, type RenderCall } from './chat-template.ts';
import { ChunkedCounter } from './chunked-counter.ts';
import { importTokenizers, made } from './library.ts';
import { isPlace, nameOf, type TokenizerSource } from './source.ts';
import { tokenBound, type TokenBound } from './token-bound.ts';
import { checkConfig, checkTokenizer, readTokenizerFiles, type TokenizerFiles } from './tokenizer-file.ts';

/** Options of `huggingFaceTokenizer`. */
export interface HuggingFaceTokenizerOptions {
  /** The model's `tokenizer.json`: its path, its URL (`http:`, `https:`, `file:`), or its contents as an object. */
  readonly tokenizer: string | URL | object;
  /**
   * The model's `tokenizer_config.json`, likewise.
   * @default the file of that name in the same folder as `tokenizer`, if that is a path or a URL
   */
  readonly config?: string | URL | object | undefined;
  /** What the tokens are multiplied by; at least 1. @default 1.02 */
  readonly safetyMargin?: number | undefined;
}

/**
 * Counts tokens exactly, as the tokenizer of any model on Hugging Face does, × `safetyMargin`, rounded up per string.
 * It is made from the two files that such a model has, `tokenizer.json` and `tokenizer_config.json`, with
 * `@huggingface/tokenizers`, which has to be installed. If the model has a chat template (in its config, or as
 * `chat_template.jinja` in the same folder), calls are rendered with it by `@huggingface/jinja`, so that roles, tools
 * and the text around them are counted exactly. A call with images or files, with tools that the template leaves out,
 * or one that it rejects, is counted string by string, with the usual surcharge.
 *
 * Exact for the member on which it is declared. Members that inherit it from a primitive take it for an estimate,
 * which is multiplied by their vendor factor. The text of special tokens (`<|im_end|>`) counts as the token, as
 * servers read it.
 *
 * The files are read when a request first needs them. Building the vocabulary of a large model may block the process
 * for seconds, so call `await estimator.load?.()` at start-up. Long texts are counted in steps of a few milliseconds,
 * and only up to the limit. A run of more than 2,000 equal characters, such as 10,000 blanks, may count one token too
 * many per 1,000.
 *
 * @param options.tokenizer the `tokenizer.json`: a path, a URL, or an object
 * @param options.config the `tokenizer_config.json`. @default the one in the same folder
 * @param options.safetyMargin at least 1. @default 1.02
 * @throws InvalidConfigurationError for an unknown option, an object that is not a tokenizer, or a margin below 1;
 * and by `load`, so in the first call that is counted, for a missing or invalid file, or a package that isn't
 * installed
 *
 * @example
 * ```ts
 * import { createOpenAI } from '@ai-sdk/openai';
 * import { cascade } from 'ai-alloy';
 * import { huggingFaceTokenizer } from 'ai-alloy/huggingface';
 *
 * const local = createOpenAI({ baseURL: 'http://127.0.0.1:8080/v1', apiKey: 'none' });
 * const estimator = huggingFaceTokenizer({ tokenizer: 'models/qwen3/tokenizer.json' });
 * await estimator.load?.();
 *
 * export const model = cascade({
 *   steps: [
 *     { model: local.chat('qwen3'), contextWindow: '32K', estimator },
 *     { model: 'openai/gpt-5', contextWindow: 400_000 },
 *   ],
 * });
 * ```
 */
export function huggingFaceTokenizer(options: HuggingFaceTokenizerOptions): TokenEstimator {
  assertKnownOptions('huggingFaceTokenizer', options, ['tokenizer', 'config', 'safetyMargin']);
  const { tokenizer, config, safetyMargin = 1.02 } = options;
  checkSource('tokenizer', tokenizer);
  if (!isPlace(tokenizer)) checkTokenizer(tokenizer, tokenizer as Readonly<Record<string, unknown>>);
  if (config !== undefined || !isPlace(tokenizer)) checkSource('config', config);
  if (config !== undefined && !isPlace(config)) {
    checkConfig(config, config as Readonly<Record<string, unknown>>);
  }
  checkMargin(at('huggingFaceTokenizer', 'safetyMargin'), safetyMargin);
  const name = isPlace(tokenizer) ? nameOf(tokenizer) : 'an object';
  return estimatorOf(
    name,
    lazy(() => load(name, { tokenizer, config })),
    safetyMargin,
  );
}

function checkSource(option: 'tokenizer' | 'config', source: TokenizerSource | undefined): void {
  const file = option === 'tokenizer' ? 'tokenizer.json' : 'tokenizer_config.json';
  const isOne = isObject(source) ? !Array.isArray(source) : typeof source === 'string' && source !== '';
  const orNone = option === 'config' ? ', {} if the model has none' : '';
  const remedy = `pass the ${file} of the model: its path, its URL, or its contents${orNone}`;
  check(isOne, at('huggingFaceTokenizer', option), source, remedy);
}

/** What a tokenizer counts with. */
interface Loaded {
  readonly counter: ChunkedCounter;
  readonly bound: TokenBound | undefined;
  readonly render: RenderCall | undefined;
}

async function load(name: string, files: TokenizerFiles): Promise<Loaded> {
  const { Tokenizer } = await importTokenizers(name);
  const data = await readTokenizerFiles(files);
  const tokenizer = made(name, () => new Tokenizer(data.tokenizer, data.config));
  const counter = new ChunkedCounter((text) => {
    const tokens = tokenizer.tokenize(text);
    tokenizer.model?.clear_cache?.(); // keep no text
    return tokens;
  });
  made(name, () => lastOf(counter.countInSteps('a', 1)));
  return { counter, bound: tokenBound(data.tokenizer), render: await chatTemplate(name, data) };
}

function estimatorOf(name: string, source: Lazy<Loaded>, safetyMargin: number): TokenEstimator {
  const id = `huggingface(${name}, ${safetyMargin})`;
  const loaded = (): Loaded => {
    const found = source.loaded();
    if (!found) throw new Error(`${id}: its files aren't loaded yet: await load() first.`);
    return found;
  };
  const withMargin = (count: number): number => roundUp(count * safetyMargin);
  function* inSteps(text: string, limit: number): Generator<unknown, number> {
    // One token more than the limit, so that the result is above it whatever rounding does.
    return withMargin(yield* loaded().counter.countInSteps(text, Math.floor(limit / safetyMargin) + 1));
  }
  const ofCall = (call: Call, limit: number): number | CallBound | undefined | Promise<number> => {
    const { bound, render } = loaded();
    const text = render?.(call);
    if (text === undefined) return undefined;
    const most = bound && withMargin(bound(text));
    return most !== undefined && most <= limit
      ? { bound: most }
      : inTurns(inSteps(text, limit), call.abortSignal);
  };

  return {
    id,
    isExactFor: (_, isOwn = false) => isOwn,
    estimateText: (text) => lastOf(inSteps(text, Infinity)),
    estimateUpTo: (text, limit) => lastOf(inSteps(text, limit)),
    estimateInSteps: inSteps,
    upperBound: (text) => {
      const bound = source.loaded()?.bound;
      return bound ? withMargin(bound(text)) : Number.MAX_SAFE_INTEGER;
    },
    estimateCall: (call, limit = Infinity) => {
      const loading = source.load();
      return loading ? loading.then(() => ofCall(call, limit)) : ofCall(call, limit);
    },
    load: source.load,
    withSafetyMargin(margin) {
      checkMargin(at('', 'safetyMargin'), margin);
      return estimatorOf(name, source, margin);
    },
  };
}
