import type { DecisionListener, ReportedDecision, Decision } from './decision.ts';
import { check, foundInstead } from './errors/errors.ts';
import { inProcess } from './in-process.ts';
import { metadataOf } from './sdk/call.ts';
import type { Call } from './sdk/model.ts';

// Shared by all copies of this package: a bundler may give the file that adds a listener (Next.js' instrumentation.ts)
// another copy of this module than the files that make the calls. The list is replaced, never changed, so that listeners
// can be added and removed while it is read.
const shared: { all: readonly DecisionListener[] } = /* @__PURE__ */ inProcess('decision-listeners', () => ({
  all: [],
}));

/**
 * Adds a listener that receives the decision of every call on a primitive in this process, once per call, when the
 * call has ended: answered, failed, refused, cancelled or aborted. It also receives the short values of the call's
 * `providerOptions['ai-alloy']`, as `metadata`. A nested primitive's decision is not reported separately: it is inside
 * the outermost one's attempts. A nested primitive that is wrapped (`wrapLanguageModel`) is a model of its own, and its
 * decision is reported as well. Listeners are called in the order in which they were added; one that was added twice is
 * called twice. What a listener throws is ignored, and so is a promise that rejects. The decision is shared: read it,
 * don't change it.
 *
 * @returns a function that removes the listener; further calls of it do nothing
 * @throws InvalidConfigurationError if `listener` is no function
 *
 * @example
 * ```ts
 * import { onDecision } from 'ai-alloy';
 *
 * export const stop = onDecision((decision) => console.log(JSON.stringify(decision)));
 * ```
 */
export function onDecision(listener: DecisionListener): () => void {
  const remedy = 'pass a function; to remove a listener, call what onDecision returned for it';
  check(typeof listener === 'function', 'onDecision: listener', foundInstead(listener), remedy);
  // A function of its own for each call, so that a listener that was added twice can be removed once.
  const added: DecisionListener = (decision) => listener(decision);
  shared.all = [...shared.all, added];
  return () => {
    shared.all = shared.all.filter((each) => each !== added);
  };
}

/** Calls the primitive's own listener and, for an outermost primitive, those for the whole process. */
export function notifyListeners(
  decision: Decision,
  call: Call,
  own: DecisionListener | undefined,
  outermost: boolean,
): void {
  const { all } = shared;
  const isHeardByAll = outermost && all.length > 0;
  if (!own && !isHeardByAll) return;
  const metadata = metadataOf(call);
  const reported: ReportedDecision = metadata ? { ...decision, metadata } : decision;
  if (own) notify(own, reported);
  if (!isHeardByAll) return;
  // An earlier listener may remove a later one.
  for (const listener of all) if (shared.all.includes(listener)) notify(listener, reported);
}

/** A listener that throws, or whose promise rejects, must not break the call. */
function notify(listener: DecisionListener, decision: ReportedDecision): void {
  new Promise((resolve) => resolve(listener(decision))).catch(() => {});
}
