import { foundName, InvalidConfigurationError, isObject } from '../errors.ts';
import type { Entity } from './entities.ts';
import { countingOptionNames } from './estimators.ts';
import { show, type GatewayProblem, type Path } from './problem.ts';

/** What a primitive says against its options, as a problem at the place in the configuration that it is about. */
export function optionsProblem(error: unknown, entity: Entity): GatewayProblem {
  const { kind, id, path, raw } = entity;
  const keys = keysOf(error, `${kind} "${id}": `);
  if (kind !== 'model') return problemAt(error, path, raw, keys[0] === 'options' ? keys.slice(1) : keys);
  return problemAt(error, path, raw, keys.slice(2));
}

/** What a primitive says against the one member that it has, as a problem of that member. */
export function memberProblem(error: unknown, path: Path, { path: base, raw }: Entity): GatewayProblem {
  return problemAt(error, path, valueAt(raw, path.slice(base.length)), keysOf(error, '').slice(2));
}

/** An error's message, without the option that a path tells better; what others say is quoted, as values are. */
export function messageOf(error: unknown): string {
  const message = isObject(error) && 'message' in error ? String(error.message) : String(error);
  if (!InvalidConfigurationError.isInstance(error)) {
    return foundName(message, 1000).shown;
  }
  const start = `${error.option} is `;
  const found = message.startsWith(start) ? message.slice(start.length) : message;
  return found.replace(/^undefined: /, 'missing: ').replace(/\.$/, '');
}

/** `alloy "fast": constituents[1].contextWindow` → `['constituents', 1, 'contextWindow']` */
function keysOf(error: unknown, name: string): Path {
  if (!InvalidConfigurationError.isInstance(error)) return [];
  const { option } = error;
  const start = option.startsWith(name) ? name : '';
  const [place = ''] = option
    .slice(start.length)
    .replace(/^(?:alloy|cascade|dispatcher): /, '')
    .split(' ', 1);
  const keys = place.match(/[^.[\]]+/g) ?? [];
  return keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
}

/** A path goes as far as the configuration does: what is missing has no place. */
function problemAt(error: unknown, base: Path, raw: unknown, keys: Path): GatewayProblem {
  const message = messageOf(error);
  const counts =
    keys.at(-1) === 'estimator' && countingOptionNames.find((key) => Object.hasOwn(Object(raw), key));
  if (counts && InvalidConfigurationError.isInstance(error)) {
    // An estimator is made of it.
    return { path: [...base, counts], message: `${show(valueAt(raw, [counts]))}: ${error.remedy}` };
  }
  const missing = keys.findIndex((_, index) => valueAt(raw, keys.slice(0, index + 1)) === undefined);
  const path = [...base, ...(missing < 0 ? keys : keys.slice(0, missing))];
  return {
    path,
    message: missing < 0 ? message : message.replace(/^missing: /, `${keys.at(-1)} is missing: `),
  };
}

function valueAt(raw: unknown, path: Path): unknown {
  let here = raw;
  for (const key of path) {
    here =
      isObject(here) && Object.hasOwn(here, key)
        ? (here as Record<string | number, unknown>)[key]
        : undefined;
  }
  return here;
}
