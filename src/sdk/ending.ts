import { InvalidResponseDataError, NoContentGeneratedError } from 'ai';
import { isObject } from '../errors/errors.ts';
import { nativeVersion } from './native.ts';
import type { GenerateResult, SpecModel, StreamPart, StreamResult } from './model.ts';
import type { Shown } from './shown.ts';
import { inputTokensOf, outputTokensOf } from './usage.ts';

/**
 * How to tell whether an answer is complete, by how much the member's finish reason says. V3 and V4 have the
 * provider's own reason, if it gave one. V1 and V2 (also adapted by ai 6 and 7) use one word both for an unknown
 * reason and for none. In that case, `reported`: the answer is complete if usage was reported, which most providers
 * do at the end; `untold`: that says nothing, since this provider reports usage while it streams. `trusted`: a nested
 * primitive has checked it already.
 */
export type Endings = 'reported' | 'untold' | 'trusted';

export function endingsOf({ provider }: SpecModel): Endings {
  return /google|vertex|perplexity/i.test(provider) && !/anthropic/i.test(provider) ? 'untold' : 'reported';
}

/** What else is known about an answer. */
export interface Circumstances {
  readonly endings: Endings;
  /** Whether it came in one piece, so that nothing can be missing at its end. @default false */
  readonly isWhole?: boolean;
  /** Whether it contained a chunk that the provider package could not parse. @default false */
  readonly hasUnread?: boolean;
}

type Ended = Partial<GenerateResult> | StreamPart | null | undefined;

/**
 * The finish reason in the SDK's word (`unified`) and in the provider's own (`raw`). V3 and V4 have both. For V1 and
 * V2, the latter is read from the response body, if the answer was not streamed.
 */
export function reasonOf(answer: Ended): { readonly unified: string; readonly raw: string | undefined } {
  const { finishReason } = Object(answer) as Partial<GenerateResult>;
  const { unified = finishReason, raw } = Object(finishReason) as Record<string, unknown>;
  const own = ended.test(String(unified)) ? raw : (raw ?? reasonIn(bodyOf(answer)));
  return { unified: String(unified), raw: typeof own === 'string' ? own : undefined };
}

/** The response body of a generated answer. */
function bodyOf(answer: Ended): Readonly<Record<string, unknown>> {
  const { response, rawResponse } = Object(answer) as Record<string, unknown>;
  return Object(Object(response).body ?? Object(rawResponse).body);
}

/** The finish reason in the words of OpenAI's, Anthropic's and Google's APIs. */
function reasonIn({
  choices,
  candidates,
  stop_reason: stopReason,
  promptFeedback,
}: ReturnType<typeof bodyOf>): unknown {
  const [choice = undefined] = Array.isArray(choices) ? choices : [];
  const [candidate = undefined] = Array.isArray(candidates) ? candidates : [];
  const reasons = [Object(choice).finish_reason, stopReason, Object(candidate).finishReason];
  return reasons.find((reason) => reason != null) ?? Object(promptFeedback).blockReason;
}

const ended = /^(stop|length|content-filter|tool-calls)$/;
/** Providers' own finish reasons for an answer that broke off. */
const broken =
  /error|fail|abort|cancel|time.?out|overload|insufficient|unavailable|interrupt|disconnect|malformed|exhaust|unexpected|network|killed|crash|rate.?limit|exception|shut.?down|preempt|^oom$|evicted|^$/i;
const contextIsFull = /context.?(window|length|size).{0,10}(exceed|full)|(exceed|max).{0,10}context/i;
const filtered = /filter|sensitive|refus|safety|moderat|prohibited|block|policy|recitation|spii|guardrail/i;

/**
 * The error for an answer that broke off; undefined if it is complete. The error keeps the usage that the answer
 * reported, and its code says what kind of failure it is.
 */
export function brokenEnding(
  answer: Ended,
  shown: Shown,
  { endings, isWhole = false, hasUnread = false }: Circumstances,
): Error | undefined {
  if (endings === 'trusted' && answer) return undefined;
  const { unified, raw } = reasonOf(answer);
  if (shown !== 'content' && contextIsFull.test(raw ?? '')) return overflowError(answer);
  if (ended.test(unified)) return undefined;
  // If one chunk couldn't be parsed, provider packages report `error` at the end, even if the answer is complete.
  if (hasUnread && unified === 'error' && raw === undefined && outputTokensOf(answer)) return undefined;
  if (raw !== undefined || unified === 'error') {
    if (contextIsFull.test(raw ?? '')) return undefined; // half an answer, like one with the finish reason `length`, which is passed on
    if (filtered.test(raw ?? '')) return undefined;
    if (unified !== 'error' && !broken.test(raw!))
      return shown === 'content' ? undefined : emptyError(answer);
    return endError(answer, shown, codeOf(raw ?? 'error'));
  }
  if (shown === 'content' && answer) {
    if (isWhole && unified !== 'undefined') return undefined;
    if (endings === 'reported' && outputTokensOf(answer)) return undefined;
  }
  return endError(answer, shown, undefined);
}

