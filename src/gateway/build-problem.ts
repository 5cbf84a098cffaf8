import { InvalidConfigurationError, isObject } from '../errors.ts';
import type { Entity } from './entities.ts';
import type { GatewayProblem, Path } from './problem.ts';

/** What a primitive says against its options, as a problem at the place in the configuration that it is about. */
export function buildProblem(entity: Entity, error: unknown): GatewayProblem {
  if (!InvalidConfigurationError.isInstance(error)) return { path: entity.path, message: messageOf(error) };
  const inner = innerPath(error.option, entity);
  return { path: [...entity.path, ...existing(inner, entity.raw)], message: messageOf(error) };
}

/** An error's message, without the option that a path tells better; what others say is quoted, as values are. */
export function messageOf(error: unknown): string {
  const message = isObject(error) && 'message' in error ? String(error.message) : String(error);
  if (!InvalidConfigurationError.isInstance(error)) {
    return JSON.stringify(message.length > 1000 ? `${message.slice(0, 1000)}…` : message);
  }
  const start = `${error.option} is `;
  const found = message.startsWith(start) ? message.slice(start.length) : message;
  return found.replace(/^undefined: /, 'missing: ').replace(/\.$/, '');
}

/** `alloy "fast": constituents[1].contextWindow` → `['constituents', 1, 'contextWindow']` */
function innerPath(option: string, { kind, id }: Entity): Path {
  const primitive = kind === 'model' ? 'cascade' : kind;
  const start = [`${primitive} "${id}": `, `${primitive}: `].find((each) => option.startsWith(each)) ?? '';
  const [place = ''] = option.slice(start.length).split(' ', 1);
  const keys = place.match(/[^.[\]]+/g) ?? [];
  const path = keys.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  if (path[0] === 'options') return path.slice(1);
  return kind === 'model' && path[0] === 'steps' ? path.slice(2) : path;
}

/** A path as far as the configuration has it: what is missing has no place. */
function existing(path: Path, raw: unknown): Path {
  let here = raw;
  const end = path.findIndex((key) => {
    const has = isObject(here) && Object.hasOwn(here, key);
    if (has) here = (here as Record<string | number, unknown>)[key];
    return !has;
  });
  return end < 0 ? path : path.slice(0, end);
}
