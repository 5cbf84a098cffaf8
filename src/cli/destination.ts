import type { Candidate, Decision } from '../decision.ts';

/** Whether the request would be refused before any model is called. */
export function isRefused({ kind, candidates, order }: Decision): boolean {
  // An alloy has no order in a dry run: it draws one when it is called. It refuses what one constituent can't hold.
  return kind === 'alloy' ? !candidates.every(({ fits }) => fits) : (order ?? []).length === 0;
}

/** The decisions on the way to a model, the outermost first. */
export function decisionsOnTheWay(decision: Decision): Decision[] {
  const next = firstOf(decision)?.decision;
  return [decision, ...(next ? decisionsOnTheWay(next) : [])];
}

/** In a sentence, who would be called first. */
export function destinationOf(decision: Decision): string {
  const names = decisionsOnTheWay(decision).map((each) =>
    each.kind === 'alloy' ? drawnOf(each) : (firstOf(each)?.id ?? ''),
  );
  return `First call: ${names.join(' → ')}.`;
}

function drawnOf({ candidates, reason }: Decision): string {
  const ids = candidates.map(({ id }) => id).join(', ');
  return reason === 'sticky' ? `whoever of ${ids} made the pending tool call` : `one of ${ids}`;
}

/** Who comes first; nobody in an alloy, which draws. */
const firstOf = ({ order, candidates }: Decision): Candidate | undefined =>
  candidates.find(({ id }) => id === order?.[0]);
