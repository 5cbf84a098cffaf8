import type { Candidate, Decision } from '../decision.ts';

/** Whether the request would be refused before any model is called. */
export function isRefused({ kind, candidates, order }: Decision): boolean {
  // An alloy has no order in a dry run, since it draws one only in a call. It refuses a request if one constituent
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
  const names = decisionsOnTheWay(decision).map((each) =>
    each.kind === 'alloy' ? drawnOf(each) : (firstOf(each)?.id ?? ''),
  );
  return `First call: ${names.join(' → ')}.`;
}

function drawnOf({ candidates, reason }: Decision): string {
  const ids = drawable(candidates)
    .map(({ id }) => id)
    .join(', ');
  return reason === 'sticky' ? `the one of ${ids} that the conversation is kept to` : `one of ${ids}`;
}

/** The member that would be called first; undefined in an alloy, which draws. */
const firstOf = ({ order, candidates }: Decision): Candidate | undefined =>
  candidates.find(({ id }) => id === order?.[0]);
