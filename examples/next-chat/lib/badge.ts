import type { Decision } from 'ai-alloy';

/** Who was not asked, or failed, and why. */
export interface PassedOver {
  readonly id: string;
  readonly why: string;
}

/** One step of an answer: who gave it, whom it passed over, and what it took. */
export interface StepBadge {
  readonly answeredBy: string;
  /** Why that model: in words. */
  readonly because: string;
  readonly passedOver: readonly PassedOver[];
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** In US dollars; undefined for a model without a price. */
  readonly cost?: number;
  readonly ms: number;
}

/** What the page knows of an answer: `message.metadata`. */
export interface AnswerMetadata {
  readonly steps: readonly StepBadge[];
}

const tokens = (count: number): string => count.toLocaleString('en');

/** A decision as a badge shows it. */
export function badgeOf(
  decision: Decision,
  { inputTokens = 0, outputTokens = 0 }: { inputTokens?: number; outputTokens?: number },
): StepBadge {
  const { answeredBy = 'nobody', attempts = [], cost } = decision;
  return {
    answeredBy,
    because: reasonOf(decision),
    passedOver: passedOver(decision),
    inputTokens,
    outputTokens,
    ...(cost !== undefined && { cost }),
    ms: attempts.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0),
  };
}

/** The members that were skipped or failed. */
export function passedOver({ candidates, attempts = [], answeredBy }: Decision): PassedOver[] {
  const skipped = candidates.flatMap(({ id, skipped: why, demand, ceiling, maxInputTokens, lacks = [] }) => {
    if (id === answeredBy || attempts.some((attempt) => attempt.id === id)) return [];
    if (why === 'too-large') {
      const needed = tokens(demand.input + demand.output);
      const held = ceiling ?? maxInputTokens;
      return { id, why: `too small: ${needed}${held ? ` of ${tokens(held)}` : ''} tokens` };
    }
    if (why === 'rejected') return { id, why: 'too small, its provider says' };
    if (why === 'unsupported') return { id, why: `can’t take ${lacks.join(' or ')}` };
    return why === 'resting' ? { id, why: 'on cooldown after failures' } : [];
  });
  const failed = attempts.flatMap(({ id, outcome, failure, statusCode }) =>
    outcome === 'answered'
      ? []
      : { id, why: `failed: ${failure}${statusCode ? ` (HTTP ${statusCode})` : ''}` },
  );
  // A retry that fails in the same way is one line.
  const all = [...skipped, ...failed];
  return all.filter(
    ({ id, why }, index) => index === all.findIndex((each) => each.id === id && each.why === why),
  );
}

function reasonOf({ reason, rule, attempts = [], answeredBy }: Decision): string {
  if (attempts.some(({ id }) => id !== answeredBy)) return 'stands in for a model that failed';
  if (reason === 'rule') return `rule “${rule}”`;
  if (reason === 'sticky') return 'this conversation’s model';
  return reason === 'escalated' ? 'the conversation has outgrown its model' : 'the first that fits';
}
