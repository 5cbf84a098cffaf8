import type { Decision } from '../decision.ts';
import { ownDecisionOf, rememberResponse } from '../decision-of.ts';
import type { GenerateResult, StreamPart } from '../spec/model.ts';
import { assertAnswered } from '../spec/ending.ts';
import { asksForObject } from '../spec/call.ts';
import { keptOf, ranTools, traceable, withDecision, withModelId, withWarnings } from '../spec/result.ts';
import { shownIn } from '../spec/shown.ts';
import { stampedResult } from '../sticky/stamp.ts';
import { attempt } from './attempts.ts';
import { judge, readUsage, truncationWarning } from './reported-usage.ts';
import { requestFor, type Request, type Trying } from './request.ts';
import { assertWhole } from './whole-answer.ts';

interface Generated extends Pick<Decision, 'truncated'> {
  readonly result: GenerateResult;
}

/** Carries out a `doGenerate` call. */
export async function generate(request: Request): Promise<GenerateResult> {
  const { router } = request;
  const open = async (trying: Trying): Promise<Generated> => {
    const { member, call, sent, watch } = trying;
    const { model, router: nested, endings, fitCheck } = member.resolve(router);
    if (fitCheck) await fitCheck(call);
    const answer = await watch.wait(
      nested ? generate(requestFor(nested, request, trying)) : model.doGenerate(call),
    );
    assertAnswered(answer);
    const content = (answer.content ?? answer['toolCalls'] ?? []) as readonly StreamPart[];
    assertWhole({ answer, shown: shownIn(answer), content, endings, isWhole: true }, trying);
    const result = nested ? answer : withModelId(answer, model.modelId);
    // Of a nested primitive, also of one that is wrapped and so looks like a plain model.
    const inner = ownDecisionOf(answer);
    const truncated = inner
      ? inner.truncated
      : readUsage({ answer, member, sent, ranTools: ranTools(answer) });
    return { result, truncated: judge(router, truncated, answer.usage, inner) };
  };
  const { opened, member, isStamped, conclude, warnings } = await attempt(request, open);
  const { truncated } = opened;
  const stamped = isStamped ? stampedResult(opened.result, router.id, member.id) : opened.result;
  const isTraced = asksForObject(request.call);
  const result = isTraced ? traceable(stamped) : stamped;
  const decision = ownDecisionOf(result);
  const record = conclude(decision ? { decision } : {}, undefined, truncated);
  if (isTraced) rememberResponse(keptOf(result), record);
  const warned = truncated && !decision ? [truncationWarning(record)] : []; // a nested primitive has done so itself
  return withDecision(withWarnings(result, [...warnings, ...warned]), record);
}