/** The error code, as `failureOf` reads it, for a provider's finish reason of a broken answer. */
function codeOf(raw: string): string | undefined {
  if (raw === '' || /malformed|unexpected/i.test(raw)) return undefined; // a malformed response
  if (/rate.?limit/i.test(raw)) return 'rate_limit_exceeded';
  return /time.?out/i.test(raw) ? 'timeout' : 'server_error';
}

/**
 * The error for an answer that is complete but empty; undefined if the model may have meant it.
 *
 * @param window the model's context window in tokens, if known
 * @param isReply whether the conversation ends with a tool result: there, models do answer with nothing
 */
export function emptyEnding(
  answer: Ended,
  { window = Infinity, isReply }: { readonly window?: number | undefined; readonly isReply: boolean },
): Error | undefined {
  const { unified, raw } = reasonOf(answer);
  const output = outputTokensOf(answer);
  if (unified === 'content-filter' || filtered.test(raw ?? ''))
    return endError(answer, 'nothing', 'content_filter');
  if (unified === 'length') {
    const used = (inputTokensOf(Object(answer)) ?? 0) + (output ?? 0);
    return output === 0 || used >= window ? overflowError(answer) : completeButEmpty(answer);
  }
  return output || isReply ? undefined : completeButEmpty(answer);
}

const emptyAnswers = /* @__PURE__ */ new WeakSet();

function completeButEmpty(answer: Ended): Error {
  const error = emptyError(answer);
  emptyAnswers.add(error);
  return error;
}

/** Whether an error is about an answer that came to its end and is empty. */
export const isEmptyAnswer = (error: unknown): boolean => isObject(error) && emptyAnswers.has(error);

const overflowError = (answer: Ended): Error => endError(answer, 'nothing', 'context_length_exceeded');
const emptyError = (answer: Ended): Error => endError(answer, 'nothing', undefined);

/** The error for an answer that is not complete. */
export function endError(answer: Ended, shown: Shown, code: string | undefined): Error {
  const { usage, finishReason } = Object(answer) as Partial<GenerateResult>;
  const { raw } = reasonOf(answer);
  const reason = raw ? ` (finish reason: ${raw.slice(0, 100)})` : '';
  const error =
    shown === 'content'
      ? new InvalidResponseDataError({
          message: `The answer broke off before it was finished${reason}.`,
          data: finishReason,
        })
      : new NoContentGeneratedError({ message: `The model answered without content${reason}.` });
  const { providerMetadata } = Object(answer) as Partial<GenerateResult>;
  // Not enumerable, so that it isn't printed with the error.
  Object.defineProperty(error, 'providerMetadata', { value: providerMetadata, enumerable: false });
  return Object.assign(error, { usage, ...(code !== undefined && { code }), ...bodyErrorIn(answer) });
}

/** The error in the response body of a generated answer, next to its choices or inside one. */
function bodyErrorIn(answer: Ended): { readonly error?: unknown } {
  const { error, choices } = bodyOf(answer);
  const found = error ?? (Array.isArray(choices) ? Object(choices[0]).error : undefined);
  return found === undefined || found === null ? {} : { error: found };
}

/** Throws if there is no answer. */
export function assertAnswered(answer: unknown): void {
  if (!answer) throw endError(undefined, 'nothing', undefined);
}

/** The reader of a stream; throws if it is not a stream, or is locked by another reader. */
export function readerOf({ stream }: StreamResult): ReadableStreamDefaultReader<StreamPart> {
  try {
    return stream.getReader();
  } catch {
    throw malformed(stream.locked ? 'a stream that is already locked' : 'something that is no stream');
  }
}

/** Throws unless an answer has a list of parts, which V1 spreads over fields instead. */
export function assertContent({ content }: GenerateResult): void {
  if (Array.isArray(content)) content.forEach(assertPart);
  else if (nativeVersion() !== 'v1') throw malformed('content that is no list');
}

/** Throws unless a value from a stream is a part. */
export function assertPart(part: unknown): void {
  if (typeof (Object(part) as Partial<StreamPart>).type !== 'string')
    throw malformed('a part without a type');
}

/** The error for an answer that is none. */
export const malformed = (what: string): Error =>
  new InvalidResponseDataError({ message: `The model answered with ${what}.`, data: undefined });
