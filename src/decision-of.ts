import type { Decision } from './decision.ts';
import { AiAlloyError, isObject } from './errors.ts';
import { inProcess } from './in-process.ts';

/** Where a decision stands in `providerMetadata`. */
export const metadataKey = 'ai-alloy';

// Errors that members threw and that are passed on unchanged can't carry a decision themselves.
const decisions: WeakMap<object, Decision> = /* @__PURE__ */ inProcess('decided', () => new WeakMap());

// Decisions that were made in this process, by whatever copy of this package: anything else that looks like one is data,
// of a provider or a client.
const made: WeakSet<object> = /* @__PURE__ */ inProcess('decisions', () => new WeakSet());

/** Makes `decision` known as the one behind `error`, if there is one; a primitive further out replaces it. */
export function rememberDecision(error: unknown, decision: Decision): Decision {
  made.add(decision);
  for (const each of [error, dataOf(error)]) if (isObject(each)) decisions.set(each, decision);
  return decision;
}

/** The decision that a primitive of this process made of an answer or an error; never one that somebody else sent. */
export function ownDecisionOf(errorOrResult: unknown): Decision | undefined {
  return find(errorOrResult, (decision) => made.has(decision));
}

/** All that ai 7 keeps of an error part that is no Error: it makes one of its own, with this in it. */
function dataOf(error: unknown): unknown {
  try {
    return isObject(error) && !(error instanceof Error) ? (error as { data?: unknown }).data : undefined;
  } catch {
    return undefined; // a revoked proxy
  }
}

/**
 * The decision behind an error that a call on a primitive threw, through the causes of errors and through
 * `ai`'s RetryError as well (there, the last attempt's); or behind a result of `generateText`, an event of
 * `onFinish`, a stream part, or `providerMetadata`. Undefined when no primitive was involved, and for a
 * provider's error that is a bare string. An error object that a provider throws more than once belongs to
 * the call that met it last.
 *
 * @example
 * ```ts
 * import { generateText, type LanguageModel } from 'ai';
 * import { decisionOf } from 'ai-alloy';
 *
 * export async function answer(model: LanguageModel, prompt: string): Promise<string> {
 *   try {
 *     const result = await generateText({ model, prompt });
 *     console.log(decisionOf(result)?.answeredBy);
 *     return result.text;
 *   } catch (error) {
 *     console.error(decisionOf(error)?.candidates);
 *     throw error;
 *   }
 * }
 * ```
 */
export function decisionOf(errorOrResult: unknown): Decision | undefined {
  return find(errorOrResult, () => true);
}

function find(errorOrResult: unknown, isWanted: (decision: Decision) => boolean): Decision | undefined {
  const behind = [errorOrResult];
  for (const each of behind) {
    try {
      // A stream's result must not be touched: reading its promises makes them reject unheard.
      if (!isObject(each) || 'textStream' in each || 'partialObjectStream' in each) continue;
      const decision = decisionOn(each);
      // Not the stamp on a part.
      if (isObject(decision) && Array.isArray(decision.candidates) && isWanted(decision)) return decision;
      behind.push(...behindOf(each).filter((found) => !behind.includes(found)));
    } catch {
      // A getter that throws, or a revoked proxy: nothing of ours is behind it.
    }
  }
  return undefined;
}

const decisionOn = (value: object): Decision | undefined =>
  decisions.get(value) ??
  (AiAlloyError.isInstance(value)
    ? value.decision
    : ((value as Record<string, unknown>)[metadataKey] as Decision | undefined));

/** What may lead to the decision behind an error or a result. */
function behindOf(value: object): readonly unknown[] {
  const { error, cause, lastError, errors, providerMetadata, data, response } = value as Record<
    string,
    unknown
  >;
  const last = Array.isArray(errors) ? errors.toReversed() : [];
  return [error, lastError, ...last, cause, data, providerMetadata, ...keysIn(response)];
}

/** What `ai` keeps of a response as it is in a NoObjectGeneratedError, which has no metadata. */
const keysIn = (response: unknown): readonly unknown[] =>
  isObject(response)
    ? ['headers', 'timestamp'].map((name) => (response as Record<string, unknown>)[name])
    : [];

/** Makes `decision` known as the one behind a response, by what `ai` keeps of it. */
export function rememberResponse(response: unknown, decision: Decision): void {
  for (const key of keysIn(response)) if (isObject(key)) decisions.set(key, decision);
}
