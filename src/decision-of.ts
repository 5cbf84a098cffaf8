import type { Decision } from './decision.ts';
import { AiAlloyError, isObject } from './errors/errors.ts';
import { inProcess } from './in-process.ts';
import { sideTable, type SideTable } from './side-table.ts';

/** The key of the decision in `providerMetadata`. */
export const metadataKey = 'ai-alloy';

// Decisions by error: a member's error that is passed on unchanged can't carry the decision itself.
const decisions: WeakMap<object, Decision> = /* @__PURE__ */ inProcess('decided', () => new WeakMap());

// Marks decisions that any copy of this package in this process made. Anything else that looks like a decision is data
// from a provider or a client.
const made: SideTable<true> = /* @__PURE__ */ inProcess('made-decisions', () => sideTable<true>());

/** Records `decision` as the one behind `error`, if there is an error. An outer primitive replaces the inner one's. */
export function rememberDecision(error: unknown, decision: Decision): Decision {
  made.set(decision, true);
  if (isObject(error)) {
    decisions.set(error, decision);
    const data = dataOf(error);
    if (isObject(data)) decisions.set(data, decision);
  }
  return decision;
}

/**
 * The decision that a primitive in this process made for an answer or an error; never one that arrived as data from
 * outside.
 */
export function ownDecisionOf(errorOrResult: unknown): Decision | undefined {
  return find(errorOrResult, isOwn);
}

const isOwn = (decision: Decision): boolean => made.get(decision) === true;

/** ai 7 wraps an error part that is not an Error in one of its own, and keeps only this `data` of it. */
function dataOf(error: object): unknown {
  try {
    return error instanceof Error ? undefined : (error as { data?: unknown }).data;
  } catch {
    return undefined; // a revoked proxy
  }
}

/**
 * The decision behind an error that a call on a primitive threw. It is found through the causes of errors and through
 * `ai`'s RetryError as well (there, it is the last attempt's). Also the decision behind a result of `generateText`, an
 * event of `onFinish`, a stream part, or `providerMetadata`. Undefined when no primitive was involved, and for a
 * provider's error that is a bare string. If a provider throws the same error object more than once, it has the
 * decision of the latest call.
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
  return find(errorOrResult, isAny);
}

const isAny = (): boolean => true;

function find(errorOrResult: unknown, isWanted: (decision: Decision) => boolean): Decision | undefined {
  const behind: object[] = [];
  add(behind, errorOrResult);
  for (const each of behind) {
    try {
      // Don't read a stream's result: reading its promises would make them reject without a handler.
      if ('textStream' in each || 'partialObjectStream' in each) continue;
      const decision = decisionOn(each);
      // The stamp that marks which member made a part has the same key, but no candidates.
      if (isObject(decision) && Array.isArray(decision.candidates) && isWanted(decision)) return decision;
      addBehind(behind, each);
    } catch {
      // A getter that throws, or a revoked proxy: no object of this package is behind it.
    }
  }
  return undefined;
}

const decisionOn = (value: object): Decision | undefined =>
  decisions.get(value) ??
  (AiAlloyError.isInstance(value)
    ? value.decision
    : ((value as Record<string, unknown>)[metadataKey] as Decision | undefined));

/** Adds the objects through which the decision behind an error or a result may be found. */
function addBehind(behind: object[], value: object): void {
  const { error, cause, lastError, errors, providerMetadata, data, response } = value as Record<
    string,
    unknown
  >;
  add(behind, error);
  add(behind, lastError);
  if (Array.isArray(errors)) for (const each of errors.toReversed()) add(behind, each);
  add(behind, cause);
  add(behind, data);
  add(behind, providerMetadata);
  if (!isObject(response)) return;
  const { headers, timestamp } = response as Kept;
  add(behind, headers);
  add(behind, timestamp);
}

function add(behind: object[], found: unknown): void {
  if (isObject(found) && !behind.includes(found)) behind.push(found);
}

/** What `ai` keeps unchanged of a response in a NoObjectGeneratedError, which has no metadata. */
interface Kept {
  readonly headers?: unknown;
  readonly timestamp?: unknown;
}

/** Records `decision` as the one behind a response, by the objects that `ai` keeps of it. */
export function rememberResponse({ headers, timestamp }: Kept, decision: Decision): void {
  for (const key of [headers, timestamp]) if (isObject(key)) decisions.set(key, decision);
}
