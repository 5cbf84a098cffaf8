import { check, foundInstead, foundName, isObject } from '../errors/errors.ts';
import { at, type Path, type Place } from '../errors/place.ts';
import { labelOf } from '../routing/create-member.ts';
import { asMember } from '../routing/member.ts';
import type { ModelReference } from '../sdk/model.ts';
import { misspelt } from '../spelling.ts';
import type { DispatcherRule } from './rule.ts';

/**
 * Finds each rule's target among `targets`, by its index. Targets that only rules name are added after the list, as
 * `others`.
 */
export function ruleTargets(
  rules: readonly DispatcherRule[],
  list: readonly unknown[],
): { others: { path: Path; entry: unknown }[]; indices: number[] } {
  const all = [...list];
  const others: { path: Path; entry: unknown }[] = [];
  const indices = rules.map((rule, index) => {
    const place = at(at('dispatcher: ', 'rules'), index);
    check(isObject(rule), place, foundInstead(rule), 'pass an object: { when, target }');
    const { target }: { readonly target: unknown } = rule;
    const same = all.indexOf(target);
    const known = same >= 0 ? same : named(target, all);
    if (known >= 0) return known;
    if (typeof target === 'string') assertSpelt(at(place, 'target'), target, all);
    others.push({ path: ['rules', index, 'target'], entry: target });
    return all.push(target) - 1;
  });
  return { others, indices };
}

/** The index of the target with this name: its explicit id, else the name of its model. */
function named(target: unknown, list: readonly unknown[]): number {
  if (typeof target !== 'string') return -1;
  const entries = list.map(asMember);
  const byId = entries.findIndex(({ id }) => id === target);
  if (byId >= 0) return byId;
  return entries.findIndex(
    ({ id, model }) => id === undefined && isReference(model) && labelOf(model) === target,
  );
}

/** Throws if a string is almost the name of a target: otherwise the AI SDK would resolve it as a model id. */
function assertSpelt(option: Place, target: string, list: readonly unknown[]): void {
  const names = list
    .map(asMember)
    .flatMap(({ id, model }) => id ?? (isReference(model) ? labelOf(model) : []))
    .filter((name) => typeof name === 'string');
  const meant = misspelt(target, names);
  const remedy =
    `no target is called so, did you mean ${foundName(meant ?? '').shown}? ` +
    'A model of that name is { model: … }';
  check(meant === undefined, option, foundName(target), remedy);
}

const isReference = (model: unknown): model is ModelReference => typeof model === 'string' || isObject(model);
