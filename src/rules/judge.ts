import type { UnmatchedRule } from '../decision.ts';
import { foundSecret } from '../errors/errors.ts';
import { onAbort } from '../faults/abort-listeners.ts';
import { failureOf } from '../faults/failure.ts';
import { patientTimer } from '../faults/patient-timer.ts';
import { fieldOf } from '../faults/safe-read.ts';
import type { InTime } from '../routing/plan.ts';
import type { RuleRequest } from './rule-request.ts';
import type { RuleContext, RulePredicate } from './rule.ts';

/** Why a rule does not match; undefined if it does. */
export type Unmet = Omit<UnmatchedRule, 'rule'> | undefined;

/** What a predicate says of a request: at once, or as a promise if the predicate is asynchronous. */
export type Judge = (request: RuleRequest, inTime: InTime) => Unmet | Promise<Unmet>;

/**
 * Calls a predicate. What goes wrong in it must not break the call: then the rule doesn't match. Only an abort of the
 * call, and its `deadlineMs`, end the call.
 *
 * @param whenMs how long to wait for a promise that the predicate returns
 */
export function judgedBy(predicate: RulePredicate, whenMs: number): Judge {
  return (request, inTime) => {
    request.call.abortSignal?.throwIfAborted();
    const context = new Context();
    try {
      const answer: unknown = predicate(request, context);
      return isThenable(answer) ? inTimeOr(answer, whenMs, context, inTime.signal) : verdictOn(answer);
    } catch (error) {
      return thrown(error);
    }
  };
}

/** The signal is made only when the predicate reads it, since most predicates are synchronous. */
class Context implements RuleContext {
  #controller: AbortController | undefined;
  #isOver = false;
  #reason: unknown;

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isOver) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  static end(context: Context, reason: unknown): void {
    context.#isOver = true;
    context.#reason = reason;
    context.#controller?.abort(reason);
  }
}

/** Awaits an answer for `ms` milliseconds. Rejects only if the call itself is over, with its reason. */
function inTimeOr(
  answer: PromiseLike<unknown>,
  ms: number,
  context: Context,
  call: AbortSignal | undefined,
): Promise<Unmet> {
  return new Promise((resolve, reject) => {
    const timer = patientTimer(() => {
      const detail = `timed out after ${ms} ms`;
      settle(() => resolve({ because: 'predicate-timeout', detail }));
      Context.end(context, new DOMException(`The rule's predicate ${detail}.`, 'TimeoutError'));
    }, ms);
    const abort = (): void => {
      settle(() => reject(call!.reason as Error));
      Context.end(context, call!.reason);
    };
    const removeListener = call && onAbort(call, abort);
    const settle = (finish: () => void): void => {
      timer.stop();
      removeListener?.();
      finish();
    };
    // Also where the call is over already: a rejection that nothing hears ends the process.
    Promise.resolve(answer).then(
      (value) => settle(() => resolve(verdictOn(value))),
      (error: unknown) => settle(() => resolve(thrown(error))),
    );
    if (call?.aborted) abort();
  });
}

function verdictOn(answer: unknown): Unmet {
  if (typeof answer === 'boolean') return answer ? undefined : { because: 'predicate' };
  return { because: 'predicate-error', detail: `returned ${foundSecret(answer).shown}` };
}

/** An error's message may quote the prompt, so only its name and kind are told. */
function thrown(error: unknown): Unmet {
  const name = fieldOf(error, 'name');
  const shown =
    typeof name === 'string' && /^[A-Za-z_][\w.]{0,59}$/.test(name) ? name : foundSecret(error).shown;
  const { kind } = failureOf(error);
  return { because: 'predicate-error', detail: `threw ${shown}${kind === 'unknown' ? '' : ` (${kind})`}` };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (Object(value) as { readonly then?: unknown }).then === 'function';
}
