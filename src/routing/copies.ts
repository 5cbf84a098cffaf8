import { primitiveKinds } from '../primitive-kinds.ts';
import { check, Found, isObject } from '../errors/errors.ts';
import { fieldOf } from '../faults/safe-read.ts';
import type { Place } from '../errors/place.ts';
import { inProcess, inVersion } from '../in-process.ts';
import { nativeVersion } from '../sdk/native.ts';
import { version } from '../version.ts';
import { warn } from '../warn.ts';
import type { Router } from './router.ts';

// The routers of primitives, by model object. A wrapped primitive is a plain model. Only for copies of this version:
// another one may not understand these routers.
const routers: WeakMap<object, Router> = /* @__PURE__ */ inVersion('routers', () => new WeakMap());

// The primitives of all versions of this package, and which version made each.
const versions: WeakMap<object, string> = /* @__PURE__ */ inProcess('versions', () => new WeakMap());

/** Registers a model as a primitive for all copies of this package in the process. */
export function registerPrimitive(model: object, router: Router): void {
  routers.set(model, router);
  versions.set(model, version);
}

// Models of reloaded gateways, and how to get the primitive that each stands for now.
const standIns: WeakMap<object, () => object> = /* @__PURE__ */ inVersion('stand-ins', () => new WeakMap());

/** Registers a model that stands for another one, which may be replaced. */
export function registerStandIn(model: object, current: () => object): void {
  standIns.set(model, current);
  versions.set(model, version);
}

/** Whether the router of a model may be another one at the next call. */
export const isStandIn = (model: unknown): boolean => isObject(model) && standIns.has(model);

/**
 * The router of a primitive that a copy of this version made; undefined for all other models. Of a stand-in, that of the
 * primitive that it stands for now.
 */
export function routerOf(model: unknown): Router | undefined {
  const router = isObject(model) ? routers.get(standIns.get(model)?.() ?? model) : undefined;
  // A copy that uses another major of `ai` makes primitives and members of another model specification.
  return router && fieldOf(model, 'specificationVersion') === nativeVersion() ? router : undefined;
}

/** The router of a primitive; throws for all other models. */
export function primitiveOf(where: string, model: unknown): Router {
  const router = routerOf(model);
  const remedy =
    'pass what alloy, cascade or dispatcher returned, of this version of ai-alloy and not wrapped';
  check(router !== undefined, where, model, remedy);
  return router;
}

/**
 * Reports a member that is a primitive which this copy can't look into. That is an error if its sizes would be
 * ignored; it is a warning if a size is declared on the member, or if it only looks like a primitive (a proxy, or one
 * of version 0.1.0).
 */
export function assertSameVersion(option: Place, model: unknown, isSized: boolean): void {
  if (!isObject(model) || routerOf(model)) return;
  const made = versions.get(model);
  const kind = fieldOf(model, 'kind');
  if (made === undefined && !primitiveKinds.some((each) => each === kind)) return;
  const shown =
    made === undefined
      ? `a wrapped ${kind}, or one of another version of ai-alloy`
      : made === version
        ? `a ${kind} of ai-alloy beside another major of ai`
        : `a ${kind} of ai-alloy ${made}, and this is ${version}`;
  const remedy =
    'install one version of both for all packages (npm ls ai ai-alloy), or declare its contextWindow';
  check(isSized || made === undefined, option, new Found(shown), remedy);
  const taken = 'it is taken for a plain model, whose own decisions, deadlines and sizes are not known here';
  warn(option.label, `${option.label} is ${shown}: ${taken}.`);
}
