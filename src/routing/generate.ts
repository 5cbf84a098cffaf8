import type { Decision } from '../decision.ts';
import { ownDecisionOf, rememberResponse } from '../decision-of.ts';
import type { GenerateResult, StreamPart } from '../sdk/model.ts';
import { assertAnswered, assertContent } from '../sdk/ending.ts';
import { partsOfResult } from '../sdk/answer.ts';
import { asksForObject } from '../sdk/call.ts';
import { keptOf, ranTools, traceable, withDecision, withModelId, withWarnings } from '../sdk/result.ts';
import { shownIn } from '../sdk/shown.ts';
import { outputTokensOf } from '../sdk/usage.ts';
import { stampedResult } from '../sdk/stamp.ts';
import { endAnswer, skipWarnings } from './answer.ts';
import { attempt } from './attempt.ts';
import { applyTruncationPolicy, readUsage, truncationWarning } from './reported-usage.ts';
import { stampFor } from './path.ts';
import { Run, type RoutedCall } from './run.ts';
import { spentOn, type Spent } from './spent.ts';
import { callMember } from './tries/call-member.ts';
import type { Begun, Mode } from './tries/try.ts';
import { assertComplete } from './whole-answer.ts';

interface Generated extends Pick<Decision, 'truncated'> {
  readonly result: GenerateResult;
  /** The decision of a nested primitive, also of one that is wrapped and so looks like a plain model. */
  readonly inner: Decision | undefined;
  readonly spent: Spent | undefined;
}

/** Carries out a `doGenerate` call. */
export function generate(routed: RoutedCall): Promise<GenerateResult> {
  const run = new Run(routed);
  return attempt(run, generating).then((begun) => answered(run, begun));
}

function answered(run: Run, begun: Begun<Generated>): GenerateResult {
  const { router, call } = run;
  const { result: answer, inner, truncated, spent } = begun.opened;
  const stamp = stampFor(run, begun.member);
  const stamped = stamp === undefined ? answer : stampedResult(answer, router.id, stamp);
  const isTraced = asksForObject(call);
  const result = isTraced ? traceable(stamped) : stamped;
  const warnings = skipWarnings(run, begun);
  const outcome = inner ? { ...spent, decision: inner } : (spent ?? {});
  const decision = endAnswer(run, begun, outcome, undefined, truncated);
  if (isTraced) rememberResponse(keptOf(result), decision);
  if (truncated && !inner) warnings.push(truncationWarning(decision)); // a nested primitive has already warned
  return withDecision(withWarnings(result, warnings), decision);
}

const generating: Mode<GenerateResult, Generated> = {
  call: (trying) => callMember(trying, (model, call) => model.doGenerate(call), generate),
  open(trying, answer) {
    const { run, member, sent } = trying;
    const { model, router: nested, endings } = member.resolve(run.router);
    assertAnswered(answer);
    assertContent(answer);
    const content = (answer.content ?? answer['toolCalls'] ?? []) as readonly StreamPart[];
    assertComplete({ answer, shown: shownIn(answer), content, endings, isWhole: true }, trying);
    const inner = ownDecisionOf(answer);
    // Durations are measured only if the `order` option uses them.
    if (run.router.planner.rank)
      member.measured.answered(outputTokensOf(answer), performance.now() - trying.startedAt);
    const reported = inner
      ? inner.truncated
      : readUsage({ answer, member, sent, ranTools: ranTools(answer) });
    const truncated = applyTruncationPolicy(run.router, reported, answer.usage, inner);
    const result = nested ? answer : withModelId(answer, model.modelId);
    return { result, inner, truncated, spent: spentOn(member, answer) };
  },
  complete({ result, inner }) {
    const { warnings } = result;
    return { parts: partsOfResult(result), end: result, warnings: warnings ?? [], inner };
  },
};
