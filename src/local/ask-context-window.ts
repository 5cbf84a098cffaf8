import {
  assertKnownOptions,
  check,
  found,
  foundName,
  foundSecret,
  InvalidConfigurationError,
} from '../errors/errors.ts';
import { checkOption } from '../options/check-options.ts';
import { milliseconds } from '../options/kinds.ts';
import { getter, type Get } from './get-json.ts';
import { llamaCpp, lmStudio, lmStudioBefore04, modelList, ollama, type Reader } from './readers.ts';
import { at } from '../errors/place.ts';

/** Options of `askContextWindow`. */
export interface AskContextWindowOptions {
  /** The address of the server, as for its provider: `http://127.0.0.1:8080/v1`. */
  readonly baseURL: string;
  /** The server's name of the model. @default the only model that it serves */
  readonly model?: string | undefined;
  /** The API key, if the server needs one. */
  readonly apiKey?: string | undefined;
  /** Timeout for all requests together, in milliseconds. @default 5000 */
  readonly timeoutMs?: number | undefined;
}

/** In this order: the limit of one request takes precedence over that of a model. */
const readers: readonly Reader[] = [llamaCpp, modelList, ollama, lmStudio, lmStudioBefore04];

/**
 * Asks a local server for its context window, to declare it as `contextWindow`. The answer is the one that the server
 * was started with, or has loaded the model with; never the one that the model was trained for. Supported are
 * llama.cpp (`/props`: the context of one slot), vLLM and others with `max_model_len` in `/v1/models`, Ollama
 * (`/api/ps`) and LM Studio (`/api/v1/models`, `/api/v0/models`). Nothing is sent to a model, and none is loaded.
 *
 * The number may change later: Ollama and LM Studio unload idle models, and may load them with another context.
 *
 * @param options.baseURL the address of the server, with or without `/v1`
 * @param options.model the server's name of the model. @default the only model that it serves
 * @param options.apiKey the API key, if the server needs one
 * @param options.timeoutMs timeout for all requests together, in milliseconds. @default 5000
 * @returns tokens, input and output together
 * @throws InvalidConfigurationError for a wrong option, and if the server can't be reached, doesn't have the model,
 * hasn't loaded it, or doesn't say: the message has the reason
 *
 * @example
 * ```ts
 * import { createOpenAI } from '@ai-sdk/openai';
 * import { cascade } from 'ai-alloy';
 * import { askContextWindow } from 'ai-alloy/local';
 *
 * const baseURL = 'http://127.0.0.1:8080/v1';
 * const local = createOpenAI({ baseURL, apiKey: 'none' });
 *
 * export const model = cascade({
 *   steps: [
 *     { model: local.chat('qwen3'), contextWindow: await askContextWindow({ baseURL, model: 'qwen3' }) },
 *     { model: 'openai/gpt-5', contextWindow: 400_000 },
 *   ],
 * });
 * ```
 */
export async function askContextWindow(options: AskContextWindowOptions): Promise<number> {
  const answer = await answerOf(options);
  if (typeof answer === 'number') return answer;
  throw new InvalidConfigurationError({
    option: at('askContextWindow', 'baseURL'),
    value: foundName(options.baseURL),
    remedy: `${answer}; or declare the contextWindow yourself`,
  });
}

/** The number of tokens, or the reason why there is none. */
export async function answerOf(options: AskContextWindowOptions): Promise<number | string> {
  assertKnownOptions('askContextWindow', options, ['baseURL', 'model', 'apiKey', 'timeoutMs']);
  const { baseURL, model, apiKey, timeoutMs = 5000 } = options;
  const root = rootOf(baseURL);
  const isName = model === undefined || (typeof model === 'string' && model !== '');
  check(isName, at('askContextWindow', 'model'), model, 'pass the name of a model, or leave it out');
  const isKey = apiKey === undefined || (typeof apiKey === 'string' && /^[!-~]+$/.test(apiKey));
  check(
    isKey,
    at('askContextWindow', 'apiKey'),
    foundSecret(apiKey),
    'pass a key without spaces and lines, or leave it out',
  );
  checkOption(at('askContextWindow', 'timeoutMs'), timeoutMs, milliseconds);
  return ask(getter({ root, apiKey, timeoutMs }), model);
}

async function ask(get: Get, model: string | undefined): Promise<number | string> {
  let reason: string | undefined;
  for (const reader of readers) {
    const answer = await reader(get, model);
    if (typeof answer === 'number') return answer;
    reason ??= answer;
    if (get.state.failure !== undefined) return get.state.failure;
  }
  return get.state.denied ?? reason ?? 'it does not say what it holds';
}

/** The address to which paths are added: without `/v1` at its end. */
function rootOf(baseURL: string): string {
  const isUrl =
    typeof baseURL === 'string' && URL.canParse(baseURL) && /^https?:$/.test(new URL(baseURL).protocol);
  const remedy = 'pass the address of the server, as its provider is given it: http://127.0.0.1:8080/v1';
  check(isUrl, at('askContextWindow', 'baseURL'), found(baseURL), remedy);
  const { origin, pathname, username, password } = new URL(baseURL);
  const isOpen = username === '' && password === '';
  check(
    isOpen,
    at('askContextWindow', 'baseURL'),
    foundName(baseURL),
    'take the user and the password out of it',
  );
  return origin + pathname.replace(/\/+$/, '').replace(/\/(?:v1|api)$/, '');
}
