import type { Candidate, Decision } from '../decision.ts';
import type { GatewayConfig } from '../gateway/index.ts';
import { dispatcherOf, primitiveOf } from './declared.ts';
import { isRefused } from './destination.ts';

/** When a candidate would be called: `1`, `2, on failure`, `drawn`; empty if never. */
export function calledOf(candidate: Candidate, decision: Decision, config: GatewayConfig): string {
  const { kind, order = [], candidates, reason } = decision;
  if (kind === 'alloy') return drawnOf(candidate, decision, config);
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

/** When an alloy calls a constituent. It has an order only where no draw is left for the first place. */
function drawnOf(candidate: Candidate, decision: Decision, config: GatewayConfig): string {
  const { id, skipped } = candidate;
  const { order, reason } = decision;
  if (isRefused(decision) || skipped === 'excluded') return '';
  if (id === order?.[0]) return '1';
  if (order || skipped === 'resting') return fallsBack(config, decision) ? 'on failure' : '';
  return reason === 'round-robin' ? 'in turn' : 'drawn';
}

function fallsBack(config: GatewayConfig, decision: Decision): boolean {
  const declared = primitiveOf(config, decision);
  return declared?.kind === 'alloy' && declared.config.fallback !== false;
}

const sizeOf = ({ ceiling, maxInputTokens }: Candidate): number => ceiling ?? maxInputTokens ?? Infinity;
