import type { Candidate, Decision } from '../../decision.ts';
import type { GatewayConfig } from '../../gateway/index.ts';
import { dispatcherOf } from '../declared.ts';

/** When a candidate would be called, in a few words; empty if never. */
export function calledOf(candidate: Candidate, decision: Decision, config: GatewayConfig): string {
  const { kind, order = [], candidates, reason } = decision;
  if (kind === 'alloy') {
    // A pending tool call goes back to who made it, which isn't said here.
    if (reason === 'sticky' || !candidates.every(({ fits }) => fits)) return '';
    return reason === 'round-robin' ? 'in turn' : 'drawn';
  }
  const place = order.indexOf(candidate.id);
  if (place <= 0) return place < 0 ? '' : '1';
  const declared = dispatcherOf(config, decision);
  if (!declared || declared.fallback) return `${place + 1}, on failure`;
  // A dispatcher's choice is final, but for what a provider says is too long for it: that goes on to a larger one.
  const first = candidates.find(({ id }) => id === order[0])!;
  const mayHoldMore = sizeOf(first) === Infinity || sizeOf(candidate) > sizeOf(first);
  const isKept = /^(sticky|escalated)$/.test(reason);
  if (!mayHoldMore || (isKept && declared.reevaluate === 'sticky')) return '';
  return isKept ? 'if too long, as an escalation' : 'if too long';
}

const sizeOf = ({ ceiling, maxInputTokens }: Candidate): number => ceiling ?? maxInputTokens ?? Infinity;
