import type { Decision } from './decision.ts';
import { check, foundInstead } from './errors/errors.ts';

type Listener = (decision: Decision) => void;

// On globalThis, because a bundler may give the file that sets the listener (Next.js' instrumentation.ts) a different
// copy of this module than the files that make the calls.
const slot: symbol = Symbol.for('ai-alloy.on-decision');
const globals = globalThis as Record<symbol, Listener | undefined>;

/**
 * Sets the one listener that receives the decision of every call on a primitive in this process, once per call. A
 * nested primitive's decision is not reported separately: it is inside the outermost one's attempts. A nested
 * primitive that is wrapped (`wrapLanguageModel`) is a model of its own, and its decision is reported as well.
 * Replaces the previous listener; `undefined` removes it. What the listener throws is ignored.
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

/** Calls the primitive's own listener and, for an outermost primitive, the one for the whole process. */
export function notifyListeners(decision: Decision, own: Listener | undefined, outermost: boolean): void {
  if (own) notify(own, decision);
  const processListener = globals[slot];
  if (outermost && processListener) notify(processListener, decision);
}

/** A listener that throws, or whose promise rejects, must not break the call. */
function notify(listener: Listener, decision: Decision): void {
  new Promise((resolve) => resolve(listener(decision))).catch(() => {});
}
