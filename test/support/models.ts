import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { APICallError } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';

export type Call = LanguageModelV4CallOptions;
export type Part = LanguageModelV4StreamPart;

export const usage = {
  inputTokens: { total: 7, noCache: 7, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 2, text: 2, reasoning: 0 },
};
export const stop = { unified: 'stop' as const, raw: 'stop' };

/** A call as `ai` makes it, with one user message. */
export function callOf(text: string, options: Partial<Call> = {}): Call {
  return { prompt: [{ role: 'user', content: [{ type: 'text', text }] }], ...options };
}

/** A user message whose char-ratio estimate, framing included, is `tokens` (at least 12). */
export function callOfTokens(tokens: number, options: Partial<Call> = {}): Call {
  return callOf(textOfTokens(tokens), options);
}

/**
 * Framing is 8 tokens per call and 4 per message; the rest is 35 characters for every 11 tokens. Of spaces, the
 * guard of the default estimator thinks less than the ratio does.
 */
export function textOfTokens(tokens: number): string {
  return ' '.repeat(Math.floor(((tokens - 12) * 35) / 11));
}

export function textResult(text: string): LanguageModelV4GenerateResult {
  return { content: [{ type: 'text', text }], finishReason: stop, usage, warnings: [] };
}

export function textParts(text: string): Part[] {
  return [
    { type: 'stream-start', warnings: [] },
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta: text },
    { type: 'text-end', id: '1' },
    { type: 'finish', finishReason: stop, usage },
  ];
}

export type End = 'closes' | 'stays open';

export function streamOf(parts: readonly Part[], end: End = 'closes'): ReadableStream<Part> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      if (end === 'closes') controller.close();
    },
  });
}

/** A model that answers with its own id. */
export function answers(modelId: string, provider = 'mock'): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    provider,
    modelId,
    doGenerate: async () => textResult(modelId),
    doStream: async () => ({ stream: streamOf(textParts(modelId)) }),
  });
}

/** A model that answers and reports input tokens: a total, or all of V4's fields. */
export function reports(
  modelId: string,
  input: number | LanguageModelV4GenerateResult['usage']['inputTokens'],
): MockLanguageModelV4 {
  const total = typeof input === 'number' || input === undefined ? input : undefined;
  const inputTokens =
    typeof input === 'object'
      ? input
      : { total, noCache: total, cacheRead: undefined, cacheWrite: undefined };
  const own = { ...usage, inputTokens };
  const parts = textParts(modelId).map((part) => (part.type === 'finish' ? { ...part, usage: own } : part));
  return new MockLanguageModelV4({
    provider: 'mock',
    modelId,
    doGenerate: async () => ({ ...textResult(modelId), usage: own }),
    doStream: async () => ({ stream: streamOf(parts) }),
  });
}

/** A model whose calls reject, with a new error each time. */
export function fails(
  modelId: string,
  error: () => unknown = () => apiError(503),
  provider = 'mock',
): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    provider,
    modelId,
    doGenerate: async () => {
      throw error();
    },
    doStream: async () => {
      throw error();
    },
  });
}

/** A model that answers, unless there is something wrong. */
export function unsteady(modelId: string, wrong: () => unknown): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    provider: 'mock',
    modelId,
    doGenerate: async () => {
      const error = wrong();
      if (error !== undefined) throw error;
      return textResult(modelId);
    },
  });
}

/** A provider's word that a call is too long, without a limit. */
export const tooLong = (): APICallError =>
  apiError(400, { body: { error: { code: 'context_length_exceeded' } } });

/** A model that streams the given parts. */
export function streams(modelId: string, parts: readonly Part[], end?: End): MockLanguageModelV4 {
  return new MockLanguageModelV4({
    provider: 'mock',
    modelId,
    doStream: async () => ({ stream: streamOf(parts, end) }),
  });
}

export function apiError(
  statusCode: number | undefined,
  {
    message = 'failed',
    body,
    headers,
  }: { message?: string; body?: unknown; headers?: Record<string, string> } = {},
): APICallError {
  return new APICallError({
    message,
    url: 'http://127.0.0.1/',
    requestBodyValues: { messages: ['the secret prompt'] },
    ...(statusCode !== undefined && { statusCode }),
    ...(headers && { responseHeaders: headers }),
    ...(body !== undefined && { responseBody: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(statusCode === undefined && { isRetryable: true }),
  });
}

export const callsOf = (model: MockLanguageModelV4): number =>
  model.doGenerateCalls.length + model.doStreamCalls.length;

/** The text of a generated result. */
export async function generated(model: LanguageModelV4, call: Call): Promise<string> {
  const { content } = await model.doGenerate(call);
  return content.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

export async function partsOf(model: LanguageModelV4, call: Call): Promise<Part[]> {
  const { stream } = await model.doStream(call);
  const parts: Part[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

/** The text of a stream. */
export async function streamed(model: LanguageModelV4, call: Call): Promise<string> {
  const parts = await partsOf(model, call);
  return parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
}

/** What a promise rejects with; fails if it resolves. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected a rejection');
}
