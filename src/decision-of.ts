import type { Decision } from './decision.ts';
import { AiAlloyError, isObject } from './errors/errors.ts';
import { inProcess } from './in-process.ts';
import { sideTable, type SideTable } from './side-table.ts';

/** Where a decision stands in `providerMetadata`. */
export const metadataKey = 'ai-alloy';

// Errors that members threw and that are passed on unchanged can't carry a decision themselves.
const decisions: WeakMap<object, Decision> = /* @__PURE__ */ inProcess('decided', () => new WeakMap());

// Decisions that were made in this process, by whatever copy of this package: anything else that looks like one is data,
// of a provider or a client.
const made: SideTable<true> = /* @__PURE__ */ inProcess('made-decisions', () => sideTable<true>());

/** Makes `decision` known as the one behind `error`, if there is one; a primitive further out replaces it. */
export function rememberDecision(error: unknown, decision: Decision): Decision {
  made.set(decision, true);
  if (isObject(error)) {
    decisions.set(error, decision);
    const data = dataOf(error);
    if (isObject(data)) decisions.set(data, decision);
  }
  return decision;
}

/** The decision that a primitive of this process made of an answer or an error; never one that somebody else sent. */
export function ownDecisionOf(errorOrResult: unknown): Decision | undefined {
  return find(errorOrResult, isOwn);
}

const isOwn = (decision: Decision): boolean => made.get(decision) === true;

/** All that ai 7 keeps of an error part that is no Error: it makes one of its own, with this in it. */
function dataOf(error: object): unknown {
  try {
    return error instanceof Error ? undefined : (error as { data?: unknown }).data;
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
  return find(errorOrResult, isAny);
}

const isAny = (): boolean => true;

function find(errorOrResult: unknown, isWanted: (decision: Decision) => boolean): Decision | undefined {
  const behind: object[] = [];
  add(behind, errorOrResult);
  for (const each of behind) {
    try {
      // A stream's result must not be touched: reading its promises makes them reject unheard.
      if ('textStream' in each || 'partialObjectStream' in each) continue;
      const decision = decisionOn(each);
      // Not the stamp on a part.
      if (isObject(decision) && Array.isArray(decision.candidates) && isWanted(decision)) return decision;
      addBehind(behind, each);
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

/** Adds what may lead to the decision behind an error or a result. */
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

/** What `ai` keeps of a response as it is in a NoObjectGeneratedError, which has no metadata. */
interface Kept {
  readonly headers?: unknown;
  readonly timestamp?: unknown;
}

/** Makes `decision` known as the one behind a response, by what `ai` keeps of it. */
export function rememberResponse({ headers, timestamp }: Kept, decision: Decision): void {
  for (const key of [headers, timestamp]) if (isObject(key)) decisions.set(key, decision);
}
