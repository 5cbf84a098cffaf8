import { ContextWindowExceededError, decisionOf } from 'ai-alloy';
import { passedOver } from './badge.ts';
import type { Refusal } from './refusal-text.ts';

/** The refusal behind an error. Shows nothing of the prompt, and no text of a provider. */
export function refusalOf(error: unknown): Refusal {
  const decision = decisionOf(error);
  if (ContextWindowExceededError.isInstance(error)) {
    const fitting = error.decision.candidates.filter(({ skipped }) => skipped !== 'not-chosen');
    const largest = fitting.reduce((a, b) => ((b.ceiling ?? 0) > (a.ceiling ?? 0) ? b : a));
    const { input, output } = largest.demand;
    return { kind: 'too-large', needs: input + output, holds: largest.ceiling ?? 0, largest: largest.id };
  }
  if (decision) return { kind: 'all-failed', failed: passedOver(decision) };
  return { kind: 'other', message: 'Something went wrong. Please try again.' };
}
