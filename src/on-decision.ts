import type { Decision } from './decision.ts';
import { check, foundInstead } from './errors/errors.ts';

type Listener = (decision: Decision) => void;

// On globalThis, because a bundler may give the file that sets the listener (Next.js' instrumentation.ts)
// another copy of this module than the files that make the calls.
const slot: symbol = Symbol.for('ai-alloy.on-decision');
const globals = globalThis as Record<symbol, Listener | undefined>;

/**
 * Sets the one listener that sees the decision of every call on a primitive in this process, once per call:
 * a nested primitive's decision is inside the outermost one's attempts, while one that is wrapped
 * (`wrapLanguageModel`) is a model of its own and is heard as well. Replaces the listener before it;
 * `undefined` removes it. What it throws is ignored.
 *
 * @example
 * ```ts
 * import { onDecision } from 'ai-alloy';
 *
 * onDecision((decision) => console.log(JSON.stringify(decision)));
 * ```
 */
export function onDecision(listener: ((decision: Decision) => void) | undefined): void {
  const valid = listener === undefined || typeof listener === 'function';
  check(valid, 'onDecision: listener', foundInstead(listener), 'pass a function, or undefined to remove it');
  globals[slot] = listener;
}

/** Tells the primitive's own listener and, for an outermost primitive, the one of the process. */
export function announce(decision: Decision, own: Listener | undefined, outermost: boolean): void {
  if (own) tell(own, decision);
  const everybodys = globals[slot];
  if (outermost && everybodys) tell(everybodys, decision);
}

/** A listener that throws, or whose promise rejects, must not break the call it hears about. */
function tell(listener: Listener, decision: Decision): void {
  new Promise((resolve) => resolve(listener(decision))).catch(() => {});
}
