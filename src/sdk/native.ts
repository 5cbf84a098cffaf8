import * as ai from 'ai';
import { check } from '../errors/errors.ts';
import { at, type Place } from '../errors/place.ts';
import type { ModelReference, SpecModel } from './model.ts';

/** The specification versions that the installed `ai` can run, by its own version. */
const accepted: Record<string, readonly string[]> = {
  v1: ['v1'],
  v2: ['v2'],
  v3: ['v2', 'v3'],
  v4: ['v2', 'v3', 'v4'],
};

let detected: string | undefined;

/** The specification version of the installed `ai`, read from a model that `wrapLanguageModel` makes. */
export function nativeVersion(): string {
  return (detected ??= wrapModel({ specificationVersion: 'v4' } as SpecModel, {}).specificationVersion);
}

/** `wrapLanguageModel`, seen through the types that V1 to V4 share. */
export function wrapModel(model: SpecModel, middleware: object): SpecModel {
  return ai.wrapLanguageModel({ model: model as never, middleware }) as unknown as SpecModel;
}

/** Throws an InvalidConfigurationError for a model that the installed `ai` would misread or refuse. */
export function assertSupported(model: unknown, option: Place): asserts model is SpecModel {
  const { specificationVersion: version } = model as SpecModel;
  const versions = accepted[nativeVersion()]!;
  const remedy = `the installed ai takes ${versions.join(', ')}: use the provider package that goes with it`;
  check(versions.includes(version), at(option, 'specificationVersion'), version, remedy);
}

/**
 * The model in the native specification. ai 7 adapts V2 and V3 when it resolves a model. ai 6 adapts V2 only
 * through `wrapProvider`: its `wrapLanguageModel` would just stamp 'v3' on it, and lose usage and finish reason.
 */
export function toNative(model: SpecModel): SpecModel {
  const native = nativeVersion();
  if (model.specificationVersion === native) return model;
  const languageModel = model as never;
  const adapted: unknown =
    native === 'v3'
      ? ai
          .wrapProvider({
            provider: { languageModel: () => languageModel } as never,
            languageModelMiddleware: [],
          })
          .languageModel('')
      : ai.customProvider({ languageModels: { languageModel } }).languageModel('languageModel');
  return adapted as SpecModel;
}

/** The provider with which the AI SDK resolves string ids. */
export interface SdkProvider {
  languageModel(id: string): ModelReference;
}

/** The AI SDK's global provider, else its gateway provider. ai 4 has neither, and takes no string ids. */
export function sdkProvider(): SdkProvider {
  const { AI_SDK_DEFAULT_PROVIDER: provider } = globalThis as { AI_SDK_DEFAULT_PROVIDER?: SdkProvider };
  return provider ?? ai.gateway;
}

/** The model of a string id, resolved as the AI SDK does it. */
export const resolveStringId = (id: string): ModelReference => sdkProvider().languageModel(id);
