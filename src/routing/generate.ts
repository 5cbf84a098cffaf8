import type { Decision } from '../decision.ts';
import { decisionOf } from '../decision-of.ts';
import type { GenerateResult } from '../spec/model.ts';
import {
  assertFinished,
  hasContent,
  ranTools,
  withDecision,
  withModelId,
  withWarnings,
} from '../spec/result.ts';
import { stampedResult } from '../sticky/stamp.ts';
import { attempt } from './attempts.ts';
import { judge, readUsage, truncationWarning } from './reported-usage.ts';
import { requestFor, type Request, type Trying } from './request.ts';

interface Generated extends Pick<Decision, 'truncated'> {
  readonly result: GenerateResult;
}

/** Carries out a `doGenerate` call. */
export async function generate(request: Request): Promise<GenerateResult> {
  const { router } = request;
  const open = async (trying: Trying): Promise<Generated> => {
    const { member, call, sent, watch } = trying;
    const { model, router: nested, endings } = member.resolve(router);
    const answer = await watch.wait(
      nested ? generate(requestFor(nested, request, trying)) : model.doGenerate(call),
    );
    // It comes in one piece, and so does its usage.
    const told = endings === 'untold' ? 'reported' : endings;
    if (!nested) assertFinished(answer, hasContent(answer) ? told : undefined);
    const result = nested ? answer : withModelId(answer, model.modelId);
    // Of a nested primitive, also of one that is wrapped and so looks like a plain model.
    const inner = decisionOf(answer);
    const truncated = inner
      ? inner.truncated
      : readUsage({ answer, member, sent, ranTools: ranTools(answer) });
    return { result, truncated: judge(router, truncated, answer.usage, inner) };
  };
  const { opened, member, isStamped, conclude, warnings } = await attempt(request, open);
  const { truncated } = opened;
  const result = isStamped ? stampedResult(opened.result, router.id, member.id) : opened.result;
  const decision = decisionOf(result);
  const record = conclude(decision ? { decision } : {}, undefined, truncated);
  const warned = truncated && !decision ? [truncationWarning(record)] : []; // a nested primitive has done so itself
  return withDecision(withWarnings(result, [...warnings, ...warned]), record);
}
