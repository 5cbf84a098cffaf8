import { noDeadlines } from '../faults/attempt-options.ts';
import { createFacade, type Accepting } from '../sdk/facade.ts';
import type { Call, RoutingModel } from '../sdk/model.ts';
import { isStandIn, registerPrimitive } from './copies.ts';
import { generate } from './generate.ts';
import type { Member, Router } from './router.ts';
import type { RoutedCall } from './run.ts';
import { stream } from './stream.ts';
import { isLacking } from './supports.ts';

/** Makes the language model that a primitive is. */
export function createModel(router: Router): RoutingModel {
  const { id, members, planner } = router;
  const facade = createFacade({
    id,
    providers: members.map(({ provider }) => provider),
    accepting: () => members.flatMap((member) => acceptingOf(member, router) ?? []),
  });
  const routed = (call: Call, streams: boolean): RoutedCall => {
    return { router, call, streams, outermost: true, deadlines: noDeadlines };
  };
  const model = {
    kind: planner.kind,
    ...facade,
    doGenerate: (call: Call) => generate(routed(call, false)),
    doStream: (call: Call) => stream(routed(call, true)).then(({ result }) => result),
  };
  registerPrimitive(model, router);
  return model as unknown as RoutingModel;
}

/**
 * What a member accepts; undefined if its string id can't be resolved: such a member doesn't limit which files and URLs
 * the primitive accepts.
 */
function acceptingOf(member: Member, holder: Router): Accepting | undefined {
  try {
    const { model } = member.resolve(holder);
    return { model, isFixed: isFixed(member), lacks: (name) => isLacking(member, name) };
  } catch {
    return undefined;
  }
}

/** Whether a member, and all that is in it, is resolved and can't be replaced. */
function isFixed({ resolved }: Member): boolean {
  if (!resolved || isStandIn(resolved.model)) return false;
  return resolved.router?.members.every(isFixed) ?? true;
}
