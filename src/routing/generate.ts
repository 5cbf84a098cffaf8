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
import { attempt, type Request } from './attempts.ts';
import { readUsage, truncationWarning } from './reported-usage.ts';
import type { Member } from './router.ts';
import { whileNotAborted } from './while-not-aborted.ts';

interface Generated extends Pick<Decision, 'truncated'> {
  readonly result: GenerateResult;
}

/** Carries out a `doGenerate` call. */
export async function generate(request: Request): Promise<GenerateResult> {
  const { router, call } = request;
  const open = async (member: Member): Promise<Generated> => {
    const { model, router: nested } = member.resolve(router);
    if (nested) return { result: await generate({ router: nested, call, outermost: false }) };
    const result = await whileNotAborted(call.abortSignal, (race) => race(model.doGenerate(call)));
    if (!hasContent(result)) assertFinished(result);
    const truncated = readUsage(request, member, result, ranTools(result));
    const named = withModelId(result, model.modelId);
    if (!truncated) return { result: named };
    return { result: withWarnings(named, [truncationWarning(request, truncated)]), truncated };
  };
  const { opened, conclude, warnings } = await attempt(request, open);
  const { result, truncated } = opened;
  // Of a nested primitive, also of one that is wrapped and so looks like a plain model.
  const decision = decisionOf(result);
  const record = conclude(decision ? { decision } : {}, undefined, truncated);
  return withDecision(withWarnings(result, warnings), record);
}
