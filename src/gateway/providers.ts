import { check, foundName } from '../errors/errors.ts';
import { isTable } from '../options/check-options.ts';
import type { KeyValueStore } from '../stores/key-value-store.ts';
import type { ModelReference, SpecModel } from '../sdk/model.ts';
import { knownNoModel, whyNoModel } from '../sdk/no-model.ts';
import { nativeVersion } from '../sdk/native.ts';

/** Returns a model for an id: an AI SDK provider or registry of any major version, or a function. */
// `any`: each provider has its own union of ids, and a function of such a union doesn't accept every string.
export type ModelSource =
  | { languageModel(id: any): ModelReference } // oxlint-disable-line typescript/no-explicit-any
  | ((id: any) => ModelReference); // oxlint-disable-line typescript/no-explicit-any

/** Sources by the first segment of the ids that they serve, `*` for all others; or one source of every id. */
export type GatewayProviders = ModelSource | Readonly<Record<string, ModelSource>>;

/** Finds the model for an id. */
export type ResolveModel = (id: string) => ModelReference;

/** Gets each model from its provider. Without a provider: an error, or the id itself, which the AI SDK resolves. */
export function modelsFrom(
  providers: GatewayProviders | undefined,
  undeclared: 'error' | 'ai-sdk',
): ResolveModel {
  assertProviders(providers);
  return (id) => resolve(id, providers, undeclared);
}

/** Models that providers have given, by id. */
export type GivenModels = Map<string, ModelReference>;

/** Uses the models in `known`, and adds those that it finds. */
export function rememberedIn(known: GivenModels, resolveModel: ResolveModel): ResolveModel {
  return (id) => {
    const model = known.get(id) ?? resolveModel(id);
    known.set(id, model);
    return model;
  };
}

function resolve(
  id: string,
  providers: GatewayProviders | undefined,
  undeclared: 'error' | 'ai-sdk',
): ModelReference {
  const found = sourceFor(providers, id);
  if (found) return ask(found.source, found.asked, id);
  const names = Object.keys(providers ?? {});
  const listed = names.length > 0 ? `only ${names.join(', ')}` : 'none at all';
  const meant = names.find((name) => id.startsWith(`${name}:`));
  const remedy = meant
    ? `ids have a slash behind the provider's prefix: ${meant}/${id.slice(meant.length + 1)}`
    : `no provider has this prefix, there is ${listed}: add one to providers, '*' for all other ids, or set undeclared: 'ai-sdk'`;
  check(undeclared === 'ai-sdk', 'model', foundName(id), remedy);
  return id as ModelReference; // from ai 5 on, a string is a model reference; under ai 4, the primitives reject it
}

function assertProviders(providers: unknown): void {
  if (providers === undefined || isSource(providers)) return;
  const remedy =
    'pass AI SDK providers, such as { openai, anthropic }, a registry, or a function that takes an id';
  // The value is not shown, since it may be an API key.
  check(isTable(providers), 'typeof providers', typeof providers, remedy);
  for (const [name, source] of Object.entries(providers)) {
    const provider = `an AI SDK provider, such as openai of @ai-sdk/openai, or a function that takes an id`;
    check(isSource(source), `typeof providers.${name}`, typeof source, `pass ${provider}, or leave it out`);
  }
}

/** The provider for an id, and the id to ask it for. */
export function sourceFor(
  providers: GatewayProviders | undefined,
  id: string,
): { readonly source: ModelSource; readonly asked: string } | undefined {
  if (isSource(providers)) return { source: providers, asked: id };
  const [prefix = '', ...rest] = id.split('/');
  const own = prefix !== '*' && rest.length > 0 ? sourceOf(providers, prefix) : undefined;
  if (own !== undefined) return { source: own, asked: rest.join('/') };
  const any = sourceOf(providers, '*');
  return any === undefined ? undefined : { source: any, asked: id };
}

function sourceOf(
  providers: Readonly<Record<string, ModelSource>> | undefined,
  name: string,
): ModelSource | undefined {
  return providers && Object.hasOwn(providers, name) ? providers[name] : undefined;
}

function isSource(value: unknown): value is ModelSource {
  return typeof value === 'function' || typeof Object(value).languageModel === 'function';
}

function ask(source: ModelSource, asked: string, id: string): ModelReference {
  const model: unknown = 'languageModel' in source ? source.languageModel(asked) : source(asked);
  const no = typeof model === 'string' ? undefined : whyNoModel(model);
  const what = no && knownNoModel(model) ? no.found.shown : 'no language model';
  check(!no, 'model', foundName(id), `its provider gives ${what} for it: correct the id or the provider`);
  return model as ModelReference;
}

/** A placeholder for a model where the configuration is only checked or explained, so that no model is called. */
export function placeholderModel(id: string): ModelReference {
  const [prefix = '', ...rest] = id.split('/');
  const refuse = (): never => {
    throw new Error(`"${id}" has no provider: this gateway was only checked or explained`);
  };
  const model: SpecModel = {
    specificationVersion: nativeVersion(),
    provider: rest.length > 0 ? prefix : 'unknown',
    modelId: rest.length > 0 ? rest.join('/') : id,
    supportedUrls: {},
    doGenerate: async () => refuse(),
    doStream: async () => refuse(),
  };
  return model as unknown as ModelReference;
}

/** A placeholder for a session store. Sticky dispatchers need one under ai 4, but data doesn't tell whether there will be one. */
export const placeholderStore: KeyValueStore = { get: () => undefined, set() {} };
