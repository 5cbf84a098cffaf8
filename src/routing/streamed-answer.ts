import type { Attempt, Decision } from '../decision.ts';
import { ownDecisionOf, rememberResponse } from '../decision-of.ts';
import { failureOf, type Failure } from '../faults/failure.ts';
import { isPassing } from '../faults/passing.ts';
import { fieldOf } from '../faults/safe-read.ts';
import { asksForObject } from '../sdk/call.ts';
import { assertPart, brokenEnding } from '../sdk/ending.ts';
import type { StreamPart, Warning } from '../sdk/model.ts';
import { failedFinish, isProvidersTool, keptOf, warningsOf, withDecision } from '../sdk/result.ts';
import { stamped } from '../sdk/stamp.ts';
import { endAnswer, isStamped, skipWarnings } from './answer.ts';
import { outcomeOf } from './decision-draft.ts';
import type { Passage, PassOn } from './forward.ts';
import { outputTokensOf } from '../sdk/usage.ts';
import { reportedTruncation, type Opened } from './opened.ts';
import { truncationWarning } from './reported-usage.ts';
import type { Run } from './run.ts';
import { spentOn } from './spent.ts';
import type { Begun } from './tries/try.ts';

/** What the consumer of a stream is passed of a member's answer, and how the call ends with it. */
export class StreamedAnswer implements Passage {
  /** One list, which may still grow: `ai` hands it out as it is when the stream is over. */
  readonly warnings: Warning[];
  /** By this, too, the decision is found behind an answer that is no object. */
  readonly madeAt: Date | undefined;
  readonly #run: Run;
  readonly #begun: Begun<Opened>;
  readonly #isStamped: boolean;
  #hasStarted = false;
  #ranTools = false;
  /** Whether there was a chunk that the provider package could not read. */
  #hasUnread = false;
  #onUnread: (() => void) | undefined;

  constructor(run: Run, begun: Begun<Opened>) {
    this.#run = run;
    this.#begun = begun;
    const { preamble, result } = begun.opened;
    this.#isStamped = isStamped(run, begun);
    this.warnings = [...skipWarnings(run, begun), ...warningsOf(preamble, result)];
    this.madeAt = asksForObject(run.call) ? new Date() : undefined;
  }

  hearUnread(listener: () => void): void {
    this.#onUnread = listener;
  }

  onPart(part: StreamPart, passOn: PassOn): void {
    assertPart(part);
    switch (part.type) {
      case 'finish':
        return this.#finish(part, passOn);
      case 'error':
        if (!isPassing(part['error'])) return this.#fail(part['error'], passOn);
        this.#hasUnread = true;
        break;
      case 'stream-start':
        if (this.#hasStarted) return;
        break;
      default:
    }
    this.#hasStarted = true;
    this.#ranTools ||= isProvidersTool(part);
    const { router } = this.#run;
    passOn(this.#isStamped ? stamped(part, router.id, this.#begun.member.id) : part);
  }

  onEnd(broken: { readonly error: unknown } | undefined, passOn: PassOn): boolean {
    if (broken && this.#run.call.abortSignal?.aborted) {
      this.#failed(failureOf(broken.error), this.#begun.opened.decided());
      return true;
    }
    this.#fail(broken ? broken.error : this.#broken(undefined, false), passOn);
    return false;
  }

  onCancel(): void {
    const inner = this.#begun.opened.decided();
    this.#end({ outcome: 'aborted', failure: 'aborted' }, inner);
  }

  onUnread(): void {
    this.#onUnread?.();
  }

  #finish(part: StreamPart, passOn: PassOn): void {
    const { opened } = this.#begun;
    // Of a nested primitive, also of one that is wrapped and so looks like a plain model.
    const inner = opened.decided() ?? ownDecisionOf(part);
    let finish: StreamPart;
    try {
      const broken = this.#broken(part, this.#hasUnread);
      if (broken) throw broken;
      const truncated = reportedTruncation(opened, part, this.#ranTools);
      const { member } = this.#begun;
      member.measured.answered(outputTokensOf(part), performance.now() - opened.firstContentAt);
      const decision = this.#end(spentOn(member, part) ?? {}, inner, undefined, truncated);
      if (truncated) this.#warn(truncationWarning(decision));
      this.#rememberResponse(decision);
      finish = withDecision(part, decision);
    } catch (error) {
      // Half an answer, or one to a prompt that was cut off, where that is an error.
      return this.#fail(error, passOn, part, inner);
    }
    passOn(finish);
  }

  /** Passes a failure on as real providers end a stream with one: all majors of `ai` come to an end on it. */
  #fail(error: unknown, passOn: PassOn, part?: StreamPart, inner = this.#begun.opened.decided()): void {
    const decision = this.#failed(failureOf(error), inner, part);
    passOn({ type: 'error', error });
    passOn(withDecision(failedFinish(part), decision));
  }

  #failed(failure: Failure, inner: Decision | undefined, part?: StreamPart): Decision {
    const providerMetadata = part?.['providerMetadata'] ?? fieldOf(failure.error, 'providerMetadata');
    const spent = spentOn(this.#begun.member, { usage: failure.usage ?? part?.['usage'], providerMetadata });
    return this.#end({ ...outcomeOf(failure, this.#run.call.abortSignal), ...spent }, inner, failure);
  }

  #end(
    outcome: Partial<Attempt>,
    inner: Decision | undefined,
    failure?: Failure,
    truncated?: Decision['truncated'],
  ): Decision {
    const whole = inner ? { ...outcome, decision: inner } : outcome;
    return endAnswer(this.#run, this.#begun, whole, failure, truncated);
  }

  #broken(part: StreamPart | undefined, hasUnread: boolean): Error | undefined {
    return brokenEnding(part, 'content', { endings: this.#begun.opened.endings, hasUnread });
  }

  /** A wrapped primitive that reads ahead may have added it to its own list before that was copied. */
  #warn(warning: Warning): void {
    if (!this.warnings.some(({ message }) => message === warning.message)) this.warnings.push(warning);
  }

  #rememberResponse(decision: Decision): void {
    if (!this.madeAt) return;
    const { preamble, result } = this.#begun.opened;
    const named = preamble.findLast(({ type }) => type === 'response-metadata');
    const timestamp = named?.['timestamp'] ?? this.madeAt;
    rememberResponse({ headers: keptOf(result).headers, timestamp }, decision);
  }
}
