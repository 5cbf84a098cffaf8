import { check, foundInstead, foundName, isObject } from '../errors.ts';
import { asMember, labelOf } from '../routing/member.ts';
import type { ModelReference } from '../spec/model.ts';
import { misspelt } from '../spelling.ts';
import type { DispatcherRule } from './rule.ts';

/** The targets of rules as members: those of the list where they stand there, the others behind it. */
export function ruleTargets(
  rules: readonly DispatcherRule[],
  list: readonly unknown[],
): { others: { option: string; entry: unknown }[]; indices: number[] } {
  const all = [...list];
  const others: { option: string; entry: unknown }[] = [];
  const indices = rules.map((rule, index) => {
    check(
      isObject(rule),
      `dispatcher: rules[${index}]`,
      foundInstead(rule),
      'pass an object: { when, target }',
    );
    const { target }: { readonly target: unknown } = rule;
    const same = all.indexOf(target);
    const known = same >= 0 ? same : named(target, all);
    if (known >= 0) return known;
    if (typeof target === 'string') assertSpelt(`dispatcher: rules[${index}].target`, target, all);
    others.push({ option: `rules[${index}].target`, entry: target });
    return all.push(target) - 1;
  });
  return { others, indices };
}

/** A target by what it is called: the id that was given to it, else what its model is called. */
function named(target: unknown, list: readonly unknown[]): number {
  if (typeof target !== 'string') return -1;
  const entries = list.map(asMember);
  const byId = entries.findIndex(({ id }) => id === target);
  if (byId >= 0) return byId;
  return entries.findIndex(
    ({ id, model }) => id === undefined && isReference(model) && labelOf(model) === target,
  );
}

/** A string that is nearly the name of a target would go out to the AI SDK as a model's. */
function assertSpelt(option: string, target: string, list: readonly unknown[]): void {
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
