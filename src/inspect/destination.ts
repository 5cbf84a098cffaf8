import type { Candidate, Decision } from '../decision.ts';

/** Whether the request would be refused before any model is called. */
export function isRefused({ kind, candidates, order }: Decision): boolean {
  // An alloy may have no order in a dry run, since it draws one only in a call. It refuses a request if one constituent
  // can't hold it.
  return kind === 'alloy' ? !drawable(candidates).every(({ fits }) => fits) : (order ?? []).length === 0;
}

/** The constituents that the call doesn't leave out. */
const drawable = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.filter(({ skipped }) => skipped !== 'excluded');

/** The decisions of nested primitives on the way to the first model, the outermost first. */
export function decisionsOnTheWay(decision: Decision): Decision[] {
  const next = firstOf(decision)?.decision;
  return [decision, ...(next ? decisionsOnTheWay(next) : [])];
}

/** A sentence that names the model that would be called first. */
export function destinationOf(decision: Decision): string {
  const names = decisionsOnTheWay(decision).map((each) => firstOf(each)?.id ?? drawnOf(each));
  return `First call: ${names.join(' → ')}.`;
}

/** Those on cooldown are tried last; if all were, the order would be certain. */
function drawnOf({ candidates }: Decision): string {
  const available = drawable(candidates).filter(({ skipped }) => skipped !== 'resting');
  return `one of ${available.map(({ id }) => id).join(', ')}`;
}

/** The member that would be called first; undefined in an alloy that draws it. */
const firstOf = ({ order, candidates }: Decision): Candidate | undefined =>
  candidates.find(({ id }) => id === order?.[0]);
