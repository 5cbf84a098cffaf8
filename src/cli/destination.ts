import type { Candidate, Decision } from '../decision.ts';

/** Whether the request would be refused before any model is called. */
export function isRefused({ kind, candidates, order }: Decision): boolean {
  // An alloy has no order in a dry run: it draws one when it is called. It refuses what one constituent can't hold.
  return kind === 'alloy' ? !candidates.every(({ fits }) => fits) : (order ?? []).length === 0;
}

/** In a sentence, who would be called first. */
export function destinationOf(decision: Decision, isModel = false): string {
  const { kind, id, reason } = decision;
  if (!isRefused(decision)) return `First call: ${trailOf(decision).join(' → ')}.`;
  // The gateway makes a cascade of one step of a model that it declares.
  if (isModel) return `Refused: model "${id}" can't hold the request.`;
  if (kind === 'alloy') return `Refused: ${kind} "${id}" takes only what all of its constituents can hold.`;
  if (reason === 'rule') return `Refused: the target of rule ${ruleOf(decision)} can't hold the request.`;
  if (decision.candidates.some(({ fits }) => fits))
    return 'Refused: no rule matches, and there are no targets.';
  return `Refused: nothing in ${kind} "${id}" can hold the request.`;
}

/** `0` by its place, `"night"` by its name. */
export const ruleOf = ({ rule }: Decision): string => JSON.stringify(rule);

/** The primitives on the way to a model, and the model, or the constituents that one is drawn of. */
function trailOf(decision: Decision): string[] {
  if (decision.kind === 'alloy') return [`one of ${decision.candidates.map(({ id }) => id).join(', ')}`];
  const first = firstOf(decision);
  if (!first) return [];
  return [first.id, ...(first.decision ? trailOf(first.decision) : [])];
}

/** A nested plan has no order of its own: first comes the first that fits, catch-alls of a dispatcher last. */
export function firstOf({ order, candidates, kind }: Decision): Candidate | undefined {
  if (order) return candidates.find(({ id }) => id === order[0]);
  const fitting = candidates.filter(({ fits }) => fits);
  return (kind === 'dispatcher' ? fitting.find(({ catchAll }) => !catchAll) : undefined) ?? fitting[0];
}
