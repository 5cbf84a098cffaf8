import type { Candidate, Decision } from '../decision.ts';
import type { GatewayConfig } from '../gateway/index.ts';
import { dispatcherOf } from './declared.ts';
import { isRefused } from './destination.ts';

/** When a candidate would be called: `1`, `2, on failure`; empty if never. */
export function calledOf(candidate: Candidate, decision: Decision, config: GatewayConfig): string {
  const { kind, order = [], candidates, reason } = decision;
  if (kind === 'alloy') {
    // With `redraw`, a request goes back to the constituent of its conversation, which the decision doesn't name.
    if (reason === 'sticky' || isRefused(decision) || candidate.skipped === 'excluded') return '';
    return reason === 'round-robin' ? 'in turn' : 'drawn';
  }
  const place = order.indexOf(candidate.id);
  if (place <= 0) return place < 0 ? '' : '1';
  const declared = dispatcherOf(config, decision);
  if (!declared || declared.fallback) return `${place + 1}, on failure`;
  // A dispatcher's choice is final, unless the provider says that the request is too long: then a larger target is tried.
  const first = candidates.find(({ id }) => id === order[0])!;
  const mayHoldMore = sizeOf(first) === Infinity || sizeOf(candidate) > sizeOf(first);
  const isKept = /^(sticky|escalated)$/.test(reason);
  if (!mayHoldMore || (isKept && declared.reevaluate === 'sticky')) return '';
  return isKept ? 'if too long, as an escalation' : 'if too long';
}

const sizeOf = ({ ceiling, maxInputTokens }: Candidate): number => ceiling ?? maxInputTokens ?? Infinity;
