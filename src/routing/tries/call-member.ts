import { withoutNames } from '../../sdk/call.ts';
import type { Call, SpecModel } from '../../sdk/model.ts';
import { namedInside } from '../named.ts';
import { trailFor } from '../path.ts';
import type { Router } from '../router.ts';
import type { RoutedCall } from '../run.ts';
import type { Trying } from './try.ts';

/** Calls a member: a plain model, or a nested primitive, for which a size declared on the member is checked first. */
export function callMember<Answer>(
  trying: Trying,
  callModel: (model: SpecModel, call: Call) => PromiseLike<Answer>,
  callPrimitive: (routed: RoutedCall) => Promise<Answer>,
): PromiseLike<Answer> {
  const { run, member, call } = trying;
  const { model, router, fitCheck } = member.resolve(run.router);
  // A call stays with the primitive that it was planned for, also if a stand-in stands for another one by now.
  const nested = run.plan.nested?.get(member)?.router ?? router;
  if (!nested) return callModel(model, run.plan.named ? withoutNames(call) : call);
  const begin = (): Promise<Answer> => callPrimitive(nestedCall(trying, nested));
  return fitCheck ? fitCheck(call).then(begin) : begin();
}

/** The call on a nested primitive. */
function nestedCall({ run, member, call, plan, observer }: Trying, router: Router): RoutedCall {
  const { first, assumedForFirst, assumedForOthers, named, inside } = run.plan;
  const assumedInput = member === first ? assumedForFirst : assumedForOthers;
  return {
    router,
    call,
    outermost: false,
    streams: run.routed.streams,
    deadlines: run.deadlines,
    assumedInput,
    epoch: run.epoch,
    observedBy: observer,
    // A plan that was made for another assumed size (for a rule's choice, for example) is not used.
    plan: plan?.assumedForFirst === assumedInput ? plan : undefined,
    previous: run.plan.nested?.get(member),
    named: named && namedInside(named, member),
    kept: inside?.member === member ? inside.path : undefined,
    trail: (run.innerTrail = trailFor(run, router)),
  };
}
