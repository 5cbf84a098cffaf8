import { decisionOf } from '../decision-of.ts';
import type { GenerateResult } from '../spec/model.ts';
import { assertFinished, hasContent, withDecision, withModelId, withWarnings } from '../spec/result.ts';
import { attempt, type Request } from './attempts.ts';
import type { Member } from './router.ts';
import { whileNotAborted } from './while-not-aborted.ts';

/** Carries out a `doGenerate` call. */
export async function generate({ router, call, outermost }: Request): Promise<GenerateResult> {
  const open = async (member: Member): Promise<GenerateResult> => {
    const { model, router: nested } = member.resolve(router);
    if (nested) return generate({ router: nested, call, outermost: false });
    const result = await whileNotAborted(call.abortSignal, (race) => race(model.doGenerate(call)));
    if (!hasContent(result)) assertFinished(result);
    return withModelId(result, model.modelId);
  };
  const { opened: result, conclude, warnings } = await attempt({ router, call, outermost }, open);
  // Of a nested primitive, also of one that is wrapped and so looks like a plain model.
  const decision = decisionOf(result);
  return withDecision(withWarnings(result, warnings), conclude(decision ? { decision } : {}));
}
