import type { Attempt, Decision } from '../decision.ts';
import { ownDecisionOf, rememberResponse } from '../decision-of.ts';
import { failureOf, type Failure } from '../faults/failure.ts';
import { isIgnorable } from '../faults/ignorable.ts';
import { fieldOf } from '../faults/safe-read.ts';
import { asksForObject } from '../sdk/call.ts';
import { assertPart, brokenEnding } from '../sdk/ending.ts';
import type { StreamPart, StreamResult, Warning } from '../sdk/model.ts';
import {
  completePreamble,
  failedFinish,
  isProvidersTool,
  keptOf,
  warningsOf,
  withDecision,
} from '../sdk/result.ts';
import { stamped, type Stamp } from '../sdk/stamp.ts';
import { endAnswer, skipWarnings } from './answer.ts';
import { outcomeOf } from './decision-draft.ts';
import type { StreamHandler, PassOn } from './forward.ts';
import { outputTokensOf } from '../sdk/usage.ts';
import { reportedTruncation, type Opened, type Streaming } from './opened.ts';
import { truncationWarning } from './reported-usage.ts';
import { stampFor } from './path.ts';
import type { Router } from './router.ts';
import type { Run } from './run.ts';
import { spentOn } from './spent.ts';
import type { Begun } from './tries/try.ts';

/** Passes a member's answer on to the consumer of a stream, and ends the call with it. */
export class StreamedAnswer implements StreamHandler, Streaming {
  /** What `doStream` resolves to: set before anybody gets this. */
  result!: StreamResult;
  /** One list that may still grow: `ai` hands out this same list when the stream is over. */
  readonly warnings: Warning[];
  /** The member's first parts, with our warnings. */
  readonly preamble: readonly StreamPart[];
  /** The timestamp of the response, by which the decision is found if `generateObject` fails. */
  readonly #madeAt: Date | undefined;
  readonly #run: Run;
  readonly #begun: Begun<Opened>;
  readonly #stamp: Stamp | undefined;
  #hasStarted = false;
  #ranTools = false;
  /** Whether the provider package could not read one of the chunks. */
  #hasUnread = false;
  #onUnread: (() => void) | undefined;

  constructor(run: Run, begun: Begun<Opened>) {
    this.#run = run;
    this.#begun = begun;
    const { preamble, result, modelId } = begun.opened;
    this.#stamp = stampFor(run, begun.member);
    this.warnings = [
      ...skipWarnings(run, begun),
      ...uncheckedWarning(run.router, preamble),
      ...warningsOf(preamble, result),
    ];
    this.#madeAt = asksForObject(run.call) ? new Date() : undefined;
    this.preamble = completePreamble(preamble, modelId, this.warnings, this.#madeAt);
  }

  get decision(): Decision | undefined {
    return this.#run.decision;
  }

  get countsSilence(): boolean {
    return this.#begun.opened.countsSilence;
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
        if (!isIgnorable(part['error'])) return this.#fail(part['error'], passOn);
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
    passOn(this.#stamp === undefined ? part : stamped(part, router.id, this.#stamp));
  }

  onEnd(broken: { readonly error: unknown } | undefined, passOn: PassOn): boolean {
    if (broken && this.#run.call.abortSignal?.aborted) {
      this.#failed(failureOf(broken.error), this.#inner());
      return true;
    }
    this.#fail(broken ? broken.error : this.#broken(undefined, false), passOn);
    return false;
  }

  onCancel(): void {
    const inner = this.#inner();
    this.#end({ outcome: 'aborted', failure: 'aborted' }, inner);
  }

  onUnread(): void {
    this.#onUnread?.();
  }

  /** The decision of a nested primitive, once it is made. */
  #inner(): Decision | undefined {
    return this.#begun.opened.nested?.decision;
  }

  #finish(part: StreamPart, passOn: PassOn): void {
    const { opened } = this.#begun;
    // The decision of a nested primitive, also of one that is wrapped and so looks like a plain model.
    const inner = this.#inner() ?? ownDecisionOf(part);
    let finish: StreamPart;
    try {
      const broken = this.#broken(part, this.#hasUnread);
      if (broken) throw broken;
      const truncated = reportedTruncation(opened, part, this.#ranTools);
      const { member } = this.#begun;
      const { startedAt, firstContentAt = startedAt } = opened.trying;
      member.measured.answered(outputTokensOf(part), performance.now() - firstContentAt);
      const decision = this.#end(spentOn(member, part) ?? {}, inner, undefined, truncated);
      if (truncated) this.#warn(truncationWarning(decision));
      this.#rememberResponse(decision);
      finish = withDecision(part, decision);
    } catch (error) {
      // An incomplete answer, or a truncated prompt with `onTruncation: 'error'`.
      return this.#fail(error, passOn, part, inner);
    }
    passOn(finish);
  }

  /**
   * Ends the stream with a failure as real providers do, with an error part and a finish part: every major of `ai`
   * ends on that.
   */
  #fail(error: unknown, passOn: PassOn, part?: StreamPart, inner = this.#inner()): void {
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

  /** Adds a warning once: a wrapped primitive that reads ahead may have added it before its list was copied. */
  #warn(warning: Warning): void {
    if (!this.warnings.some(({ message }) => message === warning.message)) this.warnings.push(warning);
  }

  #rememberResponse(decision: Decision): void {
    if (!this.#madeAt) return;
    const { preamble, result } = this.#begun.opened;
    const named = preamble.findLast(({ type }) => type === 'response-metadata');
    const timestamp = named?.['timestamp'] ?? this.#madeAt;
    rememberResponse({ headers: keptOf(result).headers, timestamp }, decision);
  }
}

/** The call warning that `acceptAnswer` was not asked: the answer streams before it is complete. */
function uncheckedWarning({ id, planner, acceptAnswer }: Router, preamble: readonly StreamPart[]): Warning[] {
  if (!acceptAnswer || preamble.at(-1)!.type === 'finish') return [];
  const remedy = "acceptAnswer can check a stream only with afterContent: 'buffer', within its limits";
  return [
    { type: 'other', message: `ai-alloy: ${planner.kind} "${id}" did not check this answer: ${remedy}.` },
  ];
}
