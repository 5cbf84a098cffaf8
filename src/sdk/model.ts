import type { PrimitiveKind } from '../primitive-kinds.ts';
import type { LanguageModel, wrapLanguageModel } from 'ai';

/**
 * The language model type of the installed `ai`, taken from the peer itself:
 * LanguageModelV1 under ai 4, V2 under 5, V3 under 6, V4 under 7.
 */
type NativeModel = ReturnType<typeof wrapLanguageModel>;

/**
 * A language model made of language models: what `alloy`, `cascade` and `dispatcher` return.
 * Goes wherever the AI SDK takes a model, and into another primitive.
 */
// An interface, not an alias: only an interface prints by its name in a consumer's declarations,
// so that `export const smart = cascade(…)` compiles there.
export interface RoutingModel extends NativeModel {
  /** Which primitive this is. */
  readonly kind: PrimitiveKind;
}

/**
 * One call on a model, in the specification of the installed `ai`: LanguageModelV1CallOptions under ai 4, V2 under 5,
 * V3 under 6, V4 under 7.
 */
export type ModelCall = Parameters<NativeModel['doGenerate']>[0];

/** Any model the installed AI SDK takes: a model object or, from ai 5, a string id. */
export type ModelReference = LanguageModel;

/** A message of a standardised prompt. Its parts differ between V1 and V4; see `tokens/call/walk-call.ts`. */
export interface Message {
  readonly role: string;
  readonly content: string | readonly unknown[];
}

/**
 * The options of one `doGenerate` or `doStream` call, as far as all four specifications share them.
 * Everything else a call carries is passed on untouched.
 */
export interface Call {
  readonly prompt: readonly Message[];
  readonly abortSignal?: AbortSignal | undefined;
  readonly [option: string]: unknown;
}

/** A call warning; every specification knows the type `other`. */
export interface Warning {
  readonly type: string;
  readonly message?: string;
}

/** The result of `doGenerate`, as far as this library reads it. */
export interface GenerateResult {
  readonly finishReason?: unknown;
  readonly usage?: object;
  readonly warnings?: readonly Warning[];
  readonly response?: { readonly modelId?: string };
  readonly providerMetadata?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** One part of a model's stream. */
export interface StreamPart {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The result of `doStream`, as far as this library reads it. */
export interface StreamResult {
  readonly stream: ReadableStream<StreamPart>;
  readonly warnings?: readonly Warning[];
  readonly [field: string]: unknown;
}

/** URL patterns by media type (V2 to V4). */
export type SupportedUrls = Record<string, RegExp[]>;

/** A language model of any specification: what V1 to V4 have in common. */
export interface SpecModel {
  readonly specificationVersion: string;
  readonly provider: string;
  readonly modelId: string;
  readonly supportedUrls?: SupportedUrls | PromiseLike<SupportedUrls>;
  readonly defaultObjectGenerationMode?: 'json' | 'tool' | undefined;
  readonly supportsImageUrls?: boolean;
  readonly supportsStructuredOutputs?: boolean;
  supportsUrl?(url: URL): boolean;
  doGenerate(call: Call): PromiseLike<GenerateResult>;
  doStream(call: Call): PromiseLike<StreamResult>;
}
