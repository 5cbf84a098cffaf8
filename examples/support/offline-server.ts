import { createOpenAI } from '@ai-sdk/openai';
import { LLMock, type ChatCompletionRequest, type FixtureResponse } from '@copilotkit/aimock';
import type { LanguageModel } from 'ai';

/** How a model of the offline server behaves. */
export interface OfflineModel {
  /** Its real context window in tokens, prompt and answer together: a larger request gets the provider's 400. */
  readonly holds?: number;
  /** It silently truncates prompts to this many tokens. */
  readonly cutsTo?: number;
  /** Fails every request with this status, or just the first one. */
  readonly fails?: 429 | 503;
  readonly failsOnce?: 429 | 503;
  /** It takes requests and never answers, or its answers break off in the middle. */
  readonly breaks?: 'silent' | 'half-way';
  /** What it answers. @default a sentence about what it has read */
  readonly answer?: (request: ChatCompletionRequest) => FixtureResponse;
}

/** A server with the OpenAI API, and a provider for it. */
export interface Connection {
  /** Takes the place of `openai` from '@ai-sdk/openai'. */
  openai(modelId: string): Exclude<LanguageModel, string>;
  readonly url: string;
  /** Stops the server, so that the process can end. */
  close(): Promise<void>;
}

/**
 * Starts a server on 127.0.0.1 that has the given models. With OPENAI_BASE_URL and OPENAI_API_KEY set, that
 * server is used instead, and the examples' model ids are replaced by those in OPENAI_MODELS (or OPENAI_MODEL).
 *
 * @param pace how fast answers are streamed: milliseconds between two chunks, and characters per chunk
 */
export async function connect(
  models: Readonly<Record<string, OfflineModel>>,
  pace: { readonly latency?: number; readonly chunkSize?: number } = {},
): Promise<Connection> {
  const { OPENAI_BASE_URL, OPENAI_API_KEY, OPENAI_MODELS, OPENAI_MODEL } = process.env;
  if (OPENAI_BASE_URL && OPENAI_API_KEY) {
    const ids = (OPENAI_MODELS || OPENAI_MODEL || 'gpt-4o-mini').split(',').map((id) => id.trim());
    const names = Object.keys(models);
    const provider = createOpenAI({ baseURL: OPENAI_BASE_URL, apiKey: OPENAI_API_KEY });
    return {
      openai: (name) => provider.chat(ids[Math.max(0, names.indexOf(name)) % ids.length]!),
      url: OPENAI_BASE_URL,
      close: async () => {},
    };
  }
  const server = new LLMock({ port: 0 });
  const failed = new Set<string>();
  for (const [model, { breaks }] of Object.entries(models)) {
    if (breaks === 'silent') server.on({ model }, () => new Promise(() => {}));
    if (breaks === 'half-way') server.on({ model }, long, { latency: 20, disconnectAfterMs: 200 });
  }
  const answer = (request: ChatCompletionRequest): FixtureResponse => {
    const { failsOnce, ...model } = models[request.model] ?? {};
    if (!failsOnce || failed.has(request.model)) return respond(request, models[request.model] && model);
    failed.add(request.model);
    return respond(request, { ...model, fails: failsOnce });
  };
  server.on({}, answer, pace);
  const url = `${await server.start()}/v1`;
  const provider = createOpenAI({ baseURL: url, apiKey: 'offline' });
  return { openai: (name) => provider.chat(name), url, close: () => server.stop() };
}

const long = { content: 'and so on, '.repeat(100) };

function respond(request: ChatCompletionRequest, model: OfflineModel | undefined): FixtureResponse {
  const { model: id, messages, tools, max_tokens: output = 0 } = request;
  if (!model) {
    return refusal(404, 'model_not_found', `The model \`${id}\` does not exist.`);
  }
  const { holds = Infinity, cutsTo = Infinity, fails, answer } = model;
  if (fails === 503) return refusal(503, 'service_unavailable', 'The server is overloaded. Try again later.');
  if (fails === 429)
    return refusal(429, 'rate_limit_exceeded', 'Rate limit reached for requests per minute.');
  // English text and code have about four characters per token. The client's estimate should be above that.
  const prompt = Math.min(cutsTo, Math.ceil(JSON.stringify([messages, tools]).length / 4));
  if (prompt + output > holds) {
    const needs = `you requested ${prompt + output} tokens (${prompt} in the messages, ${output} in the completion)`;
    return refusal(
      400,
      'context_length_exceeded',
      `This model's maximum context length is ${holds} tokens. However, ${needs}.`,
    );
  }
  const content = `This is ${id}: I have read all ${prompt.toLocaleString('en')} tokens of it.`;
  const usage = { prompt_tokens: prompt, completion_tokens: Math.ceil(content.length / 4) };
  return answer?.(request) ?? { content, usage };
}

function refusal(status: number, code: string, message: string): FixtureResponse {
  const type = status < 500 ? 'invalid_request_error' : 'server_error';
  return { status, error: { message, type, code }, retryAfter: 1 };
}
