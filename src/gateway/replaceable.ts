import { cascade } from '../cascade.ts';
import { registerStandIn, routerOf } from '../routing/copies.ts';
import type { Call, ModelReference, RoutingModel, SpecModel } from '../sdk/model.ts';
import { urlsWhenAsked } from '../sdk/facade.ts';
import { nativeVersion } from '../sdk/native.ts';
import type { ModelGateway } from './create-model-gateway.ts';

/**
 * A gateway that stands for the one that `current` returns, which may be replaced: so do the models that it hands out,
 * at each of their calls.
 */
export function replaceableGateway(current: () => ModelGateway): ModelGateway {
  const handedOut = new Map<string, RoutingModel>();
  const languageModel = (id: string): RoutingModel => {
    const now = current().languageModel(id); // throws if there is none
    const known = handedOut.get(id);
    if (known) return known;
    if (!routerOf(now)) return now; // undeclared: a model of the AI SDK's
    const made = standIn(now, currentModel(id, current));
    handedOut.set(id, made);
    return made;
  };
  const gateway = { ...current(), languageModel };
  return Object.defineProperty(gateway, 'ids', { get: () => current().ids, enumerable: true });
}

/** Returns the model with this id in the gateway as it is now. If there is none, it is one whose calls fail by that. */
function currentModel(id: string, current: () => ModelGateway): () => RoutingModel {
  let missing: RoutingModel | undefined;
  const find = (): RoutingModel => current().languageModel(id);
  const isDeclared = (): boolean => current().ids.includes(id);
  return () => (isDeclared() ? find() : (missing ??= missingModel(id, find)));
}

function missingModel(id: string, find: () => RoutingModel): RoutingModel {
  const model: SpecModel = {
    specificationVersion: nativeVersion(),
    provider: 'no-such-model',
    modelId: id,
    supportedUrls: {},
    doGenerate: async (call) => (find() as unknown as SpecModel).doGenerate(call),
    doStream: async (call) => (find() as unknown as SpecModel).doStream(call),
  };
  return cascade({ id, steps: [{ id, model: model as unknown as ModelReference }] });
}

/** A model that stands for the one that `current` returns. A call stays with the model that it began with. */
function standIn(first: RoutingModel, current: () => RoutingModel): RoutingModel {
  const spec = (): SpecModel => current() as unknown as SpecModel;
  const calls = {
    doGenerate: async (call: Call) => spec().doGenerate(call),
    doStream: async (call: Call) => spec().doStream(call),
    ...('supportedUrls' in first
      ? { supportedUrls: urlsWhenAsked(() => spec().supportedUrls!) }
      : { supportsUrl: (url: URL) => spec().supportsUrl!(url) }),
  };
  const others = Object.keys(first).filter((name) => !(name in calls));
  const properties = others.map((name) => {
    const get = (): unknown => current()[name as keyof RoutingModel];
    return [name, { get, enumerable: true }] as const;
  });
  const model = Object.defineProperties(calls, Object.fromEntries(properties));
  registerStandIn(model, current);
  return model as unknown as RoutingModel;
}
