import { InvalidResponseDataError, NoContentGeneratedError } from 'ai';
import type { Decision } from '../decision.ts';
import { metadataKey } from '../decision-of.ts';
import type { GenerateResult, SpecModel, StreamPart, StreamResult, Warning } from './model.ts';
import { nativeVersion } from './native.ts';

/**
 * How much a member's finish reason says. V3 and V4 tell what a provider said, if anything: `told`. V1 and V2 (also
 * adapted by ai 6 and 7) have one word both for a reason that they don't know and for none; a whole answer is `reported`
 * by its usage then, unless the provider reports usage as it goes: `untold`. Of a nested primitive, which has seen to
 * that, they are `trusted`.
 */
export type Endings = 'told' | 'reported' | 'untold' | 'trusted';

export function endingsOf({ specificationVersion, provider }: SpecModel): Endings {
  if (specificationVersion !== 'v1' && specificationVersion !== 'v2') return 'told';
  return /google|vertex/i.test(provider) ? 'untold' : 'reported';
}

/**
 * What is wrong with the end of an answer; undefined if it finished for a reason: V1 and V2 say it in a string, V3 and
 * V4 in `{ unified, raw }`. The error keeps what the answer is known to have used.
 *
 * @param begun how much is known of the end, if there is content, so that it may be half an answer
 */
export function unfinished(
  answer: Partial<GenerateResult> | null | undefined,
  begun?: Endings,
): Error | undefined {
  const { finishReason, usage } = answer ?? {};
  const { unified = finishReason, raw } = Object(finishReason) as Record<string, unknown>;
  if (/^(stop|length|content-filter|tool-calls)$/.test(String(unified))) return undefined;
  if (begun === 'trusted' && answer) return undefined;
  if (begun === 'told' && unified === 'other' && raw !== undefined) return undefined;
  if (begun === 'reported' && /^(other|unknown)$/.test(String(unified)) && hasOutput(usage)) return undefined;
  const message = begun
    ? 'The answer broke off before it was finished.'
    : 'The model answered with neither content nor a finish reason.';
  const error = begun
    ? new InvalidResponseDataError({ message, data: finishReason })
    : new NoContentGeneratedError({ message });
  return Object.assign(error, { usage });
}

/** Throws unless an answer finished for a reason; see `unfinished`. */
export function assertFinished(answer: Partial<GenerateResult> | null | undefined, begun?: Endings): void {
  const error = unfinished(answer, begun);
  if (error) throw error;
}

/** Whether usage, of any specification, tells of output tokens. */
function hasOutput(usage: unknown): boolean {
  const { completionTokens, outputTokens = completionTokens } = Object(usage) as Record<string, unknown>;
  return Number(Object(outputTokens).total ?? outputTokens) > 0;
}

/** A finish part for an answer that failed: with what `part`, the member's own, says of it, but as an error. */
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

/** Whether `part` is none of the answer: a part of a type that isn't known here counts as content. */
export function isPreamble({ type, delta, textDelta }: StreamPart): boolean {
  if (/^(stream-start|response-metadata|raw|ping|(text|reasoning)-(start|end))$/.test(type)) return true;
  return /^(text-delta|reasoning(-delta)?)$/.test(type) && (delta ?? textDelta) === '';
}

/** Whether a generated result holds anything: V1 spreads its answer over fields, V2 to V4 have `content`. */
export function hasContent(result: Partial<GenerateResult> | null | undefined): boolean {
  const { content, text, reasoning, files, toolCalls, sources } = result ?? {};
  if (!Array.isArray(content)) return [text, reasoning, files, toolCalls, sources].flat().some(Boolean);
  return content.some((part: StreamPart) => part['text'] !== '');
}

/** A finish part or a generated result with the decision on it. */
export function withDecision<Carrier extends GenerateResult | StreamPart>(
  carrier: Carrier,
  decision: Decision,
): Carrier {
  return copyWith(carrier, {
    providerMetadata: copyWith(carrier.providerMetadata ?? {}, { [metadataKey]: decision }),
  });
}

/** Our warnings before the member's own, on what carries them. */
export function withWarnings<Carrier extends object>(
  carrier: Carrier,
  warnings: readonly Warning[],
): Carrier {
  if (warnings.length === 0) return carrier;
  const { warnings: own = [] } = carrier as { warnings?: readonly Warning[] };
  return copyWith(carrier, { warnings: [...warnings, ...own] });
}

/** A generated result that names the model that answered. */
export function withModelId(result: GenerateResult, modelId: string): GenerateResult {
  const { response } = result;
  return response?.modelId ? result : copyWith(result, { response: copyWith(response ?? {}, { modelId }) });
}

/** `{ ...original, ...changes }`; measured on Node 20, a spread that adds a property takes five times as long. */
function copyWith<Original extends object>(original: Original, changes: object): Original {
  return Object.assign({}, original, changes);
}

/** Whether the provider executed tools on its own side. */
export function ranTools({ content }: Partial<GenerateResult>): boolean {
  return Array.isArray(content) && content.some(isProvidersTool);
}

export const isProvidersTool = (part: StreamPart): boolean => part['providerExecuted'] === true;

/** The warnings that a stream brings: V1 has them on the result of `doStream`, V2 to V4 on its first part. */
export function warningsOf(
  preamble: readonly StreamPart[],
  { warnings = [] }: StreamResult,
): readonly Warning[] {
  const start = preamble.find(isStart);
  return (start?.['warnings'] as Warning[] | undefined) ?? warnings;
}

/** A stream's first parts, so that they carry `warnings` and name the model that answered. */
export function completePreamble(
  preamble: readonly StreamPart[],
  modelId: string | undefined,
  warnings: readonly Warning[],
): readonly StreamPart[] {
  const named = preamble.some((part) => part.type === 'response-metadata' && part['modelId']);
  return [
    // V1 has no such part; its warnings are on the result.
    ...(nativeVersion() === 'v1' ? [] : [copyWith({ type: 'stream-start' }, { warnings })]),
    ...(named || modelId === undefined ? [] : [{ type: 'response-metadata', modelId }]), // the member's own wins
    ...preamble.filter((part) => !isStart(part)),
  ];
}

const isStart = ({ type }: StreamPart): boolean => type === 'stream-start';
