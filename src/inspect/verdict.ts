import type { Candidate, Decision } from '../decision.ts';
import { namesOf } from '../errors/errors.ts';
import type { GatewayConfig } from '../gateway/index.ts';
import { isModel } from './declared.ts';
import { isUnserved } from './refusal.ts';

/** `dispatcher "smart": first-fit` */
export function titleOf(decision: Decision, config: GatewayConfig): string {
  const { kind, id, reason, rule } = decision;
  if (isModel(config, decision)) return `model "${id}"`;
  return `${kind} "${id}": ${rule === undefined ? reason : `rule ${rule}`}`;
}

/** `dispatcher`, or `dispatcher: rule night` if a rule chose inside it. */
export const nestedOf = ({ kind, rule }: Decision): string =>
  rule === undefined ? kind : `${kind}: rule ${rule}`;

/** Whether a candidate could hold the request, and if not, why. */
export function verdictOf({ fits, catchAll, skipped, lacks, demand, ceiling, decision }: Candidate): string {
  if (decision && isUnserved(decision)) return 'no rule matches';
  if (skipped === 'not-chosen') return 'only by its rule';
  if (skipped === 'unsupported') return `does not support ${namesOf(lacks)}`;
  if (skipped === 'excluded') return 'left out by the call';
  if (skipped === 'resting') return 'on cooldown: last';
  if (fits) return ['fits', ...(catchAll ? ['catch-all: last'] : [])].join(', ');
  if (demand.output >= (ceiling ?? Infinity)) return 'too large: the output alone is';
  return (skipped ?? 'too-large').replace('-', ' ');
}
