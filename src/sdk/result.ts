import type { Decision } from '../decision.ts';
import { metadataKey } from '../decision-of.ts';
import { isObject } from '../errors/errors.ts';
import type { GenerateResult, StreamPart, StreamResult, Warning } from './model.ts';
import { nativeVersion } from './native.ts';

/**
 * A finish part with the reason `error` for an answer that failed, with all else that the member's own finish `part`
 * says.
 */
export function failedFinish(part?: StreamPart): StreamPart {
  const version = nativeVersion();
  const unknown = { total: undefined };
  const usage =
    version === 'v1'
      ? { promptTokens: Number.NaN, completionTokens: Number.NaN }
      : version === 'v2'
        ? { inputTokens: undefined, outputTokens: undefined, totalTokens: undefined }
        : { inputTokens: unknown, outputTokens: unknown };
  const finishReason = version === 'v1' || version === 'v2' ? 'error' : { unified: 'error', raw: undefined };
  return copyWith({ type: 'finish', usage }, { ...part, finishReason });
}

/** A finish part or a generated result with the decision in its metadata. */
export function withDecision<Carrier extends GenerateResult | StreamPart>(
  carrier: Carrier,
  decision: Decision,
): Carrier {
  return copyWith(carrier, { providerMetadata: metadataWith(carrier.providerMetadata, decision) });
}

/** The provider's metadata and ours; only ours if a getter of the provider's throws. */
function metadataWith(metadata: unknown, decision: Decision): object {
  const own = { [metadataKey]: decision };
  if (metadata === undefined) return own;
  try {
    return copyWith(Object(metadata) as object, own);
  } catch {
    return own;
  }
}

/** A result or part with our warnings before the member's own. */
export function withWarnings<Carrier extends object>(
  carrier: Carrier,
  warnings: readonly Warning[],
): Carrier {
  if (warnings.length === 0) return carrier;
  const { warnings: own = [] } = carrier as { warnings?: readonly Warning[] };
  return copyWith(carrier, { warnings: [...warnings, ...own] });
}

/** A generated result whose response names the model that answered. */
export function withModelId(result: GenerateResult, modelId: string): GenerateResult {
  const { response } = result;
  return response?.modelId ? result : copyWith(result, { response: copyWith(response ?? {}, { modelId }) });
}

/** Like `{ ...original, ...changes }`, which takes six times as long on Node 20 if it adds a property. */
function copyWith<Original extends object>(original: Original, changes: object): Original {
  return Object.assign({}, original, changes);
}

/** Whether the provider itself executed tools. */
export function ranTools({ content }: Partial<GenerateResult>): boolean {
  return Array.isArray(content) && content.some(isProvidersTool);
}

export const isProvidersTool = (part: StreamPart): boolean => part['providerExecuted'] === true;

/** The warnings of a stream: in V1 on the result of `doStream`, in V2 to V4 on the first part. */
export function warningsOf(preamble: readonly StreamPart[], { warnings }: StreamResult): readonly Warning[] {
  const start = preamble.find(isStart);
  try {
    const own: unknown = start?.['warnings'] ?? warnings;
    return Array.isArray(own) ? own : [];
  } catch {
    return []; // a revoked proxy
  }
}

/** A stream's first parts, changed so that they have the `warnings` and name the model that answered. */
export function completePreamble(
  preamble: readonly StreamPart[],
  modelId: string | undefined,
  warnings: readonly Warning[],
  timestamp?: Date | undefined,
): readonly StreamPart[] {
  const parts: StreamPart[] = [];
  // V1 has no such part: its warnings are on the result.
  if (nativeVersion() !== 'v1') parts.push({ type: 'stream-start', warnings });
  const isNamed = preamble.some((part) => part.type === 'response-metadata' && part['modelId']);
  // The member's own part takes precedence.
  if (!isNamed && modelId !== undefined)
    parts.push({ type: 'response-metadata', modelId, ...(timestamp && { timestamp }) });
  for (const part of preamble) if (!isStart(part)) parts.push(part);
  return parts;
}

const isStart = ({ type }: StreamPart): boolean => type === 'stream-start';

/**
 * A result with an object that `ai` passes on unchanged, so that a decision can be found by it later: the response's
 * headers, or the timestamp of a generated result. If there is neither, a timestamp is added.
 */
export function traceable<Result extends GenerateResult | StreamResult>(result: Result): Result {
  const { headers, timestamp } = keptOf(result);
  if (isObject(headers) || isObject(timestamp) || 'stream' in result) return result;
  return copyWith(result, {
    response: copyWith((result as GenerateResult).response ?? {}, { timestamp: new Date() }),
  });
}

/** The headers and the timestamp of a response. In V1, the headers are in `rawResponse`. */
export function keptOf(result: GenerateResult | StreamResult): {
  readonly headers: unknown;
  readonly timestamp: unknown;
} {
  const { response, rawResponse } = result as { readonly response?: unknown; readonly rawResponse?: unknown };
  const { headers = Object(rawResponse).headers, timestamp } = Object(response) as Record<string, unknown>;
  return { headers, timestamp };
}
