import { check, foundName } from '../errors/errors.ts';
import { at, type Place } from '../errors/place.ts';
import type { AttemptSettings } from '../faults/attempt-options.ts';
import { learnedCeiling } from '../faults/learned-ceiling.ts';
import { fitCheckOf } from '../fit-check.ts';
import { endingsOf } from '../sdk/ending.ts';
import type { ModelReference } from '../sdk/model.ts';
import { assertSupported, resolveStringId, toNative, wrapModel } from '../sdk/native.ts';
import { toolIdRuleOf } from '../sdk/tool-id-rule.ts';
import { withToolIds } from '../sdk/tool-ids.ts';
import { isSized } from '../tokens/fit.ts';
import { assertSameVersion, isStandIn, routerOf } from './copies.ts';
import { Measured } from './measured.ts';
import { pathTo, type Member, type Resolved } from './router.ts';

/** The default name of a model, for a member without an id. */
export function labelOf(reference: ModelReference): string {
  if (typeof reference === 'string') return reference;
  return routerOf(reference)?.id ?? `${reference.provider}/${reference.modelId}`;
}

/** Makes a member of options that have been checked. */
export function createMember(
  place: Place,
  { model: reference, weight = 1 }: { readonly model: ModelReference; readonly weight?: number },
  parsed: AttemptSettings & Pick<Member, 'id' | 'limits' | 'price' | 'prepare' | 'transforms' | 'lacks'>,
): Member {
  const { limits } = parsed;
  const resolveModel = (model: ModelReference): Resolved => {
    const router = routerOf(model);
    assertSupported(model, at(place, 'model'));
    assertSameVersion(at(place, 'model'), model, isSized(limits));
    const rule = router ? undefined : toolIdRuleOf(model);
    const native = rule ? withToolIds(toNative(model), rule) : toNative(model);
    const middleware = isSized(limits) ? fitCheckOf(() => limits) : undefined;
    return {
      router,
      fitCheck:
        router && middleware && ((params) => middleware.transformParams({ params, model: native } as never)),
      endings: router ? 'trusted' : endingsOf(model),
      model: middleware && !router ? wrapModel(native, middleware) : native,
    };
  };
  const modelObject = typeof reference === 'string' ? undefined : reference;
  let resolved = modelObject && resolveModel(modelObject);
  let standIn: object | undefined = isStandIn(modelObject) ? modelObject : undefined;
  /** What a stand-in resolves to changes when its gateway is reloaded. */
  const resolvedNow = (): Resolved | undefined => {
    if (!standIn || !resolved) return resolved;
    const router = routerOf(standIn);
    return router === resolved.router ? resolved : (resolved = { ...resolved, router });
  };
  return {
    ...parsed,
    place,
    model: labelOf(reference),
    learned: learnedCeiling(),
    measured: new Measured(),
    weight,
    modelObject,
    provider: resolved?.model.provider,
    get resolved() {
      return resolvedNow();
    },
    resolve(holder) {
      const known = resolvedNow();
      if (known) return known;
      const model = resolveStringId(reference as string);
      const found = resolveModel(model);
      if (isStandIn(model)) standIn = model as object;
      const path = found.router && pathTo(found.router, holder);
      check(
        !path,
        at(place, 'model'),
        foundName(reference as string),
        `it contains itself: ${[holder.id, ...(path ?? [])].join(' → ')}`,
      );
      return (resolved = found);
    },
  };
}
